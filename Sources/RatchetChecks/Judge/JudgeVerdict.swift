import RatchetCore
import RatchetJSON

extension Rubric.Scale {
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
    package func verdict(named text: String) -> JudgeVerdict? {
        let name = TrimmedText.of(text)
        if let exact = verdicts.first(where: { TextForm.areIdentical($0.name, name) }) { return exact }
        let folded = TextForm.folded(name)
        let similar = verdicts.filter { TextForm.areIdentical(TextForm.folded($0.name), folded) }
        return similar.count == 1 ? similar[0] : nil
    }
}
