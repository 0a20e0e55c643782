/// How often two raters gave each pair of grades to the same things: rows are the first rater's, columns the second's.
package struct AgreementTable: Hashable, Sendable {
    /// Row by row; as many columns as rows.
    package let counts: [[Int]]

    /// `nil` unless the table is square with at least one row, and every count is between 0 and 1e12.
    package init?(counts: [[Int]]) {
        guard !counts.isEmpty, counts.allSatisfy({ $0.count == counts.count }),
            counts.allSatisfy({ $0.allSatisfy { (0...1_000_000_000_000).contains($0) } })
        else { return nil }
        self.counts = counts
    }

    /// Of two raters who say pass or fail: rows and columns are pass, then fail.
    package init(_ outcomes: PairedOutcomes) {
        counts = [[outcomes.bothPass, outcomes.onlyFirst], [outcomes.onlySecond, outcomes.neither]]
    }

    package var categories: Int { counts.count }

    var total: Double { rowTotals.reduce(0, +) }
    var rowTotals: [Double] { counts.map { $0.reduce(0) { $0 + Double($1) } } }
    var columnTotals: [Double] { counts.indices.map { column in counts.reduce(0) { $0 + Double($1[column]) } } }
}
