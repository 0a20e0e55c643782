import CCurl
import Glibc
import Synchronization

/// The meeting point of the tasks that want requests sent and the one thread that drives libcurl.
///
/// Tasks put submissions and cancellations into a mailbox and wake the thread; everything else of libcurl is touched by
/// the thread alone (``CurlEventThread``).
final class CurlEventLoop: Sendable {
    struct Submission: Sendable {
        let id: UInt64
        let request: HTTPRequest
        let onBody: (@Sendable (ArraySlice<UInt8>) -> Void)?
        let continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>
    }

    struct Mailbox: Sendable {
        var submissions: [Submission] = []
        var cancellations: [UInt64] = []
        var isStopping = false
        /// Whether the thread has been woken for what lies here: one wake-up is enough.
        var isAwake = false
    }

    let configuration: CurlTransport.Configuration
    let multi: CurlMultiHandle
    private let mailbox = Mutex(Mailbox())
    private let lastID = Atomic<UInt64>(0)

    init(configuration: CurlTransport.Configuration) throws(HTTPError) {
        self.configuration = configuration
        multi = try CurlMultiHandle()
    }

    func nextID() -> UInt64 {
        lastID.add(1, ordering: .relaxed).newValue
    }

    /// Starts the thread, which keeps this object alive until ``stop()``.
    func start() throws(HTTPError) -> pthread_t {
        let context = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let loop = Unmanaged<CurlEventLoop>.fromOpaque(context).takeRetainedValue()
                CurlEventThread(loop: loop).run()
                return nil
            }, context.toOpaque())
        guard result == 0 else {
            context.release()
            throw HTTPError(.other(code: Int(result)), "no thread for the network")
        }
        return thread
    }

    func submit(_ submission: Submission) {
        let isStopping = post { mailbox in
            if !mailbox.isStopping { mailbox.submissions.append(submission) }
            return mailbox.isStopping
        }
        if isStopping { submission.continuation.resume(returning: .failure(.shutDown)) }
    }

    /// Ends a submitted transfer with the error `cancelled`; nothing happens if it has ended already.
    func cancel(_ id: UInt64) {
        post { $0.cancellations.append(id) }
    }

    /// Asks the thread to end. What is still under way ends with the error `cancelled`.
    func stop() {
        post { $0.isStopping = true }
    }

    /// Everything that was put into the mailbox since the last time.
    func takeMail() -> Mailbox {
        mailbox.withLock { mailbox in
            let taken = mailbox
            mailbox.submissions = []
            mailbox.cancellations = []
            mailbox.isAwake = false
            return taken
        }
    }

    @discardableResult
    private func post<Value: Sendable>(_ change: (inout sending Mailbox) -> sending Value) -> Value {
        let (value, wakes) = mailbox.withLock { mailbox in
            let value = change(&mailbox)
            let wakes = !mailbox.isAwake
            mailbox.isAwake = true
            return (value, wakes)
        }
        if wakes { multi.wakeUp() }
        return value
    }
}

extension HTTPError {
    static let shutDown = HTTPError(.cancelled, "the transport was shut down")
}

/// Owns a libcurl multi handle.
///
/// Unchecked: the pointer itself never changes, `curl_multi_wakeup` may be called from any thread (curl's
/// documentation), and ``pointer`` is otherwise used by the event thread alone. The handle is freed when the last
/// owner lets go, so after the thread's end and after the last possible wake-up.
final class CurlMultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer

    /// More idle connections than any sensible concurrency, fewer than the usual limit of open files.
    private static let keptConnections = 256

    /// Once a process; libcurl asks for it before anything else.
    private static let globalResult = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    init() throws(HTTPError) {
        guard Self.globalResult == CURLE_OK, let pointer = curl_multi_init() else {
            throw HTTPError(.other(code: Int(CURLE_FAILED_INIT.rawValue)), "libcurl cannot be initialised")
        }
        self.pointer = pointer
        _ = ratchet_curl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, Self.keptConnections)
    }

    deinit {
        curl_multi_cleanup(pointer)
    }

    func wakeUp() {
        curl_multi_wakeup(pointer)
    }
}
