import Glibc
import RatchetCore
import Synchronization

/// Runs programs to their end, a bounded number of them at once.
///
/// Each running program has a thread of its own that waits for its pipes, so that no thread of the concurrent tasks is
/// ever blocked. Whatever a program has started and left in its process group is killed when it ends, runs out of time,
/// writes too much, or when the surrounding task is cancelled.
package final class ProgramRunner: Sendable {
    private let environment: [String: String]
    private let folder: String
    private let permits: Permits

    /// - Parameters:
    ///   - environment: All that programs see of it.
    ///   - folder: Their working directory.
    ///   - parallelism: How many run at once.
    package init(environment: [String: String], folder: String, parallelism: Int) {
        self.environment = environment
        self.folder = folder
        permits = Permits(parallelism)
    }

    package func run(_ call: ProgramCall) async -> ProgramResult {
        await permits.acquire()
        let result = await attend(call)
        await permits.release()
        return result
    }

    private func attend(_ call: ProgramCall) async -> ProgramResult {
        if Task.isCancelled { return ProgramResult(end: .cancelled) }
        let child: ChildProcess
        do throws(ChildProcess.SpawnFailure) {
            child = try ChildProcess.spawn(
                call.path, arguments: call.arguments, environment: environment, folder: folder)
        } catch {
            return ProgramResult(end: .notStarted(error.reason))
        }
        let attendance = Attendance(child: child, call: call)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Self.onThread { continuation.resume(returning: attendance.run()) }
            }
        } onCancel: {
            attendance.cancel()
        }
    }

    private static func onThread(_ work: @escaping @Sendable () -> Void) {
        final class Box: Sendable {
            let work: @Sendable () -> Void
            init(_ work: @escaping @Sendable () -> Void) { self.work = work }
        }
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Box(work))
        let code = pthread_create(&thread, &attributes, { context in
            if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work() }
            return nil
        }, box.toOpaque())
        // Without a thread to be had, this one does it: slower, and still right.
        if code != 0 { box.takeRetainedValue().work() }
    }
}

/// The care of one running program, on a thread of its own.
private final class Attendance: Sendable {
    /// How much of standard error is kept.
    private static let errorTailLength = 4096
    /// The longest wait, in milliseconds, after which it is looked whether the program has ended while others hold its
    /// pipes, and whether the task was cancelled.
    private static let patience: Int32 = 50

    private let child: ChildProcess
    private let call: ProgramCall
    private let isCancelled = Atomic(false)

    init(child: ChildProcess, call: ProgramCall) {
        self.child = child
        self.call = call
    }

    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    private struct State {
        var rest: ArraySlice<UInt8>
        var isInputOpen = true
        var isOutputOpen = true
        var isErrorOpen = true
        var output: [UInt8] = []
        var errorTail: [UInt8] = []
        /// Grows while there is nothing to do but to wait for the end.
        var pause: Int32 = 1
    }

    func run() -> ProgramResult {
        Self.blockPipeSignal()
        var state = State(rest: call.input[...])
        let stop = attend(&state)
        // Before it is reaped, so that the group is still ours.
        child.killGroup()
        let end = child.reap()
        // What was written before the end is in the pipes, and nobody of the group writes any more.
        if stop == nil { drain(&state) }
        if state.isInputOpen { close(child.input) }
        close(child.output)
        close(child.error)
        return ProgramResult(end: self.end(stop, end, state), output: state.output, errorTail: state.errorTail)
    }

    private func end(_ stop: ProgramResult.End?, _ end: ChildProcess.End, _ state: State) -> ProgramResult.End {
        if let stop { return stop }
        if state.output.count > call.outputLimit { return .wroteTooMuch }
        switch end {
        case .exited(let code): return .exited(code: code)
        case .signalled(let signal): return .signalled(signal)
        }
    }

    /// Reads and writes until the program has ended.
    ///
    /// - Returns: why it has to be stopped; `nil` when it has ended by itself.
    private func attend(_ state: inout State) -> ProgramResult.End? {
        let deadline = ContinuousClock.now.advanced(by: .seconds(call.timeLimit))
        while true {
            if isCancelled.load(ordering: .relaxed) { return .cancelled }
            if child.hasEnded { return nil }
            let left = ContinuousClock.now.duration(to: deadline)
            if left <= .zero { return .timedOut }
            if state.output.count > call.outputLimit { return .wroteTooMuch }
            let milliseconds = Int32(min(left / .milliseconds(1), Double(Self.patience)).rounded(.up))
            wait(&state, milliseconds: milliseconds)
        }
    }

    private func wait(_ state: inout State, milliseconds: Int32) {
        var watched: [pollfd] = []
        if state.isOutputOpen { watched.append(pollfd(fd: child.output, events: Int16(POLLIN), revents: 0)) }
        if state.isErrorOpen { watched.append(pollfd(fd: child.error, events: Int16(POLLIN), revents: 0)) }
        if state.isInputOpen {
            if state.rest.isEmpty { closeInput(&state) } else { watched.append(pollfd(fd: child.input, events: Int16(POLLOUT), revents: 0)) }
        }
        // With all output closed, its end is near.
        let isEnding = !state.isOutputOpen && !state.isErrorOpen
        if isEnding { state.pause = min(state.pause * 2, Self.patience) }
        guard poll(&watched, nfds_t(watched.count), isEnding ? min(state.pause, milliseconds) : milliseconds) > 0 else { return }
        for descriptor in watched where descriptor.revents != 0 {
            switch descriptor.fd {
            case child.input: write(&state)
            case child.output: state.isOutputOpen = readOutput(&state)
            default: state.isErrorOpen = readError(&state)
            }
        }
    }

    private func closeInput(_ state: inout State) {
        close(child.input)
        state.isInputOpen = false
    }

    private func write(_ state: inout State) {
        let written = state.rest.withUnsafeBytes { Glibc.write(child.input, $0.baseAddress, $0.count) }
        if written > 0 {
            state.rest = state.rest.dropFirst(written)
        } else if errno != EAGAIN, errno != EINTR {
            // A program need not read what it is given.
            closeInput(&state)
        }
    }

    /// - Returns: whether there may be more.
    private func readOutput(_ state: inout State) -> Bool {
        guard let piece = Self.read(child.output) else { return true }
        state.output += piece
        return !piece.isEmpty
    }

    private func readError(_ state: inout State) -> Bool {
        guard let piece = Self.read(child.error) else { return true }
        state.errorTail += piece
        if state.errorTail.count > 2 * Self.errorTailLength || piece.isEmpty {
            state.errorTail = Array(state.errorTail.suffix(Self.errorTailLength))
        }
        return !piece.isEmpty
    }

    /// Takes what the pipes still hold: no more than a pipe's largest size, should somebody have left the group.
    private func drain(_ state: inout State) {
        for _ in 0..<32 where state.isOutputOpen && state.output.count <= call.outputLimit {
            guard let piece = Self.read(child.output), !piece.isEmpty else { break }
            state.output += piece
        }
        for _ in 0..<32 where state.isErrorOpen {
            guard let piece = Self.read(child.error), !piece.isEmpty else { break }
            state.errorTail += piece
        }
        state.errorTail = Array(state.errorTail.suffix(Self.errorTailLength))
    }

    /// - Returns: what there is; empty at the end, `nil` when there is nothing yet.
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

    /// Writing to a program that does not read is an error of this thread's write and no signal to the whole process.
    private static func blockPipeSignal() {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }
}
