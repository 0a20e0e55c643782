import RatchetCore
import RatchetGate
import RatchetStatistics

/// The tables of docs/design/gate.md, and the raw counts behind them.
package struct SimulationTables: Sendable {
    /// A cell with what came of it.
    package struct Row: Sendable {
        package var table: Table
        package var cell: SimulationCell
        package var count: SimulationCount

        package init(table: Table, cell: SimulationCell, count: SimulationCount) {
            self.table = table
            self.cell = cell
            self.count = count
        }
    }

    package enum Table: String, CaseIterable, Sendable {
        /// Nothing changed: every failure is a false alarm.
        case unchanged
        /// Something got worse: every failure is one that was seen.
        case power
        /// The provider changed, and not the version under test.
        case drift
    }

    package static let sizes = [100, 300, 1000]
    package static let records = [1, 3, 5, 10]

    /// The cells of a table. The seed of each is its place, so that a table can be made again cell by cell.
    package static func cells(_ table: Table, runs: Int) -> [SimulationCell] {
        var cells: [SimulationCell] = []
        func add(
            _ examples: Int, _ record: Int, _ mix: SimulatedSystem.Mix, _ change: SimulatedSystem.Change, control: Bool,
            drift: Bool = false, effort: GateEffort = .normal
        ) {
            cells.append(
                SimulationCell(
                    examples: examples, record: record, mix: mix, change: change, effort: effort, hasControl: control,
                    isDrift: drift, runs: effort == .thorough ? 3 * runs : runs, seed: UInt64(cells.count + 1)))
        }
        for examples in sizes {
            switch table {
            case .unchanged:
                for record in records { for mix in SimulatedSystem.Mix.allCases { add(examples, record, mix, .none, control: true) } }
                for record in [3, 5] {
                    for mix in SimulatedSystem.Mix.allCases { add(examples, record, mix, .none, control: false) }
                }
                // A thorough run spends its whole budget, so that its rate is measured more closely.
                for effort in [GateEffort.quick, .thorough] {
                    add(examples, 5, .reference, .none, control: true, effort: effort)
                }
            case .power:
                for record in records {
                    for change in SimulatedSystem.Change.allCases where change != .none {
                        add(examples, record, .reference, change, control: true)
                    }
                }
                for change in SimulatedSystem.Change.allCases where change != .none {
                    add(examples, 5, .reference, change, control: false)
                }
                for effort in [GateEffort.quick, .thorough] {
                    for change in [SimulatedSystem.Change.oneBroken, .minus1, .minus2] {
                        add(examples, 5, .reference, change, control: true, effort: effort)
                    }
                }
            case .drift:
                for control in [true, false] {
                    for change in [SimulatedSystem.Change.threeDrop, .minus5, .minus30] {
                        add(examples, 5, .reference, change, control: control, drift: true)
                    }
                }
            }
        }
        return cells
    }

    // MARK: Raw counts

    package static let header = "table,examples,record,mix,change,control,drift,effort,seed,runs,exit_100,exit_102,exit_other,calls"

    package static func line(_ row: Row) -> String {
        let (cell, count) = (row.cell, row.count)
        let other = count.notPassed - count.regressed - count.stale
        return [
            row.table.rawValue, "\(cell.examples)", "\(cell.record)", "\"\(cell.mix.rawValue)\"", "\"\(cell.change.rawValue)\"",
            "\(cell.hasControl)", "\(cell.isDrift)", cell.effort.rawValue, "\(cell.seed)", "\(count.runs)", "\(count.regressed)",
            "\(count.stale)", "\(other)", "\(count.calls)",
        ].joined(separator: ",")
    }

    // MARK: Tables

    package static func markdown(_ rows: [Row]) -> String {
        Table.allCases.map { table in
            let of = rows.filter { $0.table == table }
            return of.isEmpty ? "" : self.table(table, of)
        }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func table(_ table: Table, _ rows: [Row]) -> String {
        let runs = rows.first?.count.runs ?? 0
        let more = rows.contains { $0.count.runs != runs } ? " (three times as many where the effort is thorough)" : ""
        switch table {
        case .unchanged:
            return "### Nothing changed: false alarms\n\n\(runs) runs a cell\(more). The bound is Clopper and Pearson's upper 95 %.\n\n"
                + "| examples | record | suite | control | effort | failed (100) | bound | 102 | calls an example |\n"
                + "|--:|--:|---|---|---|--:|--:|--:|--:|\n" + rows.map(unchanged).joined(separator: "\n") + "\n"
        case .power:
            return "### Something got worse: how often it was seen\n\n\(runs) runs a cell\(more), reference suite.\n\n"
                + "| examples | record | change | control | effort | failed (100) | 102 | calls an example |\n"
                + "|--:|--:|---|---|---|--:|--:|--:|\n" + rows.map(power).joined(separator: "\n") + "\n"
        case .drift:
            return "### The provider changed, the prompt did not\n\n\(runs) runs a cell, reference suite, records of five trials. "
                + "102 says so; 100 blames the change.\n\n"
                + "| examples | what the provider's change does | control | 102 | 100 | calls an example |\n"
                + "|--:|---|---|--:|--:|--:|\n" + rows.map(drift).joined(separator: "\n") + "\n"
        }
    }

    private static func unchanged(_ row: Row) -> String {
        let (cell, count) = (row.cell, row.count)
        let bound = PassCount(passes: count.regressed, trials: count.runs).flatMap { ClopperPearsonInterval.interval($0, level: 0.95)?.high }
        return "| \(cell.examples) | \(cell.record) | \(cell.mix.rawValue) | \(yes(cell.hasControl)) | \(cell.effort.rawValue) "
            + "| \(count.regressed) | \(percent(bound ?? 1)) | \(count.stale) | \(calls(row)) |"
    }

    private static func power(_ row: Row) -> String {
        let (cell, count) = (row.cell, row.count)
        return "| \(cell.examples) | \(cell.record) | \(cell.change.rawValue) | \(yes(cell.hasControl)) | \(cell.effort.rawValue) "
            + "| \(percent(Double(count.regressed) / Double(count.runs))) | \(count.stale) | \(calls(row)) |"
    }

    private static func drift(_ row: Row) -> String {
        let (cell, count) = (row.cell, row.count)
        return "| \(cell.examples) | \(cell.change.rawValue) | \(yes(cell.hasControl)) "
            + "| \(percent(Double(count.stale) / Double(count.runs))) | \(percent(Double(count.regressed) / Double(count.runs))) | \(calls(row)) |"
    }

    private static func yes(_ value: Bool) -> String { value ? "yes" : "no" }
    private static func calls(_ row: Row) -> String { fixed(row.count.callsPerExample(row.cell.examples), 2) }
    private static func percent(_ share: Double) -> String { fixed(share * 100, 1) + " %" }

    private static func fixed(_ value: Double, _ decimals: Int) -> String {
        let scale = decimals == 2 ? 100.0 : 10.0
        let whole = Int((value * scale).rounded())
        let rest = String(whole % Int(scale))
        return "\(whole / Int(scale))." + String(repeating: "0", count: max(0, decimals - rest.count)) + rest
    }
}
