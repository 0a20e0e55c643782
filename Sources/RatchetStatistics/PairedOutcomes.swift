/// The outcomes of examples with one trial on each of two sides.
package struct PairedOutcomes: Hashable, Sendable {
    package let bothPass: Int
    package let onlyFirst: Int
    package let onlySecond: Int
    package let neither: Int

    /// What each side passed.
    package let first: PassCount
    package let second: PassCount

    /// `nil` with a count below 0, or when they add up to more than `PassCount.mostTrials`.
    package init?(bothPass: Int, onlyFirst: Int, onlySecond: Int, neither: Int) {
        let counts = [bothPass, onlyFirst, onlySecond, neither]
        guard counts.allSatisfy((0...PassCount.mostTrials).contains),
            let first = PassCount(passes: bothPass + onlyFirst, trials: counts.reduce(0, +)),
            let second = PassCount(passes: bothPass + onlySecond, trials: counts.reduce(0, +))
        else { return nil }
        self.bothPass = bothPass
        self.onlyFirst = onlyFirst
        self.onlySecond = onlySecond
        self.neither = neither
        self.first = first
        self.second = second
    }

    package var examples: Int { first.trials }
    /// How many examples tell the sides apart.
    package var discordant: Int { onlyFirst + onlySecond }
}
