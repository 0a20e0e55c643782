import RatchetCore
import RatchetJSON

/// Asks a judge as often as its rubric wants votes, and counts them.
struct JudgePanel: Sendable {
    let rubric: Rubric
    /// One question, or of a pair two: the text under test first, then second.
    let questions: [JudgeQuestion]

    /// What came of one vote.
    private struct Vote: Sendable {
        var number: Int
        var result: JudgeQuestion.Answer
        var orders: JudgeOrders?
        var exchanges: [Exchange]
    }

    func finding() async -> JudgeFinding {
        let votes = await votes()
        var finding = decide(votes)
        finding.outcome.exchanges = votes.flatMap(\.exchanges)
        finding.orders = votes.first?.orders
        return finding
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

    private func vote(_ number: Int, of count: Int) async -> Vote {
        let (first, exchanges) = await questions[0].ask(draw: number, again: count + number)
        guard questions.count > 1 else { return Vote(number: number, result: first, exchanges: exchanges) }
        // Without an answer in one order the other is not worth its price.
        guard case .answer(let standingFirst) = first else {
            return Vote(number: number, result: first, exchanges: exchanges)
        }
        let (second, further) = await questions[1].ask(draw: number, again: count + number)
        guard case .answer(let standingSecond) = second else {
            return Vote(number: number, result: second, exchanges: exchanges + further)
        }
        let orders = JudgeOrders(
            standingFirst: standingFirst.verdict.name, standingSecond: Self.exchanged(standingSecond.verdict.name))
        return Vote(
            number: number, result: .answer(Self.together(standingFirst, standingSecond, orders)), orders: orders,
            exchanges: exchanges + further)
    }

    /// The verdict when the two answers change places.
    private static func exchanged(_ verdict: String) -> String {
        switch verdict {
        case "first": "second"
        case "second": "first"
        default: verdict
        }
    }

    private static func together(_ first: JudgeAnswer, _ second: JudgeAnswer, _ orders: JudgeOrders) -> JudgeAnswer {
        let verdict = Rubric.Scale.pairwise.verdict(named: orders.verdict) ?? first.verdict
        if orders.standingFirst == orders.standingSecond { return JudgeAnswer(verdict: verdict, reason: first.reason) }
        let reasons = [("standing first", orders.standingFirst, first), ("standing second", orders.standingSecond, second)]
            .map { place, preferred, answer in
                let words = preferred == "first" ? "preferred" : preferred == "second" ? "not preferred" : "as good"
                return "\(place) it is \(words)" + (answer.reason.isEmpty ? "" : " (\(answer.reason))")
            }
        return JudgeAnswer(verdict: verdict, reason: reasons.joined(separator: ", "))
    }

    // MARK: Counting

    /// The median vote by score: of two verdicts that is the majority, on a scale the middle. It stands only when the
    /// votes that are missing could not have changed whether it passes.
    private func decide(_ votes: [Vote]) -> JudgeFinding {
        let answers = votes.compactMap { if case .answer(let answer) = $0.result { answer } else { nil } }
            .sorted { $0.verdict.score < $1.verdict.score }
        let missing = votes.count - answers.count
        // The middle of all votes (of an even number the lower one), were those missing all low, and all high.
        let middle = (votes.count - 1) / 2
        let whenHigh = middle < answers.count ? answers[middle] : nil
        let whenLow = middle - missing >= 0 && middle - missing < answers.count ? answers[middle - missing] : nil
        guard let decided = whenLow, let other = whenHigh, passes(decided) == passes(other) else {
            return JudgeFinding(outcome: undecided(votes, answers: answers))
        }
        return JudgeFinding(
            outcome: outcome(of: decided, among: answers, asked: votes.count), verdict: decided.verdict.name)
    }

    private func passes(_ answer: JudgeAnswer) -> Bool { answer.verdict.score + 1e-9 >= rubric.threshold }

    private func outcome(of answer: JudgeAnswer, among answers: [JudgeAnswer], asked: Int) -> CheckOutcome {
        let verdict = answer.verdict
        var reason = rubric.scale == .pairwise ? Self.preference(verdict) : "the judge says \(verdict.name)"
        if let meaning = verdict.meaning { reason += " (\(Excerpt.oneLine(meaning)))" }
        if asked > 1 { reason += " by \(answers.count { $0.verdict == verdict }) of \(asked) votes" }
        if !passes(answer) {
            reason += ", score \(CompiledCheck.shown(verdict.score)), wanted at least \(CompiledCheck.shown(rubric.threshold))"
        }
        if !answer.reason.isEmpty { reason += ": \(Excerpt.quoted(answer.reason, limit: 400))" }
        return CheckOutcome(state: passes(answer) ? .passed : .failed, score: verdict.score, reason: reason)
    }

    private static func preference(_ verdict: JudgeVerdict) -> String {
        switch verdict.name {
        case "first": "the judge prefers this answer"
        case "second": "the judge prefers the other answer"
        default: "the judge calls it a tie"
        }
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
