import CSpawn
import Dispatch
import Glibc
import RatchetCore
import RatchetJSON
import Synchronization

/// A long-lived child that reads requests and writes answers, a JSON object a line, many under way at once.
///
/// It is started with the first request, and again when it has died. A thread of its own moves the bytes; everybody else
/// puts lines into a mailbox and waits. When the last owner lets go, its standard input is closed, it is given a moment, and
/// then it is ended with all that it has started.
final class CommandChild: Sendable {
    struct Launch: Sendable {
        var path: String
        var arguments: [String]
        var environment: [String: String]
        var folder: String
    }

    /// Starts without one answer in between, after which it is not started any more.
    static let mostStarts = 3

    private let connection: Connection

    init(_ launch: Launch, longestLine: Int) { connection = Connection(launch, longestLine: longestLine) }

    deinit { connection.close() }

    /// - Parameter line: The request with the id it is asked under.
    func ask(timeLimit: Double, _ line: (_ id: String) -> JSONValue) async throws(BackendError) -> JSONValue {
        let id = connection.nextID()
        let bytes = Array((line(id).serialized(.compact) + "\n").utf8)
        let connection = connection
        let result: Result<JSONValue, BackendError> = await withTaskCancellationHandler {
            await withCheckedContinuation { connection.send(bytes, id: id, timeLimit: timeLimit, $0) }
        } onCancel: {
            connection.cancel(id)
        }
        return try result.get()
    }
}

/// The pipes of the child and what waits for it.
private final class Connection: Sendable {
    typealias Answer = Result<JSONValue, BackendError>

    private struct Waiting {
        var continuation: CheckedContinuation<Answer, Never>
        var deadline: ContinuousClock.Instant
        var timeLimit: Double
    }

    private struct State {
        var last = 0
        var child: ChildProcess?
        var outgoing: [UInt8] = []
        var waiting: [String: Waiting] = [:]
        /// Calls that were given up: a late answer is nobody's fault.
        var abandoned: Set<String> = []
        var starts = 0
        /// Why it is not started any more.
        var failure: String?
        var isClosing = false
    }

    private let launch: CommandChild.Launch
    private let longestLine: Int
    private let state = Mutex(State())
    /// A pipe that wakes the thread.
    private let bell: (reading: Int32, writing: Int32)
    private let ended = DispatchSemaphore(value: 0)

    private static let keptErrors = 2048
    /// Milliseconds that a child has to end after its input was closed.
    private static let farewell = 2000

    init(_ launch: CommandChild.Launch, longestLine: Int) {
        self.launch = launch
        self.longestLine = longestLine
        var ends: [Int32] = [-1, -1]
        // Without a bell the thread still looks around, only less often.
        _ = pipe2(&ends, O_CLOEXEC | O_NONBLOCK)
        bell = (ends[0], ends[1])
    }

    deinit {
        for end in [bell.reading, bell.writing] where end >= 0 { Glibc.close(end) }
    }

    func nextID() -> String {
        state.withLock { state in
            state.last += 1
            return String(state.last)
        }
    }

    func send(_ line: [UInt8], id: String, timeLimit: Double, _ continuation: CheckedContinuation<Answer, Never>) {
        let problem: BackendError? = state.withLock { state in
            if let failure = state.failure { return BackendError(.transport, failure) }
            if state.child == nil, let problem = start(&state) { return problem }
            state.outgoing += line
            state.waiting[id] = Waiting(
                continuation: continuation, deadline: .now.advanced(by: .seconds(timeLimit)), timeLimit: timeLimit)
            return nil
        }
        if let problem { return continuation.resume(returning: .failure(problem)) }
        ring()
    }

    func cancel(_ id: String) {
        give(.failure(BackendError(.cancelled, "the run was interrupted")), to: id)
    }

    /// Ends the child, and waits until it has ended.
    func close() {
        let isRunning = state.withLock { state in
            state.isClosing = true
            return state.child != nil
        }
        guard isRunning else { return }
        ring()
        ended.wait()
    }

    private func ring() {
        var one: UInt8 = 1
        _ = Glibc.write(bell.writing, &one, 1)
    }

    /// - Returns: Why there is no child.
    private func start(_ state: inout State) -> BackendError? {
        state.starts += 1
        let child: ChildProcess
        do throws(ChildProcess.SpawnFailure) {
            child = try ChildProcess.spawn(
                launch.path, arguments: launch.arguments, environment: launch.environment, folder: launch.folder)
        } catch {
            state.failure = "the program could not be started: \(error.reason)"
            return BackendError(.transport, state.failure ?? "")
        }
        state.child = child
        state.outgoing = []
        let box = Unmanaged.passRetained(Box { [self] in attend(child) })
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work() }
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            box.release()
            child.killGroup()
            _ = child.reap()
            state.child = nil
            return BackendError(.transport, "no thread for the program", isRetryable: true)
        }
        pthread_detach(thread)
        return nil
    }

    private final class Box: Sendable {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }

    // MARK: The thread

    private func attend(_ child: ChildProcess) {
        var pipeSignal = sigset_t()
        sigemptyset(&pipeSignal)
        sigaddset(&pipeSignal, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipeSignal, nil)
        var incoming: [UInt8] = []
        var errors: [UInt8] = []
        var unsent: [UInt8] = []
        var isInputOpen = true
        var closingSince: ContinuousClock.Instant?
        var reason: String?
        loop: while reason == nil {
            let (isClosing, fresh, deadline): (Bool, [UInt8], ContinuousClock.Instant?) = state.withLock { state in
                defer { state.outgoing = [] }
                return (state.isClosing, state.outgoing, state.waiting.values.map(\.deadline).min())
            }
            unsent += fresh
            if isClosing {
                closingSince = closingSince ?? .now
                if isInputOpen { Glibc.close(child.input) }
                isInputOpen = false
                if closingSince.map({ $0.duration(to: .now) > .milliseconds(Self.farewell) }) ?? false { break loop }
            }
            var watched = [
                pollfd(fd: bell.reading, events: Int16(POLLIN), revents: 0), pollfd(fd: child.output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: child.error, events: Int16(POLLIN), revents: 0),
            ]
            if isInputOpen, !unsent.isEmpty { watched.append(pollfd(fd: child.input, events: Int16(POLLOUT), revents: 0)) }
            let left = deadline.map { Int32(clamping: ContinuousClock.now.duration(to: $0).milliseconds) }
            let timeout = isClosing ? 50 : left ?? (bell.reading < 0 ? 10 : -1)
            _ = poll(&watched, nfds_t(watched.count), timeout)
            if watched[0].revents != 0 { _ = Self.read(bell.reading) }
            if watched.count > 3, watched[3].revents != 0, !push(&unsent, to: child.input) { isInputOpen = false }
            if watched[2].revents != 0, let piece = Self.read(child.error) {
                errors = Array((errors + piece).suffix(Self.keptErrors))
            }
            if watched[1].revents != 0, let piece = Self.read(child.output) {
                if piece.isEmpty { reason = "the program closed its output" }
                incoming += piece
                reason = takeLines(&incoming) ?? reason
            }
            expire()
        }
        if isInputOpen { Glibc.close(child.input) }
        // What it said at the end belongs to the reason.
        while let piece = Self.read(child.error), !piece.isEmpty { errors = Array((errors + piece).suffix(Self.keptErrors)) }
        if closingSince == nil { settle(child) }
        child.killGroup()
        let end = child.reap()
        Glibc.close(child.output)
        Glibc.close(child.error)
        finish(reason ?? "the program was ended", end, errors)
    }

    /// A child that has closed its output is about to end by itself; how it ends is worth knowing.
    private func settle(_ child: ChildProcess) {
        for _ in 0..<20 where !child.hasEnded { poll(nil, 0, 10) }
    }

    private func push(_ unsent: inout [UInt8], to descriptor: Int32) -> Bool {
        let written = unsent.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if written > 0 {
            unsent.removeFirst(written)
            return true
        }
        if errno == EAGAIN || errno == EINTR { return true }
        Glibc.close(descriptor)
        return false
    }

    /// - Returns: why the child must not go on.
    private func takeLines(_ incoming: inout [UInt8]) -> String? {
        var start = 0
        while let end = incoming[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = incoming[start..<end]
            start = end + 1
            guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else { continue }
            let json = String(validating: line, as: UTF8.self).flatMap { try? JSONValue(parsing: $0, options: .lenient) }
            guard let json, let id = json["id"]?.stringValue ?? json["id"]?.numberValue?.literal else {
                return "the program wrote a line that is no answer: \(ProviderError.excerpt(Array(line)))"
            }
            guard give(.success(json), to: id) else { return "the program answered \(ProviderError.excerpt(Array(id.utf8))), which was not asked" }
        }
        incoming.removeFirst(start)
        return incoming.count > longestLine ? "the program wrote a line of more than \(longestLine >> 20) MiB" : nil
    }

    /// - Returns: Whether somebody asked it.
    @discardableResult
    private func give(_ answer: Answer, to id: String) -> Bool {
        let (waiting, isKnown): (Waiting?, Bool) = state.withLock { state in
            let waiting = state.waiting.removeValue(forKey: id)
            if waiting != nil, case .success = answer { state.starts = 0 } else if waiting != nil { state.abandoned.insert(id) }
            return (waiting, waiting != nil || state.abandoned.remove(id) != nil)
        }
        waiting?.continuation.resume(returning: answer)
        return isKnown
    }

    private func expire() {
        let now = ContinuousClock.now
        let late = state.withLock { state in state.waiting.filter { $0.value.deadline <= now }.map { ($0.key, $0.value.timeLimit) } }
        for (id, limit) in late {
            give(.failure(BackendError(.transport, "no answer within \(Int(limit)) s", isRetryable: true)), to: id)
        }
    }

    /// Nobody who waits is left alone, and the next request starts the child anew.
    private func finish(_ reason: String, _ end: ChildProcess.End, _ errors: [UInt8]) {
        var words = reason
        switch end {
        case .exited(code: 0): break
        case .exited(let code): words += " and ended with the code \(code)"
        case .signalled(let signal) where signal != SIGKILL: words += " and was ended by the signal \(signal)"
        case .signalled: break
        }
        let said = ProviderError.excerpt(Array(errors.suffix(300)))
        if !errors.isEmpty { words += ": \(said)" }
        let (waiting, isClosing): ([Waiting], Bool) = state.withLock { state in
            defer {
                state.waiting = [:]
                state.abandoned = []
                state.child = nil
            }
            if state.starts >= CommandChild.mostStarts {
                state.failure = "the program was started \(state.starts) times without one answer; \(words)"
            }
            return (Array(state.waiting.values), state.isClosing)
        }
        let isFinal = state.withLock { $0.failure != nil }
        for one in waiting {
            one.continuation.resume(returning: .failure(BackendError(.transport, words, isRetryable: !isFinal)))
        }
        if isClosing { ended.signal() }
    }

    /// - Returns: What there is; empty at the end, `nil` when there is nothing yet.
    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var isWaiting = false
        let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            var length = 0
            repeat { length = Glibc.read(descriptor, buffer.baseAddress, 1 << 16) } while length < 0 && errno == EINTR
            isWaiting = length < 0 && errno == EAGAIN
            count = max(length, 0)
        }
        return isWaiting ? nil : piece
    }
}
