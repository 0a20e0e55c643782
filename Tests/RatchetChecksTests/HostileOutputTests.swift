import Foundation
import RatchetCore
import RatchetJSON
import TestSupport
import Testing

@testable import RatchetChecks

@Suite("Hostile outputs")
struct HostileOutputTests {
    static let checks = [
        #"{"equals": "yes", "name": "equals"}"#, #"{"contains": "yes", "name": "contains"}"#, #"{"icontains": "YES", "name": "icontains"}"#,
        #"{"starts_with": "yes", "name": "starts"}"#, #"{"regex": "y[e]s$", "name": "regex"}"#, #"{"length": {"characters": 3, "words": 1, "lines": 1, "sentences": 1}, "name": "length"}"#,
        #"{"is_json": {"allow": "prose"}, "name": "json"}"#, #"{"json_schema": {"schema": {"type": "object"}, "allow": "prose"}, "name": "schema"}"#,
        #"{"json_path": {"path": "$..a", "equals": 1, "allow": "prose"}, "name": "path"}"#, #"{"judge": "helpful", "name": "judge"}"#,
        #"{"none_of": [{"contains": "yes"}, {"equals": "no", "of": "$.a"}], "name": "none"}"#, #"{"equals": "x", "of": "regex:(.+)$", "name": "of"}"#,
    ]

    private func verdict(_ text: String) async throws -> TrialVerdict {
        try await Checking.trial(Self.checks, Output(text: text), caller: KeywordJudge(keyword: "yes"))
    }

    @Test("Naughty strings go through every check without a crash, and reasons stay on one line")
    func naughtyStrings() async throws {
        let verdictOfEmpty = try await verdict("")
        #expect(verdictOfEmpty.results.count == Self.checks.count)
        guard let url = SharedData.url("conformance/naughty-strings") else { return }
        var count = 0
        for file in try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil) where file.pathExtension != "md" {
            for line in try String(decoding: Data(contentsOf: file), as: UTF8.self).split(separator: "\n") {
                let verdict = try await verdict(String(line))
                #expect(verdict.results.count == Self.checks.count)
                for result in verdict.results {
                    #expect(!result.reason.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x202E })
                }
                // A judge that reads what it is shown must see the wanted text exactly where it is.
                #expect(try await Checking.result(#"{"equals": \#(JSONValue.string(String(line)).serialized())}"#, String(line)).state == .passed)
                count += 1
            }
        }
        #expect(count > 100)
    }

    /// The checks of a type's samples, and what their samples expect; new checks come in by themselves.
    private func samples(_ name: String) throws -> [(check: String, expected: JSONValue?)] {
        let documentation = try #require(CheckRegistry.check(named: name)).documentation
        return try documentation.samples.map { ($0.check, try $0.expected.map { try JSONValue(parsing: $0) }) }
    }

    private func hold(_ name: String, _ texts: [String]) async throws {
        for (check, expected) in try samples(name) {
            let compiled = try #require(
                CheckCompiler(Writing.resources()).compile(try Writing.example([check], expected: expected)).checks)
            for text in texts {
                let response = Response(output: Output(text: text, finishReason: text), usage: Usage(inputTokens: 1, outputTokens: 1))
                let verdict = await compiled.evaluate(response, caller: KeywordJudge(keyword: "yes"))
                let result = try #require(verdict.results.first)
                #expect(result.score.map { (0...1).contains($0) } ?? true, "\(check) on \(text.debugDescription)")
                #expect(result.reason.unicodeScalars.count <= Excerpt.longestReason + 1)
                #expect(
                    !result.reason.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x202E },
                    "\(check): \(result.reason.debugDescription)")
            }
        }
    }

    @Test("Every check answers the naughty strings, with a reason on one line", arguments: CheckRegistry.names.sorted())
    func everyCheck(_ name: String) async throws {
        var texts = ["", " ", "\0", "\u{202e}", "\r\n"]
        if let url = SharedData.url("conformance/naughty-strings/blns.json") {
            texts += try JSONValue(parsing: String(decoding: Data(contentsOf: url), as: UTF8.self)).arrayValue?.compactMap(\.stringValue) ?? []
        }
        let family = try #require(CheckRegistry.check(named: name)).documentation.family
        // What runs a program or asks a model is not asked five hundred times.
        try await hold(name, family == .openEnd || family == .modelGraded ? Array(texts.prefix(12)) : texts)
    }

    @Test("Every check answers a large text of any make", arguments: CheckRegistry.names.sorted())
    func everyCheckAtLength(_ name: String) async throws {
        let family = try #require(CheckRegistry.check(named: name)).documentation.family
        guard family != .openEnd else { return }
        let parts = ["1,2,3,", "1 234 ", "1.2.3.", "9", "x", "A B ", "(A) ", "answer is ", "####\n", "\\boxed{", "I'm sorry. ", "e\u{301}", "𝟘½²", "'-_.,", "\n", "{\"a\":"]
        try await hold(name, parts.map { String(repeating: $0, count: 8_000 / $0.utf8.count) })
    }

    @Test("Texts made to cost time or stack are answered", arguments: [
        ("deep lists", String(repeating: "[", count: 20_000)), ("deep objects", String(repeating: #"{"a":"#, count: 10_000)),
        ("one grapheme", "a" + String(repeating: "\u{301}", count: 30_000)), ("one word", String(repeating: "y", count: 100_000)),
        ("nearly", String(repeating: "ye", count: 50_000)), ("fences", String(repeating: "```\n", count: 10_000)),
        ("quotes", String(repeating: "\"", count: 30_000)), ("line ends", String(repeating: "\r\n", count: 20_000)),
        ("markers", String(repeating: "<|", count: 20_000)), ("tags", String(repeating: "</under-test-", count: 5_000)),
    ])
    func costly(_ name: String, _ text: String) async throws {
        let verdict = try await verdict(text)
        #expect(verdict.results.count == Self.checks.count)
        for result in verdict.results { #expect(result.reason.unicodeScalars.count <= Excerpt.longestReason + 1) }
    }

    @Test("A wanted text that nearly occurs everywhere is searched in linear time")
    func search() {
        let needle = String(repeating: "a", count: 5000) + "b"
        #expect(ByteSearch.firstRange(of: needle, in: String(repeating: "a", count: 1_000_000)) == nil)
        #expect(ByteSearch.firstRange(of: needle, in: String(repeating: "a", count: 9000) + "bc") == 4000..<9001)
    }

    @Test("A judge's endless list of objects is not searched for ever")
    func manyObjects() {
        let text = String(repeating: #"{"verdict": "maybe"} "#, count: 2_000)
        #expect(JudgeAnswer(Output(text: text), scale: .passFail) == nil)
    }
}
