import RatchetCore
import RatchetStatistics

/// From labelled answers to a judge's calibration (GATE.md 4.2 and 4.3): pure counting and formulas.
package enum JudgeCalibrating {
    static let level = 0.95

    /// - Parameters:
    ///   - population: All answers that the judge judged, where they are known beside the labelled ones; without it, all
    ///     of the items that have a verdict.
    package static func calibrate(
        _ items: [LabelledItem], rubric: Rubric, population: TrialCount? = nil, date: String
    ) -> JudgeCalibration {
        let scores = Dictionary(rubric.scale.verdicts.map { ($0.name, $0.score) }, uniquingKeysWith: { first, _ in first })
        let judged = items.filter { $0.judge != nil }
        let labelled = judged.compactMap { item -> Pair? in
            guard let judge = item.judge, let people = item.consensus(scores) else { return nil }
            return Pair(item: item, judge: judge, people: people)
        }
        func count(_ judge: Bool, _ people: Bool) -> Int {
            labelled.count { $0.judge.passes == judge && $0.people.passes == people }
        }
        var calibration = JudgeCalibration(
            rubric: rubric.id, rubricHash: rubric.hash, judge: rubric.judge.description, date: date,
            counts: .init(
                bothPass: count(true, true), judgePasses: count(true, false), peoplePass: count(false, true),
                bothFail: count(false, false)),
            split: judged.count { !$0.people.isEmpty && $0.consensus(scores) == nil },
            judged: population ?? TrialCount(passes: judged.count { $0.judge?.passes == true }, trials: judged.count))
        calibration.setTable(labelled, rubric.scale)
        calibration.people = people(items)
        if rubric.scale == .pairwise { calibration.bias = bias(judged, scores) }
        calibration.setFigures()
        return calibration
    }

    /// A labelled answer with a judge's verdict.
    struct Pair {
        var item: LabelledItem
        var judge: Grade
        var people: Grade
    }

    // MARK: People

    /// Every pair of raters with the same answer before them is one comparison. With more than two raters the interval
    /// takes these for independent, and is a little narrow.
    private static func people(_ items: [LabelledItem]) -> JudgeCalibration.People? {
        var table = [[0, 0], [0, 0]]
        var raters: Set<String> = []
        for item in items where item.people.count > 1 {
            let grades = item.people.sorted { $0.key < $1.key }
            raters.formUnion(grades.map(\.key))
            for (place, one) in grades.enumerated() {
                for other in grades[(place + 1)...] {
                    table[one.value.passes ? 0 : 1][other.value.passes ? 0 : 1] += 1
                }
            }
        }
        let pairs = table.joined().reduce(0, +)
        guard pairs > 0 else { return nil }
        return JudgeCalibration.People(
            raters: raters.count, pairs: pairs, agreed: table[0][0] + table[1][1], kappa: kappa(table, weights: .same))
    }

    static func kappa(_ counts: [[Int]], weights: CohenKappa.Weights) -> JudgeCalibration.Estimate? {
        AgreementTable(counts: counts).flatMap { CohenKappa($0, weights: weights, level: level) }?.estimate.map {
            .init($0.interval)
        }
    }

    // MARK: Pairs

    private static func bias(_ items: [LabelledItem], _ scores: [String: Double]) -> JudgeCalibration.Bias {
        var bias = JudgeCalibration.Bias()
        for item in items {
            let people = item.consensus(scores)?.verdict
            if let orders = item.orders { bias.add(orders, people: people) }
            if case .pair(let first, let second) = item.subject, let judge = item.judge?.verdict, let people {
                bias.add(judge: judge, people: people, lengths: (first.unicodeScalars.count, second.unicodeScalars.count))
            }
        }
        return bias
    }
}

extension JudgeCalibration.Bias {
    fileprivate mutating func add(_ orders: JudgeOrders, people: String?) {
        pairs += 1
        switch (orders.standingFirst, orders.standingSecond) {
        case ("first", "second"): preferringFirst += 1
        case ("second", "first"): preferringSecond += 1
        default: break
        }
        if orders.standingFirst != orders.standingSecond { inconsistent += 1 }
        guard let people else { return }
        labelled += 1
        if orders.standingFirst == people { agreedStandingFirst += 1 }
        if orders.standingSecond == people { agreedStandingSecond += 1 }
    }

    fileprivate mutating func add(judge: String, people: String, lengths: (first: Int, second: Int)) {
        guard lengths.first != lengths.second, judge != "tie", people != "tie" else { return }
        let longer = lengths.first > lengths.second ? "first" : "second"
        unequal += 1
        if judge == longer { judgePrefersLonger += 1 }
        if people == longer { peoplePreferLonger += 1 }
    }
}

extension JudgeCalibration.Estimate {
    init(_ interval: ConfidenceInterval) {
        self.init(value: interval.estimate, low: interval.low, high: interval.high)
    }
}

// MARK: - Figures

extension JudgeCalibration {
    /// The whole scale's table, where both sides gave verdicts and there are more than two.
    fileprivate mutating func setTable(_ labelled: [JudgeCalibrating.Pair], _ scale: Rubric.Scale) {
        let order = scale.verdicts.sorted { ($0.score, $0.name) < ($1.score, $1.name) }.map(\.name)
        guard order.count > 2, order.count <= 21, !labelled.isEmpty else { return }
        let places = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var table = order.map { _ in order.map { _ in 0 } }
        for pair in labelled {
            guard let row = pair.people.verdict.flatMap({ places[$0] }), let column = pair.judge.verdict.flatMap({ places[$0] })
            else { return }
            table[row][column] += 1
        }
        verdicts = order
        self.table = table
    }

    /// Everything that follows from the counts; also the way to tell that a file's figures are those of its counts.
    package mutating func setFigures() {
        kappa = JudgeCalibrating.kappa(
            table ?? [[counts.bothPass, counts.peoplePass], [counts.judgePasses, counts.bothFail]],
            weights: table == nil ? .same : .quadratic)
        let rates = StratifiedLabels(counts, judged: judged).flatMap {
            JudgeErrorRates(
                judged: $0.judged, labeledPasses: $0.passes, labeledFailures: $0.failures, level: JudgeCalibrating.level)
        }
        // Without a good answer among the labels nothing is known of those, and the same for bad ones.
        sensitivity = counts.passedByPeople > 0 ? rates?.sensitivity.map { Estimate($0) } : nil
        specificity = counts.failedByPeople > 0 ? rates?.specificity.map { Estimate($0) } : nil
        informedness = sensitivity == nil || specificity == nil ? nil : rates?.informedness.map { Estimate($0) }
        truePassRate = Self.truePassRate(counts, judged: judged)
        labelsToHalve = furtherLabels()
    }

    /// Stratified by the judge's verdict, which is unbiased however the labels are spread over the verdicts.
    private static func truePassRate(_ counts: Counts, judged: TrialCount) -> Estimate? {
        StratifiedLabels(counts, judged: judged).flatMap {
            JudgeStratifiedRate(
                judged: $0.judged, labeledPasses: $0.passes, labeledFailures: $0.failures, level: JudgeCalibrating.level)
        }.map { Estimate($0.interval) }
    }

    /// The least number of further labels, spread over the verdicts as those at hand and coming out like them, with which
    /// the interval of the true pass rate is half as wide.
    private func furtherLabels() -> Int? {
        guard let now = truePassRate, counts.total > 0, now.high > now.low else { return nil }
        func isHalved(_ total: Int) -> Bool {
            let factor = Double(total) / Double(counts.total)
            func scaled(_ count: Int) -> Int { Int((Double(count) * factor).rounded()) }
            let more = Counts(
                bothPass: scaled(counts.bothPass), judgePasses: scaled(counts.judgePasses),
                peoplePass: scaled(counts.peoplePass), bothFail: scaled(counts.bothFail))
            // Labels beyond what was judged need more of that as well.
            let judged = judged.trials >= more.total
                ? judged : TrialCount(passes: Int(Double(judged.passes) * factor), trials: Int(Double(judged.trials) * factor))
            guard let then = Self.truePassRate(more, judged: judged) else { return false }
            return (then.high - then.low) * 2 <= now.high - now.low
        }
        var (low, high) = (counts.total, counts.total * 100)
        guard high < 100_000_000, isHalved(high) else { return nil }
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if isHalved(middle) { high = middle } else { low = middle }
        }
        return high - counts.total
    }
}

/// Labels by the judge's verdict, as the estimators take them; a pass is people's.
private struct StratifiedLabels {
    let judged: PassCount
    let passes: PassCount
    let failures: PassCount

    /// `nil` for counts beyond all bounds.
    init?(_ counts: JudgeCalibration.Counts, judged: TrialCount) {
        guard let judged = PassCount(passes: judged.passes, trials: judged.trials),
            let passes = PassCount(passes: counts.bothPass, trials: counts.passedByJudge),
            let failures = PassCount(passes: counts.peoplePass, trials: counts.failedByJudge)
        else { return nil }
        self.judged = judged
        self.passes = passes
        self.failures = failures
    }
}

// MARK: - Imported error rates

extension JudgeCalibrating {
    /// The true pass rate by error rates that were measured on other answers (Rogan and Gladen 1978; interval of Lang and
    /// Reiczigel 2014); `nil` where the judge is no better than a coin.
    ///
    /// - Parameters:
    ///   - good: Good answers, of which the judge passed so many.
    ///   - bad: Bad answers, of which the judge *failed* so many.
    package static func truePassRate(
        judged: TrialCount, good: TrialCount, bad: TrialCount
    ) -> JudgeCalibration.Estimate? {
        guard let all = PassCount(passes: judged.passes, trials: judged.trials),
            let good = PassCount(passes: good.passes, trials: good.trials),
            let bad = PassCount(passes: bad.passes, trials: bad.trials)
        else { return nil }
        return RoganGladenRate(judged: all, goodAnswers: good, badAnswers: bad, level: level)?.corrected?.interval.map {
            .init($0)
        }
    }
}

// MARK: - What to label next

extension JudgeCalibrating {
    /// A judged answer that nobody has labelled yet.
    package struct Candidate: Sendable {
        package var passes: Bool
        /// Seconds since 1970 at which it was generated.
        package var time: Double
        /// In 0...1, where the scale has more than two verdicts.
        package var score: Double?

        package init(passes: Bool, time: Double, score: Double? = nil) {
            self.passes = passes
            self.time = time
            self.score = score
        }
    }

    /// Positions of the answers to label next: half of the judge's passes and half of its failures, the newest day first,
    /// at random within a day. Where one verdict has too few, the other fills up.
    package static func next(_ count: Int, of candidates: [Candidate], seed: UInt64) -> [Int] {
        var random = SeededGenerator(seed: seed)
        let shuffled = random.shuffled(Array(candidates.indices)).enumerated().map { (rank: $0, position: $1) }
        let ordered = shuffled.sorted { one, other in
            let days = (day(candidates[one.position]), day(candidates[other.position]))
            return days.0 != days.1 ? days.0 > days.1 : one.rank < other.rank
        }
        return stratified(count, ordered.map(\.position)) { candidates[$0].passes }
    }

    private static func day(_ candidate: Candidate) -> Int { Int(min(max(candidate.time, 0), 1e15) / 86_400) }

    /// Takes from passes and failures in turn, each in the order given.
    static func stratified(_ count: Int, _ order: [Int], _ passes: (Int) -> Bool) -> [Int] {
        var queues = [order.filter { !passes($0) }[...], order.filter(passes)[...]]
        var taken: [Int] = []
        while taken.count < count, let side = [taken.count % 2, 1 - taken.count % 2].first(where: { !queues[$0].isEmpty }) {
            if let next = queues[side].popFirst() { taken.append(next) }
        }
        return taken
    }
}
