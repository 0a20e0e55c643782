/// One of the verdicts that a rubric's scale offers.
package struct JudgeVerdict: Hashable, Sendable {
    /// As the judge has to write it.
    package var name: String
    /// In 0...1.
    package var score: Double
    /// What it stands for, where the rubric says so.
    package var meaning: String?

    package init(name: String, score: Double, meaning: String? = nil) {
        self.name = name
        self.score = score
        self.meaning = meaning
    }
}

extension Rubric.Scale {
    /// What a judge may say, in the order of the rubric.
    package var verdicts: [JudgeVerdict] {
        switch self {
        case .passFail:
            return [JudgeVerdict(name: "pass", score: 1), JudgeVerdict(name: "fail", score: 0)]
        case .labels(let labels):
            return labels.map { JudgeVerdict(name: $0.name, score: $0.score) }
        case .pairwise:
            return [
                JudgeVerdict(name: "first", score: 1), JudgeVerdict(name: "second", score: 0),
                JudgeVerdict(name: "tie", score: 0.5),
            ]
        case .anchored(let minimum, let maximum, let anchors):
            guard minimum <= maximum else { return [] }
            let width = Double(maximum - minimum)
            return (minimum...maximum).map {
                JudgeVerdict(
                    name: String($0), score: width > 0 ? Double($0 - minimum) / width : 1, meaning: anchors[$0])
            }
        }
    }
}

/// The verdicts on a pair in both orders, each from the view of the text under test: `first` when that is preferred,
/// `second` when the other is, or `tie`.
package struct JudgeOrders: Hashable, Sendable {
    /// When the text under test stood first.
    package var standingFirst: String
    package var standingSecond: String

    package init(standingFirst: String, standingSecond: String) {
        self.standingFirst = standingFirst
        self.standingSecond = standingSecond
    }

    /// What both orders agree on; a disagreement is a tie.
    package var verdict: String { standingFirst == standingSecond ? standingFirst : "tie" }
}
