import ArgumentParser
import RatchetFiles
import RatchetReports

extension ImportFormat: ExpressibleByArgument {}

/// What is said after an import.
enum ImportWords {
    private static let shown = 10

    static func summary(_ imported: ImportedProject) -> String {
        var text = "read \(imported.format.title): \(count(imported.examples.count, "example"))"
        text += imported.prompts.isEmpty ? "\n" : ", \(count(imported.prompts.count, "prompt"))\n"
        guard !imported.unmapped.isEmpty else { return text }
        text += "not mapped, and listed in IMPORT.md: \(imported.unmapped.count)\n"
        for found in imported.unmapped.prefix(shown) {
            text += "  " + TerminalText.plain("\(found.file)\(found.line.map { ":\($0)" } ?? ""): \(found.what)", limit: 160) + "\n"
        }
        if imported.unmapped.count > shown { text += "  and \(imported.unmapped.count - shown) more\n" }
        return text
    }
}
