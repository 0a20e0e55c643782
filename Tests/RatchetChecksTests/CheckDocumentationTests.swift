import RatchetCore
import RatchetJSON
import TestSupport
import Testing

@testable import RatchetChecks

@Suite("Documentation of the checks")
struct CheckDocumentationTests {
    @Test("Each sample passes and fails as it says", arguments: CheckRegistry.names.sorted())
    func samples(_ name: String) async throws {
        let type = try #require(CheckRegistry.check(named: name))
        #expect(!type.documentation.samples.isEmpty)
        for sample in type.documentation.samples {
            let expected = try sample.expected.map { try JSONValue(parsing: $0) }
            for (response, state) in [(sample.passes, CheckState.passed), (sample.fails, .failed)] {
                let result = try await Checking.result(
                    sample.check, response, expected: expected, caller: KeywordJudge(keyword: "refund arrives"))
                #expect(result.state == state, "\(sample.check) on \(response.output): \(result.reason)")
            }
        }
    }

    @Test("Each check has a summary, and its short form and its `expected` option are options", arguments: CheckRegistry.names.sorted())
    func complete(_ name: String) throws {
        let documentation = try #require(CheckRegistry.check(named: name)).documentation
        let options = documentation.options.map(\.name)
        #expect(documentation.summary.hasSuffix("."))
        #expect(Set(options).count == options.count)
        for named in [documentation.shortForm, documentation.expectedOption].compactMap({ $0 }) {
            #expect(options.contains(named))
        }
    }

    @Test("The registry knows each type once")
    func registry() {
        #expect(CheckRegistry.names.count == CheckRegistry.types.count)
        #expect(CheckRegistry.names.contains("json_path"))
        #expect(CheckRegistry.check(named: "nothing") == nil)
    }
}

@Suite("The reference page of the checks")
struct CheckReferenceTests {
    @Test("docs/checks.md is what the code says")
    func page() throws { try GoldenFile.expect(CheckReference.page, matches: "docs/checks.md") }

    @Test("Every check has a section, and the table of contents names it")
    func complete() {
        for name in CheckRegistry.names {
            #expect(CheckReference.page.contains("### `\(name)`\n"))
            #expect(CheckReference.page.contains("[`\(name)`](#\(name))"))
        }
    }
}
