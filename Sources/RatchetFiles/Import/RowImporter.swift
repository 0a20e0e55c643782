import RatchetCore
import RatchetJSON

/// Rows of a dataset as examples: each tool has its own names for input and wanted answer. What has no place of its own is kept in
/// `metadata`.
struct RowImporter {
    let format: ImportFormat
    /// As findings name it.
    let file: String
    /// Whether cells are text, so that lists in them are still to be read.
    let isTable: Bool

    private static let inputs = ["input", "inputs", "question", "prompt", "query", "user_input", "instruction", "text"]
    private static let wanted = [
        "expected", "ideal", "target", "expected_output", "expectedOutput", "outputs", "reference_outputs", "reference", "ground_truth", "answer",
    ]
    private static let contexts = ["contexts", "context", "retrieval_context"]
    private static let names = ["id", "name", "key", "uuid", "sample_id"]
    /// What a system answered once: no part of an example.
    private static let answers = ["actual_output", "output", "sample", "completion", "response"]

    func project(_ rows: [ForeignFile.Row], suite: String) -> ImportedProject {
        var project = ImportedProject(format: format, name: suite)
        var ids: Set<String> = []
        var kept: [String: Int] = [:]
        for (place, row) in rows.enumerated() {
            guard let object = row.value.objectValue else {
                project.unmapped.append(.init(file: file, line: row.line ?? place + 1, what: "a row that is no object: \(Verbatim.json(row.value))"))
                continue
            }
            guard let example = example(object, &kept) else {
                let keys = object.keys.joined(separator: ", ")
                project.unmapped.append(.init(file: file, line: row.line ?? place + 1, what: "a row without an input; it has \(Quoted.text(keys))"))
                continue
            }
            if Self.check(for: format) != "equals", let wanted = example["expected"], Self.isMetByAll(wanted) {
                project.unmapped.append(
                    .init(file: file, line: row.line ?? place + 1, what: "the wanted answer is empty, which every output would meet: \(Verbatim.json(row.value))"))
                continue
            }
            project.add(example, &ids)
        }
        for (key, count) in kept.sorted(by: { $0.key < $1.key }) {
            project.unmapped.append(.init(file: file, line: nil, what: "\(Quoted.text(key)) of \(count) rows has no meaning here; it is kept in the examples' metadata"))
        }
        if project.examples.contains(where: { $0["expected"] != nil }), project.examples.allSatisfy({ $0["checks"] == nil }) {
            project.checks.append(Self.check(for: format))
            project.unmapped.append(
                .init(file: file, line: nil, what: "how an answer is held against the wanted one is not said: suite.yaml proposes \(Self.check(for: format).stringValue ?? "")"))
        }
        return project
    }

    /// Every output contains and begins with the empty text: an example that wants it could not fail.
    private static func isMetByAll(_ wanted: JSONValue) -> Bool {
        (wanted.arrayValue ?? [wanted]).contains { $0.stringValue.map { TrimmedText.of($0).isEmpty } ?? false }
    }

    /// How the tool would compare, where the rows do not say.
    private static func check(for format: ImportFormat) -> JSONValue { format == .pydanticEvals ? "equals" : "icontains" }

    /// - Parameter kept: How often a key without a meaning of its own was met.
    func example(_ row: JSONObject, _ kept: inout [String: Int]) -> JSONObject? {
        var rest = row
        let take = { (keys: [String]) -> JSONValue? in
            for key in keys {
                guard let value = rest[key], !value.isNull else { continue }
                rest[key] = nil
                return value
            }
            return nil
        }
        var example: JSONObject = [:]
        if let id = take(Self.names) { example["id"] = .string(id.stringValue ?? id.serialized(.compact)) }
        guard let input = take(Self.inputs) ?? (isTable ? wholeRow(row) : nil) else { return nil }
        example["input"] = self.input(input, choices: take(["choices"]))
        if let wanted = take(Self.wanted) { example["expected"] = expected(wanted, choices: row["choices"]) }
        if let contexts = take(Self.contexts).flatMap(contexts) { example["contexts"] = .array(contexts) }
        if let tags = take(["tags"]).flatMap(texts), !tags.isEmpty { example["tags"] = .strings(tags) }
        for key in Self.answers { rest[key] = nil }
        var metadata = take(["metadata", "additional_metadata"])?.objectValue ?? [:]
        for (key, value) in rest.members where !value.isNull {
            metadata[key] = value
            kept[key, default: 0] += 1
        }
        if !metadata.isEmpty { example["metadata"] = .object(metadata) }
        return example
    }

    /// A table whose columns are all variables of a prompt.
    private func wholeRow(_ row: JSONObject) -> JSONValue? {
        let reserved = Set(Self.wanted + Self.contexts + Self.names + Self.answers + ["tags", "metadata"])
        let variables = JSONObject(row.members.filter { !reserved.contains($0.key) && !$0.key.hasPrefix("__") }.map { ($0.key, $0.value) })
        return variables.isEmpty ? nil : .object(variables)
    }

    /// Choices are shown as a model is asked them: A, B, C.
    private func input(_ input: JSONValue, choices: JSONValue?) -> JSONValue {
        guard let list = choices.flatMap(texts), !list.isEmpty else { return Self.messages(input) ?? input }
        let lines = zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", list).map { "\($0)) \($1)" }.joined(separator: "\n")
        guard let question = input.stringValue else { return ["question": input, "choices": .string(lines)] }
        return .string("\(question)\n\n\(lines)\n\nAnswer with the letter alone.")
    }

    /// A list of chat messages, with the members that messages have here.
    static func messages(_ input: JSONValue) -> JSONValue? {
        guard let list = input.arrayValue, !list.isEmpty, list.allSatisfy({ $0["role"]?.stringValue != nil }) else { return nil }
        let roles: Set = ["system", "user", "assistant", "tool"]
        return .array(
            list.map { message in
                let role = message["role"]?.stringValue ?? "user"
                let content = message["content"]
                let parts = content?.arrayValue?.compactMap { $0["text"]?.stringValue ?? $0.stringValue }.joined(separator: "\n")
                return [
                    "role": .string(role == "developer" ? "system" : roles.contains(role) ? role : "user"),
                    "content": .string(content?.stringValue ?? parts ?? content?.serialized(.compact) ?? ""),
                ]
            })
    }

    /// A wanted output in an object of one member is that member: LangSmith's `{"answer": "…"}`.
    private func expected(_ value: JSONValue, choices: JSONValue?) -> JSONValue {
        if let object = value.objectValue, object.count == 1, let only = object.members.first?.value, only.stringValue != nil { return only }
        return value
    }

    private func contexts(_ value: JSONValue) -> [JSONValue]? {
        guard let list = texts(value), !list.isEmpty else { return nil }
        return list.enumerated().map { ["id": .string("context-\($0 + 1)"), "text": .string($1)] }
    }

    /// A list of texts; in a table also as JSON in a cell, or as one text.
    private func texts(_ value: JSONValue) -> [String]? {
        if let list = value.arrayValue { return list.map { $0.stringValue ?? $0["text"]?.stringValue ?? $0.serialized(.compact) } }
        guard let text = value.stringValue else { return nil }
        if text.hasPrefix("["), let list = (try? JSONValue(parsing: text))?.arrayValue { return list.map { $0.stringValue ?? $0.serialized(.compact) } }
        return [text]
    }
}
