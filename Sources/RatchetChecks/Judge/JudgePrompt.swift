import RatchetCore
import RatchetJSON

/// The messages for a judge: the rubric filled in, the text under test marked off, and the form of the answer.
struct JudgePrompt: Sendable {
    let messages: [Message]
    /// Whether the rubric shows the text under test at all.
    let showsSubject: Bool

    /// - Throws: what the rendering of the rubric throws.
    init(rubric: Rubric, input: CheckInput, render: CheckResources.RubricRenderer) throws {
        let fence = JudgeFence(for: input.text)
        let rendered = try render(rubric, Self.variables(input, fence))
        showsSubject = rendered.contains { ByteSearch.firstRange(of: fence.opening, in: $0.content) != nil }
        messages = Self.complete(rendered, fence: fence, scale: rubric.scale)
    }

    /// What a rubric's templates can name. The text under test comes with its marks around it.
    private static func variables(_ input: CheckInput, _ fence: JudgeFence) -> JSONValue {
        let example = input.example
        var variables: JSONObject = [
            "input": fence.neutralized(example.input),
            "output": .string(fence.enclosed(input.text)),
            "contexts": .array(example.contexts.map(fence.neutralized)),
            "metadata": fence.neutralized(.object(example.metadata)),
        ]
        variables["expected"] = example.expected.map(fence.neutralized)
        return .object(variables)
    }

    private static func complete(_ rendered: [Message], fence: JudgeFence, scale: Rubric.Scale) -> [Message] {
        var messages = rendered
        if messages.first?.role == .system {
            messages[0].content += "\n\n" + fence.instruction
        } else {
            messages.insert(Message(role: .system, content: fence.instruction), at: 0)
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
        if case .anchored(let minimum, let maximum, _) = scale {
            instruction += #"{"reason": "one or two sentences", "verdict": \#(maximum)}"#
            instruction += ". The verdict is a whole number from \(minimum) to \(maximum)."
        } else {
            instruction += #"{"reason": "one or two sentences", "verdict": "\#(verdicts.first?.name ?? "")"}"#
            instruction += ". The verdict is one of: " + verdicts.map { "\"\($0.name)\"" }.joined(separator: ", ") + "."
        }
        for verdict in verdicts {
            if let meaning = verdict.meaning { instruction += "\n\(verdict.name): \(meaning)" }
        }
        return instruction
    }
}
