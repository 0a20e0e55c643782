import Foundation
import RatchetCore
import RatchetJSON
import TestSupport
import Testing

@testable import RatchetChecks

@Suite("Recorded answers of real models")
struct RecordedAnswersTests {
    @Test("The checks of the published sets give the authors' verdicts", arguments: [
        "llmdrift-prime", "llmdrift-happy",
    ])
    func verdicts(_ set: String) async throws {
        guard let url = SharedData.url("data/\(set).jsonl") else { return }
        var compared = 0
        let compiler = CheckCompiler(Writing.resources())
        for line in try String(decoding: Data(contentsOf: url), as: UTF8.self).split(separator: "\n") {
            let row = try JSONValue(parsing: line)
            guard let checks = row["check"]?["all"]?.arrayValue, let outputs = row["outputs"]?.objectValue else { continue }
            var example = Example(suite: set, id: row["id"]?.stringValue ?? "", input: "", source: SourceReference(file: set))
            example.checks = checks.enumerated().map { number, check in
                let isNot = check["not_regex"] != nil
                return CheckSpecification(
                    type: "regex", name: "regex-\(number)", options: check["regex"] ?? check["not_regex"] ?? .null, not: isNot,
                    source: SourceReference(file: set))
            }
            let (compiled, findings) = compiler.compile(example)
            #expect(findings.isEmpty, "\(findings)")
            let ready = try #require(compiled)
            for (model, output) in outputs {
                guard let wanted = row["verdicts"]?[model]?.boolValue, let text = output.stringValue else { continue }
                let verdict = await ready.evaluate(Response(output: Output(text: text)), caller: ScriptedJudge([]))
                #expect(verdict.state == (wanted ? .passed : .failed), "\(example.id) \(model): \(verdict.results.map(\.reason))")
                compared += 1
            }
        }
        #expect(compared > 100)
    }
}
