/// US dollars, exact to a millionth of a millionth: a token's price is a fraction of a cent's millionth, and a run adds up
/// a hundred thousand of them.
package struct Money: Hashable, Comparable, Sendable {
    /// 10⁻¹² dollars; ±9 million dollars fit.
    package var picodollars: Int64

    package static let zero = Money(picodollars: 0)

    package init(picodollars: Int64) { self.picodollars = picodollars }

    /// The amount that a decimal literal names, rounded to the picodollar; `nil` when it is not finite or too large.
    package init?(dollars: Double) {
        let pico = (dollars * 1e12).rounded()
        guard pico.isFinite, abs(pico) < 9e18 else { return nil }
        picodollars = Int64(pico)
    }

    /// The nearest double, for reports and the database.
    package var dollars: Double { Double(picodollars) / 1e12 }

    package static func + (left: Money, right: Money) -> Money {
        let (sum, overflows) = left.picodollars.addingReportingOverflow(right.picodollars)
        return Money(picodollars: overflows ? .max : sum)
    }

    package static func += (left: inout Money, right: Money) { left = left + right }

    package static func < (left: Money, right: Money) -> Bool { left.picodollars < right.picodollars }
}

/// The price of a million tokens: what price lists state.
package struct TokenPrice: Hashable, Sendable {
    /// 10⁻¹² dollars a token, which is 10⁻⁶ dollars a million.
    package var picodollars: Int64

    package init(picodollars: Int64) { self.picodollars = picodollars }

    /// - Returns: `nil` unless the price is at least 0 and has no more than six decimals.
    package init?(dollarsPerMillion: Double) {
        let pico = (dollarsPerMillion * 1e6).rounded()
        guard dollarsPerMillion >= 0, pico < 1e15, abs(dollarsPerMillion * 1e6 - pico) < 1e-3 else { return nil }
        picodollars = Int64(pico)
    }

    package var dollarsPerMillion: Double { Double(picodollars) / 1e6 }

    package func callAsFunction(_ tokens: Int) -> Money {
        let (product, overflows) = picodollars.multipliedReportingOverflow(by: Int64(max(tokens, 0)))
        return Money(picodollars: overflows ? .max : product)
    }
}
