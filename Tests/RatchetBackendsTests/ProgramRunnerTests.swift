import Foundation
import RatchetCore
import Testing

@testable import RatchetBackends

@Suite("Running programs", .timeLimit(.minutes(2)))
struct ProgramRunnerTests {
    private func runner(parallelism: Int = 4, environment: [String: String] = [:], folder: String = "/") -> ProgramRunner {
        ProgramRunner(environment: environment, folder: folder, parallelism: parallelism)
    }

    private func shell(
        _ script: String, input: [UInt8] = [], seconds: Double = 60, limit: Int = 1 << 20
    ) -> ProgramCall {
        ProgramCall(path: "/bin/sh", arguments: ["-c", script], input: input, timeLimit: seconds, outputLimit: limit)
    }

    private func text(_ result: ProgramResult) -> String { String(decoding: result.output, as: UTF8.self) }

    @Test("Input goes in, output comes out, the exit code and standard error are kept", arguments: [
        ("cat", "hello", ProgramResult.End.exited(code: 0), "hello", ""), ("cat; exit 7", "x", .exited(code: 7), "x", ""),
        ("echo out; echo err >&2", "", .exited(code: 0), "out\n", "err\n"), ("kill -9 $$", "", .signalled(9), "", ""),
        ("exec >&- 2>&-; exit 3", "", .exited(code: 3), "", ""), ("true", "never read", .exited(code: 0), "", ""),
    ])
    func ends(_ script: String, _ input: String, _ end: ProgramResult.End, _ output: String, _ error: String) async {
        let result = await runner().run(shell(script, input: Array(input.utf8)))
        #expect(result.end == end)
        #expect(text(result) == output)
        #expect(String(decoding: result.errorTail, as: UTF8.self) == error)
    }

    @Test("Large input and output pass at the same time, and a program that does not read its input is no error")
    func large() async {
        let input = [UInt8](repeating: UInt8(ascii: "x"), count: 20_000_000)
        let echoed = await runner().run(shell("cat", input: input, limit: 30_000_000))
        #expect(echoed.end == .exited(code: 0) && echoed.output == input)
        let deaf = await runner().run(shell("echo done", input: input))
        #expect(deaf.end == .exited(code: 0) && text(deaf) == "done\n")
    }

    @Test("A program sees the given environment, folder and arguments, and no shell takes them apart")
    func surroundings() async {
        let runner = runner(environment: ["A": "1", "B": "x y"], folder: "/tmp")
        let environment = await runner.run(ProgramCall(path: "/usr/bin/env", arguments: [], input: [], timeLimit: 60))
        #expect(Set(text(environment).split(separator: "\n")) == ["A=1", "B=x y"])
        let folder = await runner.run(shell("pwd"))
        #expect(text(folder) == "/tmp\n")
        let arguments = await runner.run(
            ProgramCall(path: "/bin/echo", arguments: ["$HOME; rm *", "a  b"], input: [], timeLimit: 60))
        #expect(text(arguments) == "$HOME; rm * a  b\n")
    }

    @Test("A program has its three streams and no other file, no ignored signal, and a group of its own")
    func isolation() async {
        let files = await runner().run(shell("ls /proc/self/fd | wc -l"))
        // The three, and the one with which `ls` reads the folder.
        #expect(text(files).trimmingCharacters(in: .whitespacesAndNewlines) == "4")
        let signals = await runner().run(shell("grep -E '^Sig(Blk|Ign)' /proc/self/status"))
        for line in text(signals).split(separator: "\n") {
            let mask = UInt64(line.split(separator: "\t")[1], radix: 16) ?? .max
            // Those from 32 on are the C library's own.
            #expect(mask & 0x7FFF_FFFF == 0, "\(line)")
        }
        let group = await runner().run(shell("read -r _ _ _ _ group _ < /proc/$$/stat; test $$ = $group"))
        #expect(group.end == .exited(code: 0))
    }

    /// Whether the process is there and no zombie.
    private func isAlive(_ id: String) -> Bool {
        let id = id.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return false }
        return !status.contains(") Z ")
    }

    /// Killing is asynchronous: a killed process may take a moment to go.
    private func expectGone(_ id: String) {
        while isAlive(id) { sched_yield() }
    }

    @Test("Out of time it is killed, and so is all that it has started")
    func timeLimit() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("ratchet-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let result = await runner().run(
            shell("(sh -c 'echo $$ > \(file).tmp; mv \(file).tmp \(file); exec sleep 1000') & echo late >&2; while test ! -e \(file); do :; done; wait", seconds: 5))
        #expect(result.end == .timedOut)
        #expect(String(decoding: result.errorTail, as: UTF8.self) == "late\n")
        expectGone(try String(contentsOfFile: file, encoding: .utf8))
    }

    @Test("A program that ends is not waited for because of what it left behind, and that is killed")
    func leftBehind() async throws {
        let result = await runner().run(shell("sleep 1000 & echo $!"))
        #expect(result.end == .exited(code: 0))
        #expect(!text(result).isEmpty)
        expectGone(text(result))
    }

    @Test("Too much output ends it, and no more is kept than a read beyond the limit", arguments: ["yes", "yes >&2 & yes"])
    func outputLimit(_ script: String) async {
        let result = await runner().run(shell(script, limit: 100_000))
        #expect(result.end == .wroteTooMuch)
        #expect(result.output.count <= 100_000 + (1 << 16))
        #expect(result.errorTail.count <= 8192 + (1 << 16))
    }

    @Test("Output that is too much is told also when the program has ended by itself")
    func outputLimitAtEnd() async {
        let result = await runner().run(shell("head -c 60000 /dev/zero", limit: 1000))
        #expect(result.end == .wroteTooMuch)
    }

    @Test("A program that cannot be started says why, and leaves nothing open", arguments: [
        ("/nowhere/program", "there is no such program"), ("/etc/passwd", "it is not executable"), ("/", "it is not executable"),
    ])
    func notStarted(_ path: String, _ reason: String) async {
        let result = await runner().run(ProgramCall(path: path, arguments: [], input: [1], timeLimit: 60))
        guard case .notStarted(let words) = result.end else { return #expect(Bool(false), "\(result.end)") }
        #expect(words.contains(reason))
    }

    @Test("A script without its first line is told as such")
    func noInterpreter() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("ratchet-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try "echo hello\n".write(toFile: file, atomically: false, encoding: .utf8)
        chmod(file, 0o755)
        let result = await runner().run(ProgramCall(path: file, arguments: [], input: [], timeLimit: 60))
        #expect(result.end == .notStarted("it is no program: a script begins with a `#!` line"))
    }

    @Test("Hundreds at once: each gets its own answer, no more than allowed run together, and nothing is left open")
    func many() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ratchet-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let runner = runner(parallelism: 3, folder: folder)
        // Each leaves a mark while it runs, and counts the marks.
        let script = "mkdir run.$$; ls -d run.* | wc -l; cat; rmdir run.$$"
        let results = await withTaskGroup(of: (Int, ProgramResult).self) { group in
            for number in 0..<200 {
                group.addTask { (number, await runner.run(self.shell("PATH=/usr/bin:/bin; \(script)", input: Array("n\(number)".utf8)))) }
            }
            return await group.reduce(into: [Int: ProgramResult]()) { $0[$1.0] = $1.1 }
        }
        for number in 0..<200 {
            let lines = text(try #require(results[number])).split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(lines.last == "n\(number)")
            #expect((1...3).contains(Int(lines[0]) ?? 0))
        }
    }

    @Test("A cancelled task stops its program, running or waiting")
    func cancelled() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("ratchet-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let runner = runner(parallelism: 1)
        let running = Task { await runner.run(self.shell("echo $$ > \(file).tmp; mv \(file).tmp \(file); exec sleep 1000", seconds: 1000)) }
        while !FileManager.default.fileExists(atPath: file) { await Task.yield() }
        let waiting = Task { await runner.run(self.shell("echo ran")) }
        waiting.cancel()
        running.cancel()
        #expect(await running.value.end == .cancelled)
        #expect(await waiting.value.end == .cancelled)
        expectGone(try String(contentsOfFile: file, encoding: .utf8))
    }

    @Test("Programs are found in PATH's absolute folders only")
    func lookup() {
        #expect(ProgramLookup.find("sh", path: "/nowhere:/usr/bin:/bin") == "/usr/bin/sh" || ProgramLookup.find("sh", path: "/bin") == "/bin/sh")
        #expect(ProgramLookup.find("sh", path: ".:bin") == nil)
        #expect(ProgramLookup.find("passwd", path: "/etc") == nil)
        #expect(ProgramLookup.find("sh", path: nil) != nil)
    }
}
