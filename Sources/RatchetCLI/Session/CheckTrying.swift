import RatchetBackends
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetReports
import RatchetRunner
import RatchetStore

/// One check held against one output, outside any suite.
struct CheckTrying {
    let context: Context
    /// The project whose files, rubrics and backends the check may name; `nil` outside a project.
    var opened: OpenedProject?
    let check: String
    let expected: JSONValue?
    let input: JSONValue

    func result(of response: Response) async throws -> CheckResult {
        var opened = opened
        let (specification, problems) = WrittenCheck.read(check, types: CheckRegistry.names)
        guard let specification else { throw refusal(problems) }
        var example = Example(suite: "try", id: "try", input: input, source: SourceReference(file: WrittenCheck.name))
        example.expected = expected
        example.checks = [specification]
        let folder = opened?.folder ?? ProjectFolder(root: context.workingDirectory)
        let resources = CheckResources(folder: folder, project: opened?.project, context: context)
        let (compiled, findings) = CheckCompiler(resources).compile(example)
        guard let compiled, problems.isEmpty else { throw refusal(problems + findings) }

        // What is wrong elsewhere in the project is no reason not to try a check.
        let known = opened?.diagnostics.count ?? 0
        let backends = opened?.backends(for: compiled.targets) ?? [:]
        let findingsOfBackends = opened?.diagnostics.dropFirst(known).filter { $0.severity == .error } ?? []
        guard findingsOfBackends.isEmpty else { throw ProjectProblems(folder: folder, Array(findingsOfBackends)) }
        if let missing = backends.values.compactMap(\.missingCredential).sorted().first {
            throw DiagnosticsError([Diagnostic(missing, exitCode: .noCredentials)])
        }
        let caller = Caller(
            backends: backends, store: try Store.inMemory(), clock: context.clock,
            options: .init(concurrency: 4, usesCache: false, cacheMaximumAge: 0), interruption: Interruption())
        let verdict = await compiled.evaluate(response, caller: caller)
        guard let result = verdict.results.first else { throw refusal([]) }
        return result
    }

    /// Findings about text that was typed have no file to be looked up in: the place is named by its pointer.
    private func refusal(_ findings: [Diagnostic]) -> DiagnosticsError {
        DiagnosticsError(
            findings.map { finding in
                var finding = finding
                finding.exitCode = .usage
                guard let source = finding.source, source.file == WrittenCheck.name else { return finding }
                finding.source = nil
                switch source.place {
                case .value(_, let pointer), .key(_, let pointer):
                    // The first token is the position in the list that the check was read as.
                    let tokens = pointer.tokens.dropFirst()
                    if !tokens.isEmpty { finding.message += " (at \(JSONPointer(tokens: Array(tokens))))" }
                case .position: break
                }
                return finding
            })
    }
}

/// A check's result in words, or as one JSON object.
enum CheckResultText {
    static func text(_ result: CheckResult, _ format: OutputFormat) -> String {
        switch format {
        case .human: human(result)
        case .json: json(result).serialized(.compact) + "\n"
        }
    }

    private static func human(_ result: CheckResult) -> String {
        let score = result.score.map { "  score \(CompiledCheck.shown($0))" } ?? ""
        var text = "\(result.state.rawValue)\(score)\n  \(TerminalText.plain(result.reason, limit: 1000))\n"
        if let kind = result.failureKind { text += "  failure kind: \(kind.rawValue)\n" }
        return text
    }

    private static func json(_ result: CheckResult) -> JSONValue {
        [
            "name": .string(result.name), "type": .string(result.type), "state": .string(result.state.rawValue),
            "score": .double(result.score), "reason": .string(result.reason),
            "failure_kind": .optional(result.failureKind?.rawValue),
        ]
    }
}
