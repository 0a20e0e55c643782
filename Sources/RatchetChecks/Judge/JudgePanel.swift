import RatchetCore
import RatchetJSON

/// Asks a judge as often as its rubric wants votes, and counts them.
struct JudgePanel: Sendable {
    let rubric: Rubric
    let messages: [Message]
    let caller: any ModelCaller

    /// What came of one vote.
    private struct Vote: Sendable {
        enum Result: Sendable {
            case answer(JudgeAnswer)
            /// The judge said something, but no usable verdict: its words.
            case unusable(String)
            /// The backend gave no answer: why.
            case unanswered(String)
        }

        var number: Int
        var result: Result
        var exchanges: [Exchange]
    }

    func outcome() async -> CheckOutcome {
        let votes = await votes()
        var outcome = decide(votes)
        outcome.exchanges = votes.flatMap(\.exchanges)
        return outcome
    }

    // MARK: Asking

    private func votes() async -> [Vote] {
        let count = max(1, rubric.votes)
        if count == 1 { return [await vote(1, of: 1)] }
        return await withTaskGroup(of: Vote.self) { group in
            for number in 1...count { group.addTask { await vote(number, of: count) } }
            var votes: [Vote] = []
            for await vote in group { votes.append(vote) }
            return votes.sorted { $0.number < $1.number }
        }
    }

    /// One vote; an answer without a usable verdict is asked for once more.
    private func vote(_ number: Int, of count: Int) async -> Vote {
        let first = await caller.call(request(draw: number))
        switch result(of: first) {
        case .unusable(let words):
            // A draw of its own, else the cache would give the same answer again.
            let second = await caller.call(request(draw: count + number))
            let again = result(of: second)
            if case .answer = again { return Vote(number: number, result: again, exchanges: [first, second]) }
            return Vote(number: number, result: .unusable(words), exchanges: [first, second])
        case let result:
            return Vote(number: number, result: result, exchanges: [first])
        }
    }

    private func request(draw number: Int) -> Request {
        Request(
            target: rubric.judge, messages: messages, params: rubric.params, responseSchema: rubric.scale.answerSchema,
            draw: Draw(.judge, number), purpose: .judge(rubric: rubric.id))
    }

    private func result(of exchange: Exchange) -> Vote.Result {
        switch exchange.result {
        case .failure(let error): .unanswered(error.message)
        case .success(let response):
            JudgeAnswer(response.output, scale: rubric.scale).map { .answer($0) } ?? .unusable(Self.words(response.output))
        }
    }

    private static func words(_ output: Output) -> String {
        let end = output.finishReason == "length" ? ", cut off (finish reason `length`)" : ""
        return Excerpt.quoted(output.text, limit: 400) + end
    }

    // MARK: Counting

    /// The median vote by score: of two verdicts that is the majority, on a scale the middle. It stands only when the
    /// votes that are missing could not have changed whether it passes.
    private func decide(_ votes: [Vote]) -> CheckOutcome {
        let answers = votes.compactMap { if case .answer(let answer) = $0.result { answer } else { nil } }
            .sorted { $0.verdict.score < $1.verdict.score }
        let missing = votes.count - answers.count
        // The middle of all votes (of an even number the lower one), were those missing all low, and all high.
        let middle = (votes.count - 1) / 2
        let whenHigh = middle < answers.count ? answers[middle] : nil
        let whenLow = middle - missing >= 0 && middle - missing < answers.count ? answers[middle - missing] : nil
        guard let decided = whenLow, let other = whenHigh, passes(decided) == passes(other) else {
            return undecided(votes, answers: answers)
        }
        return outcome(of: decided, among: answers, asked: votes.count)
    }

    private func passes(_ answer: JudgeAnswer) -> Bool { answer.verdict.score + 1e-9 >= rubric.threshold }

    private func outcome(of answer: JudgeAnswer, among answers: [JudgeAnswer], asked: Int) -> CheckOutcome {
        let verdict = answer.verdict
        var reason = "the judge says \(verdict.name)"
        if let meaning = verdict.meaning { reason += " (\(Excerpt.oneLine(meaning)))" }
        if asked > 1 { reason += " by \(answers.count { $0.verdict == verdict }) of \(asked) votes" }
        if !passes(answer) {
            reason += ", score \(CompiledCheck.shown(verdict.score)), wanted at least \(CompiledCheck.shown(rubric.threshold))"
        }
        if !answer.reason.isEmpty { reason += ": \(Excerpt.quoted(answer.reason, limit: 400))" }
        return CheckOutcome(state: passes(answer) ? .passed : .failed, score: verdict.score, reason: reason)
    }

    private func undecided(_ votes: [Vote], answers: [JudgeAnswer]) -> CheckOutcome {
        let counted = votes.count == 1 ? "" : " (\(answers.count) of \(votes.count) votes usable: \(tally(answers)))"
        for vote in votes {
            if case .unanswered(let problem) = vote.result {
                return .errored("the judge \(rubric.judge) gave no answer\(counted): \(Excerpt.oneLine(problem))")
            }
        }
        for vote in votes {
            if case .unusable(let words) = vote.result {
                return .unscored("the judge \(rubric.judge) gave no usable verdict, asked twice\(counted): \(words)")
            }
        }
        return .unscored("the judge's votes decide nothing\(counted)")
    }

    private func tally(_ answers: [JudgeAnswer]) -> String {
        let names = rubric.scale.verdicts.map(\.name)
        let counted = names.map { name in (name, answers.count { $0.verdict.name == name }) }.filter { $0.1 > 0 }
        return counted.isEmpty ? "none" : counted.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
    }
}
