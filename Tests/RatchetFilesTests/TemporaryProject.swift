import Foundation
import RatchetCore
import RatchetFiles
import RatchetJSON

/// A folder with files, removed when the test is over.
final class TemporaryProject {
    let folder: ProjectFolder

    static let checkTypes: Set = [
        "equals", "contains", "icontains", "regex", "is_json", "json_path", "length", "judge", "all_of", "any_of",
        "none_of",
    ]

    /// - Parameter files: name to content.
    init(_ files: [String: String] = [:]) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("ratchet-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        folder = ProjectFolder(root: path)
        for (name, content) in files { try write(content, name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.root) }

    func write(_ content: String, _ name: String) throws { try write(Array(content.utf8), name) }

    func write(_ content: [UInt8], _ name: String) throws {
        let url = URL(fileURLWithPath: folder.path(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content).write(to: url)
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: folder.path(name), encoding: .utf8) }

    func load(_ suites: [String]? = nil, adding example: NewExample? = nil) -> LoadedProject {
        ProjectLoader.load(folder, suites: suites, checkTypes: Self.checkTypes, adding: example)
    }

    /// The diagnostics as people read them.
    func report() -> [String] { describe(load().diagnostics) }

    func describe(_ diagnostics: [Diagnostic]) -> [String] { diagnostics.map(DiagnosticLocator(folder).describe) }

    /// The files of a small sound project, with `changes` made to them; a `nil` removes a file.
    static func sound(_ changes: [String: String?] = [:]) throws -> TemporaryProject {
        var files = soundFiles
        for (name, content) in changes { files[name] = content }
        return try TemporaryProject(files)
    }

    static let soundFiles = [
        "ratchet.yaml": """
        version: 1
        backends:
          recorded: {kind: replay, file: recordings/demo.jsonl}
          local: {kind: openai, base_url: "http://127.0.0.1:8080/v1", api_key_env: LOCAL_API_KEY}
        defaults: {target: recorded/smollm2, trials: 2, concurrency: 4}

        """,
        "prompts/answer/1.0.0.md": """
        ---
        version: 1.0.0
        params: {temperature: 0, max_tokens: 300}
        ---
        system:
        You answer for {{shop}}.

        user:
        {{question}}

        """,
        "rubrics/helpful.md": """
        ---
        judge: local/judge
        scale: {labels: {good: 1, poor: 0}}
        threshold: 1
        votes: 3
        ---
        Question: {{input.question}}
        Answer: {{output}}

        """,
        "suites/support/suite.yaml": """
        prompt: answer@1.0.0
        checks:
          - contains
          - {judge: helpful, gating: false}

        """,
        "suites/support/a.jsonl": """
        {"id":"one","input":{"shop":"Fruit & Co","question":"Where is it?"},"expected":"there"}

        {"id":"two","input":{"shop":"F","question":"Q"},"expected":["a","b"],"checks":["equals"],"tags":["billing"],"must_pass":true}

        """,
    ]
}
