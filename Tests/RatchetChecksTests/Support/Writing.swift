import RatchetCore
import RatchetJSON

@testable import RatchetChecks

/// Checks and examples as tests write them: in JSON, as suites do.
enum Writing {
    static let commonKeys: Set<String> = ["name", "not", "weight", "threshold", "gating", "of", "when"]
    static let file = "suites/support/cases.jsonl"

    /// The check that a JSON text describes, placed at `/checks/<index>` of the example's row.
    static func check(_ text: String, index: Int = 0) throws -> CheckSpecification {
        let place = SourceReference(file: file, .value(document: 7, .root)).appending("checks").appending(index)
        return specification(try JSONValue(parsing: text), at: place)
    }

    static func specification(_ value: JSONValue, at place: SourceReference) -> CheckSpecification {
        guard let object = value.objectValue else {
            let type = value.stringValue ?? ""
            return CheckSpecification(type: type, name: type, options: .null, source: place)
        }
        let type = object.keys.first { !commonKeys.contains($0) } ?? ""
        let options = object[type] ?? .null
        let isGroup = ["all_of", "any_of", "none_of"].contains(type)
        let children = isGroup ? options.arrayValue ?? [] : []
        return CheckSpecification(
            type: type, name: object["name"]?.stringValue ?? type, options: options, not: object["not"]?.boolValue ?? false,
            weight: object["weight"]?.doubleValue ?? 1, threshold: object["threshold"]?.doubleValue,
            gating: object["gating"]?.boolValue ?? true, of: object["of"]?.stringValue, when: object["when"]?.stringValue,
            children: children.enumerated().map { specification($1, at: place.appending(type).appending($0)) },
            source: place)
    }

    static func example(
        _ checks: [String], id: String = "refund-1", expected: JSONValue? = nil, passWhen: Double? = nil
    ) throws -> Example {
        var example = Example(
            suite: "support", id: id, input: ["question": "Where is my refund?"],
            source: SourceReference(file: file, .value(document: 7, .root)))
        example.expected = expected
        example.passWhen = passWhen.map { PassRule(score: $0) }
        example.checks = try checks.enumerated().map { try check($1, index: $0) }
        return example
    }

    static func rubric(
        _ id: String = "helpful", scale: Rubric.Scale = .passFail, threshold: Double = 1, votes: Int = 1,
        params: JSONObject = [:]
    ) -> Rubric {
        Rubric(
            id: id, version: nil, judge: Target(backend: "openai", model: "gpt-4o"), scale: scale, threshold: threshold,
            votes: votes, params: params, templates: [], allowsSelfJudging: false, hash: "sha256:\(id)",
            source: SourceReference(file: "rubrics/\(id).md"))
    }

    static func pairwise(threshold: Double = 0.5, votes: Int = 1) -> Rubric {
        rubric("better", scale: .pairwise, threshold: threshold, votes: votes)
    }

    /// Files and a renderer that stand for a project: the rubric's text is fixed, and shows the output.
    ///
    /// - Parameter paths: The real files that a check may name, absolute.
    static func resources(
        rubrics: [Rubric] = [rubric(), pairwise()], files: [String: JSONValue] = [:], texts: [String: String] = [:],
        paths: Set<String> = ["./checks/no-todo"], programs: CheckResources.Programs = noTodo,
        labels: [HumanLabel]? = nil
    ) -> CheckResources {
        CheckResources(
            rubrics: Dictionary(rubrics.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }),
            backends: ["openai", "echo"],
            loadFile: { path, source in
                guard let content = files[path] else { throw Diagnostic(.error, at: source, "there is no file \(path)") }
                return content
            },
            loadText: { path, source in
                guard let content = texts[path] else { throw Diagnostic(.error, at: source, "there is no file \(path)") }
                return content
            },
            locateFile: { path, source in
                guard paths.contains(path) else { throw Diagnostic(.error, at: source, "there is no file \(path)") }
                return path
            },
            renderRubric: { rubric, variables in
                let question = variables["input"]?["question"]?.stringValue ?? variables["input"]?.stringValue ?? ""
                let pair = ["first", "second"].compactMap { variables[$0]?.stringValue }
                if pair.count == 2 {
                    return [Message(role: .user, content: "\(rubric.id) \(question)\nFirst: \(pair[0])\nSecond: \(pair[1])")]
                }
                let expected = variables["expected"]?.stringValue.map { "\nExpected: \($0)" } ?? ""
                return [
                    Message(role: .system, content: "You grade answers by rubric \(rubric.id)."),
                    Message(
                        role: .user,
                        content: "Question: \(question)\(expected)\nAnswer: \(variables["output"]?.stringValue ?? "")"),
                ]
            }, programs: programs,
            labels: { _, subject in
                guard let labels else { return labelled(subject) }
                return labels.filter { $0.subject == subject }
            })
    }

    /// A program that fails what holds a TODO.
    static let noTodo = CheckResources.Programs(
        find: { $0 == "python3" ? "/usr/bin/python3" : nil }, isExecutable: { _ in true }, hash: { Digest.sha256($0) },
        run: { call in
            let question = try? JSONValue(parsing: call.input)
            let passes = question?["output"]?.stringValue?.contains("TODO") == false
            return ProgramResult(end: .exited(code: 0), output: Array(#"{"passed": \#(passes)}"#.utf8))
        })

    /// The labels of a person who has looked at the samples of the documentation.
    private static func labelled(_ subject: HumanLabel.Subject) -> [HumanLabel] {
        let verdicts: [(String, HumanLabel.Verdict)] = [("Your refund arrives on Friday.", .pass), ("I do not know.", .fail)]
        return verdicts.filter { Digest.sha256($0.0) == subject.outputHash }.map {
            HumanLabel(subject: subject, example: "refund-1", verdict: $0.1, rater: "Ann", date: "2026-11-21")
        }
    }

    /// The findings of compiling, each as `pointer: message`.
    static func findings(
        _ checks: [String], expected: JSONValue? = nil, resources: CheckResources = resources()
    ) throws -> [String] {
        try CheckCompiler(resources).compile(example(checks, expected: expected)).diagnostics.map(shown)
    }

    static func shown(_ diagnostic: Diagnostic) -> String {
        switch diagnostic.source?.place {
        case .value(_, let pointer): "\(pointer): \(diagnostic.message)"
        case .key(_, let pointer): "key \(pointer): \(diagnostic.message)"
        case .position(let line, let column): "\(line):\(column): \(diagnostic.message)"
        case nil: diagnostic.message
        }
    }
}

/// Applies checks, as a run would.
enum Checking {
    struct NotCompiled: Error { var findings: [String] }

    static func trial(
        _ checks: [String], _ output: Output, expected: JSONValue? = nil, passWhen: Double? = nil,
        resources: CheckResources = Writing.resources(), caller: any ModelCaller = ScriptedJudge([])
    ) async throws -> TrialVerdict {
        try await trial(
            checks, Response(output: output), expected: expected, passWhen: passWhen, resources: resources, caller: caller)
    }

    static func trial(
        _ checks: [String], _ response: Response, expected: JSONValue? = nil, passWhen: Double? = nil,
        isReused: Bool = false, baselineOutput: String? = nil, resources: CheckResources = Writing.resources(),
        caller: any ModelCaller = ScriptedJudge([])
    ) async throws -> TrialVerdict {
        let example = try Writing.example(checks, expected: expected, passWhen: passWhen)
        let (compiled, findings) = CheckCompiler(resources).compile(example)
        guard let compiled else { throw NotCompiled(findings: findings.map(Writing.shown)) }
        return await compiled.evaluate(response, isReused: isReused, baselineOutput: baselineOutput, caller: caller)
    }

    /// The result of a single check.
    static func result(
        _ check: String, _ response: Response, expected: JSONValue? = nil, isReused: Bool = false,
        resources: CheckResources = Writing.resources(), caller: any ModelCaller = ScriptedJudge([])
    ) async throws -> CheckResult {
        let verdict = try await trial(
            [check], response, expected: expected, isReused: isReused, resources: resources, caller: caller)
        return verdict.results[0]
    }

    static func result(
        _ check: String, _ output: Output, expected: JSONValue? = nil, resources: CheckResources = Writing.resources(),
        caller: any ModelCaller = ScriptedJudge([])
    ) async throws -> CheckResult {
        try await result(check, Response(output: output), expected: expected, resources: resources, caller: caller)
    }

    static func result(_ check: String, _ text: String, expected: JSONValue? = nil) async throws -> CheckResult {
        try await result(check, Output(text: text), expected: expected)
    }
}
