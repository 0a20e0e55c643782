import RatchetCore
import RatchetJSON

/// Turns the places of diagnostics into lines and columns, by reading the files again: only what is reported pays for
/// its position.
package final class DiagnosticLocator {
    private let folder: ProjectFolder
    private var files: [String: Content] = [:]

    private struct Content {
        var bytes: [UInt8]
        /// Where each line begins; made when it is first asked for.
        var lineStarts: [Int]
    }

    package init(_ folder: ProjectFolder) { self.folder = folder }

    /// File, line and column, both from 1; `nil` for a diagnostic that is about no file.
    package func locate(_ diagnostic: Diagnostic) -> (file: String, line: Int, column: Int)? {
        diagnostic.source.map(locate)
    }

    /// The place in the file as it is now; the beginning of the document where the file says no more.
    package func locate(_ source: SourceReference) -> (file: String, line: Int, column: Int) {
        let (document, pointer, isKey) =
            switch source.place {
            case .position(let line, let column): (line, nil as JSONPointer?, column)
            case .value(let document, let pointer): (document, pointer, 0)
            case .key(let document, let pointer): (document, pointer, 1)
            }
        guard let pointer else { return (source.file, document, isKey) }
        let place = position(of: pointer, isKey: isKey == 1, document: document, in: source.file)
        return (source.file, place?.line ?? document, place?.column ?? 1)
    }

    /// `suites/support/a.jsonl:3:17: error: unknown key "chekcs"`, and its help on a line below.
    package func describe(_ diagnostic: Diagnostic) -> String {
        let place = locate(diagnostic).map { "\(Self.printable($0.file)):\($0.line):\($0.column): " } ?? ""
        let help = diagnostic.help.map { "\n  help: \($0)" } ?? ""
        return "\(place)\(diagnostic.severity.rawValue): \(diagnostic.message)\(help)"
    }

    /// In the order of files, lines and columns; those without a place first.
    package func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        let placed = diagnostics.enumerated().map { index, diagnostic in
            let place = locate(diagnostic)
            return (diagnostic: diagnostic, key: (place?.file ?? "", place?.line ?? 0, place?.column ?? 0, index))
        }
        return placed.sorted { $0.key < $1.key }.map(\.diagnostic)
    }

    private func position(
        of pointer: JSONPointer, isKey: Bool, document: Int, in file: String
    ) -> (line: Int, column: Int)? {
        guard let content = content(of: file) else { return nil }
        switch file.split(separator: ".").last {
        case "yaml", "yml":
            return YAMLReader.position(of: pointer, isKey: isKey, in: String(decoding: content.bytes, as: UTF8.self))
        case "md":
            guard let matter = FrontMatter(String(decoding: content.bytes, as: UTF8.self)), let yaml = matter.yaml
            else { return nil }
            return YAMLReader.position(of: pointer, isKey: isKey, in: yaml, line: matter.yamlLine)
        default:
            let start = content.lineStarts.indices.contains(document - 1) ? content.lineStarts[document - 1] : 0
            let isRow = file.hasSuffix(".jsonl")
            let end = isRow ? content.bytes[start...].firstIndex(of: UInt8(ascii: "\n")) : nil
            let map = JSONSourceMap(Array(content.bytes[start..<(end ?? content.bytes.count)]))
            return map.position(of: pointer, part: isKey ? .key : .value).map { ($0.line + document - 1, $0.column) }
        }
    }

    private func content(of file: String) -> Content? {
        if let known = files[file] { return known }
        guard var bytes = try? FileSystem.read(folder.path(file)) else { return nil }
        if bytes.starts(with: TextPosition.byteOrderMark) { bytes.removeFirst(3) }
        var starts = [0]
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(index + 1) }
        let content = Content(bytes: bytes, lineStarts: starts)
        files[file] = content
        return content
    }

    /// A file's name without what a terminal could take for a command.
    private static func printable(_ name: String) -> String {
        name.unicodeScalars.contains { $0.properties.generalCategory == .control } ? Quoted.text(name) : name
    }
}
