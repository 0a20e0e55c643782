import CCurl

/// Sets the options of one libcurl easy handle.
struct CurlOptions {
    let handle: CurlEasyHandle

    /// What holds for every request.
    func apply(_ configuration: CurlTransport.Configuration) throws(HTTPError) {
        try require(ratchet_curl_allow_only_http(handle.pointer))
        try require(ratchet_curl_close_on_exec(handle.pointer))
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try set(CURLOPT_ACCEPT_ENCODING, "gzip")
        if let file = configuration.certificateFile { try set(CURLOPT_CAINFO, file) }
        if let directory = configuration.certificateDirectory { try set(CURLOPT_CAPATH, directory) }
        if !configuration.usesEnvironmentProxies { try set(CURLOPT_PROXY, "") }
        // Wishes, which an older libcurl, or one without HTTP/2, may refuse.
        _ = ratchet_curl_set_long(handle.pointer, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        _ = ratchet_curl_abandon_lookups(handle.pointer)
    }

    /// What this request says. The caller frees the returned list after the transfer.
    func apply(_ request: HTTPRequest) throws(HTTPError) -> UnsafeMutablePointer<curl_slist>? {
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_CONNECTTIMEOUT_MS, max(1, request.timeouts.connect.milliseconds))
        try apply(method: request.method, body: request.body)
        let list = try headerList(request)
        let code = ratchet_curl_set_list(handle.pointer, CURLOPT_HTTPHEADER, list)
        if code != CURLE_OK { curl_slist_free_all(list) }
        try require(code)
        return list
    }

    /// Where the response goes. `context` is passed to both callbacks and is the handle's private pointer.
    func receive(
        context: UnsafeMutableRawPointer, onHeader: @escaping ratchet_curl_data_callback,
        onBody: @escaping ratchet_curl_data_callback
    ) throws(HTTPError) {
        try require(ratchet_curl_set_pointer(handle.pointer, CURLOPT_PRIVATE, context))
        try require(ratchet_curl_set_pointer(handle.pointer, CURLOPT_HEADERDATA, context))
        try require(ratchet_curl_set_callback(handle.pointer, CURLOPT_HEADERFUNCTION, onHeader))
        try require(ratchet_curl_set_pointer(handle.pointer, CURLOPT_WRITEDATA, context))
        try require(ratchet_curl_set_callback(handle.pointer, CURLOPT_WRITEFUNCTION, onBody))
    }

    private func apply(method: String, body: [UInt8]) throws(HTTPError) {
        switch method {
        case "HEAD":
            try set(CURLOPT_NOBODY, 1)
        case "GET" where body.isEmpty:
            try set(CURLOPT_HTTPGET, 1)
        default:
            // A body for every method but GET and HEAD: without one, libcurl sends a length of 0.
            try set(CURLOPT_POST, 1)
            try require(ratchet_curl_set_offset(handle.pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            let code = body.withUnsafeBytes { bytes in
                // libcurl copies the bytes; for none it wants a pointer all the same.
                bytes.baseAddress.map { ratchet_curl_set_pointer(handle.pointer, CURLOPT_COPYPOSTFIELDS, $0) }
                    ?? ratchet_curl_set_string(handle.pointer, CURLOPT_COPYPOSTFIELDS, "")
            }
            try require(code)
            if method != "POST" { try set(CURLOPT_CUSTOMREQUEST, method) }
        }
    }

    private func headerList(_ request: HTTPRequest) throws(HTTPError) -> UnsafeMutablePointer<curl_slist>? {
        // A name with nothing behind its colon takes away what libcurl would add: `Expect: 100-continue`, which costs
        // a round trip, and the content type of HTML forms.
        var lines = ["Expect:"]
        if request.headers["Content-Type"] == nil { lines.append("Content-Type:") }
        // libcurl's way to send an empty value is a semicolon.
        lines += request.headers.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                throw HTTPError(.other(code: Int(CURLE_OUT_OF_MEMORY.rawValue)), "out of memory")
            }
            list = longer
        }
        return list
    }

    private func set(_ option: CURLoption, _ value: Int) throws(HTTPError) {
        try require(ratchet_curl_set_long(handle.pointer, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(HTTPError) {
        try require(ratchet_curl_set_string(handle.pointer, option, value))
    }

    private func require(_ code: CURLcode) throws(HTTPError) {
        guard code == CURLE_OK else { throw HTTPError(curl: code, message: handle.words(for: code)) }
    }
}

extension HTTPError {
    /// The error that libcurl's result code stands for.
    init(curl code: CURLcode, message: String) {
        self.init(Self.kind(of: code, message: message), message)
    }

    private static func kind(of code: CURLcode, message: String) -> Kind {
        switch code {
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED, CURLE_PROXY:
            .cannotConnect
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            .nameNotResolved
        case CURLE_OPERATION_TIMEDOUT:
            // The other limits are kept by the event thread.
            .timeout(.connect)
        case CURLE_SSL_CONNECT_ERROR where isLostHandshake(message):
            .connectionLost
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_USE_SSL_FAILED,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CLIENTCERT:
            .tls
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            .connectionLost
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            // "Unsupported protocol" is what libcurl says to a reply without a status line (HTTP/0.9): other schemes
            // than ours never reach it.
            .invalidResponse
        case CURLE_URL_MALFORMAT:
            .badURL
        default:
            .other(code: Int(code.rawValue))
        }
    }

    /// Whether a failed handshake was cut off, not refused. libcurl has one code for both and says it in words only.
    private static func isLostHandshake(_ message: String) -> Bool {
        let message = message.lowercased()
        return ["ssl_error_syscall", "reset by peer", "broken pipe", "unexpected eof"].contains {
            message.firstRange(of: $0) != nil
        }
    }
}
