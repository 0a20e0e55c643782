import RatchetCore

/// A check ready to run, with the keys that all checks share: `of`, `threshold` and `not` are applied here and nowhere
/// else (`when`, `weight` and `gating` belong to the list it stands in).
package struct CompiledCheck: Sendable {
    package let specification: CheckSpecification
    let check: any Check
    let selector: Selector?
    /// What decides the verdict: the specification, the rubrics and the content of the files it names.
    let hash: String
    /// The hashes of the files it was made from.
    let fileHashes: [String]
    /// Whether it was made from the example's `expected`.
    let usesExpected: Bool

    /// The same check under another example's specification, which differs in name, place or `gating` only.
    func renamed(_ specification: CheckSpecification) -> CompiledCheck {
        CompiledCheck(
            specification: specification, check: check, selector: selector, hash: hash, fileHashes: fileHashes,
            usesExpected: usesExpected)
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        switch selected(from: input) {
        case .input(let input): finished(await check.evaluate(input))
        case .nothing(let outcome): finished(outcome)
        }
    }

    /// What the check looks at, or the outcome when there is no such thing.
    enum Selected {
        case input(CheckInput)
        case nothing(CheckOutcome)
    }

    func selected(from input: CheckInput) -> Selected {
        var input = input
        input.checkName = specification.name
        switch selector?.select(from: input) {
        case nil: break
        case .subject(let subject):
            input.subject = subject
            input.baselineOutput = input.baselineOutput.flatMap { part(of: $0, input) }
        case .nothing(let reason): return .nothing(.lacking(reason))
        case .undecided(let reason): return .nothing(.errored(reason))
        }
        return .input(input)
    }

    /// The same part of another output; `nil` when that has none.
    private func part(of output: String, _ input: CheckInput) -> String? {
        if selector?.isOfConversation == true { return nil }
        let other = CheckInput(
            response: Response(output: Output(text: output)), example: input.example, caller: input.caller)
        if case .subject(let subject) = selector?.select(from: other) { return subject.text }
        return nil
    }

    /// What a judge of this check is shown; `nil` without one, or when the output lacks the part that it looks at.
    func judgedItem(_ input: CheckInput) -> JudgedItem? {
        if case .input(let input) = selected(from: input) { check.judgedItem(input) } else { nil }
    }

    private func finished(_ outcome: CheckOutcome) -> CheckOutcome {
        var outcome = outcome
        applyThreshold(to: &outcome)
        if specification.not { invert(&outcome) }
        outcome.reason = Excerpt.reason(outcome.reason)
        return outcome
    }

    /// A score at or above the threshold passes, whatever the check itself thought of it.
    private func applyThreshold(to outcome: inout CheckOutcome) {
        if let score = outcome.score { outcome.score = score.isFinite ? min(max(score, 0), 1) : nil }
        guard let threshold = specification.threshold, outcome.state == .passed || outcome.state == .failed,
            !outcome.lacksSubject
        else { return }
        guard let score = outcome.score else {
            outcome.state = .errored
            outcome.reason = "no score to hold against the threshold: \(outcome.reason)"
            return
        }
        // A mean of thirds must not miss its threshold by the last bit.
        outcome.state = score + 1e-9 >= threshold ? .passed : .failed
        outcome.reason += " (score \(Self.shown(score)), threshold \(Self.shown(threshold)))"
    }

    /// `not` exchanges passed and failed and nothing else: what could not be decided, or had nothing to look at, stays.
    private func invert(_ outcome: inout CheckOutcome) {
        guard outcome.state == .passed || outcome.state == .failed, !outcome.lacksSubject else { return }
        let held = outcome.state == .passed
        outcome.state = held ? .failed : .passed
        outcome.score = outcome.score.map { 1 - $0 }
        outcome.reason = (held ? "must not be so: " : "as wanted, not so: ") + outcome.reason
        outcome.failureKind = nil
    }

    /// A score as people read it: three decimals at most.
    package static func shown(_ score: Double) -> String {
        let thousandths = (score * 1000).rounded() / 1000
        return thousandths == thousandths.rounded() ? String(Int(thousandths)) : String(thousandths)
    }
}
