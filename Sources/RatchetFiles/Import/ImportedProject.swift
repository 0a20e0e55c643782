import RatchetCore
import RatchetJSON

/// What was read of another tool's files, in our words, and all that could not be put into them.
package struct ImportedProject: Sendable {
    /// Something that was found and has no place here: it is listed, never dropped.
    package struct Unmapped: Hashable, Sendable {
        package var file: String
        /// Counted from 1; `nil` where the file does not say.
        package var line: Int?
        /// What it is, and what to do about it.
        package var what: String

        package init(file: String, line: Int?, what: String) {
            self.file = file
            self.line = line
            self.what = what
        }
    }

    package struct ImportedPrompt: Hashable, Sendable {
        package var id: String
        /// Front matter and body of the file.
        package var text: String
    }

    package struct ImportedBackend: Hashable, Sendable {
        package var name: String
        /// As ratchet.yaml has it, on one line.
        package var yaml: String
    }

    package var format: ImportFormat
    /// A valid name for the suite.
    package var name: String
    package var prompts: [ImportedPrompt] = []
    package var backends: [ImportedBackend] = []
    /// Rubrics for judges, by id.
    package var rubrics: [ImportedPrompt] = []
    /// Whom the file has judge answers, where it says.
    var judge: String?
    /// `backend/model`, the first being the default.
    package var targets: [String] = []
    package var params: JSONObject = [:]
    /// Checks for every example.
    package var checks: [JSONValue] = []
    /// In order, ids unique.
    package var examples: [JSONObject] = []
    package var unmapped: [Unmapped] = []

    package init(format: ImportFormat, name: String) {
        self.format = format
        self.name = name
    }

    /// Appends an example; an id that is there already gets a number.
    mutating func add(_ example: JSONObject, _ ids: inout Set<String>) {
        let id = example["id"]?.stringValue ?? Self.madeID(example["input"] ?? .null)
        var unique = id
        var number = 1
        while !ids.insert(unique).inserted {
            number += 1
            unique = "\(id)-\(number)"
        }
        var ordered: JSONObject = ["id": .string(unique)]
        for (key, value) in example.members where key != "id" { ordered[key] = value }
        examples.append(ordered)
    }

    /// An example without a check could neither pass nor fail.
    mutating func proposeCheck() {
        let bare = examples.filter { $0["checks"] == nil }.count
        guard checks.isEmpty, bare > 0 else { return }
        checks.append(["length": ["words": ["min": 1]], "name": "not-empty"])
        unmapped.append(
            Unmapped(file: "suites/\(name)/suite.yaml", line: nil, what: "\(bare) examples have no check: the suite only asks for an answer at all; say what a good one is"))
    }

    /// Inputs of several members need a prompt that shows them. Where the file has none, one is proposed, and that is said.
    mutating func proposePrompt() {
        let inputs = examples.compactMap { $0["input"]?.objectValue }
        guard prompts.isEmpty, let first = inputs.first else { return }
        let common = first.keys.filter { key in inputs.allSatisfy { $0[key] != nil } && !key.contains("{") && !key.contains("}") }
        guard !common.isEmpty else { return }
        let body = common.count == 1 ? "{{\(common[0])}}" : common.map { "\($0): {{\($0)}}" }.joined(separator: "\n")
        prompts.append(ImportedPrompt(id: name, text: "---\nversion: 1.0.0\n---\nuser:\n\(body)\n"))
        unmapped.append(
            Unmapped(file: "prompts/\(name)/1.0.0.md", line: nil, what: "the file has no prompt: this one only shows the inputs; put your own in its place"))
    }

    /// Words of the input and a hash of it: the same row has the same id whenever it is imported.
    private static func madeID(_ input: JSONValue) -> String {
        let words = input.stringValue ?? input.objectValue?.members.lazy.compactMap(\.value.stringValue).first ?? input.serialized(.compact)
        return Name.slug(words).dropLast(9) + "-" + Digest.short(input.serialized(.canonical))
    }
}

/// The formats that are read.
package enum ImportFormat: String, CaseIterable, Sendable {
    case promptfoo
    case openaiEvals = "openai-evals"
    case openaiHosted = "openai-hosted"
    case inspect, deepeval
    case pydanticEvals = "pydantic-evals"
    case langsmith, table

    package var title: String {
        switch self {
        case .promptfoo: "a promptfoo configuration"
        case .openaiEvals: "openai/evals samples or a registry entry"
        case .openaiHosted: "rows or graders of OpenAI's hosted evals"
        case .inspect: "an Inspect dataset"
        case .deepeval: "deepeval goldens"
        case .pydanticEvals: "a pydantic-evals dataset"
        case .langsmith: "LangSmith examples"
        case .table: "a table: CSV, TSV, JSONL or JSON"
        }
    }
}
