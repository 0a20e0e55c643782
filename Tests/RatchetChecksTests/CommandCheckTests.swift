import RatchetCore
import RatchetJSON
import Synchronization
import Testing

@testable import RatchetChecks

@Suite("The check of a program")
struct CommandCheckTests {
    static let check = #"{"command": {"run": ["./checks/mine", "--strict"], "config": {"n": 1}, "timeout": "2s"}}"#

    /// A program that ends in this way, and what it was given.
    private func result(
        _ output: String, end: ProgramResult.End = .exited(code: 0), error: String = "", check: String = check
    ) async throws -> (CheckResult, [ProgramCall]) {
        let calls = Mutex<[ProgramCall]>([])
        var programs = Writing.noTodo
        programs.run = { call in
            calls.withLock { $0.append(call) }
            return ProgramResult(end: end, output: Array(output.utf8), errorTail: Array(error.utf8))
        }
        let resources = Writing.resources(paths: ["./checks/mine"], programs: programs)
        let output = Output(text: "Hi \"there\"\n", toolCalls: [ToolCall(id: "c1", name: "f", arguments: ["x": 1])], finishReason: "stop")
        let result = try await Checking.result(check, Response(output: output), expected: ["a": 1], resources: resources)
        return (result, calls.withLock { $0 })
    }

    @Test("The program gets one line of JSON with everything there is, and its arguments as written")
    func question() async throws {
        let (_, calls) = try await result(#"{"passed": true}"#)
        let call = try #require(calls.first)
        #expect(call.path == "./checks/mine" && call.arguments == ["--strict"] && call.timeLimit == 2)
        #expect(call.input.last == UInt8(ascii: "\n") && call.input.count { $0 == UInt8(ascii: "\n") } == 1)
        #expect(try JSONValue(parsing: call.input) == [
            "format": "ratchet.command/1", "suite": "support", "id": "refund-1", "input": ["question": "Where is my refund?"],
            "expected": ["a": 1], "contexts": [], "metadata": [:], "output": "Hi \"there\"\n",
            "tool_calls": [["id": "c1", "name": "f", "arguments": ["x": 1]]], "finish_reason": "stop", "config": ["n": 1],
        ])
    }

    @Test("Its answer is the verdict", arguments: [
        (#"{"passed": true}"#, CheckState.passed, 1.0, "./checks/mine says that it passes"), (#" {"passed": false} "#, .failed, 0, ""),
        (#"{"passed": true, "score": 0.25, "reason": "near"}"#, .passed, 0.25, "./checks/mine: near"), (#"{"score": 1}"#, .passed, 1, ""),
        (#"{"score": 0.99}"#, .failed, 0.99, ""), (#"{"passed": null, "score": 1.0, "more": []}"#, .passed, 1, ""),
    ])
    func answers(_ output: String, _ state: CheckState, _ score: Double, _ reason: String) async throws {
        let (result, _) = try await result(output)
        #expect(result.state == state && result.score == score)
        #expect(reason.isEmpty || result.reason.contains(reason), "\(result.reason)")
    }

    @Test("A threshold decides by the score")
    func threshold() async throws {
        let check = #"{"command": "./checks/mine", "threshold": 0.5}"#
        #expect(try await result(#"{"score": 0.6}"#, check: check).0.state == .passed)
        #expect(try await result(#"{"passed": true, "score": 0.4}"#, check: check).0.state == .failed)
    }

    @Test("Everything else is errored and never failed, also under `not`", arguments: [
        (ProgramResult.End.exited(code: 3), #"{"passed": true}"#, "./checks/mine ended with exit code 3"), (.signalled(11), "", "was ended by signal 11"),
        (.timedOut, #"{"passed": true}"#, "took longer than 2 s and was stopped"), (.wroteTooMuch, "", "wrote too much"),
        (.notStarted("it is not executable"), "", "could not be started: it is not executable"), (.cancelled, "", "was stopped, since the run was"),
        (.exited(code: 0), "", "answered nothing"), (.exited(code: 0), "ok\n", #"answered "ok\n", wanted one JSON object"#),
        (.exited(code: 0), "true", "answered true, wanted an object"), (.exited(code: 0), "{}", "neither `passed` nor `score`"),
        (.exited(code: 0), #"{"passed": "yes"}"#, #"`passed` "yes", wanted true or false"#), (.exited(code: 0), #"{"score": 2}"#, "wanted a number from 0 to 1"),
        (.exited(code: 0), #"{"score": -0.1, "passed": true}"#, "wanted a number from 0 to 1"), (.exited(code: 0), #"{"passed": true} {}"#, "wanted one JSON object"),
    ])
    func errored(_ end: ProgramResult.End, _ output: String, _ reason: String) async throws {
        let (result, _) = try await result(output, end: end)
        #expect(result.state == .errored && result.score == nil)
        #expect(result.reason.contains(reason), "\(result.reason)")
        let check = #"{"command": {"run": "./checks/mine", "timeout": 2}, "not": true}"#
        #expect(try await self.result(output, end: end, check: check).0.state == .errored)
    }

    @Test("The end of standard error is shown when something is wrong, on one line and harmless")
    func standardError() async throws {
        let error = String(repeating: "x", count: 1000) + "\nTraceback:\n\u{1B}[31mKeyError\n"
        for (end, output) in [(ProgramResult.End.exited(code: 1), ""), (.exited(code: 0), #"{"passed": false}"#)] {
            let (result, _) = try await result(output, end: end, error: error)
            #expect(result.reason.hasSuffix(#"\nTraceback:\n\u{1b}[31mKeyError"#), "\(result.reason)")
            #expect(!result.reason.unicodeScalars.contains("\u{1B}") && result.reason.utf8.count < 600)
        }
        #expect(try await !result(#"{"passed": true}"#, error: error).0.reason.contains("KeyError"))
    }

    @Test("The content of the program and of files among its arguments is part of the check")
    func hashes() async throws {
        func hash(_ check: String, _ contents: [String: String]) async throws -> String {
            var programs = Writing.noTodo
            programs.hash = { contents[$0] ?? "" }
            return try await Checking.result(
                check, Output(text: "x"), resources: Writing.resources(paths: Set(contents.keys), programs: programs)
            ).hash
        }
        let own = #"{"command": ["./checks/mine", "checks/words.txt", "5"]}"#
        let contents = ["./checks/mine": "1", "checks/words.txt": "1"]
        let before = try await hash(own, contents)
        #expect(try await hash(own, contents) == before)
        #expect(try await hash(own, contents.merging(["./checks/mine": "2"]) { $1 }) != before)
        #expect(try await hash(own, contents.merging(["checks/words.txt": "2"]) { $1 }) != before)
        let found = #"{"command": {"run": ["python3", "checks/words.txt"], "files": "data.json"}}"#
        let all = contents.merging(["data.json": "1"]) { $1 }
        #expect(try await hash(found, all) != hash(found, all.merging(["data.json": "2"]) { $1 }))
    }

    @Test("A program that cannot be run is found before the first call", arguments: [
        (#""command""#, "/checks/0: `command`: needs a program"), (#"{"command": []}"#, "`run` wants a program"), (#"{"command": ["./checks/other"]}"#, "/checks/0/command: `command`: there is no file ./checks/other"),
        (#"{"command": "nowhere"}"#, "there is no program \"nowhere\" in PATH"), (#"{"command": ["/usr/bin/python3"]}"#, "lies outside the project"),
        (#"{"command": "./checks/mine --strict"}"#, "there is no shell"), (#"{"command": ["./checks/mine", 5]}"#, "`run` wants a program and its arguments, as a list of texts, found a number"),
        (#"{"command": {"run": "./checks/mine", "timeout": 0}}"#, "/checks/0/command/timeout: `command`: `timeout` wants a time above 0"),
        (#"{"command": {"run": "./checks/mine", "timeout": "2h"}}"#, "up to an hour"), (#"{"command": {"run": "./checks/mine", "files": ["gone"]}}"#, "/checks/0/command/files: `command`: there is no file gone"),
        (#"{"command": ["./checks/mine", "a\u0000b"]}"#, "holds a NUL"), (#"{"command": "./checks/plain"}"#, "is not executable"),
    ])
    func findings(_ check: String, _ finding: String) throws {
        var programs = Writing.noTodo
        programs.isExecutable = { $0 != "./checks/plain" }
        let resources = Writing.resources(paths: ["./checks/mine", "./checks/plain"], programs: programs)
        let findings = try Writing.findings([check], resources: resources)
        #expect(findings.contains { $0.contains(finding) }, "\(findings)")
    }
}
