import RatchetCore
import RatchetJSON

/// OpenAI's hosted evals: rows (`{"item": {…}}`), and the graders of an eval's definition (`testing_criteria`).
struct HostedEvalsImporter {
    let file: ForeignFile
    let suite: String

    func project() -> ImportedProject {
        if case .object(let object) = file.content, let graders = (object["testing_criteria"] ?? object["graders"])?.arrayValue {
            var project = ImportedProject(format: .openaiHosted, name: suite)
            for grader in graders { add(grader, to: &project) }
            return project
        }
        let rows = file.rows.map { row in
            var row = row
            row.value = row.value["item"] ?? row.value
            return row
        }
        // Columns of an item are the variables of its prompt, unless one is named like an input.
        return RowImporter(format: .openaiHosted, file: file.name, isTable: true).project(rows, suite: suite)
    }

    private func add(_ grader: JSONValue, to project: inout ImportedProject) {
        let type = grader["type"]?.stringValue ?? ""
        let name = grader["name"]?.stringValue
        var check: JSONObject?
        let reference = grader["reference"]?.stringValue ?? ""
        let wanted: JSONValue = reference.contains("{{") ? .null : .string(reference)
        switch (type, grader["operation"]?.stringValue ?? grader["evaluation_metric"]?.stringValue ?? "") {
        case ("string_check", "eq"): check = ["equals": wanted]
        case ("string_check", "ne"): check = ["equals": wanted, "not": true]
        case ("string_check", "like"): check = ["contains": wanted]
        case ("string_check", "ilike"): check = ["icontains": wanted]
        case ("text_similarity", "fuzzy_match"): check = ["edit_similarity": wanted]
        case ("text_similarity", "bleu"): check = ["bleu": wanted]
        case ("text_similarity", let metric) where metric.hasPrefix("rouge"): check = ["rouge": wanted]
        default: break
        }
        guard var check else {
            project.unmapped.append(.init(file: file.name, line: nil, what: "the grader \(Quoted.text(name ?? type)) of type \(type): \(Verbatim.json(grader))"))
            return
        }
        if let name { check["name"] = .string(name) }
        if let threshold = grader["pass_threshold"], threshold.doubleValue != nil, type == "text_similarity" { check["threshold"] = threshold }
        project.checks.append(.object(check))
    }
}
