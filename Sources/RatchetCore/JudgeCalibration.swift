/// How well a judge agrees with people, as it was measured on labelled answers: kept beside its rubric, and good for that
/// rubric and that model only.
///
/// Passing is what the rubric's threshold makes of a verdict. All intervals are at 95 %.
package struct JudgeCalibration: Hashable, Sendable, Codable {
    package static let format = "ratchet.calibration/1"
    /// Labels of answers that the judge passed, and of answers that it failed, before any rate means something (GATE.md
    /// 4.2).
    package static let fewestLabels = 30
    /// A judge gates only if its informedness is above this for certain (GATE.md 4.3).
    package static let leastInformedness = 0.5

    /// A figure with its 95 % interval.
    package struct Estimate: Hashable, Sendable, Codable {
        package var value: Double
        package var low: Double
        package var high: Double

        package init(value: Double, low: Double, high: Double) {
            self.value = value
            self.low = low
            self.high = high
        }
    }

    /// Labelled answers by what the judge and what people say.
    package struct Counts: Hashable, Sendable, Codable {
        package var bothPass: Int
        /// Bad answers that the judge lets pass.
        package var judgePasses: Int
        /// Good answers that the judge fails.
        package var peoplePass: Int
        package var bothFail: Int

        package init(bothPass: Int, judgePasses: Int, peoplePass: Int, bothFail: Int) {
            self.bothPass = bothPass
            self.judgePasses = judgePasses
            self.peoplePass = peoplePass
            self.bothFail = bothFail
        }

        package var passedByJudge: Int { bothPass + judgePasses }
        package var failedByJudge: Int { peoplePass + bothFail }
        package var passedByPeople: Int { bothPass + peoplePass }
        package var failedByPeople: Int { judgePasses + bothFail }
        package var agreed: Int { bothPass + bothFail }
        package var total: Int { passedByJudge + failedByJudge }
    }

    /// How far people agree with each other: no judge can do better.
    package struct People: Hashable, Sendable, Codable {
        package var raters: Int
        /// Pairs of raters with the same answer before them, and those that agree whether it passes.
        package var pairs: Int
        package var agreed: Int
        package var kappa: Estimate?

        package init(raters: Int, pairs: Int, agreed: Int, kappa: Estimate?) {
            self.raters = raters
            self.pairs = pairs
            self.agreed = agreed
            self.kappa = kappa
        }
    }

    /// What a judge of pairs lets itself be led by.
    package struct Bias: Hashable, Sendable, Codable {
        /// Pairs judged in both orders, those whose verdict changed with the order, and of these the ones in which the
        /// answer that stood first, and second, was preferred both times.
        package var pairs: Int
        package var inconsistent: Int
        package var preferringFirst: Int
        package var preferringSecond: Int
        /// Agreement with people's preference in each order alone, over the labelled pairs.
        package var labelled: Int
        package var agreedStandingFirst: Int
        package var agreedStandingSecond: Int
        /// Labelled pairs of unequal length in which both people and judge have a preference, and those in which judge
        /// and people prefer the longer answer.
        package var unequal: Int
        package var judgePrefersLonger: Int
        package var peoplePreferLonger: Int

        package init(
            pairs: Int = 0, inconsistent: Int = 0, preferringFirst: Int = 0, preferringSecond: Int = 0, labelled: Int = 0,
            agreedStandingFirst: Int = 0, agreedStandingSecond: Int = 0, unequal: Int = 0, judgePrefersLonger: Int = 0,
            peoplePreferLonger: Int = 0
        ) {
            self.pairs = pairs
            self.inconsistent = inconsistent
            self.preferringFirst = preferringFirst
            self.preferringSecond = preferringSecond
            self.labelled = labelled
            self.agreedStandingFirst = agreedStandingFirst
            self.agreedStandingSecond = agreedStandingSecond
            self.unequal = unequal
            self.judgePrefersLonger = judgePrefersLonger
            self.peoplePreferLonger = peoplePreferLonger
        }
    }

    package var rubric: String
    package var rubricHash: String
    package var judge: String
    /// The day it was measured.
    package var date: String
    package var counts: Counts
    /// Answers on which people are split evenly; they are in no other figure.
    package var split: Int
    /// The verdicts in the order of their scores, and how often people (rows) and judge (columns) gave each; `nil` for
    /// pass and fail, or where people said no more than that.
    package var verdicts: [String]?
    package var table: [[Int]]?
    /// Weighted by squared distance where there is a table.
    package var kappa: Estimate?
    /// The share of good answers that the judge passes.
    package var sensitivity: Estimate?
    /// The share of bad answers that the judge fails.
    package var specificity: Estimate?
    /// Sensitivity + specificity - 1 (Youden's J): 0 for a coin, 1 for people.
    package var informedness: Estimate?
    /// All answers that the judge judged, of which the labelled ones were drawn.
    package var judged: TrialCount
    /// The pass rate that people would have given to all that was judged.
    package var truePassRate: Estimate?
    /// How many more labels would halve that interval; `nil` where no number of them would.
    package var labelsToHalve: Int?
    package var people: People?
    package var bias: Bias?

    package init(
        rubric: String, rubricHash: String, judge: String, date: String, counts: Counts, split: Int = 0,
        judged: TrialCount
    ) {
        self.rubric = rubric
        self.rubricHash = rubricHash
        self.judge = judge
        self.date = date
        self.counts = counts
        self.split = split
        self.judged = judged
    }

    package var hasEnoughLabels: Bool { min(counts.passedByJudge, counts.failedByJudge) >= Self.fewestLabels }

    /// What the figures allow, whatever became of the rubric since.
    package var standing: JudgeStanding {
        guard hasEnoughLabels else { return .tooFewLabels }
        guard let informedness, informedness.low > Self.leastInformedness else { return .advisory }
        return .mayGate
    }

    /// Whether it was measured on this rubric and this model.
    package func isOf(_ rubric: Rubric) -> Bool { rubricHash == rubric.hash && judge == rubric.judge.description }
}

/// Whether a judge may decide.
package enum JudgeStanding: String, Hashable, Codable, Sendable, CaseIterable {
    /// Nobody has compared it with people: it gates, with a warning.
    case uncalibrated
    /// It was compared before the rubric or the model changed: it gates, with a warning.
    case outdated
    /// It was compared on too few labels to tell: it gates, with a warning.
    case tooFewLabels = "too_few_labels"
    /// It agrees with people well enough.
    case mayGate = "may_gate"
    /// It does not: its checks are reported and decide nothing.
    case advisory

    package init(_ calibration: JudgeCalibration?, of rubric: Rubric) {
        guard let calibration else {
            self = .uncalibrated
            return
        }
        self = calibration.isOf(rubric) ? calibration.standing : .outdated
    }
}

/// A judge as a run used it: what is known of it, and what its canary said.
package struct JudgeStatus: Hashable, Sendable, Codable {
    /// What came of asking the judge again about answers whose verdicts are known (GATE.md 4.4).
    package struct Canary: Hashable, Sendable, Codable {
        /// Answers that were judged again, and those whose verdict changed between pass and fail.
        package var judged: Int
        package var flipped: Int
        /// Answers without a new verdict.
        package var unanswered: Int
        /// As many flips as this are drift.
        package var alarm: Int

        package init(judged: Int, flipped: Int, unanswered: Int, alarm: Int) {
            self.judged = judged
            self.flipped = flipped
            self.unanswered = unanswered
            self.alarm = alarm
        }

        package var hasDrifted: Bool { judged > 0 && flipped >= alarm }
    }

    package var rubric: String
    /// With its version: `helpful@3`.
    package var name: String
    package var judge: String
    package var standing: JudgeStanding
    /// `nil` where there is none of this rubric and model.
    package var calibration: JudgeCalibration?
    /// Whether a check that was meant to gate asks it.
    package var isGating: Bool
    package var canary: Canary?

    package init(
        rubric: String, name: String, judge: String, standing: JudgeStanding, calibration: JudgeCalibration?,
        isGating: Bool, canary: Canary? = nil
    ) {
        self.rubric = rubric
        self.name = name
        self.judge = judge
        self.standing = standing
        self.calibration = calibration
        self.isGating = isGating
        self.canary = canary
    }

    package var hasDrifted: Bool { canary?.hasDrifted ?? false }
}
