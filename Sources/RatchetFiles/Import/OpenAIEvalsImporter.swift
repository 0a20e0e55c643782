import RatchetCore
import RatchetJSON

/// openai/evals: samples (`{"input": [messages], "ideal": …}`), or a registry's YAML that names a class and its samples.
struct OpenAIEvalsImporter {
    let file: ForeignFile
    let suite: String

    func project() throws -> ImportedProject {
        guard case .object(let registry) = file.content else {
            return samples(file, check: nil)
        }
        var unmapped: [ImportedProject.Unmapped] = []
        for (name, entry) in registry.members {
            guard let type = entry["class"]?.stringValue else { continue }
            guard let samples = entry["args"]?["samples_jsonl"]?.stringValue else {
                unmapped.append(.init(file: file.name, line: nil, what: "\(Quoted.text(name)) of class \(type) names no samples_jsonl"))
                continue
            }
            guard let path = Self.find(samples, beside: file.path) else {
                throw DiagnosticsError([
                    Diagnostic(
                        "\(Quoted.text(file.name)) names the samples \(Quoted.text(samples)), which are not in registry/data beside it",
                        help: "give the samples' own file")
                ])
            }
            let check = Self.check(type)
            var project = self.samples(try ForeignFile(path: path, name: samples), check: check)
            if check == nil { unmapped.append(.init(file: file.name, line: nil, what: "the class \(type) of \(Quoted.text(name)): suite.yaml has no check of this kind")) }
            for (key, value) in entry["args"]?.objectValue?.members ?? [] where key != "samples_jsonl" {
                unmapped.append(.init(file: file.name, line: nil, what: "the argument \(key): \(value.serialized(.compact)) of \(Quoted.text(name))"))
            }
            project.unmapped += unmapped
            return project
        }
        guard !unmapped.isEmpty else { throw DiagnosticsError([Diagnostic("\(Quoted.text(file.name)) names no eval with a class")]) }
        throw DiagnosticsError([
            Diagnostic(
                "\(Quoted.text(file.name)) names no samples_jsonl: the inputs of its evals are made in code",
                help: "write them out as JSON lines with input and ideal, and import those")
        ])
    }

    private func samples(_ file: ForeignFile, check: JSONValue?) -> ImportedProject {
        var project = RowImporter(format: .openaiEvals, file: file.name, isTable: file.isTable).project(file.rows, suite: suite)
        if let check {
            project.checks = [check]
            project.unmapped.removeAll { $0.what.hasPrefix("how an answer") }
        }
        return project
    }

    /// What the classes of the framework do (evals/elsuite/basic).
    private static func check(_ type: String) -> JSONValue? {
        switch type.split(separator: ":").last.map(String.init) {
        case "Match": "starts_with"
        case "Includes": "contains"
        case "FuzzyMatch": "token_f1"
        case "JsonMatch": "json_equals"
        default: nil
        }
    }

    private static func find(_ samples: String, beside path: String) -> String? {
        let folders = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().map(String.init)
        for depth in 0...3 where folders.count > depth {
            let root = folders.dropLast(depth).joined(separator: "/")
            for candidate in ["\(root)/\(samples)", "\(root)/data/\(samples)"] where FileSystem.kind(candidate) == .file { return candidate }
        }
        return nil
    }
}
