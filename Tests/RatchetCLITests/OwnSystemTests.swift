import Foundation
import RatchetCore
import RatchetJSON
import TestSupport
import Testing

/// The user's own application as the system under test, on the built program: a program that speaks JSON lines, a process a
/// request, and a JSON service.
@Suite("The user's own system", .timeLimit(.minutes(2)))
struct OwnSystemTests {
    /// A pipeline of a few lines: finds a document, asks for a tool, and answers the first question after the second.
    private static let application = """
        import json, sys
        held, count = None, 0
        def answer(r):
            n = r["input"]["n"]
            return {"id": r["id"], "output": "order %d is %s" % (n, "late" if n % 2 else "fine"),
                    "contexts": ["doc-%d" % n], "tool_calls": [{"name": "lookup", "arguments": {"n": n}}],
                    "usage": {"input_tokens": 10, "output_tokens": 3}, "cost_usd": 0.001, "model": "pipeline-7"}
        for line in sys.stdin:
            r, count = json.loads(line), count + 1
            if count == 1:
                held = r
                continue
            print(json.dumps(answer(r)), flush=True)
            if held:
                print(json.dumps(answer(held)), flush=True)
                held = None
        """

    private static func workspace(_ backend: String, files: [String: String], count: Int = 12, check: String = #"{"contains":"order"}"#) throws -> Workspace {
        let examples = (0..<count).map {
            #"{"id":"e\#($0)","input":{"n":\#($0)},"checks":[\#(check)]}"#
        }
        let workspace = try Workspace(
            examples: examples, suite: "target: app/v1\n", configuration: "version: 1\nbackends:\n  app: \(backend)\n")
        for (name, text) in files { try workspace.write(name, text) }
        return workspace
    }

    @Test("a long-lived program answers in any order; its contexts, tool calls, tokens and costs are recorded")
    func lines() throws {
        let workspace = try Self.workspace(
            "{kind: command, run: [python3, app.py]}", files: ["app.py": Self.application],
            check: #"{"tool_calls":{"calls":[{"name":"lookup"}]}},{"contains":"order"}"#)
        let run = try workspace.ratchet("run", "--format", "json", "--no-cache")
        #expect(run.code == 66, "\(run.error)")
        let json = try run.json
        #expect(json["suites.0.counts.passed"] == 12)
        #expect(json["suites.0.metrics.cost_usd"]?.doubleValue == 0.012)
        #expect(json["suites.0.metrics.input_tokens"] == 120)
        #expect(json["suites.0.examples.3"]?["trials"]?.arrayValue?.first?["output"]?.stringValue == "order 3 is late")
    }

    @Test("a process a request: an object or plain text is the answer, and the end of a failed one is told")
    func processes() throws {
        let script = """
            import json, sys
            r = json.load(sys.stdin)
            if r["input"]["n"] == 5:
                print("no such order", file=sys.stderr); sys.exit(3)
            if r["input"]["n"] % 2:
                print("order as plain text")
            else:
                print(json.dumps({"output": {"order": r["input"]["n"]}}))
            """
        let workspace = try Self.workspace("{kind: command, run: [python3, app.py], mode: process, attempts: 1}", files: ["app.py": script], count: 8)
        let json = try workspace.ratchet("run", "--format", "json").json
        #expect(json["suites.0.counts.passed"] == 7 && json["suites.0.counts.errored"] == 1)
        let broken = json["suites.0.examples"]?.arrayValue?.first { $0["id"] == "e5" }
        #expect(broken?["trials"]?.arrayValue?.first?["error"]?.stringValue == "the program ended with the code 3: no such order ")
        let whole = json["suites.0.examples"]?.arrayValue?.first { $0["id"] == "e4" }
        #expect(whole?["trials"]?.arrayValue?.first?["output"]?.stringValue == #"{"order":4}"#)
    }

    @Test("a program that dies is started again; one that never answers is given up, with its last words")
    func deaths() throws {
        let mortal = """
            import json, sys
            for line in sys.stdin:
                r = json.loads(line)
                if r["input"]["n"] == 3 and not __import__("os").path.exists("died"):
                    open("died", "w").close(); print("out of memory", file=sys.stderr); sys.exit(9)
                print(json.dumps({"id": r["id"], "output": "order"}), flush=True)
            """
        let workspace = try Self.workspace("{kind: command, run: [python3, app.py]}", files: ["app.py": mortal])
        let run = try workspace.ratchet("run", "--format", "json")
        #expect(try run.json["suites.0.counts.passed"] == 12)
        #expect(run.error.contains("out of memory"))
        let hopeless = try Self.workspace(
            "{kind: command, run: [python3, app.py], attempts: 2}", files: ["app.py": "import sys\nsys.exit('no licence')\n"], count: 3)
        let failed = try hopeless.ratchet("run", "-j", "1", "--format", "json")
        #expect(failed.code == 69)
        #expect(failed.output.contains("the program was started 3 times without one answer"))
        #expect(failed.output.contains("no licence"))
    }

    @Test("a line that is no answer, and silence, are told as what they are")
    func garbage() throws {
        let chatty = try Self.workspace(
            "{kind: command, run: [python3, -c, \"print('Loading model...', flush=True); input()\"], attempts: 1}", files: [:], count: 1)
        #expect(try chatty.ratchet("run", "--format", "json").output.contains("a line that is no answer: Loading model..."))
        let silent = try Self.workspace(
            "{kind: command, run: [python3, -c, \"import sys; [l for l in sys.stdin]\"], attempts: 1, timeout: {total: 200ms}}", files: [:], count: 1)
        #expect(try silent.ratchet("run", "--format", "json").output.contains("no answer within"))
    }

    @Test("the program sees what it is given of the environment, and a key that is named and not set is 77")
    func environment() throws {
        let shows = """
            import json, os, sys
            for line in sys.stdin:
                r = json.loads(line)
                print(json.dumps({"id": r["id"], "output": "order " + ",".join(sorted(k for k in os.environ if k.startswith("RT_")))}), flush=True)
            """
        let workspace = try Self.workspace(
            "{kind: command, run: [python3, app.py], env: [RT_KEY]}", files: ["app.py": shows], count: 1)
        #expect(try workspace.ratchet("run").code == 77)
        let run = try workspace.ratchet("run", "--format", "json", environment: ["RT_KEY": "k-1", "RT_OTHER": "o-1"])
        let shown = try run.json["suites.0.examples.0"]?["trials"]?.arrayValue?.first?["output"]?.stringValue
        #expect(shown == "order RT_KEY", "\(run.output) \(run.error)")
    }

    @Test("a program that is not there, and keys that are none, are found before anything runs, with their places")
    func unusable() throws {
        let missing = try Self.workspace("{kind: command, run: [no-such-program-here]}", files: [:], count: 1)
        let run = try missing.ratchet("run")
        #expect(run.code == 78)
        #expect(run.error.contains("ratchet.yaml:3:") && run.error.contains("there is no program \"no-such-program-here\""))
        let service = try Self.workspace(
            "{kind: http, url: \"nowhere\", body: {q: \"{{#open}}\"}, output: \"$.[\", error: \"$.e\"}", files: [:], count: 1)
        let check = try service.ratchet("check")
        #expect(check.code == 78)
        for words in ["is not the address of a server", "is no JSONPath"] { #expect(check.error.contains(words), "\(words)") }
    }

    // MARK: A JSON service

    @Test("a service is sent what the template says, whatever the variables hold, and read by its paths")
    func service() throws {
        let hostile = #"a "quoted" }} {{model}} \u0000 end"#
        let server = try LoopbackServer { _ in
            .json(#"{"result":{"parts":["or","der"],"docs":[{"id":"d1"}],"usage":{"in":7,"out":2}},"ok":true}"#)
        }
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":{"question":"\#(hostile.replacingOccurrences(of: "\"", with: "\\\""))","n":3},"checks":[{"equals":"order"}]}"#],
            suite: "target: svc/v1\nparams: {temperature: 0.5}\n",
            configuration: """
                version: 1
                backends:
                  svc:
                    kind: http
                    url: "\(server.url)/ask"
                    api_key_env: SVC_KEY
                    auth_header: "X-Token"
                    body: {query: "Q: {{question}}", n: "{{n}}", params: "{{params}}", model: "{{model}}", fixed: [1, true, null]}
                    output: $.result.parts[*]
                    contexts: $.result.docs
                    input_tokens: $.result.usage.in
                    output_tokens: $.result.usage.out
                    error: $.error

                """)
        let run = try workspace.ratchet("run", "--format", "json", environment: ["SVC_KEY": "token-1"])
        #expect(try run.json["suites.0.counts.passed"] == 1, "\(run.error)")
        #expect(try run.json["suites.0.metrics.input_tokens"] == 7)
        let sent = try #require(server.requests.first)
        #expect(sent.target == "/ask" && sent.header("X-Token") == "token-1")
        let body = try JSONValue(parsing: sent.body)
        #expect(body.objectValue?.keys == ["query", "n", "params", "model", "fixed"])
        #expect(body["query"]?.stringValue?.hasPrefix("Q: a \"quoted\" }} {{model}}") == true)
        #expect(body["n"] == 3 && body["params"] == ["temperature": 0.5] && body["model"] == "v1" && body["fixed"] == [1, true, .null])
    }

    @Test("what a service reports as an error is one, a missing answer is malformed, and a 500 is tried again")
    func serviceErrors() throws {
        let server = try LoopbackServer(replies: [
            .json(#"{"error":{"message":"boom"}}"#, status: 500), .json(#"{"error":"no such customer"}"#), .json(#"{"something":"else"}"#),
        ])
        let workspace = try Workspace(
            examples: (0..<2).map { #"{"id":"e\#($0)","input":"q\#($0)","checks":[{"contains":"x"}]}"# }, suite: "target: svc/v1\n",
            configuration: "version: 1\nbackends:\n  svc: {kind: http, url: \"\(server.url)\", output: $.answer, error: $.error}\n")
        let run = try workspace.ratchet("run", "-j", "1", "--format", "json")
        #expect(run.code == 69)
        #expect(run.output.contains("the service reported: no such customer"))
        #expect(run.output.contains(#"the answer has nothing at $.answer: {\"something\":\"else\"}"#))
        #expect(server.requests.count == 3)
    }
}
