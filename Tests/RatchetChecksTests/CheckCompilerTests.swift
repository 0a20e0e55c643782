import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("Compiling checks")
struct CheckCompilerTests {
    @Test("Every mistake is found before the first call, at its place", arguments: [
        (#""contians""#, "/checks/0: there is no check `contians`"),
        (#"{"equals": {"value": "x", "ignorecase": true}}"#, "key /checks/0/equals/ignorecase: `equals` has no option `ignorecase`"),
        (#"{"equals": {"value": "x", "trim": "yes"}}"#, "/checks/0/equals/trim: `equals`: `trim` wants true or false, found a string"),
        (#"{"equals": {"value": {"a": 1}}}"#, "/checks/0/equals/value: `equals`: `value` must be a text or a list of texts (any of them will do), found an object"),
        (#"{"equals": []}"#, "/checks/0/equals: `equals`: `value` must be a text or a list of texts (any of them will do), found an empty list"),
        (#"{"equals": {"from": "input"}}"#, "/checks/0/equals/from: `equals`: `from` can only name `expected`"),
        (#"{"equals": {"from": "expected", "value": "x"}}"#, "/checks/0/equals/from: `equals`: `value` and `from` exclude each other"),
        (#""equals""#, "/checks/0: check `equals` takes what is wanted from `expected`, but example `refund-1` has none"),
        (#"{"json_path": {"path": "$.a", "equals": {"from": "expected"}}, "name": "total"}"#, "/checks/0: check `total` takes what is wanted from `expected`, but example `refund-1` has none"),
        (#"{"contains": ""}"#, "/checks/0/contains: `contains`: the empty text is contained in every output"),
        (#"{"starts_with": {"value": " "}}"#, "/checks/0/starts_with/value: `starts_with`: every output starts with the empty text"),
        (#"{"regex": {"pattern": "a(b"}}"#, "/checks/0/regex/pattern: `regex`: bad pattern \"a(b\": missing closing parenthesis"),
        (#"{"regex": "a(b"}"#, "/checks/0/regex: `regex`: bad pattern \"a(b\": missing closing parenthesis"),
        (#"{"regex": {"pattern": "a", "flags": "iq"}}"#, "/checks/0/regex/flags: `regex`: bad flags: unknown flag 'q'; there are i, m, s, x, u, U, n and J"),
        (#"{"length": 5}"#, "/checks/0/length: `length`: wants an object of options, found a number"),
        (#"{"length": {"words": {"min": 5, "max": 2}}}"#, "/checks/0/length/words: `length`: `words` can never hold: `min` 5 is above `max` 2"),
        (#"{"length": {"words": -1}}"#, "/checks/0/length/words: `length`: `words` wants a whole number of at least 0, or an object with `min` and `max`"),
        (#"{"length": {}}"#, "/checks/0/length: `length`: needs at least one of `characters`, `words`, `lines`, `sentences`"),
        (#"{"is_json": {"allow": "fenced"}}"#, "/checks/0/is_json/allow: `is_json`: `allow` cannot be \"fenced\""),
        (#"{"is_json": true}"#, "/checks/0/is_json: `is_json`: wants an object of options, found a boolean"),
        (#"{"json_schema": {"type": "objct"}}"#, "/checks/0/json_schema/type: `json_schema`: "),
        (#"{"json_schema": {"schema": {"properties": {"a": {"pattern": "("}}}}}"#, "/checks/0/json_schema/schema/properties/a/pattern: `json_schema`: "),
        (#"{"json_schema": {"file": "schemas/none.json"}}"#, "/checks/0/json_schema/file: there is no file schemas/none.json"),
        (#""json_schema""#, "/checks/0: `json_schema`: needs a schema"),
        (#"{"json_path": "$.["}"#, "/checks/0/json_path: `json_path`: bad path \"$.[\": "),
        (#"{"json_path": {"equals": 1}}"#, "/checks/0/json_path: `json_path`: needs a `path`"),
        (#"{"json_path": {"path": "$", "type": "int"}}"#, "/checks/0/json_path/type: `json_path`: there is no type \"int\""),
        (#"{"json_path": {"path": "$", "min": 2, "max": 1}}"#, "/checks/0/json_path/min: `json_path`: `min` 2 is above `max` 1: it can never hold"),
        (#"{"json_path": {"path": "$", "exists": false, "equals": 1}}"#, "/checks/0/json_path/exists: `json_path`: `exists: false` leaves nothing to compare"),
        (#"{"judge": "helpfull"}"#, "/checks/0/judge: `judge`: there is no rubric `helpfull`"),
        (#""judge""#, "/checks/0: `judge`: needs a rubric"),
        (#"{"all_of": []}"#, "/checks/0/all_of: `all_of`: needs a list of at least one check"),
        (#"{"all_of": [{"regex": "("}]}"#, "/checks/0/all_of/0/regex: `regex`: bad pattern \"(\": missing closing parenthesis"),
        (#"{"contains": "x", "of": "$.["}"#, "/checks/0/of: `of`: bad path \"$.[\": "),
        (#"{"contains": "x", "of": "regex:("}"#, "/checks/0/of: `of`: bad pattern \"(\": missing closing parenthesis"),
        (#"{"contains": "x", "of": "answer"}"#, "/checks/0/of: `of`: cannot look at \"answer\""),
        (#"{"contains": "x", "when": "contains"}"#, "/checks/0/when: check `contains` waits for itself: none of them could ever run"),
        (#"{"contains": "x", "when": "json"}"#, "/checks/0/when: `when` names `json`, but no check beside it has that name"),
        (#"{"contains": "x", "gating": false}"#, ": no check of example `refund-1` gates: it could never fail"),
    ])
    func mistakes(_ check: String, _ finding: String) throws {
        let findings = try Writing.findings([check])
        #expect(findings.count == 1, "\(findings)")
        #expect(findings.first?.hasPrefix(finding) == true, "\(findings)")
    }

    @Test("All mistakes of an example are reported at once")
    func allAtOnce() throws {
        let findings = try Writing.findings([
            #"{"regex": {"pattern": "(", "flag": "i"}, "of": "$["}"#, #"{"equals": {"trim": 1}, "name": "e"}"#, #"{"contains": "x", "when": "y"}"#,
        ])
        #expect(findings.count == 6, "\(findings)")
    }

    @Test("A misspelt word is answered with the likely one", arguments: [
        (#""contians""#, "did you mean `contains`?"), (#"{"equals": {"value": "x", "ignorecase": true}}"#, "did you mean `ignore_case`?"),
        (#"{"judge": "helpfull"}"#, "did you mean `helpful`?"), (#"{"is_json": {"allow": "fenced"}}"#, "did you mean `fence`?"),
    ])
    func suggestions(_ check: String, _ help: String) throws {
        let diagnostics = CheckCompiler(Writing.resources()).compile(try Writing.example([check])).diagnostics
        #expect(diagnostics.map(\.help) == [help])
    }

    @Test("Checks that wait for each other are named; an example without a check is refused")
    func cyclesAndNothing() throws {
        let cycle = try Writing.findings([
            #"{"contains": "x", "name": "a", "when": "b"}"#, #"{"contains": "y", "name": "b", "when": "a"}"#,
            #"{"contains": "z", "name": "c", "when": "a"}"#,
        ])
        #expect(cycle == ["/checks/0/when: the checks `a` and `b` wait for each other: none of them could ever run"])
        #expect(try Writing.findings([]) == [": example `refund-1` has no check: it could never fail"])
    }

    @Test("A suite's broken check is told once, one that needs `expected` with each example that has none")
    func once() throws {
        let compiler = CheckCompiler(Writing.resources())
        let suite = SourceReference(file: "suites/support/suite.yaml", .value(document: 1, .root)).appending("checks")
        let broken = Writing.specification(["regex": "("], at: suite.appending(0))
        let bare = Writing.specification("equals", at: suite.appending(1))
        let found = try (1...3).map { number in
            var example = try Writing.example([], id: "e\(number)")
            example.source = SourceReference(file: Writing.file, .value(document: number, .root))
            example.checks = [broken, bare]
            return compiler.compile(example).diagnostics.map { "\($0.source?.file ?? "") \($0.message)" }
        }
        #expect(found.map(\.count) == [2, 1, 1])
        #expect(found[0][0].hasPrefix("suites/support/suite.yaml"))
        #expect(found[2] == ["\(Writing.file) check `equals` takes what is wanted from `expected`, but example `e3` has none"])
    }

    @Test("Equal checks are compiled once, however many examples have them; those from `expected` for each")
    func sharing() throws {
        let compiler = CheckCompiler(Writing.resources(files: ["s.json": true]))
        var regexes: Set<ObjectIdentifier> = []
        for number in 0..<50 {
            let checks = [#"{"regex": "a+", "name": "r\#(number)"}"#, #"{"json_schema": "s.json"}"#, "\"equals\""]
            let compiled = try #require(compiler.compile(try Writing.example(checks, expected: .int(number))).checks)
            let check = compiled.group.checks[0]
            #expect(check.specification.name == "r\(number)")
            let regex = try #require(check.check as? RegexCheck)
            regexes.insert(ObjectIdentifier(regex.patterns[0].regex))
        }
        #expect(regexes.count == 1)
    }

    @Test("A check's hash is the specification's; a named file's content is part of it")
    func hashes() throws {
        func hashes(_ schema: JSONValue) throws -> [String: String] {
            let checks = [#"{"json_schema": "s.json"}"#, #"{"contains": "x"}"#, #"{"any_of": [{"json_schema": "s.json"}]}"#]
            let example = try Writing.example(checks)
            let compiled = CheckCompiler(Writing.resources(files: ["s.json": schema])).compile(example).checks
            let written = example.checks.first { $0.name == "contains" }?.hash(rubrics: [:])
            #expect(compiled?.checkHashes["contains"] == written)
            return compiled?.checkHashes ?? [:]
        }
        let (first, second) = (try hashes(true), try hashes(["type": "object"]))
        #expect(first.count == 3)
        #expect(first["json_schema"] != second["json_schema"])
        #expect(first["any_of"] != second["any_of"])
        #expect(first["contains"] == second["contains"])
    }

    @Test("Every result bears the hash of its check")
    func resultHash() async throws {
        let example = try Writing.example([#"{"contains": "x"}"#])
        let compiled = try #require(CheckCompiler(Writing.resources()).compile(example).checks)
        let verdict = await compiled.evaluate(Response(output: Output(text: "x")), caller: ScriptedJudge([]))
        #expect(verdict.results.map(\.hash) == [compiled.checkHashes["contains"]])
    }
}
