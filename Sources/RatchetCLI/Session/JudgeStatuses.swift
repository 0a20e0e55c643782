import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetOperations
import RatchetRunner

/// What is known of the judges that a run asks.
enum JudgeStatuses {
    /// Of one suite's judges, in the order of their names.
    static func of(_ suite: PlannedSuite, in project: Project, canaries: [String: JudgeStatus.Canary]) -> [JudgeStatus] {
        var rubrics: [String: Rubric] = [:]
        var gating: Set<String> = []
        for planned in suite.examples {
            for rubric in planned.checks.rubrics { rubrics[rubric.id] = rubric }
            // As it was written: whether its judge lets it gate is the status's to say.
            for check in planned.example.checks where check.gating { gating.formUnion(check.rubricIDs) }
        }
        return rubrics.values.sorted { $0.id < $1.id }.map { rubric in
            let calibration = project.calibrations[rubric.id]
            return JudgeStatus(
                rubric: rubric.id, name: rubric.name, judge: rubric.judge.description,
                standing: JudgeStanding(calibration, of: rubric),
                calibration: calibration.flatMap { $0.isOf(rubric) ? $0 : nil }, isGating: gating.contains(rubric.id),
                canary: canaries[rubric.id])
        }
    }

    /// By example, the gating checks that ask a judge which has drifted.
    static func drifts(_ suite: PlannedSuite, _ statuses: [JudgeStatus]) -> [String: DriftedChecks] {
        let drifted = Set(statuses.filter(\.hasDrifted).map(\.rubric))
        guard !drifted.isEmpty else { return [:] }
        var found: [String: DriftedChecks] = [:]
        for planned in suite.examples {
            let gating = planned.checks.checkHashes
            let names = planned.example.checks
                .filter { gating[$0.name] != nil && !$0.rubricIDs.isDisjoint(with: drifted) }.map(\.name)
            guard !names.isEmpty else { continue }
            found[planned.example.id] = DriftedChecks(
                names: Set(names), arePartOfMean: planned.example.passWhen != nil)
        }
        return found
    }

    /// Calibrations of rubrics that were changed since, and files whose figures are not those of their counts.
    static func problems(_ project: Project) -> [Diagnostic] {
        project.calibrations.values.sorted { $0.rubric < $1.rubric }.compactMap { calibration in
            let source = SourceReference(file: CalibrationFile.path(calibration.rubric))
            let help = "make it again with: ratchet judge calibrate \(calibration.rubric) --labels FILE"
            var again = calibration
            again.setFigures()
            if !again.hasFigures(of: calibration) {
                return Diagnostic(
                    .error, at: source, "the figures of this calibration do not follow from its counts", help: help)
            }
            guard let rubric = project.rubrics[calibration.rubric], !calibration.isOf(rubric) else { return nil }
            let change = calibration.judge == rubric.judge.description ? "the rubric was changed" : "the judge was \(calibration.judge)"
            return Diagnostic(.warning, at: source, "this calibration is outdated: \(change) since it was made", help: help)
        }
    }
}

extension Project {
    /// Rubrics whose judges were compared with people, and are not good enough to gate.
    var advisoryRubrics: Set<String> {
        Set(rubrics.values.filter { JudgeStanding(calibrations[$0.id], of: $0) == .advisory }.map(\.id))
    }
}

extension JudgeCalibration {
    /// Equal to what a file keeps of a number.
    fileprivate func hasFigures(of other: JudgeCalibration) -> Bool {
        func areEqual(_ one: Estimate?, _ other: Estimate?) -> Bool {
            guard let one, let other else { return one == nil && other == nil }
            return [(one.value, other.value), (one.low, other.low), (one.high, other.high)].allSatisfy { abs($0 - $1) < 1e-6 }
        }
        return areEqual(kappa, other.kappa) && areEqual(sensitivity, other.sensitivity)
            && areEqual(specificity, other.specificity) && areEqual(informedness, other.informedness)
            && areEqual(truePassRate, other.truePassRate)
    }
}
