import RatchetCore
import RatchetStatistics

/// What the pass rate and the slices look like after so many passes over all examples.
///
/// The pass rate and the slices that the policy names share the pass's part of the false-alarm budget by Holm's method
/// (GATE.md 1.7); other slices are shown, by Benjamini and Hochberg's, and never fail a run.
struct AggregateLook: Sendable {
    var passRate: AggregateResult?
    var slices: [SliceResult]

    /// The least p of what may fail the run, adjusted for how many there are: what asks for another pass.
    var smallestP: Double {
        ([passRate?.adjustedP] + slices.filter(\.isGating).map(\.aggregate.adjustedP)).compactMap { $0 }.min() ?? 1
    }

    var hasFailed: Bool {
        passRate?.hasFailed == true || slices.contains { $0.isGating && $0.aggregate.hasFailed }
    }
}

extension SuiteGate {
    /// Slices with fewer compared examples are not shown unless the policy names them.
    private static let smallestShownSlice = 5
    /// The share of shown slices that may have fallen by chance alone.
    static let shownSliceRate = 0.1

    /// The level of a pass's look.
    func alpha(pass: Int) -> Double { budget.aggregate(pass: pass, isOnly: hasOnlyOnePass) }

    /// Whether the first pass is the only one there can be, whatever comes of it: by wish, or because there is nothing
    /// more to ask.
    var hasOnlyOnePass: Bool {
        guard passes == 1 else { return false }
        if case .run = input.basis { return true }
        return !input.canRepeat || input.effort.passes == 1 || isExhausted
    }

    /// Whether a recording has run out of further trials.
    var isExhausted: Bool { ledgers.values.contains { $0.exhaustedFrom != nil } }

    /// One look a pass, in order.
    func aggregateLooks(_ examples: [GatedExample]) -> [AggregateLook] {
        (1...passes).map { pass in aggregateLook(examples.compactMap { pair($0, passes: pass) }, pass: pass) }
    }

    /// The first trials of the record and of this run, as many as the passes asked of every example.
    func pair(_ example: GatedExample, passes: Int) -> AggregateTest.Pair? {
        let before = example.planned
        guard before.trials > 0 else { return nil }
        let now = compared(example).count(upTo: passes * input.suite.trials)
        guard now.trials > 0 else { return nil }
        return AggregateTest.Pair(before: before, now: now, group: example.group, tags: example.tags)
    }

    private func aggregateLook(_ pairs: [AggregateTest.Pair], pass: Int) -> AggregateLook {
        let alpha = alpha(pass: pass)
        func test(_ pairs: [AggregateTest.Pair]) -> AggregateResult? {
            AggregateTest.run(pairs, alpha: alpha, minimumDrop: input.policy.minimumDrop, seed: input.seed)
        }
        var look = AggregateLook(passRate: test(pairs), slices: [])
        let gating = Set(input.policy.slices.filter { $0.value == .statistical }.keys)
        var byTag: [String: [AggregateTest.Pair]] = [:]
        for pair in pairs { for tag in Set(pair.tags) { byTag[tag, default: []].append(pair) } }
        for (tag, members) in byTag.sorted(by: { $0.key < $1.key }) {
            let isGating = gating.contains(tag)
            guard isGating || members.count >= Self.smallestShownSlice, let result = test(members) else { continue }
            look.slices.append(SliceResult(tag: tag, isGating: isGating, aggregate: result))
        }
        return adjusted(look, alpha: alpha)
    }

    /// Each p as it weighs among the others of its family.
    private func adjusted(_ look: AggregateLook, alpha: Double) -> AggregateLook {
        var look = look
        let gating = look.slices.indices.filter { look.slices[$0].isGating }
        let family = ([look.passRate?.p] + gating.map { look.slices[$0].aggregate.p }).compactMap { $0 }
        let holm = MultipleTesting.holm(family) ?? family
        if let p = holm.first, look.passRate != nil { look.passRate?.settle(adjustedP: p, alpha: alpha) }
        for (place, p) in zip(gating, holm.dropFirst(look.passRate == nil ? 0 : 1)) {
            look.slices[place].aggregate.settle(adjustedP: p, alpha: alpha)
        }
        let shown = look.slices.indices.filter { !look.slices[$0].isGating }
        let values = shown.map { look.slices[$0].aggregate.p }
        for (place, p) in zip(shown, MultipleTesting.benjaminiHochberg(values) ?? values) {
            look.slices[place].aggregate.settle(adjustedP: p, alpha: Self.shownSliceRate)
        }
        return look
    }
}
