import RatchetStatistics

/// A system whose truth is known: each example passes with a probability of its own, before and after a change.
package struct SimulatedSystem: Sendable {
    package var before: [Double]
    package var after: [Double]

    /// How pass probabilities are spread over a suite.
    package enum Mix: String, CaseIterable, Sendable {
        /// 5 % of the examples are flaky, U(0.5, 0.95), the others U(0.99, 1).
        case reference
        case flaky20 = "20 % flaky"
        case flakyAndHard = "30 % flaky, 20 % always failing"
        case anything = "20 % U(0, 1)"
        case mostlyFailing = "10 % mostly failing, U(0.05, 0.5)"
        case unstable = "stable means U(0.9, 1)"
        case deterministic = "practically deterministic"

        func probability(_ random: inout SeededGenerator) -> Double {
            let share = random.nextUnit()
            func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.nextUnit() }
            switch self {
            case .reference: return share < 0.05 ? uniform(0.5, 0.95) : uniform(0.99, 1)
            case .flaky20: return share < 0.2 ? uniform(0.5, 0.95) : uniform(0.99, 1)
            case .flakyAndHard: return share < 0.3 ? uniform(0.5, 0.95) : share < 0.5 ? 0 : uniform(0.99, 1)
            case .anything: return share < 0.2 ? uniform(0, 1) : uniform(0.99, 1)
            case .mostlyFailing: return share < 0.1 ? uniform(0.05, 0.5) : uniform(0.99, 1)
            case .unstable: return uniform(0.9, 1)
            case .deterministic: return share < 0.1 ? 0.001 : 0.9999
            }
        }
    }

    /// What a change does.
    package enum Change: String, CaseIterable, Sendable {
        case none
        case oneBroken = "1 example broken"
        case oneDrops = "1 drops to 20 %"
        case threeDrop = "3 drop to 20 %"
        case someHalved = "2 % of the examples drop to 50 %"
        case minus1 = "all −1 %"
        case minus2 = "all −2 %"
        case minus5 = "all −5 %"
        case minus30 = "all −30 %"

        /// Single examples are taken from the most stable ones: a broken one that always failed would be none.
        func apply(_ before: [Double]) -> [Double] {
            func dropping(_ count: Int, to probability: Double) -> [Double] {
                var after = before
                let stable = before.indices.sorted { (before[$0], $1) > (before[$1], $0) }
                for place in stable.prefix(count) { after[place] = min(after[place], probability) }
                return after
            }
            switch self {
            case .none: return before
            case .oneBroken: return dropping(1, to: 0)
            case .oneDrops: return dropping(1, to: 0.2)
            case .threeDrop: return dropping(3, to: 0.2)
            case .someHalved: return dropping(max(1, before.count / 50), to: 0.5)
            case .minus1: return before.map { $0 * 0.99 }
            case .minus2: return before.map { $0 * 0.98 }
            case .minus5: return before.map { $0 * 0.95 }
            case .minus30: return before.map { $0 * 0.7 }
            }
        }
    }

    package init(examples: Int, mix: Mix, change: Change, random: inout SeededGenerator) {
        before = (0..<examples).map { _ in mix.probability(&random) }
        after = change.apply(before)
    }
}
