/// The p-values of one test, for each direction of the alternative.
package struct PValues: Hashable, Sendable {
    /// Of a statistic at least as small as the one seen: small when it is small.
    package let less: Double
    /// Of a statistic at least as large as the one seen: small when it is large.
    package let greater: Double
    package let twoSided: Double

    package init(less: Double, greater: Double, twoSided: Double) {
        self.less = less
        self.greater = greater
        self.twoSided = twoSided
    }

    /// Where twice the smaller tail is the two-sided p.
    init(less: Double, greater: Double) {
        self.init(less: less, greater: greater, twoSided: min(1, 2 * min(less, greater)))
    }

    /// Of a test without data, or whose outcome could not have been another.
    static let uninformative = PValues(less: 1, greater: 1, twoSided: 1)
}
