import RatchetCore
import RatchetJSON

/// Reads other tools' files. The format is seen from the content, where it is not stated.
package enum Importer {
    /// - Parameters:
    ///   - path: Where the file is.
    ///   - name: As the user named it: findings do.
    ///   - suite: The suite's name; made of the file's without it.
    /// - Throws: `DiagnosticsError` for a file that cannot be read, that is no format of ours, or of which nothing could be used.
    package static func read(path: String, name: String, format: ImportFormat? = nil, suite: String? = nil) throws -> ImportedProject {
        let file = try ForeignFile(path: path, name: name)
        let format = format ?? detected(file)
        let suite = suite ?? suiteName(name)
        var project = try project(file, format, suite)
        try requireSomething(of: project, name)
        project.proposePrompt()
        project.proposeCheck()
        return project
    }

    /// A project of nothing would only fail its first check: it is refused here, with what was found.
    private static func requireSomething(of project: ImportedProject, _ name: String) throws {
        guard project.examples.isEmpty, project.prompts.isEmpty, project.checks.isEmpty else { return }
        let shown = project.unmapped.prefix(5).map { Diagnostic(at: SourceReference(file: $0.file, line: $0.line ?? 1), $0.what) }
        let more = project.unmapped.count - shown.count
        throw DiagnosticsError(
            shown + [
                Diagnostic(
                    "\(Quoted.text(name)), read as \(project.format.title), holds no example\(more > 0 ? "; \(more) more rows are like these" : "")",
                    help: "is it another format? --format \(ImportFormat.allCases.map(\.rawValue).joined(separator: "|")); docs/import.md has what each needs")
            ])
    }

    private static func project(_ file: ForeignFile, _ format: ImportFormat, _ suite: String) throws -> ImportedProject {
        switch format {
        case .promptfoo: return try PromptfooImporter(file: file, suite: suite).project()
        case .openaiEvals: return try OpenAIEvalsImporter(file: file, suite: suite).project()
        case .pydanticEvals: return PydanticEvalsImporter(file: file, suite: suite).project()
        case .openaiHosted: return HostedEvalsImporter(file: file, suite: suite).project()
        case .inspect, .deepeval, .langsmith, .table:
            return RowImporter(format: format, file: file.name, isTable: file.isTable).project(file.rows, suite: suite)
        }
    }

    /// A valid name made of a file's: `My Tests.v2.yaml` is `my-tests`.
    package static func suiteName(_ file: String) -> String {
        let stem = file.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? "imported"
        let name = stem.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" }
        let trimmed = String(String(name).drop { $0 == "-" || $0 == "_" }.prefix(60))
        return Name.isValid(trimmed) && !["promptfooconfig", "config", "evals"].contains(trimmed) ? trimmed : "imported"
    }

    private static func detected(_ file: ForeignFile) -> ImportFormat {
        if case .object(let object) = file.content {
            if object["tests"] != nil || object["prompts"] != nil || object["providers"] != nil { return .promptfoo }
            if object["cases"] != nil { return .pydanticEvals }
            if object["testing_criteria"] != nil || object["graders"] != nil { return .openaiHosted }
            if object.members.contains(where: { $0.value["class"] != nil || $0.value["metrics"] != nil }) { return .openaiEvals }
            if object["goldens"] != nil || object["test_cases"] != nil { return .deepeval }
        }
        guard let row = file.rows.first?.value.objectValue else { return .table }
        if row["ideal"] != nil { return .openaiEvals }
        if row["item"]?.objectValue != nil { return .openaiHosted }
        if row["inputs"] != nil, row["outputs"] != nil || row["dataset_id"] != nil { return .langsmith }
        if row["actual_output"] != nil || row["retrieval_context"] != nil || row["expected_tools"] != nil { return .deepeval }
        if row["input"] != nil, row["target"] != nil { return .inspect }
        return .table
    }
}

extension ForeignFile {
    /// Its rows; of an object, the list that it wraps.
    var rows: [Row] {
        switch content {
        case .rows(let rows): return rows
        case .object(let object):
            for key in ["goldens", "test_cases", "examples", "samples", "data", "rows", "cases"] {
                if let list = object[key]?.arrayValue { return list.map { Row(value: $0, line: nil) } }
            }
            return [Row(value: .object(object), line: nil)]
        }
    }
}
