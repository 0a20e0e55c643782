/// Which attempts are repeated, and after how long. A pure value: it neither sleeps nor sends.
///
/// Without word from the server the wait is drawn from 0 up to (not including) a window that doubles with each attempt ("full jitter",
/// Brooker 2015, "Exponential Backoff And Jitter"). A server's `Retry-After` is waited out in full, plus a small draw so
/// that clients that were refused together do not return together.
package struct RetryPolicy: Sendable, Hashable {
    /// Attempts in all, the first included; at least 1.
    package var maximumAttempts: Int
    /// The window after the first attempt.
    package var baseDelay: Duration
    /// The largest window.
    package var maximumDelay: Duration
    /// The longest `Retry-After` to wait for. When a server asks for more, the request is given up at once: coming back
    /// earlier would be refused again.
    package var maximumRetryAfter: Duration

    package init(
        maximumAttempts: Int = 5, baseDelay: Duration = .milliseconds(500), maximumDelay: Duration = .seconds(30),
        maximumRetryAfter: Duration = .seconds(120)
    ) {
        self.maximumAttempts = maximumAttempts
        self.baseDelay = baseDelay
        self.maximumDelay = maximumDelay
        self.maximumRetryAfter = maximumRetryAfter
    }

    /// What to do after an attempt.
    package enum Decision: Sendable, Hashable {
        /// Send the request again after this time.
        case retry(after: Duration)
        /// Take the outcome as it is.
        case stop
    }

    /// Decides after attempt number `attempt` (from 1) got no answer.
    ///
    /// - Parameters:
    ///   - isRetryable: whether another attempt may do better.
    ///   - retryAfter: how long the server asked to be left alone.
    ///   - attempt: how many attempts have been made, this one included.
    ///   - generator: where the jitter comes from.
    package func decision(
        isRetryable: Bool, retryAfter: Duration?, attempt: Int, using generator: inout some RandomNumberGenerator
    ) -> Decision {
        guard attempt < maximumAttempts, isRetryable else { return .stop }
        guard let retryAfter else { return .retry(after: backoff(afterAttempt: attempt, using: &generator)) }
        guard retryAfter <= maximumRetryAfter else { return .stop }
        return .retry(after: retryAfter + Self.draw(upTo: baseDelay, using: &generator))
    }

    /// The wait after attempt number `attempt` (from 1) when the server did not name one: evenly distributed between 0
    /// and `baseDelay` * 2^(attempt - 1), at most `maximumDelay`.
    package func backoff(afterAttempt attempt: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        var window = min(baseDelay, maximumDelay)
        for _ in 1..<max(1, attempt) where window < maximumDelay {
            window = min(window * 2, maximumDelay)
        }
        return Self.draw(upTo: window, using: &generator)
    }

    private static func draw(upTo limit: Duration, using generator: inout some RandomNumberGenerator) -> Duration {
        // Not `Double.random`: its closed ranges reject draws, for ever when a test's generator is constant.
        limit * (Double(generator.next() >> 11) * 0x1p-53)
    }
}

extension RetryPolicy {
    /// Whether the same request may do better another time: the transport failed for the moment, or the status is
    /// retryable and the server does not advise against it (`x-should-retry: false`, as OpenAI's clients read it).
    package static func isRetryable(_ outcome: Result<HTTPResponse, HTTPError>) -> Bool {
        switch outcome {
        case .success(let response):
            isRetryable(status: response.status) && response.headers["x-should-retry"] != "false"
        case .failure(let error):
            error.isTransient
        }
    }

    /// 408 Request Timeout, 409 Conflict, 429 Too Many Requests and every 5xx.
    package static func isRetryable(status: Int) -> Bool {
        switch status {
        case 408, 409, 429, 500...599: true
        default: false
        }
    }
}
