import RatchetCore
import RatchetStatistics

/// Ends a first pass of a big suite once a drop that matters is ruled out (`--until-decided`, GATE.md 3): looks at a quarter,
/// a half and three quarters of the schedule, by O'Brien and Fleming's boundaries.
///
/// Off by default: every example must run once to be looked at by itself.
struct EarlyPass: Sendable {
    /// Suites with fewer compared examples are run whole.
    static let fewestExamples = 2000
    private static let looks = 4
    /// For four looks at a one-sided 5 % (Jennison and Turnbull 2000, table 2.3, two-sided 10 %).
    private static let constant = 1.733

    private let margin: Double
    private let size: Int
    private(set) var position = 0
    private var differences: [Double] = []
    private(set) var hasDecided = false

    /// - Parameters:
    ///   - margin: The drop to rule out, a share.
    ///   - size: The examples that are compared.
    init(margin: Double, size: Int) {
        self.margin = margin
        self.size = size
        differences.reserveCapacity(size)
    }

    /// The next example of the schedule; one without a record or a scored trial says nothing.
    mutating func look(record: TrialCount?, state: TrialState?) {
        guard !hasDecided else { return }
        position += 1
        guard let rate = record?.rate, let state, state.isScored else { return }
        differences.append((state == .passed ? 1 : 0) - rate)
        guard let place = (1..<Self.looks).first(where: { differences.count == size * $0 / Self.looks }),
            let test = PairedTTest(differences: differences, level: AggregateTest.level)?.test, let mean = Sample.mean(differences)
        else { return }
        let boundary = Self.constant * (Double(Self.looks) / Double(place)).squareRoot()
        hasDecided = mean + margin >= boundary * test.standardError
    }
}
