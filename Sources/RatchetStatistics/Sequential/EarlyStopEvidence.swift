import Glibc

/// The evidence, trial by trial of a running run, that the suite as a whole got worse.
///
/// An exact conditional e-process that needs no model of flakiness. Given the t passes among an example's N trials, the
/// m of the baseline and one new, the new one passes with probability t/N when nothing changed, and with
/// P_ψ = ψ t / (ψ t + N - t) when the odds of passing fell by the factor ψ (Fisher's noncentral hypergeometric with one
/// draw). Each ψ multiplies its own product of P_ψ(x)/P_1(x); the evidence is the mean of the products. It is a
/// nonnegative martingale with mean 1 when nothing changed: P(ever >= x) <= 1/x (Ville 1939).
///
/// Feed it the contiguous prefix of the schedule, never the order of completion: slow calls fail more often.
package struct EarlyStopEvidence: Hashable, Sendable {
    package static let oddsRatios = [0.85, 0.7, 0.5, 0.3, 0.1]

    private let oddsRatios: [Double]
    private var logProducts: [Double]

    /// `nil` unless there is an odds ratio and all are finite and above 0.
    package init?(oddsRatios: [Double]) {
        guard !oddsRatios.isEmpty, oddsRatios.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        self.init(unchecked: oddsRatios)
    }

    /// With the gate's odds ratios.
    package init() { self.init(unchecked: Self.oddsRatios) }

    private init(unchecked oddsRatios: [Double]) {
        self.oddsRatios = oddsRatios
        logProducts = oddsRatios.map { _ in 0 }
    }

    /// ln of the evidence; 0 before the first trial.
    package var logE: Double { logMeanExp(logProducts) }

    /// Takes in the next example of the schedule. One without baseline trials, or whose trials all came out alike, says
    /// nothing.
    package mutating func add(record: PassCount, passed: Bool) {
        let total = Double(record.trials) + 1
        let passes = Double(record.passes) + (passed ? 1 : 0)
        guard passes > 0, passes < total else { return }
        for (place, oddsRatio) in oddsRatios.enumerated() {
            let ratio = total / (oddsRatio * passes + total - passes)
            logProducts[place] += log(passed ? oddsRatio * ratio : ratio)
        }
    }
}
