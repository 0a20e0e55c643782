import RatchetCore
import RatchetJSON

/// The user's own application or pipeline, as a child process: one that lives long and speaks JSON lines, or one a request.
final class CommandBackend: Backend {
    private let service: CommandService
    private let timeLimit: Double
    private let child: CommandChild?
    private let runner: ProgramRunner
    private let path: String

    /// Bytes of an answer.
    private static let longestAnswer = 16 << 20
    /// Processes at once, where each request has one of its own; the account's limit is usually lower.
    private static let mostProcesses = 256

    /// - Parameters:
    ///   - path: Of the program, absolute.
    ///   - environment: All that the program sees of it.
    ///   - folder: Its working directory.
    init(_ service: CommandService, path: String, environment: [String: String], folder: String, timeLimit: Double) {
        self.service = service
        self.path = path
        self.timeLimit = timeLimit
        runner = ProgramRunner(environment: environment, folder: folder, parallelism: Self.mostProcesses)
        let launch = CommandChild.Launch(
            path: path, arguments: Array(service.run.dropFirst()), environment: environment, folder: folder)
        child = service.mode == .lines ? CommandChild(launch, longestLine: Self.longestAnswer) : nil
    }

    func respond(to request: Request) async throws(BackendError) -> Response {
        let started = ContinuousClock.now
        let json: JSONValue
        if let child {
            json = try await child.ask(timeLimit: timeLimit) { CommandProtocol.request(request, id: $0) }
        } else {
            json = try await ask(request)
        }
        var response = try CommandProtocol.response(json)
        response.latency = response.latency ?? started.duration(to: .now).inMilliseconds
        return response
    }

    /// A process of its own. What it writes is the answer, be it an object or plain text.
    private func ask(_ request: Request) async throws(BackendError) -> JSONValue {
        let input = CommandProtocol.request(request, id: "1").serialized(.compact) + "\n"
        let result = await runner.run(
            ProgramCall(
                path: path, arguments: Array(service.run.dropFirst()), input: Array(input.utf8), timeLimit: timeLimit,
                outputLimit: Self.longestAnswer))
        let said = result.errorTail.isEmpty ? "" : ": \(ProviderError.excerpt(result.errorTail.suffix(300)))"
        switch result.end {
        case .exited(code: 0): break
        case .exited(let code): throw BackendError(.transport, "the program ended with the code \(code)\(said)", isRetryable: true)
        case .signalled(let signal): throw BackendError(.transport, "the program was ended by the signal \(signal)\(said)", isRetryable: true)
        case .timedOut: throw BackendError(.transport, "no answer within \(Int(timeLimit)) s\(said)", isRetryable: true)
        case .wroteTooMuch: throw BackendError(.malformed, "the program wrote more than \(Self.longestAnswer >> 20) MiB")
        case .cancelled: throw BackendError(.cancelled, "the run was interrupted")
        case .notStarted(let reason): throw BackendError(.transport, "the program could not be started: \(reason)")
        }
        guard let text = String(validating: result.output, as: UTF8.self) else {
            throw BackendError(.malformed, "the program's answer is not valid UTF-8")
        }
        let json = try? JSONValue(parsing: text, options: .lenient)
        let isAnswer = json.map { $0["output"] != nil || $0["error"] != nil || $0["tool_calls"] != nil } ?? false
        var plain = text
        if plain.hasSuffix("\n") { plain.removeLast() }
        return isAnswer ? json ?? .null : ["output": .string(plain)]
    }
}
