import Foundation
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetReports
import SampleRuns

extension ConformanceSuite {
    /// The Big List of Naughty Strings: each goes through templates, every check and every report, and comes back.
    static let naughtyStrings = ConformanceSuite(folder: "naughty-strings", title: "Naughty strings") { folder in
        let checks = try NaughtyChecks()
        let files = CaseFiles.list(folder, "json").filter { !$0.lastPathComponent.contains("base64") }
        return try files.flatMap { file in
            try (CaseFiles.json(file).arrayValue ?? []).enumerated().map { number, value in
                let text = value.stringValue ?? value.serialized()
                let shown = String(text.prefix(40)).debugDescription
                return ConformanceCase("\(file.lastPathComponent) \(number + 1) \(shown)") {
                    if let problem = try templateProblem(text) { return .failed(problem) }
                    if let problem = await checks.problem(with: text) { return .failed(problem) }
                    return try await reportProblem(text, checks).map { .failed($0) } ?? .passed
                }
            }
        }
    }

    private static func templateProblem(_ text: String) throws -> String? {
        let rendered = try MustacheTemplate("<{{x}}>").render(["x": .string(text)])
        if let template = try? MustacheTemplate(text) { _ = template.render([:]) }
        return rendered.utf8.elementsEqual("<\(text)>".utf8) ? nil : "a template gives \(rendered.debugDescription)"
    }

    /// Reports of a run in which the text is id, output, reason, error, note, target and prompt.
    private static func reportProblem(_ text: String, _ checks: NaughtyChecks) async throws -> String? {
        let example = SampleExample(id: text, now: [.failed], mustPass: .always, output: text, reason: text, error: text)
        let run = SampleRun(target: "recorded/\(text)", prompt: text, examples: [example], notes: [text]).report
        var pages: [String: String] = [:]
        try TerminalReport(color: false, width: 80, isCI: true).render(run) { pages["terminal", default: ""] += $0 }
        try MarkdownReport.render(run) { pages["Markdown", default: ""] += $0 }
        try JUnitReport.render(run) { pages["JUnit", default: ""] += $0 }
        try JSONReport.render(run) { pages["JSON", default: ""] += $0 }
        let isClean = pages["terminal", default: ""].unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control }
        guard isClean else { return "a control character reaches the terminal" }
        guard pages["Markdown"]?.isEmpty == false else { return "no Markdown report" }
        if let problem = await checks.problemOfXML(pages["JUnit", default: ""]) { return "the JUnit report is no XML: \(problem)" }
        let shown = try JSONValue(parsing: pages["JSON", default: ""])["suites"]?.arrayValue?.first?["examples"]?.arrayValue?.first
        let output = shown?["trials"]?.arrayValue?.first?["output"]
        return shown?["id"] == .string(text) && output == .string(text) ? nil : "the JSON report gives back another text"
    }
}

/// Every check that needs no model, no program and no person, as its documentation shows it.
private struct NaughtyChecks: Sendable {
    private let checks: CompiledChecks
    private let xml: CompiledChecks
    private static let place = SourceReference(file: "suites/naughty/cases.jsonl", .value(document: 1, .root))

    init() throws {
        let foreign: Set<CheckDocumentation.Family> = [.modelGraded, .openEnd, .people]
        let samples = CheckRegistry.types.filter { !foreign.contains($0.documentation.family) && $0.type != "embedding_similarity" }
            .flatMap { $0.documentation.samples.map(\.check) }
        checks = try Self.compiled(samples.map { try JSONValue(parsing: $0) })
        xml = try Self.compiled(["xml"])
    }

    private static func compiled(_ written: [JSONValue]) throws -> CompiledChecks {
        var example = Example(suite: "naughty", id: "all", input: "", source: place)
        example.expected = "yes"
        example.checks = written.enumerated().compactMap { number, check in specification(check, number) }
        let resources = CheckResources(
            loadFile: { path, _ in throw Diagnostic("there is no file \(path)") }, loadText: { path, _ in throw Diagnostic("there is no file \(path)") },
            locateFile: { path, _ in throw Diagnostic("there is no file \(path)") }, renderRubric: { _, _ in [] })
        // A check that wants a number, or a list, as `expected` is left out: what counts here is the output.
        example.checks = example.checks.filter { check in
            var single = example
            single.checks = [check]
            return CheckCompiler(resources).compile(single).checks != nil
        }
        guard let checks = CheckCompiler(resources).compile(example).checks else { throw BadCase("the checks do not compile") }
        return checks
    }

    private static func specification(_ check: JSONValue, _ number: Int) -> CheckSpecification? {
        let common: Set<String> = ["name", "not", "weight", "threshold", "gating", "of", "when"]
        let type = check.stringValue ?? check.objectValue?.keys.first { !common.contains($0) }
        guard let type, !["all_of", "any_of", "none_of"].contains(type) else { return nil }
        return CheckSpecification(
            type: type, name: "\(type)-\(number)", options: check[type] ?? .null, not: check["not"] == true,
            threshold: check["threshold"]?.doubleValue, of: check["of"]?.stringValue, source: place)
    }

    func problem(with text: String) async -> String? {
        let verdict = await checks.evaluate(Response(output: Output(text: text, finishReason: text)), isReused: false, caller: NoModel())
        guard verdict.results.count == checks.checkHashes.count else { return "a check gave no result" }
        let broken = verdict.results.first { $0.reason.unicodeScalars.contains { $0.properties.generalCategory == .control } }
        return broken.map { "the reason of \($0.name) has control characters in it" }
    }

    func problemOfXML(_ text: String) async -> String? {
        let verdict = await xml.evaluate(Response(output: Output(text: text)), isReused: false, caller: NoModel())
        return verdict.state == .passed ? nil : verdict.results.first?.reason
    }
}

private struct NoModel: ModelCaller {
    func call(_ request: Request) async -> Exchange {
        Exchange(
            request: request, fingerprint: "", result: .failure(BackendError(.transport, "no model is asked here")), attempts: [], traceID: "",
            isCached: false, time: 0)
    }
}
