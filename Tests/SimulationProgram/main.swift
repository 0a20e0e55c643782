import Foundation
import Simulation

// Makes docs/design/gate.md's tables anew: ratchet-simulate FOLDER [runs of the unchanged table] [runs of the others]
let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
    FileHandle.standardError.write(Data("usage: ratchet-simulate FOLDER [UNCHANGED-RUNS] [OTHER-RUNS]\n".utf8))
    exit(64)
}
let folder = arguments[1]
let unchangedRuns = arguments.count > 2 ? Int(arguments[2]) ?? 2000 : 2000
let otherRuns = arguments.count > 3 ? Int(arguments[3]) ?? 400 : 400

struct Part: Sendable {
    var table: SimulationTables.Table
    var cell: SimulationCell
}

let parts = SimulationTables.Table.allCases.flatMap { table in
    SimulationTables.cells(table, runs: table == .unchanged ? unchangedRuns : otherRuns).map { Part(table: table, cell: $0) }
}
let simulations = Dictionary(SimulationTables.sizes.map { ($0, Simulation(examples: $0)) }, uniquingKeysWith: { first, _ in first })

/// Cells side by side, as many as there are cores; each is the same whoever works it out.
func simulate() async -> [SimulationTables.Row] {
    await withTaskGroup(of: (Int, SimulationTables.Row)?.self) { group in
        var next = 0
        func schedule() {
            guard next < parts.count else { return }
            let (place, part) = (next, parts[next])
            next += 1
            let simulation = simulations[part.cell.examples]
            group.addTask {
                guard let simulation else { return nil }
                let count = simulation.count(part.cell, runs: 0..<part.cell.runs)
                return (place, SimulationTables.Row(table: part.table, cell: part.cell, count: count))
            }
        }
        for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { schedule() }
        var rows: [Int: SimulationTables.Row] = [:]
        while let done = await group.next() {
            if let (place, row) = done {
                rows[place] = row
                FileHandle.standardError.write(Data("\(rows.count) of \(parts.count)  \(SimulationTables.line(row))\n".utf8))
            }
            schedule()
        }
        return parts.indices.compactMap { rows[$0] }
    }
}

let rows = await simulate()
let raw = ([SimulationTables.header] + rows.map(SimulationTables.line)).joined(separator: "\n") + "\n"
try raw.write(toFile: folder + "/gate-simulation.csv", atomically: true, encoding: .utf8)
let page = folder + "/gate.md"
let text = try String(contentsOfFile: page, encoding: .utf8)
let (begin, end) = ("<!-- simulation: begin -->\n", "<!-- simulation: end -->")
guard let first = text.range(of: begin), let last = text.range(of: end) else {
    FileHandle.standardError.write(Data("\(page) has no place for the tables\n".utf8))
    exit(65)
}
let made = text[..<first.upperBound] + "\n" + SimulationTables.markdown(rows) + "\n" + text[last.lowerBound...]
try String(made).write(toFile: page, atomically: true, encoding: .utf8)
