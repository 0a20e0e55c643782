import RatchetCore

/// What is said of a judge in every report that uses it.
package struct JudgeWording {
    private let status: JudgeStatus

    package init(_ status: JudgeStatus) { self.status = status }

    private var name: String { "judge \(status.name)" }
    private var calibrate: String { "ratchet judge calibrate \(status.rubric) --labels FILE" }

    /// Nothing for a judge that nobody has compared with people and that decides nothing either.
    package var lines: [String] { [standing, canary].compactMap { $0 } }

    private var standing: String? {
        switch status.standing {
        case .mayGate: return status.calibration.map { "\(name): \(Self.figures($0))" }
        case .advisory:
            let figures = status.calibration.map { ": " + Self.figures($0) } ?? ""
            let effect = status.isGating ? "; not good enough to gate: its checks are reported and decide nothing" : ""
            return "\(name)\(figures)\(effect)"
        case .uncalibrated:
            return status.isGating ? "warning: \(name) gates, but was never compared with people; \(calibrate)" : nil
        case .outdated:
            return status.isGating
                ? "warning: \(name) gates, but its rubric or model changed since it was compared with people; \(calibrate)" : nil
        case .tooFewLabels:
            guard status.isGating else { return nil }
            let counts = status.calibration?.counts
            return "warning: \(name) gates, but was compared with people on only "
                + "\(counts?.passedByJudge ?? 0) of its passes and \(counts?.failedByJudge ?? 0) of its failures, "
                + "of the \(JudgeCalibration.fewestLabels) each that it takes; \(calibrate)"
        }
    }

    private var canary: String? {
        guard let canary = status.canary else { return nil }
        let unanswered = canary.unanswered > 0 ? ", \(canary.unanswered) without a new verdict" : ""
        if canary.judged == 0 { return "warning: \(name): its canary could not be judged again\(unanswered)" }
        let flips = "\(canary.flipped) of \(canary.judged) known verdicts changed"
        if canary.hasDrifted {
            return "\(name) HAS DRIFTED: \(flips), \(canary.alarm) are the alarm\(unanswered); what it says now is not what it "
                + "said of the baseline, and decides nothing; judge both sides alike with: ratchet regrade --baseline, "
                + "then ratchet judge canary \(status.rubric) --renew"
        }
        return "\(name) is steady: \(flips), \(canary.alarm) would be drift\(unanswered)"
    }

    /// `agrees with people on 91 of 100 (kappa .71 +-.11); lets 15 % of bad answers pass; true pass rate 87 % [82, 91],
    /// judge says 84 %`
    package static func figures(_ calibration: JudgeCalibration) -> String {
        let counts = calibration.counts
        var parts = ["agrees with people on \(counts.agreed) of \(counts.total)"]
        if let kappa = calibration.kappa {
            let weighted = calibration.table == nil ? "" : "weighted "
            parts[0] += " (\(weighted)kappa \(decimal(kappa.value)) +-\(decimal((kappa.high - kappa.low) / 2)))"
        }
        if let specificity = calibration.specificity {
            parts.append("lets \(percent(1 - specificity.value)) of bad answers pass")
        }
        if let rate = calibration.truePassRate, let judge = calibration.judged.rate {
            parts.append("true pass rate \(interval(rate)), judge says \(percent(judge))")
        }
        return parts.joined(separator: "; ")
    }

    /// `87 % [82, 91]`
    package static func interval(_ estimate: JudgeCalibration.Estimate) -> String {
        "\(percent(estimate.value)) [\(Wording.fixed(estimate.low * 100, 0)), \(Wording.fixed(estimate.high * 100, 0))]"
    }

    package static func percent(_ share: Double) -> String { Wording.fixed(share * 100, 0) + " %" }

    /// `.71`, `-.08`, `1.00`
    package static func decimal(_ value: Double) -> String {
        let text = Wording.fixed(value, 2)
        if text.hasPrefix("0.") { return String(text.dropFirst()) }
        return text.hasPrefix("-0.") ? "-" + text.dropFirst(2) : text
    }
}
