import Simulation
import Testing

@testable import RatchetGate

/// A few cells of docs/design/gate.md's tables, so that a change of the gate which costs its guarantee or its sight is seen
/// at once. The seeds are fixed: what comes out is the same every time.
@Suite("The gate against systems whose truth is known")
struct SimulationTests {
    private func count(
        _ change: SimulatedSystem.Change, _ mix: SimulatedSystem.Mix = .reference, record: Int = 5, runs: Int, drift: Bool = false
    ) -> SimulationCount {
        let cell = SimulationCell(
            examples: 100, record: record, mix: mix, change: change, hasControl: true, isDrift: drift, runs: runs, seed: 77)
        return Simulation(examples: 100).count(cell, runs: 0..<runs)
    }

    @Test("an unchanged system hardly ever fails", arguments: [SimulatedSystem.Mix.reference, .flakyAndHard, .unstable])
    func unchanged(mix: SimulatedSystem.Mix) {
        let count = count(.none, mix, runs: 80)
        #expect(count.notPassed <= 3)
        #expect(count.callsPerExample(100) < 1.7)
    }

    @Test("one broken example of a hundred is found, even with records of one trial", arguments: [1, 5])
    func broken(record: Int) {
        #expect(count(.oneBroken, record: record, runs: 40).regressed >= 38)
    }

    @Test("a fall of all examples by a third is found with a fraction of the calls")
    func fall() {
        let count = count(.minus30, runs: 30)
        #expect(count.regressed == 30)
        #expect(count.callsPerExample(100) < 0.8)
    }

    @Test("a provider's fall is told from a change's")
    func drift() {
        let count = count(.minus30, runs: 30, drift: true)
        #expect(count.stale >= 26)
        #expect(count.regressed <= 4)
    }
}
