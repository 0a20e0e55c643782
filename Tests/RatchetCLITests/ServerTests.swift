import Foundation
import RatchetJSON
import TestSupport
import Testing

@Suite("A real server, on the built program")
struct ServerTests {
    private func workspace(_ server: LoopbackServer, examples: Int = 4, more: String = "") throws -> Workspace {
        try Workspace(
            examples: (0..<examples).map { #"{"id":"e\#($0)","input":"q\#($0)","checks":[{"contains":"yes"}]}"# },
            configuration: """
                version: 1
                backends: {api: {kind: openai, base_url: "\(server.url)/v1"\(more)}}
                defaults: {target: api/m, concurrency: 2}

                """)
    }

    private func completion(_ text: String) -> LoopbackServer.Reply {
        .json(#"{"model":"m-1","choices":[{"message":{"content":"\#(text)"},"finish_reason":"stop"}]}"#)
    }

    @Test("the key goes into the request's header, and nowhere else")
    func key() throws {
        let server = try LoopbackServer { _ in completion("yes") }
        let workspace = try workspace(server, more: ", api_key_env: TEST_KEY")
        let secret = "sk-test-7f3a9c2b1d"
        let result = try workspace.ratchet("run", "--format", "json", environment: ["TEST_KEY": secret])
        #expect(result.code == 66, "\(result.error)")
        #expect(server.requests.allSatisfy { $0.header("Authorization") == "Bearer \(secret)" })
        #expect(!result.output.contains(secret) && !result.error.contains(secret))
        let database = try Data(contentsOf: workspace.root.appendingPathComponent(".ratchet/ratchet.sqlite"))
        #expect(database.range(of: Data(secret.utf8)) == nil)
    }

    @Test("a key that the answer repeats is in no output, report, recording or database", arguments: ["openai", "http"])
    func repeatedKey(kind: String) throws {
        let secret = "sk-test-7f3a9c2b1d"
        let server = try LoopbackServer { request in
            let key = request.header("Authorization")?.dropFirst(7) ?? ""
            return .json(
                #"{"model":"m-1","output":"yes \#(key)","choices":[{"message":{"content":"yes \#(key)","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"k\":\"\#(key)\"}"}}]},"finish_reason":"stop"}]}"#
            )
        }
        let workspace = try Workspace(
            examples: [#"{"id":"e","input":"q","checks":[{"contains":"no"}]}"#],
            configuration: """
                version: 1
                backends: {api: {kind: \(kind), \(kind == "http" ? "output: $.output, url" : "base_url"): "\(server.url)", api_key_env: TEST_KEY}}
                defaults: {target: api/m}

                """)
        let files = ["r.json", "r.md", "r.xml", "tape.jsonl"]
        let result = try workspace.ratchet(
            "run", "--format", "json", "--report", "json=r.json", "--report", "md=r.md", "--report", "junit=r.xml", "--record", "tape.jsonl",
            environment: ["TEST_KEY": secret])
        #expect(result.output.contains("yes [key]"), "\(result.output)\(result.error)")
        #expect(!result.output.contains(secret) && !result.error.contains(secret))
        for file in files + [".ratchet/ratchet.sqlite"] {
            let bytes = try Data(contentsOf: workspace.root.appendingPathComponent(file))
            #expect(!bytes.isEmpty && bytes.range(of: Data(secret.utf8)) == nil, "\(file)")
        }
    }

    @Test("two of the same run at once: both decide, and what one has recorded nobody asks for again")
    func twoAtOnce() async throws {
        let server = try LoopbackServer { _ in completion("yes") }
        let workspace = try workspace(server, examples: 60)
        let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<2 { group.addTask { try workspace.ratchet("run").code } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes == [66, 66])
        let before = server.requests.count
        #expect(before <= 120)
        #expect(try workspace.ratchet("run", "--format", "json").json["suites.0.counts.passed"] == 60)
        #expect(server.requests.count == before)
    }

    @Test("a refused key ends the run with exit 77, and the server's words without the key")
    func refusedKey() throws {
        let server = try LoopbackServer { request in
            let key = request.header("Authorization") ?? ""
            return .json(#"{"error":{"message":"invalid key: \#(key.dropFirst(7))"}}"#, status: 401)
        }
        let workspace = try workspace(server, examples: 50, more: ", api_key_env: TEST_KEY")
        let result = try workspace.ratchet("run", environment: ["TEST_KEY": "sk-test-7f3a9c2b1d"])
        #expect(result.code == 77)
        #expect((result.output + result.error).contains("invalid key"))
        #expect(!(result.output + result.error).contains("sk-test-7f3a9c2b1d"))
        #expect(server.requests.count < 50)
    }

    @Test("a server that is down is exit 69, with its words, and never a regression")
    func down() throws {
        let answers = Gate()
        let server = try LoopbackServer { _ in
            answers.isOpen ? .json(#"{"error":{"message":"out of memory"}}"#, status: 500) : completion("yes")
        }
        let workspace = try workspace(server, more: ", attempts: 1")
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        answers.open()
        let result = try workspace.ratchet("run", "--no-cache")
        #expect(result.code == 69)
        #expect(result.output.contains("out of memory"))
    }

    @Test("accepted answers are not asked for again as new evidence, unaccepted ones are not paid twice")
    func evidence() throws {
        let server = try LoopbackServer { _ in completion("yes") }
        let workspace = try workspace(server)
        try workspace.ratchet("run")
        try workspace.ratchet("run")
        #expect(server.requests.count == 4)
        try workspace.ratchet("baseline", "accept")
        try workspace.ratchet("run")
        #expect(server.requests.count == 8)
    }

    @Test("bought trials join the run's own in one batch; accepting twice changes nothing")
    func buying() throws {
        let server = try LoopbackServer { _ in completion("yes") }
        let workspace = try workspace(server)
        try workspace.ratchet("run")
        #expect(try workspace.ratchet("baseline", "accept").code == 0)
        #expect(try workspace.ratchet("baseline", "accept", "--trials", "5").code == 64)
        let bought = try workspace.ratchet("baseline", "accept", "--trials", "5", "--yes")
        #expect(bought.code == 0, "\(bought.error)")
        #expect(server.requests.count == 20)
        #expect(try workspace.ratchet("baseline", "show", "s", "e0").output.hasPrefix("5/5"))
        try workspace.ratchet("baseline", "accept", "--trials", "5", "--yes")
        #expect(try workspace.ratchet("baseline", "show", "s", "e0").output.hasPrefix("5/5"))
        #expect(server.requests.count == 20)
    }

    @Test("the same command goes on where a killed run was cut off, and asks for nothing twice")
    func killed() throws {
        let hang = Gate()
        let server = try LoopbackServer { request in
            request.text.contains("q7") ? LoopbackServer.Reply(steps: [.wait(hang)]) : completion("yes")
        }
        let workspace = try workspace(server, examples: 8)
        let process = Process()
        process.executableURL = Workspace.program
        process.arguments = ["run"]
        process.currentDirectoryURL = workspace.root
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        // All but the one that hangs have been answered; then the program is killed without warning.
        while server.requests.count < 8 { sched_yield() }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let asked = server.requests.count
        hang.open()
        let listed = try workspace.ratchet("runs", "list", "--format", "json").json
        #expect(listed["runs.0.state"] == "interrupted")

        let answering = try LoopbackServer { _ in completion("yes") }
        try workspace.write(
            "ratchet.yaml",
            workspace.read("ratchet.yaml").replacingOccurrences(of: server.url, with: answering.url))
        let resumed = try workspace.ratchet("run", "--format", "json")
        #expect(resumed.code == 66, "\(resumed.error)")
        #expect(try resumed.json["suites.0.counts.passed"] == 8)
        #expect(asked == 8)
        // What was being called or recorded at that moment is asked again, and nothing else: two calls may be in flight, and
        // as many answers on their way to the disk.
        #expect((1...4).contains(answering.requests.count))
    }
}
