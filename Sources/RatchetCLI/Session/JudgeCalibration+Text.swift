import RatchetCore
import RatchetReports

/// A calibration as `judge calibrate` prints it.
struct CalibrationText {
    let calibration: JudgeCalibration
    let rubric: Rubric
    /// What it was measured on: a file's name.
    let labels: String
    /// The true pass rate by imported error rates, where they were given.
    let imported: JudgeCalibration.Estimate?

    private var counts: JudgeCalibration.Counts { calibration.counts }

    var lines: [String] {
        var lines = ["judge \(rubric.name) (\(calibration.judge)), \(count(counts.total, "labelled answer")) of \(labels)", ""]
        lines += table + [""]
        if calibration.hasEnoughLabels { lines += figures } else { lines += missing }
        lines += people + bias
        if let imported {
            lines.append(row("imported rates", "true pass rate \(JudgeWording.interval(imported)) by the given sensitivity and specificity"))
        }
        return lines + ["", sentence]
    }

    private var table: [String] {
        var rows = [["", "people pass", "people fail"]]
        rows.append(["judge passes", String(counts.bothPass), String(counts.judgePasses)])
        rows.append(["judge fails", String(counts.peoplePass), String(counts.bothFail)])
        var lines = Self.aligned(rows)
        if let verdicts = calibration.verdicts, let table = calibration.table, verdicts.count <= 10 {
            let header = ["people \\ judge"] + verdicts.map { TerminalText.plain($0, limit: 20) }
            lines += [""] + Self.aligned([header] + table.enumerated().map { [header[$0 + 1]] + $1.map(String.init) })
        }
        if calibration.split > 0 { lines.append("  \(count(calibration.split, "answer")) left out: people are split evenly") }
        return lines
    }

    private static func aligned(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { place, cell in
                let space = String(repeating: " ", count: widths[place] - cell.count)
                return place == 0 ? cell + space : space + cell
            }
            return "  " + cells.joined(separator: "  ")
        }
    }

    private func row(_ label: String, _ words: String) -> String {
        "  " + label + String(repeating: " ", count: max(1, 16 - label.count)) + words
    }

    private static func range(_ estimate: JudgeCalibration.Estimate) -> String {
        "\(JudgeWording.decimal(estimate.value)) [\(JudgeWording.decimal(estimate.low)), \(JudgeWording.decimal(estimate.high))]"
    }

    private var figures: [String] {
        var lines = [
            row(
                "agreement",
                "\(counts.agreed) of \(counts.total)"
                    + (calibration.kappa.map { ", \(calibration.table == nil ? "" : "weighted ")kappa \(Self.range($0))" } ?? ""))
        ]
        if let sensitivity = calibration.sensitivity {
            lines.append(row("sensitivity", "\(JudgeWording.interval(sensitivity)) of good answers pass"))
        }
        if let specificity = calibration.specificity {
            lines.append(row("specificity", "\(JudgeWording.interval(specificity)) of bad answers fail"))
        }
        if let informedness = calibration.informedness {
            lines.append(row("informedness", "\(Self.range(informedness)), to gate its lower end must be above .50"))
        }
        if let rate = calibration.truePassRate, let judge = calibration.judged.rate {
            lines.append(
                row(
                    "true pass rate",
                    "\(JudgeWording.interval(rate)) of \(calibration.judged.trials) judged; the judge says \(JudgeWording.percent(judge))"))
            lines.append(
                row(
                    "more labels",
                    calibration.labelsToHalve.map { "\($0) more would halve that interval" }
                        ?? "no number of them would halve that interval: let it judge more answers"))
        }
        return lines
    }

    private var missing: [String] {
        let fewest = JudgeCalibration.fewestLabels
        return [
            row("too few labels", "\(counts.passedByJudge) of answers that the judge passes, \(counts.failedByJudge) of those it fails"),
            row("", "below \(fewest) of each no rate means anything; see which next: ratchet judge calibrate \(rubric.id) --next 20"),
        ]
    }

    private var people: [String] {
        guard let people = calibration.people else { return [] }
        let kappa = people.kappa.map { ", kappa \(Self.range($0))" } ?? ""
        return [row("people", "\(people.raters) raters agree on \(people.agreed) of \(people.pairs)\(kappa): no judge can do better")]
    }

    private var bias: [String] {
        guard let bias = calibration.bias, bias.pairs > 0 else { return [] }
        var lines = [
            row(
                "position",
                "\(bias.inconsistent) of \(bias.pairs) verdicts changed with the order; \(bias.preferringFirst) for whichever stood first, "
                    + "\(bias.preferringSecond) for whichever stood second"),
            row(
                "one order",
                "agrees with people on \(bias.agreedStandingFirst) of \(bias.labelled) in the order given, "
                    + "\(bias.agreedStandingSecond) in the other"),
        ]
        if bias.unequal > 0 {
            lines.append(
                row(
                    "length",
                    "of \(count(bias.unequal, "pair")) the judge prefers the longer answer in \(bias.judgePrefersLonger), "
                        + "people in \(bias.peoplePreferLonger)"))
        }
        return lines
    }

    /// What it may do, in one sentence.
    var sentence: String {
        switch calibration.standing {
        case .mayGate: return "This judge may gate: it tells good answers from bad ones well enough, for certain."
        case .advisory where (calibration.informedness?.low ?? -1) > 0:
            return "This judge may only advise: it is better than a coin, but not surely good enough; its checks gate nothing."
        case .advisory:
            return "This judge may neither gate nor advise: its verdicts can't be told from chance; its checks gate nothing."
        case .tooFewLabels, .uncalibrated, .outdated:
            return "This judge may neither gate nor advise on this evidence: there are too few labels to tell."
        }
    }
}
