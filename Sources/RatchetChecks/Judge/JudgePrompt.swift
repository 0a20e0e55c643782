import RatchetCore
import RatchetJSON

/// The messages for a judge: the rubric filled in, the text under test marked off, and the form of the answer.
struct JudgePrompt: Sendable {
    let messages: [Message]
    /// Whether the rubric shows all of the text under test.
    let showsSubject: Bool

    /// - Throws: what the rendering of the rubric throws.
    init(rubric: Rubric, item: JudgedItem, render: CheckResources.RubricRenderer) throws {
        let fence: JudgeFence
        let subject: JSONObject
        switch item.subject {
        case .output(let text):
            fence = JudgeFence(for: text)
            subject = ["output": .string(fence.enclosed(text))]
        case .pair(let text, let other):
            fence = JudgeFence(for: text, other)
            subject = ["first": .string(fence.enclosed(text)), "second": .string(fence.enclosed(other))]
        }
        let rendered = try render(rubric, Self.variables(item, subject, fence))
        showsSubject = subject.allSatisfy { _, shown in
            rendered.contains { ByteSearch.firstRange(of: shown.stringValue ?? "", in: $0.content) != nil }
        }
        messages = Self.complete(rendered, fence: fence, scale: rubric.scale)
    }

    /// What a rubric's templates can name. The text under test comes with its marks around it; everything else is
    /// neutralised, too, for a question or a document may have been written by anybody.
    private static func variables(_ item: JudgedItem, _ subject: JSONObject, _ fence: JudgeFence) -> JSONValue {
        var variables: JSONObject = ["input": fence.neutralized(item.input)]
        for (name, text) in subject { variables[name] = text }
        variables["contexts"] = .array(item.contexts.map(fence.neutralized))
        variables["metadata"] = fence.neutralized(.object(item.metadata))
        variables["expected"] = item.expected.map(fence.neutralized)
        return .object(variables)
    }

    private static func complete(_ rendered: [Message], fence: JudgeFence, scale: Rubric.Scale) -> [Message] {
        let instruction = scale == .pairwise ? fence.pairInstruction : fence.instruction
        var messages = rendered
        if messages.first?.role == .system {
            messages[0].content += "\n\n" + instruction
        } else {
            messages.insert(Message(role: .system, content: instruction), at: 0)
        }
        let answer = answerInstruction(scale)
        if let last = messages.indices.last, messages[last].role == .user {
            messages[last].content += "\n\n" + answer
        } else {
            messages.append(Message(role: .user, content: answer))
        }
        return messages
    }

    private static func answerInstruction(_ scale: Rubric.Scale) -> String {
        let verdicts = scale.verdicts
        var instruction = "Answer with one JSON object and nothing else, the reason before the verdict: "
        switch scale {
        case .anchored(let minimum, let maximum, _):
            instruction += #"{"reason": "one or two sentences", "verdict": \#(maximum)}"#
            instruction += ". The verdict is a whole number from \(minimum) to \(maximum)."
        case .pairwise:
            // No verdict stands as an example: it would be the favourite.
            instruction += #"{"reason": "one or two sentences", "verdict": "…"}"#
            instruction += #". The verdict is "first" or "second", whichever answer is better by the rubric, or "tie"."#
        case .passFail, .labels:
            instruction += #"{"reason": "one or two sentences", "verdict": "\#(verdicts.first?.name ?? "")"}"#
            instruction += ". The verdict is one of: " + verdicts.map { "\"\($0.name)\"" }.joined(separator: ", ") + "."
        }
        for verdict in verdicts {
            if let meaning = verdict.meaning { instruction += "\n\(verdict.name): \(meaning)" }
        }
        return instruction
    }
}
