import RatchetCore
import RatchetJSON

/// One of the verdicts that a rubric's scale offers.
struct JudgeVerdict: Hashable, Sendable {
    /// As the judge has to write it.
    var name: String
    /// In 0...1.
    var score: Double
    /// What it stands for, where the rubric says so.
    var meaning: String?
}

extension Rubric.Scale {
    /// What a judge may say, in the order of the rubric.
    var verdicts: [JudgeVerdict] {
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

    /// The form of an answer. The reason comes first, so that the verdict follows from it.
    var answerSchema: JSONValue {
        [
            "type": "object",
            "properties": ["reason": ["type": "string", "maxLength": 400], "verdict": verdictSchema],
            "required": ["reason", "verdict"],
            "additionalProperties": false,
        ]
    }

    private var verdictSchema: JSONValue {
        switch self {
        case .passFail, .labels, .pairwise:
            ["type": "string", "enum": .strings(verdicts.map(\.name))]
        case .anchored(let minimum, let maximum, _) where maximum - minimum > 20:
            ["type": "integer", "minimum": .int(minimum), "maximum": .int(maximum)]
        case .anchored(let minimum, let maximum, _):
            ["type": "integer", "enum": .array((minimum...max(minimum, maximum)).map { .int($0) })]
        }
    }

    /// The verdict a judge wrote, when it is one that was offered.
    func verdict(named text: String) -> JudgeVerdict? {
        let name = TextForm.trimmed(text)
        if let exact = verdicts.first(where: { TextForm.areIdentical($0.name, name) }) { return exact }
        let folded = TextForm.folded(name)
        let similar = verdicts.filter { TextForm.areIdentical(TextForm.folded($0.name), folded) }
        return similar.count == 1 ? similar[0] : nil
    }
}
