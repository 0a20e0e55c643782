import Glibc

/// Loader's D(x; m) = x ln(x/m) + m - x for x, m > 0, how far a Poisson-like value x lies from its mean m.
///
/// By its series near x = m, where the terms cancel (Loader 2000, "Fast and accurate computation of binomial
/// probabilities", section 5).
func deviance(_ x: Double, mean: Double) -> Double {
    guard abs(x - mean) < 0.1 * (x + mean) else { return x * log(x / mean) + mean - x }
    let ratio = (x - mean) / (x + mean)
    var sum = (x - mean) * ratio
    var power = 2 * x * ratio
    var divisor = 1.0
    while true {
        power *= ratio * ratio
        divisor += 2
        let next = sum + power / divisor
        if next == sum { return next }
        sum = next
    }
}
