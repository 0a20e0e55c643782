import Glibc

/// Student's t distribution with any finite degrees of freedom above 0, whole or not.
package struct StudentTDistribution: Hashable, Sendable {
    package let degreesOfFreedom: Double

    package init?(degreesOfFreedom: Double) {
        guard degreesOfFreedom > 0, degreesOfFreedom.isFinite else { return nil }
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// P(T <= t) and P(T > t); `nil` when t is not a number.
    ///
    /// P(T > t) = I_x(ν/2, 1/2) / 2 with x = ν / (ν + t²) for t > 0 (Abramowitz and Stegun 1964, 26.7.1).
    /// Relative error of the small tail about 1e-13 for ν <= 1e4, 1e-11 to 1e6, 1e-8 beyond.
    package func tails(_ t: Double) -> TailProbabilities? {
        guard !t.isNaN else { return nil }
        guard let outer = outerTail(abs(t)) else { return nil }
        let positive = TailProbabilities(lower: 1 - outer, upper: outer)
        return t < 0 ? positive.swapped : positive
    }

    /// The t with P(T <= t) = p for 0 < p < 1; `nil` outside, and where t would overflow.
    ///
    /// Safeguarded Newton on the logarithm of the tail; relative error below 1e-11, near p = 1/2 absolute error 1e-15.
    package func quantile(_ p: Double) -> Double? {
        guard p > 0, p < 1 else { return nil }
        if p == 0.5 { return 0 }
        return tailQuantile(min(p, 1 - p)).map { p < 0.5 ? -$0 : $0 }
    }

    /// P(T > t) for t >= 0.
    private func outerTail(_ t: Double) -> Double? {
        if degreesOfFreedom > 1e8, t.isFinite {
            // The beta function cancels here; the normal approximation of Abramowitz and Stegun, 26.7.8, is better.
            let normal = t * (1 - 1 / (4 * degreesOfFreedom)) / sqrt(1 + t / degreesOfFreedom * t / 2)
            return NormalDistribution.tails(normal).upper
        }
        let scaled = t / sqrt(degreesOfFreedom)
        let square = scaled * scaled
        let x = 1 / (1 + square)
        let complement = square.isFinite ? square / (1 + square) : 1
        return IncompleteBeta.tails(x, complement: complement, a: degreesOfFreedom / 2, b: 0.5).map { 0.5 * $0.lower }
    }

    /// The t > 0 with P(T > t) = target, for target < 1/2.
    private func tailQuantile(_ target: Double) -> Double? {
        var low = 0.0
        var high = 1.0
        while let tail = outerTail(high), tail > target {
            (low, high) = (high, high * 2)
            guard high.isFinite else { return nil }
        }
        var t = low + (high - low) / 2
        for _ in 0..<200 {
            guard let tail = outerTail(t) else { return nil }
            if tail > target { low = t } else { high = t }
            // Newton on ln P(T > t) - ln target, whose slope is -density / tail.
            let newton = t + tail * log(tail / target) / density(t)
            let next = newton > low && newton < high ? newton : low + (high - low) / 2
            if abs(next - t) <= 2 * t.ulp { return next }
            t = next
        }
        return t
    }

    private func density(_ t: Double) -> Double {
        let half = degreesOfFreedom / 2
        let scale = exp(-GammaFunction.logBeta(half, 0.5)) / sqrt(degreesOfFreedom)
        return scale * exp(-(half + 0.5) * log1p(t * t / degreesOfFreedom))
    }
}
