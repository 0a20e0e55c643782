/// Intervals of the difference of two pass rates, each made from the two rates' Wilson intervals (Newcombe 1998).
package enum NewcombeInterval {
    /// first - second, of counts that have nothing to do with each other: "Interval estimation for the difference
    /// between independent proportions", Statistics in Medicine 17:873, method 10.
    ///
    ///     d - √((p1 - l1)² + (u2 - p2)²)   to   d + √((u1 - p1)² + (p2 - l2)²)
    /// - Returns: `nil` when either has no trial, or unless 0 < level < 1.
    package static func independent(
        _ first: PassCount, minus second: PassCount, level: Double = 0.95
    ) -> ConfidenceInterval? {
        guard let one = WilsonInterval.interval(first, level: level),
            let two = WilsonInterval.interval(second, level: level)
        else { return nil }
        let difference = one.estimate - two.estimate
        return ConfidenceInterval(
            estimate: difference, low: difference - length(one.reachBelow, two.reachAbove),
            high: difference + length(one.reachAbove, two.reachBelow), level: level)
    }

    /// √(x² + y² - 2 φ x y).
    private static func length(_ x: Double, _ y: Double, correlation: Double = 0) -> Double {
        max(0, x * x + y * y - 2 * correlation * x * y).squareRoot()
    }
}
