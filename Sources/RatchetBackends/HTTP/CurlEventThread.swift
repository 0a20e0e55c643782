import CCurl
import Glibc

/// The thread that drives libcurl: takes the mail, lets libcurl work, delivers what has finished, ends what took too
/// long, and sleeps until a socket, a deadline or new mail wakes it.
///
/// Made on the thread and never leaves it, so nothing here is shared.
final class CurlEventThread {
    private let loop: CurlEventLoop
    private let multi: UnsafeMutableRawPointer
    private let clock = ContinuousClock()
    private var transfers: [UInt64: CurlTransfer] = [:]
    /// Handles to use again: making one costs more than resetting one.
    private var idleHandles: [CurlEasyHandle] = []
    /// No deadline of any transfer is earlier. May be too early, which costs one look at the transfers.
    private var earliestDeadline: ContinuousClock.Instant?

    private static let keptHandles = 256

    init(loop: CurlEventLoop) {
        self.loop = loop
        multi = loop.multi.pointer
    }

    func run() {
        blockSignals()
        while handleMail() {
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            deliverFinished()
            endOverdue()
            curl_multi_poll(multi, nil, 0, millisecondsUntilDeadline(), nil)
        }
        for id in Array(transfers.keys) { end(id, .failure(.shutDown)) }
        idleHandles = []
    }

    /// Starts and cancels what the tasks want started and cancelled; false when the thread is to end.
    private func handleMail() -> Bool {
        let mail = loop.takeMail()
        for submission in mail.submissions { start(submission) }
        for id in mail.cancellations {
            end(id, .failure(HTTPError(.cancelled, "the request was cancelled")))
        }
        return !mail.isStopping
    }

    /// Signals are the main thread's business, and SIGPIPE must not end the process: libcurl, told to leave signals
    /// alone, writes to TLS connections without suppressing it. Name lookup threads inherit this.
    private func blockSignals() {
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_SETMASK, &signals, nil)
    }

    private func start(_ submission: CurlEventLoop.Submission) {
        do throws(HTTPError) {
            let handle = if let idle = idleHandles.popLast() { idle } else { try CurlEasyHandle() }
            let transfer = try CurlTransfer(submission, on: handle, configuration: loop.configuration, now: clock.now)
            guard curl_multi_add_handle(multi, handle.pointer) == CURLM_OK else {
                throw HTTPError(.other(code: Int(CURLE_FAILED_INIT.rawValue)), "libcurl cannot take the request")
            }
            transfers[submission.id] = transfer
            note(transfer.deadline)
        } catch {
            submission.continuation.resume(returning: .failure(error))
        }
    }

    private func deliverFinished() {
        var waiting: Int32 = 0
        while let message = curl_multi_info_read(multi, &waiting) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            // Removing the handle frees the message: its parts first.
            let code = message.pointee.data.result
            guard let handle = message.pointee.easy_handle, let transfer = CurlTransfer.owner(of: handle) else {
                continue
            }
            end(transfer.id, transfer.result(code: code, now: clock.now))
        }
    }

    private func endOverdue() {
        guard let earliestDeadline, clock.now >= earliestDeadline else { return }
        let now = clock.now
        self.earliestDeadline = nil
        for transfer in Array(transfers.values) {
            if let error = transfer.overdue(now: now) {
                end(transfer.id, .failure(error))
            } else {
                note(transfer.deadline)
            }
        }
    }

    private func end(_ id: UInt64, _ result: Result<HTTPResponse, HTTPError>) {
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        curl_multi_remove_handle(multi, transfer.handle.pointer)
        let handle = transfer.handle
        transfer.finish(result)
        if idleHandles.count < Self.keptHandles {
            handle.reset()
            idleHandles.append(handle)
        }
    }

    private func note(_ deadline: ContinuousClock.Instant) {
        earliestDeadline = min(earliestDeadline ?? deadline, deadline)
    }

    /// Rounded up, so that the thread never wakes just before the deadline.
    private func millisecondsUntilDeadline() -> Int32 {
        guard let earliestDeadline else { return Int32.max }
        return Int32(clamping: (earliestDeadline - clock.now).milliseconds)
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, at least 0, at most 2^31 - 1 (24 days).
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        if seconds > Int64(Int32.max / 1000) { return Int(Int32.max) }
        return max(0, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
