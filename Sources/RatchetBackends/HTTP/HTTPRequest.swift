/// One HTTP request with its limits.
package struct HTTPRequest: Sendable, Equatable {
    /// `GET`, `POST`, …: sent as it is written.
    package var method: String
    /// An absolute `http` or `https` URL, percent-encoded where needed.
    package var url: String
    package var headers: HTTPHeaders
    package var body: [UInt8]
    package var timeouts: Timeouts
    /// The most bytes of decoded response body to take; one more is ``HTTPError/Kind/tooLarge``.
    package var responseBodyLimit: Int

    /// How long to wait, each counted from the start of the attempt. A limit below a millisecond counts as one.
    package struct Timeouts: Sendable, Hashable {
        /// Until the connection stands: name lookup, TCP, proxy and TLS. A reused connection stands at once.
        package var connect: Duration
        /// Until the first byte of the response's status line.
        package var firstByte: Duration
        /// Until the last byte of the response.
        package var total: Duration

        package init(
            connect: Duration = .seconds(10), firstByte: Duration = .seconds(300), total: Duration = .seconds(600)
        ) {
            self.connect = connect
            self.firstByte = firstByte
            self.total = total
        }
    }

    package static let defaultResponseBodyLimit = 64 * 1024 * 1024

    package init(
        method: String = "GET", url: String, headers: HTTPHeaders = [:], body: [UInt8] = [],
        timeouts: Timeouts = Timeouts(), responseBodyLimit: Int = defaultResponseBodyLimit
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
        self.responseBodyLimit = responseBodyLimit
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Method and address without what may hold a secret: no user info, no query, no header values, no body.
    package var description: String {
        let address = url.prefix { $0 != "?" && $0 != "#" }
        let (scheme, rest) = Self.split(address, after: "//")
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return "\(method) \(scheme)\(host)\(path)"
    }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["request": description]) }

    private static func split(_ text: Substring, after separator: String) -> (head: Substring, tail: Substring) {
        guard let end = text.firstRange(of: separator)?.upperBound else { return ("", text) }
        return (text[..<end], text[end...])
    }
}
