import RatchetStatistics
import Testing

/// Whether two numbers agree to a tolerance, relative above 1 and absolute below; nothing agrees with `nil`.
func isClose(_ got: Double?, _ expected: Double, within tolerance: Double = 1e-12) -> Bool {
    guard let got else { return false }
    return abs(got - expected) <= tolerance * max(1, abs(got), abs(expected))
}

/// A count from "passes/trials".
func count(_ text: String) throws -> PassCount {
    let parts = text.split(separator: "/").compactMap { Int($0) }
    try #require(parts.count == 2, "\(text)")
    return try #require(PassCount(passes: parts[0], trials: parts[1]), "\(text)")
}

/// An example from "5/5 0/1": baseline, then new.
func example(_ text: String) throws -> PassCountPair {
    let sides = text.split(separator: " ").map(String.init)
    try #require(sides.count == 2, "\(text)")
    return PassCountPair(baseline: try count(sides[0]), new: try count(sides[1]))
}

/// A suite of random examples, the same for the same seed.
func randomSuite(
    _ size: Int, seed: UInt64, baselineTrials: ClosedRange<Int> = 1...5, newTrials: ClosedRange<Int> = 1...3
) -> [PassCountPair] {
    var generator = SeededGenerator(seed: seed)
    func draw(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(generator.next(below: UInt64(range.count)))
    }
    func drawCount(_ trials: Int, passPercent: Int) -> PassCount? {
        let passes = (0..<trials).reduce(0) { sum, _ in sum + (draw(1...100) <= passPercent ? 1 : 0) }
        return PassCount(passes: passes, trials: trials)
    }
    return (0..<size).compactMap { _ in
        let passPercent = draw(0...100)
        guard let baseline = drawCount(draw(baselineTrials), passPercent: passPercent),
            let new = drawCount(draw(newTrials), passPercent: passPercent)
        else { return nil }
        return PassCountPair(baseline: baseline, new: new)
    }
}
