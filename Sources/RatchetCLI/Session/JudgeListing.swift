import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetReports

/// `judge list`
struct JudgeListing {
    private let statuses: [JudgeStatus]

    init(_ opened: OpenedProject) {
        let project = opened.project
        var gating: Set<String> = []
        for check in project.suites.flatMap({ $0.examples.flatMap(\.checks) }) where check.gating {
            gating.formUnion(check.rubricIDs)
        }
        statuses = project.rubrics.values.sorted { $0.id < $1.id }.map { rubric in
            let calibration = project.calibrations[rubric.id]
            return JudgeStatus(
                rubric: rubric.id, name: rubric.name, judge: rubric.judge.description,
                standing: JudgeStanding(calibration, of: rubric),
                calibration: calibration.flatMap { $0.isOf(rubric) ? $0 : nil }, isGating: gating.contains(rubric.id))
        }
    }

    func text(_ format: OutputFormat) -> String {
        switch format {
        case .json:
            return JSONValue.object(["judges": .array(statuses.map(\.json))]).serialized(.compact) + "\n"
        case .human:
            if statuses.isEmpty { return "no rubrics; take one with: ratchet judge add NAME --judge backend/model\n" }
            return statuses.map { status in
                let standing = status.standing.rawValue.split(separator: "_").joined(separator: " ")
                let use = status.isGating ? "gates" : "decides nothing"
                let head = "\(status.name)  \(TerminalText.plain(status.judge, limit: 60))  \(standing), \(use)\n"
                return head + (status.calibration.map { "  \(JudgeWording.figures($0))\n" } ?? "")
            }.joined()
        }
    }
}
