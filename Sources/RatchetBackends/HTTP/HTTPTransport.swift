/// Sends one HTTP request and awaits its complete response. The only way of this program to the network.
///
/// A transport neither retries nor follows redirects: every status, also 3xx and 5xx, is a response. What came instead
/// of a response is an ``HTTPError``.
package protocol HTTPTransport: Sendable {
    /// Sends `request` and returns when the last byte of the response has arrived.
    ///
    /// - Parameters:
    ///   - request: what to send, and its time and size limits.
    ///   - onBody: called with each piece of the (decoded) body as it arrives, in order, whatever the status, and never
    ///     after this function has returned. It runs on the transport's thread and must not block. A request sent again
    ///     wants a new closure: the pieces start over.
    /// - Returns: the response with its complete body, also when `onBody` was given.
    /// - Throws: ``HTTPError``, of kind `cancelled` when the surrounding task was cancelled.
    func send(
        _ request: HTTPRequest, onBody: (@Sendable (ArraySlice<UInt8>) -> Void)?
    ) async throws(HTTPError) -> HTTPResponse
}

extension HTTPTransport {
    /// Sends `request` and returns the complete response.
    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        try await send(request, onBody: nil)
    }
}
