import RatchetCore

/// Time and chance as a run sees them: the seam that lets tests decide both.
package struct RunClock: Sendable {
    /// Seconds since 1970.
    package var now: @Sendable () -> Double
    /// Seconds on a clock that never jumps.
    package var monotonic: @Sendable () -> Double
    /// Seconds; ends early, throwing, when the task is cancelled.
    package var sleep: @Sendable (Double) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Double, monotonic: @escaping @Sendable () -> Double,
        sleep: @escaping @Sendable (Double) async throws -> Void
    ) {
        self.now = now
        self.monotonic = monotonic
        self.sleep = sleep
    }

    /// An anonymous id: 32 random hexadecimal digits.
    func traceID() -> String {
        let halves = [UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max)].map { String($0, radix: 16) }
        return halves.map { String(repeating: "0", count: 16 - $0.utf8.count) + $0 }.joined()
    }
}
