import Simulation
import RatchetGate
let runs = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 200 : 200
let clock = ContinuousClock()
for n in [300, 1000] {
    let sim = Simulation(examples: n)
    for record in [1, 3, 5] {
        for mix in [SimulatedSystem.Mix.reference, .flakyAndHard, .unstable] {
            for change in [SimulatedSystem.Change.none, .oneBroken, .threeDrop, .minus1, .minus2, .minus30] {
                if mix != .reference && change != .none { continue }
                let cell = SimulationCell(examples: n, record: record, mix: mix, change: change, hasControl: record == 1, runs: runs, seed: 1)
                var c = SimulationCount()
                let t = clock.measure { c = sim.count(cell, runs: 0..<runs) }
                print(n, record, mix.rawValue, change.rawValue, "fail", c.regressed, "stale", c.stale, "calls", c.callsPerExample(n), c.rules.map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ","), "ms/run", t / runs)
            }
        }
    }
}
