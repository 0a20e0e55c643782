/// A complete HTTP response, of any status.
package struct HTTPResponse: Sendable, Equatable {
    package var status: Int
    /// The fields of the final response, without trailers. `Content-Encoding` and `Content-Length` are as the server
    /// sent them, although ``body`` is already decoded.
    package var headers: HTTPHeaders
    /// The complete, decoded body.
    package var body: [UInt8]
    package var timing: Timing

    /// When things happened in the attempt that gave this response, by a monotonic clock.
    package struct Timing: Sendable, Hashable {
        /// When the request was handed to the network; waiting before that is not counted.
        package var started: ContinuousClock.Instant
        /// From the start to the first byte of the status line.
        package var firstByte: Duration
        /// From the start to the last byte of the body.
        package var finished: Duration

        package init(started: ContinuousClock.Instant, firstByte: Duration, finished: Duration) {
            self.started = started
            self.firstByte = firstByte
            self.finished = finished
        }
    }

    package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = [], timing: Timing) {
        self.status = status
        self.headers = headers
        self.body = body
        self.timing = timing
    }
}
