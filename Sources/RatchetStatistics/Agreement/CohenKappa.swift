/// How far two raters agree beyond chance: (observed - expected) / (1 - expected agreement).
///
/// With shares p_ij of n rated things, margins p_i. and p_.j, and agreement weights w_ij (Cohen 1960, 1968):
///
///     po = Σ w_ij p_ij        pe = Σ w_ij p_i. p_.j        κ = (po - pe) / (1 - pe)
///
/// A headline only: with the same error rates it falls when one grade is rare.
package struct CohenKappa: Hashable, Sendable {
    /// How much a disagreement between grades i and j of k counts as agreement.
    package enum Weights: Hashable, Sendable {
        /// 1 for the same grade, else 0: for grades without an order.
        case same
        /// 1 - |i - j| / (k - 1).
        case linear
        /// 1 - ((i - j) / (k - 1))²: the usual one for ordinal scales.
        case quadratic

        func agreement(_ row: Int, _ column: Int, categories: Int) -> Double {
            guard row != column else { return 1 }
            let distance = Double(abs(row - column)) / Double(categories - 1)
            switch self {
            case .same: return 0
            case .linear: return 1 - distance
            case .quadratic: return 1 - distance * distance
            }
        }
    }

    package let observedAgreement: Double
    package let expectedAgreement: Double
    /// `nil` when the expected agreement is 1: both raters gave everything the same grade, and nothing is known.
    package let estimate: Estimate?

    package struct Estimate: Hashable, Sendable {
        /// κ ± z standard error, not clipped to [-1, 1].
        package let interval: ConfidenceInterval
        /// The large-sample standard error of Fleiss, Cohen and Everitt 1969.
        package let standardError: Double
        /// The standard error if the true κ were 0, by the same authors: for testing that.
        package let nullStandardError: Double

        package var kappa: Double { interval.estimate }
    }

    /// `nil` when nothing was rated, or unless 0 < level < 1.
    package init?(_ table: AgreementTable, weights: Weights = .same, level: Double = 0.95) {
        guard table.total > 0, let z = NormalDistribution.twoSidedCritical(level: level) else { return nil }
        let cells = WeightedCells(table, weights: weights)
        let observed = cells.mean(\.share, of: \.weight)
        let expected = cells.mean(\.chance, of: \.weight)
        self.observedAgreement = observed
        self.expectedAgreement = expected
        let beyond = 1 - expected
        guard beyond > 0 else {
            self.estimate = nil
            return
        }
        // Both variances are those of a linear form over the cells; written as such nothing cancels.
        let influence = cells.variance(\.share) { $0.weight * beyond - $0.marginWeight * (1 - observed) }
        let nullInfluence = cells.variance(\.chance) { $0.weight - $0.marginWeight }
        let rootCount = table.total.squareRoot()
        let standardError = influence.squareRoot() / (beyond * beyond * rootCount)
        let kappa = (observed - expected) / beyond
        self.estimate = Estimate(
            interval: ConfidenceInterval(
                estimate: kappa, low: kappa - z * standardError, high: kappa + z * standardError, level: level),
            standardError: standardError,
            nullStandardError: nullInfluence.squareRoot() / (beyond * rootCount))
    }
}

/// The cells of a table with what the formulas need of each.
private struct WeightedCells {
    struct Cell {
        /// p_ij.
        let share: Double
        /// p_i. p_.j, what independent raters with these margins would have.
        let chance: Double
        /// w_ij.
        let weight: Double
        /// Σ_l w_il p_.l + Σ_l w_lj p_l.
        let marginWeight: Double
    }

    let cells: [Cell]

    init(_ table: AgreementTable, weights: CohenKappa.Weights) {
        let total = table.total
        let rows = table.rowTotals.map { $0 / total }
        let columns = table.columnTotals.map { $0 / total }
        let places = table.counts.indices
        func weight(_ row: Int, _ column: Int) -> Double {
            weights.agreement(row, column, categories: table.categories)
        }
        let rowWeights = places.map { row in places.reduce(0) { $0 + weight(row, $1) * columns[$1] } }
        let columnWeights = places.map { column in places.reduce(0) { $0 + weight($1, column) * rows[$1] } }
        cells = places.flatMap { row in
            places.map { column in
                Cell(
                    share: Double(table.counts[row][column]) / total, chance: rows[row] * columns[column],
                    weight: weight(row, column), marginWeight: rowWeights[row] + columnWeights[column])
            }
        }
    }

    func mean(_ share: KeyPath<Cell, Double>, of value: (Cell) -> Double) -> Double {
        cells.reduce(0) { $0 + $1[keyPath: share] * value($1) }
    }

    func variance(_ share: KeyPath<Cell, Double>, of value: (Cell) -> Double) -> Double {
        let center = mean(share, of: value)
        return mean(share) { (value($0) - center) * (value($0) - center) }
    }
}
