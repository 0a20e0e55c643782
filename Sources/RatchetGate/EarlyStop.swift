import Glibc
import RatchetCore
import RatchetStatistics

/// Stops a first pass that has plainly failed (GATE.md 3): the evidence over the scheduled prefix, example by example.
///
/// Only the contiguous prefix of the schedule is looked at, never the order of completion: slow calls fail more often.
struct EarlyStop: Sendable {
    private let threshold: Double
    private let minimumDrop: Double
    private var evidence = EarlyStopEvidence()
    /// How many examples of the schedule have been looked at.
    private(set) var position = 0
    private var compared = 0
    private var difference = 0.0
    /// Once it has stopped it stays so, whatever still comes in.
    private(set) var hasStopped = false

    init(budget: FalseAlarmBudget, minimumDrop: Double) {
        threshold = log(1 / budget.earlyStop)
        self.minimumDrop = minimumDrop
    }

    var logE: Double { evidence.logE }

    /// The next example of the schedule. One without a record, or without a scored trial, says nothing.
    mutating func look(record: TrialCount?, state: TrialState?) {
        guard !hasStopped else { return }
        position += 1
        guard let record = record?.passCount, let rate = record.rate, let state, state.isScored else { return }
        evidence.add(record: record, passed: state == .passed)
        compared += 1
        difference += (state == .passed ? 1 : 0) - rate
        hasStopped = evidence.logE >= threshold && -difference >= minimumDrop * Double(compared)
    }
}
