import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("csv and code_fence")
struct CSVCheckTests {
    static let table = "id,name,price\r\n1,\"a, \"\"b\"\"\nc\",1.50\r\n2,d,3\r\n"

    @Test("CSV as RFC 4180 has it", arguments: [
        Case(#""csv""#, table, .passed, "CSV as the whole output: 3 columns, 2 rows"), Case(#""csv""#, "a\n1", .passed), Case(#""csv""#, "", .failed, "nothing is there"),
        Case(#""csv""#, "a,b\n1,2,3", .failed, "row 1 (line 2) has 3 fields, wanted 2"), Case(#""csv""#, "a,b\n1,2\n\n3,4", .failed, "row 2 (line 3) has 1 fields"),
        Case(#""csv""#, "a,b\n\"1,2", .failed, "at line 2 a quoted field is never closed"), Case(#""csv""#, "a,b\n1,x\"y\"", .failed, "a quote inside a field"),
        Case(#""csv""#, "a,b\n\"x\" ,2", .failed, "text behind a quoted field"), Case(#"{"csv": {"trim": true}}"#, "a , b\n \"x\" ,2", .passed),
        Case(#""csv""#, "a,b\n1,\"2\n3\"\n\"4\n", .failed, "at line 4 a quoted field"), Case(#"{"csv": {"ragged": true}}"#, "a,b\n1", .passed),
        Case(#"{"csv": {"delimiter": ";"}}"#, "a;b\n1,5;2", .passed, "2 columns"), Case(#"{"csv": {"delimiter": "\t"}}"#, "a\tb\n1\t2", .passed, "2 columns"),
        Case(#"{"csv": {"header": false, "rows": 2}}"#, "1,2\n3,4\n", .passed, "2 rows"), Case(#"{"csv": {"rows": {"min": 2}}}"#, "a\n1\n", .failed, "1 rows as the whole output, wanted at least 2"),
        Case(#""csv""#, "\u{FEFF}id\n1", .passed), Case(#"{"csv": {"columns": ["id"]}}"#, "\u{FEFF}id\n1", .passed),
    ])
    func syntax(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("Columns, by order, as a set, and with others beside them", arguments: [
        Case(#"{"csv": {"columns": ["id", "name", "price"]}}"#, table, .passed), Case(#"{"csv": {"columns": ["id", "price", "name"]}}"#, table, .failed, "in that order"),
        Case(#"{"csv": {"columns": ["id", "price", "name"], "order": false}}"#, table, .passed), Case(#"{"csv": {"columns": ["id", "name"]}}"#, table, .failed, "\"price\" is one more"),
        Case(#"{"csv": {"columns": ["id", "price"], "extra_columns": true}}"#, table, .passed), Case(#"{"csv": {"columns": ["price", "id"], "extra_columns": true}}"#, table, .failed, "in that order"),
        Case(#"{"csv": {"columns": ["id", "Name", "price"]}}"#, table, .failed, #""Name" is missing"#), Case(#"{"csv": {"columns": ["a"]}}"#, "a,a\n1,2", .failed, "one is there twice"),
    ])
    func columns(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("Values of columns", arguments: [
        Case(#"{"csv": {"values": {"price": {"type": "number", "min": 1, "max": 3}, "id": {"type": "integer", "unique": true}}}}"#, table, .passed),
        Case(#"{"csv": {"values": {"price": {"type": "integer"}}}}"#, table, .failed, #"row 1 (line 2), column "price": found "1.50", wanted an integer"#),
        Case(#"{"csv": {"values": {"price": {"max": 2}}}}"#, table, .failed, #"row 2 (line 4), column "price": found "3", wanted a number of at most 2"#),
        Case(#"{"csv": {"values": {"name": "^[a-c]"}}}"#, table, .failed, "a match for /^[a-c]/"), Case(#"{"csv": {"values": {"name": {"one_of": ["d"]}}}}"#, table, .failed, #"wanted "d""#),
        Case(#"{"csv": {"values": {"on": {"type": "date"}}}}"#, "on\n2026-02-29", .failed, "wanted a date"), Case(#"{"csv": {"values": {"on": {}}}}"#, "on,x\n,1", .failed, "wanted something"),
        Case(#"{"csv": {"values": {"on": {"type": "date", "empty": true}}}}"#, "on,x\n,1", .passed), Case(#"{"csv": {"values": {"a": {"unique": true}}}}"#, "a\n1\n2\n1", .failed, "found \"1\" a second time"),
        Case(#"{"csv": {"header": false, "values": {"2": {"type": "boolean"}}}}"#, "1,TRUE\n2,no", .failed, "wanted true or false"), Case(#"{"csv": {"values": {"z": "a"}}}"#, table, .failed, #"no column "z""#),
        Case(#"{"csv": {"values": {"a": "(x+)+$"}}}"#, "a\n\(String(repeating: "x", count: 60))!", .errored, "too many steps"),
    ])
    func values(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("Where the table stands", arguments: [
        Case(#""csv""#, "Here:\n\n```csv\na,b\n1\n```", .failed, "row 1 (line 5)"), Case(#""csv""#, "```\na\n1\n```", .passed, "in a code fence"),
        Case(#""csv""#, "```json\n{}\n```", .failed, "for other languages"), Case(#"{"csv": {"allow": "whole"}}"#, "```csv\na\n1\n```", .failed, "CSV inside a code fence"),
        Case(#"{"csv": {}, "of": "$.t"}"#, #"{"t": "a,b\n1,2"}"#, .passed), Case(#"{"csv": {}, "of": "fence:tsv"}"#, "```tsv\na,b\n1,2\n```", .passed, "as the whole output"),
    ])
    func places(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("Code fences: language, number, nothing else, closed", arguments: [
        Case(#""code_fence""#, "a\n```js\n1\n```", .passed, "1 code fence"), Case(#""code_fence""#, "a", .failed, "found 0 code fences, wanted at least 1"),
        Case(#"{"code_fence": "js"}"#, "```JS x\n1\n```", .passed), Case(#"{"code_fence": "js"}"#, "```py\n1\n```", .failed, "found 0 code fences for js and 1 for py, wanted at least 1"),
        Case(#"{"code_fence": {"count": {"max": 1}}}"#, "```\n```\n```\n```", .failed, "2 code fences"), Case(#"{"code_fence": {"count": 0}}"#, "none", .passed),
        Case(#"{"code_fence": {"only": true}}"#, "\n```\na\n```\n\n~~~\n~~~\n", .passed), Case(#"{"code_fence": {"only": true}}"#, "```\na\n```\nDone!", .failed, #"found "Done!" outside"#),
        Case(#"{"code_fence": {"only": true, "language": ["a", "b"]}}"#, "```a\n```\n```c\n```", .failed, "outside of the code fences"),
        Case(#""code_fence""#, "```js\nlet a =", .failed, "is never closed"), Case(#"{"code_fence": {"closed": false}}"#, "```js\nlet a =", .passed),
        Case(#"{"contains": "import", "of": "fence:python"}"#, "import x\n```sh\nimport\n```\n1. a\n   ```python\n   import os\n   ```", .passed), Case(#"{"equals": "a", "of": "fence"}"#, "x\n```\na\n```", .passed),
        Case(#"{"contains": "import", "of": "fence:python"}"#, "import", .failed, "no code fence for python"),
    ])
    func fences(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("Options are read with care", arguments: [
        (#"{"csv": {"delimiter": ""}}"#, "one ASCII character"), (#"{"csv": {"delimiter": "é"}}"#, "one ASCII character"), (#"{"csv": {"columns": []}}"#, "`columns` wants a list"),
        (#"{"csv": {"columns": ["a"], "header": false}}"#, "leaves none"), (#"{"csv": {"header": false, "values": {"a": "x"}}}"#, "number the columns from 1"),
        (#"{"csv": {"values": {"a": {"type": "int"}}}}"#, "unknown type \"int\""), (#"{"csv": {"values": {"a": {"regx": "x"}}}}"#, "have no \"regx\""), (#"{"csv": {"values": {"a": "("}}}"#, "bad pattern"),
        (#"{"csv": {"values": {"a": {"min": 2, "max": 1}}}}"#, "can never hold"), (#"{"csv": {"values": {"a": 5}}}"#, "a pattern or an object"), (#"{"csv": {"values": {"a": {"one_of": []}}}}"#, "list of texts"), (#"{"csv": {"allow": "prose"}}"#, "`allow` cannot be"),
        (#"{"code_fence": {"count": -1}}"#, "`count` wants"), (#"{"code_fence": {"language": [{}]}}"#, "a text or a list of texts"),
    ])
    func badOptions(_ check: String, _ message: String) throws {
        let findings = try Writing.findings([check])
        #expect(findings.contains { $0.contains(message) }, "\(findings)")
    }

    @Test("Tables made to cost time are read", arguments: ["\"", "a,", ",\n", "\"\"", "\"a\"\n", "```\n", "\r"])
    func hostile(_ unit: String) async throws {
        let text = "a,b\n" + String(repeating: unit, count: 200_000 / unit.utf8.count)
        _ = try await Checking.result(#"{"csv": {"values": {"a": {"unique": true, "empty": true}}}}"#, text)
        _ = try await Checking.result(#"{"code_fence": {"language": "x", "only": true, "count": {"min": 0}}}"#, text)
    }
}
