import Testing

@testable import RatchetBackends

@Suite("Retries")
struct RetryPolicyTests {
    /// Always draws the highest, or always the lowest value.
    struct ConstantGenerator: RandomNumberGenerator {
        var value: UInt64
        func next() -> UInt64 { value }

        static let highest = ConstantGenerator(value: .max)
        static let lowest = ConstantGenerator(value: 0)
    }

    /// SplitMix64.
    struct SeededGenerator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    let policy = RetryPolicy(
        maximumAttempts: 4, baseDelay: .seconds(1), maximumDelay: .seconds(5), maximumRetryAfter: .seconds(60))

    private func response(_ status: Int, _ headers: HTTPHeaders = [:]) -> Result<HTTPResponse, HTTPError> {
        .success(
            HTTPResponse(
                status: status, headers: headers, timing: .init(started: .now, firstByte: .zero, finished: .zero)))
    }

    private func decide(
        _ outcome: Result<HTTPResponse, HTTPError>, attempt: Int = 1, now: Double = 0,
        generator: ConstantGenerator = .lowest
    ) -> RetryPolicy.Decision {
        var generator = generator
        let headers = (try? outcome.get())?.headers ?? [:]
        return policy.decision(
            isRetryable: RetryPolicy.isRetryable(outcome), retryAfter: RetryAfter.delay(in: headers, now: now),
            attempt: attempt, using: &generator)
    }

    @Test("408, 409, 429 and 5xx are retryable", arguments: [408, 409, 429, 500, 502, 503, 504, 529, 599])
    func retryable(_ status: Int) {
        #expect(RetryPolicy.isRetryable(status: status))
    }

    @Test("other statuses are not", arguments: [200, 204, 301, 304, 400, 401, 403, 404, 413, 422, 600])
    func notRetryable(_ status: Int) {
        #expect(decide(response(status)) == .stop)
    }

    @Test("a server that advises against a retry is heard")
    func advice() {
        #expect(decide(response(429, ["x-should-retry": "false"])) == .stop)
        #expect(decide(response(400, ["x-should-retry": "true"])) == .stop)
    }

    @Test("transport errors are retried when they are transient")
    func transportErrors() {
        #expect(decide(.failure(HTTPError(.connectionLost, "reset"))) == .retry(after: .zero))
        #expect(decide(.failure(HTTPError(.timeout(.connect), ""))) == .retry(after: .zero))
        #expect(decide(.failure(HTTPError(.cancelled, ""))) == .stop)
        #expect(decide(.failure(HTTPError(.tls, ""))) == .stop)
    }

    @Test("no more attempts than allowed")
    func attempts() {
        #expect((1...5).map { decide(response(503), attempt: $0) == .stop } == [false, false, false, true, true])
    }

    @Test("the window doubles up to its maximum, and the whole of it is drawn from")
    func window() {
        var highest = ConstantGenerator.highest
        var lowest = ConstantGenerator.lowest
        let most = [1, 2, 3, 4, 5, 1000].map { policy.backoff(afterAttempt: $0, using: &highest) }
        #expect(most.map { ($0 / .seconds(1)).rounded() } == [1, 2, 4, 5, 5, 5])
        #expect(policy.backoff(afterAttempt: 3, using: &lowest) == .zero)
        #expect(policy.backoff(afterAttempt: 0, using: &highest) <= .seconds(1))
    }

    @Test("the draws are spread over the window, and the same for the same seed")
    func jitter() {
        var first = SeededGenerator(state: 1)
        var second = SeededGenerator(state: 1)
        let draws = (0..<1000).map { _ in policy.backoff(afterAttempt: 2, using: &first) / .seconds(2) }
        #expect(draws.allSatisfy { (0...1).contains($0) })
        #expect((0.45...0.55).contains(draws.reduce(0, +) / 1000))
        #expect(draws == (0..<1000).map { _ in policy.backoff(afterAttempt: 2, using: &second) / .seconds(2) })
    }

    @Test("never earlier than Retry-After, and not much later")
    func retryAfter() {
        #expect(decide(response(429, ["retry-after": "20"])) == .retry(after: .seconds(20)))
        #expect(decide(response(503, ["Retry-After": "0"]), generator: .lowest) == .retry(after: .zero))
        guard case .retry(let delay) = decide(response(429, ["Retry-After": "20"]), generator: .highest) else {
            Issue.record("not retried")
            return
        }
        #expect(delay >= .seconds(20) && delay <= .seconds(21))
    }

    @Test("a wait beyond the cap is not begun")
    func tooLongRetryAfter() {
        #expect(decide(response(429, ["Retry-After": "60"])) == .retry(after: .seconds(60)))
        #expect(decide(response(429, ["Retry-After": "61"])) == .stop)
        #expect(decide(response(429, ["Retry-After": "999999999999999999999"])) == .stop)
    }

    @Test("an unreadable Retry-After counts as none")
    func unreadableRetryAfter() {
        #expect(decide(response(429, ["Retry-After": "soon"])) == .retry(after: .zero))
    }

    @Test("milliseconds are more exact and come first")
    func milliseconds() {
        #expect(
            decide(response(429, ["retry-after-ms": "1500", "retry-after": "2"])) == .retry(after: .milliseconds(1500)))
    }

    @Test(
        "all three forms of an HTTP date are read",
        arguments: ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
    func dates(_ text: String) {
        let now = 784_111_777.0 - 30
        #expect(HTTPDate.seconds(from: text, now: now) == 784_111_777)
        #expect(RetryAfter.delay(from: text, now: now) == .seconds(30))
        #expect(RetryAfter.delay(from: text, now: now + 100) == .zero)
    }

    @Test(
        "days are counted right, leap days included",
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0), ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
            ("Sun, 28 Feb 2100 00:00:00 GMT", 4_107_456_000), ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
            ("Thu, 31 Dec 2026 23:59:60 GMT", 1_798_761_600),
        ])
    func days(_ text: String, _ seconds: Double) {
        #expect(HTTPDate.seconds(from: text, now: 1_790_000_000) == seconds)
    }

    @Test("two-digit years are at most 50 years ahead")
    func shortYears() {
        let now = 1_790_000_000.0  // 2026
        #expect(HTTPDate.seconds(from: "Thursday, 01-Jan-70 00:00:00 GMT", now: now) == 3_155_760_000)
        #expect(HTTPDate.seconds(from: "Sunday, 06-Nov-94 08:49:37 GMT", now: now) == 784_111_777)
    }

    @Test(
        "what is neither seconds nor a date gives nothing",
        arguments: [
            "", " ", "-5", "1e3", "1.2.3", "nan", "inf", "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nuv 1994 08:49:37 GMT",
            "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "1994-11-06T08:49:37Z", "0x10",
        ])
    func unreadable(_ text: String) {
        #expect(RetryAfter.delay(from: text, now: 0) == nil)
    }
}

@Suite("What is left of the minute")
struct RateLimitHeadersTests {
    @Test(
        "a wait is named only where nothing is left, in every provider's words",
        arguments: [
            (["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m2.5s"], 62.5),
            (["x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "250ms"], 0.25),
            (["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "7"], 7),
            (["x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "20s"], nil),
            (["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2h"], nil),
            (["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "soon"], nil),
            (["x-ratelimit-remaining-requests": "0"], nil),
            (["anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": "2026-11-26T18:00:30Z"], 30),
            (["anthropic-ratelimit-tokens-remaining": "0", "anthropic-ratelimit-tokens-reset": "2026-11-26T17:00:30Z"], nil),
        ] as [([String: String], Double?)])
    func pauses(headers: [String: String], wanted: Double?) {
        var all: HTTPHeaders = [:]
        for (name, value) in headers { all.append(name, value) }
        // 2026-11-26T18:00:00Z
        #expect(RateLimitHeaders.pause(all, now: 1_795_716_000) == wanted)
    }
}
