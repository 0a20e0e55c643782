/// Why a request got no response. A response of any status is never an `HTTPError`.
package struct HTTPError: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// Nothing listens there, the network is unreachable, or the proxy refused.
        case cannotConnect
        /// The host's or the proxy's name is unknown.
        case nameNotResolved
        /// No secure connection: an untrusted certificate, a wrong name, no common protocol.
        case tls
        /// One of the request's time limits passed.
        case timeout(TimeLimit)
        /// The connection ended before the response did: reset, truncated, or closed without a word.
        case connectionLost
        /// What came is not HTTP, or its content encoding is broken.
        case invalidResponse
        /// The response is larger than the request allows.
        case tooLarge
        /// The task was cancelled, or the transport shut down.
        case cancelled
        /// The URL is not an absolute http or https URL.
        case badURL
        /// The method or a header field has characters that cannot be sent.
        case badRequest
        /// Anything else, with libcurl's result code.
        case other(code: Int)
    }

    /// Which of ``HTTPRequest/Timeouts``.
    package enum TimeLimit: String, Sendable, Hashable {
        case connect
        case firstByte
        case total
    }

    package var kind: Kind
    /// What went wrong in words, libcurl's where it had any. Never holds header values.
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// Whether the same request may succeed a moment later.
    package var isTransient: Bool {
        switch kind {
        case .cannotConnect, .nameNotResolved, .timeout, .connectionLost: true
        case .tls, .invalidResponse, .tooLarge, .cancelled, .badURL, .badRequest, .other: false
        }
    }
}

extension HTTPError: CustomStringConvertible {
    package var description: String { "\(kind.summary): \(message)" }
}

extension HTTPError.Kind {
    /// The kind in a few words, as the start of an error message.
    package var summary: String {
        switch self {
        case .cannotConnect: "cannot connect"
        case .nameNotResolved: "host name not found"
        case .tls: "no secure connection"
        case .timeout(.connect): "timed out while connecting"
        case .timeout(.firstByte): "timed out waiting for the first byte"
        case .timeout(.total): "timed out"
        case .connectionLost: "connection lost"
        case .invalidResponse: "the response is not valid HTTP"
        case .tooLarge: "the response is too large"
        case .cancelled: "cancelled"
        case .badURL: "not a usable URL"
        case .badRequest: "not a valid request"
        case .other(let code): "transport error \(code)"
        }
    }
}
