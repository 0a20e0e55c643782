import RatchetCore
import RatchetJSON

/// Reads `suites/<suite>/`: `suite.yaml` and the examples.
struct SuiteReader {
    static let folderName = "suites"
    static let keys = ["prompt", "target", "params", "checks", "gate", "pass_when", "description"]

    let folder: ProjectFolder
    let problems: Problems
    let checkTypes: Set<String>
    /// The project's policy, which a suite's own builds upon.
    let policy: GatePolicy

    /// What every example of a suite gets.
    struct Shared {
        var suite: String
        var checks: [CheckSpecification]
        var passWhen: PassRule?
    }

    /// The suites' names; examples that lie beside the suites and folders with unusable names are reported.
    static func names(in folder: ProjectFolder, _ problems: Problems) -> [String] {
        folder.list(folderName).filter { name in
            let path = "\(folderName)/\(name)"
            guard FileSystem.kind(folder.path(path)) == .folder else {
                if name.hasSuffix(".jsonl") {
                    problems.error(
                        "examples outside a suite", at: SourceReference(file: path),
                        help: "move the file into \(folderName)/<suite>/, beside a suite.yaml")
                }
                return false
            }
            if Name.isValid(name) { return true }
            problems.error(
                "\(Quoted.text(name)) is not a suite's name", at: SourceReference(file: path), help: Name.rule)
            return false
        }
    }

    /// - Parameter example: one more example, which has no file yet.
    func read(_ name: String, adding example: NewExample? = nil) -> Suite? {
        let path = "\(Self.folderName)/\(name)"
        let file = "\(path)/suite.yaml"
        let source = SourceReference(file: file, .value(document: 1, .root))
        let help = "every suite has a suite.yaml, be it only with: checks: []"
        let content = SourceFile.read(file, in: folder, problems, missingHelp: help)
        let value = content.flatMap { YAMLReader.read($0.text, file: file, problems) }
        let reader = value.flatMap {
            ObjectReader($0.isNull ? .object([:]) : $0, at: source, as: "suite.yaml", keys: Self.keys, problems)
        }

        let checkReader = CheckReader(types: checkTypes, problems: problems)
        var checks: [CheckSpecification] = []
        let before = problems.diagnostics.count
        if let reader, let list = reader.value("checks") {
            var taken: Set<String> = []
            let drafts = checkReader.read(list, at: reader.place("checks"), allowsDrop: false).drafts
            checks = CheckNames.assign(drafts, taken: &taken, problems)
            CheckNames.validateConditions(checks, only: checks[...], problems)
        }
        let shared = Shared(suite: name, checks: checks, passWhen: reader.flatMap { PassRuleReader.read($0) })
        // A suite whose checks cannot be read may have any, so examples without are then nothing to report.
        let isSound = reader != nil && problems.diagnostics.count == before
        var exampleReader = ExampleReader(shared: shared, checkReader: checkReader, areSharedChecksSound: isSound)
        var count = readExamples(path, &exampleReader)
        if let example {
            count += 1
            exampleReader.read(example.row, at: example.source)
        }
        let labels = LabelFile(folder).read(suite: name, problems)
        guard let reader else { return nil }
        _ = reader.string("description")
        if count == 0 {
            problems.error(
                "the suite has no examples", at: SourceReference(file: file),
                help: "put them into \(path)/*.jsonl, one JSON object a line, or use: ratchet suite add \(name)")
        }
        var suite = Suite(
            name: name, prompt: prompt(reader), target: reader.target("target"), params: Params.read(reader),
            policy: gate(reader), examples: exampleReader.examples, source: source)
        suite.labels = labels
        return suite
    }

    private func prompt(_ reader: ObjectReader) -> PromptReference? {
        guard let text = reader.text("prompt") else { return nil }
        if let reference = PromptReference(text) { return reference }
        reader.error("prompt", "\(Quoted.text(text)) is not a prompt's name", help: "write id or id@version")
        return nil
    }

    private func gate(_ reader: ObjectReader) -> GatePolicy {
        guard let value = reader.value("gate") else { return policy }
        return GatePolicyReader.read(value, at: reader.place("gate"), over: policy, problems)
    }

    /// - Returns: how many rows there were, good or not.
    private func readExamples(_ path: String, _ reader: inout ExampleReader) -> Int {
        var count = 0
        for file in exampleFiles(path) {
            guard let content = SourceFile.read(file, in: folder, problems) else {
                count += 1
                continue
            }
            let before = problems.diagnostics.count
            JSONLines.forEach(in: content, problems) { line, row in
                count += 1
                reader.read(row, at: SourceReference(file: file, .value(document: line, .root)))
            }
            // A file of nothing but broken rows is not an empty suite.
            if problems.diagnostics.count > before { count += 1 }
        }
        return count
    }

    /// The suite's `*.jsonl` but for people's labels, then those of `added/`, each in the order of their names.
    private func exampleFiles(_ path: String) -> [String] {
        var files: [String] = []
        for name in folder.list(path) {
            let file = "\(path)/\(name)"
            let isFolder = FileSystem.kind(folder.path(file)) == .folder
            if name == LabelFile.name {
                continue
            } else if name.hasSuffix(".jsonl") {
                files.append(file)
            } else if isFolder, name != "added", folder.list(file).contains(where: { $0.hasSuffix(".jsonl") }) {
                problems.warning(
                    "the examples in this folder are not read", at: SourceReference(file: file),
                    help: "move them into \(path) or \(path)/added")
            } else if name.hasSuffix(".json") || name.hasSuffix(".ndjson") || name.hasSuffix(".csv") {
                problems.warning(
                    "this file is not read", at: SourceReference(file: file),
                    help: "examples lie in *.jsonl, one JSON object a line")
            }
        }
        let added = "\(path)/added"
        return files + folder.list(added).filter { $0.hasSuffix(".jsonl") }.map { "\(added)/\($0)" }
    }
}

/// Reads `pass_when`, of suites and examples.
enum PassRuleReader {
    static func read(_ reader: ObjectReader) -> PassRule? {
        guard let rule = reader.nested("pass_when", as: "pass_when", keys: ["score"]) else { return nil }
        guard rule.require("score", help: "the least weighted mean of the checks' scores, from 0 to 1") else {
            return nil
        }
        return rule.number("score", in: 0...1).map { PassRule(score: $0) }
    }
}
