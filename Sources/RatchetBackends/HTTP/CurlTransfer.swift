import CCurl

/// Owns a libcurl easy handle and the buffer that libcurl writes its words into. Event thread only.
final class CurlEasyHandle {
    let pointer: UnsafeMutableRawPointer
    private let errorBuffer: UnsafeMutablePointer<CChar>

    init() throws(HTTPError) {
        guard let pointer = curl_easy_init() else {
            throw HTTPError(.other(code: Int(CURLE_FAILED_INIT.rawValue)), "libcurl cannot be initialised")
        }
        self.pointer = pointer
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        reset()
    }

    deinit {
        curl_easy_cleanup(pointer)
        errorBuffer.deallocate()
    }

    /// Back to libcurl's defaults, free of the last request.
    func reset() {
        curl_easy_reset(pointer)
        errorBuffer.pointee = 0
        _ = ratchet_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorBuffer)
    }

    /// What libcurl says about `code`: details where it has any.
    func words(for code: CURLcode) -> String {
        let details = String(cString: errorBuffer)
        return details.isEmpty ? String(cString: curl_easy_strerror(code)) : details
    }
}

/// One request under way: the response as it grows, and the deadlines. Event thread only.
final class CurlTransfer {
    let id: UInt64
    let handle: CurlEasyHandle
    private let request: HTTPRequest
    private let continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>
    private var onBody: (@Sendable (ArraySlice<UInt8>) -> Void)?
    private var headerList: UnsafeMutablePointer<curl_slist>?

    private let started: ContinuousClock.Instant
    private var firstByte: ContinuousClock.Instant?
    private var head = HTTPResponseHead()
    private var body: [UInt8] = []
    private var isTooLarge = false

    /// Prepares `handle` for the request. The handle may be given to libcurl as long as this object lives.
    ///
    /// - Throws: ``HTTPError`` when libcurl refuses an option that must hold.
    init(
        _ submission: CurlEventLoop.Submission, on handle: CurlEasyHandle,
        configuration: CurlTransport.Configuration, now: ContinuousClock.Instant
    ) throws(HTTPError) {
        id = submission.id
        request = submission.request
        onBody = submission.onBody
        continuation = submission.continuation
        self.handle = handle
        started = now
        let options = CurlOptions(handle: handle)
        try options.apply(configuration)
        headerList = try options.apply(request)
        try options.receive(context: Unmanaged.passUnretained(self).toOpaque(), onHeader: onHeaderLine, onBody: onBytes)
    }

    deinit {
        curl_slist_free_all(headerList)
    }

    /// The transfer that `handle` was prepared for.
    static func owner(of handle: UnsafeMutableRawPointer) -> CurlTransfer? {
        var context: UnsafeMutableRawPointer?
        guard ratchet_curl_get_pointer(handle, CURLINFO_PRIVATE, &context) == CURLE_OK, let context else { return nil }
        return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// When this transfer has to be looked at next. The connection's deadline is libcurl's.
    var deadline: ContinuousClock.Instant {
        let total = started + request.timeouts.total
        return firstByte == nil ? min(total, started + request.timeouts.firstByte) : total
    }

    /// The error to end with, when a deadline has passed.
    func overdue(now: ContinuousClock.Instant) -> HTTPError? {
        if now >= started + request.timeouts.total {
            return HTTPError(.timeout(.total), "no complete response within \(request.timeouts.total)")
        }
        if firstByte == nil && now >= started + request.timeouts.firstByte {
            return HTTPError(.timeout(.firstByte), "no response within \(request.timeouts.firstByte)")
        }
        return nil
    }

    /// What the request came to, given libcurl's result code.
    func result(code: CURLcode, now: ContinuousClock.Instant) -> Result<HTTPResponse, HTTPError> {
        if isTooLarge {
            return .failure(HTTPError(.tooLarge, "more than \(request.responseBodyLimit) bytes of body"))
        }
        guard code == CURLE_OK else {
            return .failure(HTTPError(curl: code, message: handle.words(for: code)))
        }
        guard head.isComplete else {
            // libcurl takes a connection that closes between two header lines for a response without a body.
            return .failure(HTTPError(.connectionLost, "the connection was closed inside the response's head"))
        }
        var status = 0
        _ = ratchet_curl_get_long(handle.pointer, CURLINFO_RESPONSE_CODE, &status)
        let timing = HTTPResponse.Timing(
            started: started, firstByte: (firstByte ?? now) - started, finished: now - started)
        return .success(HTTPResponse(status: status, headers: head.headers, body: body, timing: timing))
    }

    /// Hands `result` to the task that waits. The handle must have been removed from libcurl's hands before.
    func finish(_ result: Result<HTTPResponse, HTTPError>) {
        // First, so that what the closure holds is let go before its task goes on.
        onBody = nil
        continuation.resume(returning: result)
    }

    fileprivate func receiveHeader(_ line: UnsafeRawBufferPointer) {
        if firstByte == nil { firstByte = ContinuousClock.now }
        head.append(line)
    }

    /// Takes a piece of the body; false when that is more than the request allows.
    fileprivate func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= request.responseBodyLimit - body.count else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bytes)
        // A copy: a slice of `body` kept by the receiver would make every further append copy the whole.
        onBody?(ArraySlice(bytes))
        return true
    }
}

private func onHeaderLine(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context, count > 0 else { return 0 }
    Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        .receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}

private func onBytes(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context, count > 0 else { return 0 }
    let isTaken = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        .receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return isTaken ? size * count : 0
}
