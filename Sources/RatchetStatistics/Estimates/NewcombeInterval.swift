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

    /// first - second, of one trial on each side of the same examples: "Improved confidence intervals for the
    /// difference between binomial proportions based on paired data", Statistics in Medicine 17:2635, method 10.
    ///
    ///     d - √((p1 - l1)² - 2φ(p1 - l1)(u2 - p2) + (u2 - p2)²)
    ///     d + √((p2 - l2)² - 2φ(p2 - l2)(u1 - p1) + (u1 - p1)²)
    /// - Returns: `nil` without an example, or unless 0 < level < 1.
    package static func paired(_ outcomes: PairedOutcomes, level: Double = 0.95) -> ConfidenceInterval? {
        guard let one = WilsonInterval.interval(outcomes.first, level: level),
            let two = WilsonInterval.interval(outcomes.second, level: level)
        else { return nil }
        let difference = Double(outcomes.onlyFirst - outcomes.onlySecond) / Double(outcomes.examples)
        let phi = correlation(outcomes)
        return ConfidenceInterval(
            estimate: difference, low: difference - length(one.reachBelow, two.reachAbove, correlation: phi),
            high: difference + length(one.reachAbove, two.reachBelow, correlation: phi), level: level)
    }

    /// φ, how far the two sides pass the same examples, with the continuity correction of the paired interval:
    /// C / √((a+b)(c+d)(a+c)(b+d)), where C = ad - bc when that is not above 0, else max(ad - bc - n/2, 0).
    ///
    /// 0 where a margin is 0.
    package static func correlation(_ outcomes: PairedOutcomes) -> Double {
        let (a, b) = (Double(outcomes.bothPass), Double(outcomes.onlyFirst))
        let (c, d) = (Double(outcomes.onlySecond), Double(outcomes.neither))
        let margins = (a + b) * (c + d) * (a + c) * (b + d)
        guard margins > 0 else { return 0 }
        let association = a * d - b * c
        let corrected = association <= 0 ? association : max(association - (a + b + c + d) / 2, 0)
        return corrected / margins.squareRoot()
    }

    /// √(x² + y² - 2 φ x y).
    private static func length(_ x: Double, _ y: Double, correlation: Double = 0) -> Double {
        max(0, x * x + y * y - 2 * correlation * x * y).squareRoot()
    }
}
