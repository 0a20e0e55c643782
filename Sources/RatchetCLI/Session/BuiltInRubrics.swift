import RatchetCore
import RatchetFiles

/// The rubrics that come with the program: the files of this repository's `rubrics` folder, built in.
enum BuiltInRubrics {
    struct BuiltIn: Sendable {
        let name: String
        let text: String

        /// The `description:` of its front matter.
        var description: String { line("description: ") ?? "" }

        private func line(_ key: String) -> String? {
            text.split(separator: "\n").first { $0.hasPrefix(key) }.map { String($0.dropFirst(key.count)) }
        }

        /// The same rubric put to another model.
        func text(judge: Target) -> String {
            text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.hasPrefix("judge: ") ? "judge: \(judge)" : String($0) }.joined(separator: "\n")
        }

        func add(to opened: OpenedProject, as id: String, judge: Target) throws -> RatchetCore.ExitCode {
            let configuration = opened.project.configuration
            if opened.project.isConfigured, configuration.backend(judge.backend) == nil {
                let known = configuration.backendNames.sorted()
                throw DiagnosticsError([
                    Diagnostic(
                        "there is no backend \"\(judge.backend)\" in ratchet.yaml",
                        help: Suggestion.help(for: judge.backend, among: known, saying: "backends"), exitCode: .usage)
                ])
            }
            let path = "rubrics/\(id).md"
            guard FileSystem.kind(opened.folder.path(path)) == nil else {
                throw DiagnosticsError([
                    Diagnostic("\(path) is there already; nothing was written", help: "give it another name: --as", exitCode: .usage)
                ])
            }
            try AtomicFile.create(Array(text(judge: judge).utf8), at: opened.folder.path(path))
            let check = text.contains("\nscale: pairwise\n") ? "judge_pairwise" : "judge"
            opened.context.output(
                """
                wrote \(path)

                next: read it, and make it your own
                      use it in a suite or an example: {"\(check)": "\(id)"}
                      then see whether it agrees with you: ratchet judge calibrate \(id) --next 20

                """)
            return .passed
        }
    }

    static func named(_ name: String) throws -> BuiltIn {
        if let rubric = all.first(where: { $0.name == name }) { return rubric }
        throw DiagnosticsError([
            Diagnostic(
                "no rubric called \"\(name)\" comes with ratchet",
                help: Suggestion.help(for: name, among: all.map(\.name), saying: "rubrics"), exitCode: .usage)
        ])
    }

    static var list: String {
        let width = all.map(\.name.count).max() ?? 0
        return all.map { $0.name + String(repeating: " ", count: width - $0.name.count + 2) + $0.description + "\n" }.joined()
    }
}
