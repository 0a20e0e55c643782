/// So much a minute, evenly: the generic cell rate algorithm (ITU-T I.371), with a burst of one second's worth.
package struct RateLimit: Sendable {
    private let secondsPerUnit: Double
    private let burst: Double
    /// When what was let through so far is worked off.
    private var horizon = -Double.infinity

    /// - Parameter perMinute: Requests, or tokens.
    package init(perMinute: Double) {
        secondsPerUnit = 60 / max(perMinute, 1e-9)
        burst = max(1, secondsPerUnit)
    }

    /// When the next may start; not after `now` when it may at once.
    package func earliest(now: Double) -> Double { horizon - burst }

    package mutating func take(_ units: Double, now: Double) {
        horizon = max(horizon, now) + units * secondsPerUnit
    }

    /// Puts right what was only estimated when it was taken.
    package mutating func correct(_ units: Double) { horizon += units * secondsPerUnit }
}
