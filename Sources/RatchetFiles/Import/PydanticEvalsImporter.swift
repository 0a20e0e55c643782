import RatchetCore
import RatchetJSON

/// pydantic-evals: `cases` with `inputs`, `expected_output`, `metadata` and `evaluators`, in YAML or JSON.
struct PydanticEvalsImporter {
    let file: ForeignFile
    let suite: String

    func project() -> ImportedProject {
        var project = ImportedProject(format: .pydanticEvals, name: suite)
        var ids: Set<String> = []
        var kept: [String: Int] = [:]
        let rows = RowImporter(format: .pydanticEvals, file: file.name, isTable: false)
        for (place, row) in file.rows.enumerated() {
            guard var object = row.value.objectValue else { continue }
            let evaluators = object["evaluators"]?.arrayValue ?? []
            object["evaluators"] = nil
            guard var example = rows.example(object, &kept) else {
                project.unmapped.append(.init(file: file.name, line: nil, what: "case \(place + 1) has no inputs"))
                continue
            }
            let checks = evaluators.compactMap { check($0, "case \(place + 1)", &project) }
            if !checks.isEmpty { example["checks"] = .array(checks) }
            project.add(example, &ids)
        }
        if case .object(let object) = file.content {
            project.checks = (object["evaluators"]?.arrayValue ?? []).compactMap { check($0, "all cases", &project) }
            for key in object.keys where !["name", "cases", "evaluators", "$schema"].contains(key) {
                project.unmapped.append(.init(file: file.name, line: nil, what: "\(Quoted.text(key))"))
            }
        }
        for key in kept.keys.sorted() { project.unmapped.append(.init(file: file.name, line: nil, what: "\(Quoted.text(key)) is kept in the examples' metadata")) }
        return project
    }

    /// An evaluator by name, with its one argument, or with arguments by name.
    private func check(_ evaluator: JSONValue, _ place: String, _ project: inout ImportedProject) -> JSONValue? {
        let name = evaluator.stringValue ?? evaluator.objectValue?.keys.first ?? ""
        let argument = evaluator.objectValue?.members.first?.value
        let value = argument?["value"] ?? (argument?.objectValue == nil ? argument : nil)
        switch name {
        case "EqualsExpected": return "equals"
        case "Equals": return value.map { ["equals": $0] }
        case "Contains":
            let type = argument?["case_sensitive"] == false ? "icontains" : "contains"
            return value.map { .object([type: .string($0.stringValue ?? $0.serialized(.compact))]) }
        case "MaxDuration":
            let seconds = value?.doubleValue ?? argument?["seconds"]?.doubleValue
            return seconds.map { ["latency": ["max": .double($0 * 1000)]] }
        default:
            project.unmapped.append(.init(file: file.name, line: nil, what: "the evaluator \(name) of \(place): \(Verbatim.json(evaluator))"))
            return nil
        }
    }
}
