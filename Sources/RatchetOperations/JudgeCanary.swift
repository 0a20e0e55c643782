import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetStatistics

/// `rubrics/<id>.canary.jsonl`: answers with the verdicts that a judge gave, about which it is asked again in every run, to
/// tell when the judge itself has changed (GATE.md 4.4).
///
/// A header line, then rows as labels have them, with the verdict under `judge`.
package struct JudgeCanary: Sendable {
    package static let format = "ratchet.canary/1"
    package static let usualSize = 50

    package var rubric: String
    package var rubricHash: String
    package var judge: String
    /// The day on which the verdicts were given.
    package var date: String
    /// Passes and failures in turn, so that any beginning of them holds both.
    package var items: [LabelledItem]

    package init(rubric: Rubric, date: String, items: [LabelledItem]) {
        self.rubric = rubric.id
        rubricHash = rubric.hash
        judge = rubric.judge.description
        self.date = date
        self.items = items
    }

    package func isOf(_ rubric: Rubric) -> Bool { rubricHash == rubric.hash && judge == rubric.judge.description }

    /// So many flips among that many verdicts are drift: a steady judge, which changes 2 in a hundred, makes them in at most
    /// one run of two hundred. It can be above `count`: then nothing can be told.
    package static func alarm(_ count: Int) -> Int {
        RatchetStatistics.JudgeCanary(answers: count)?.alarmCount ?? count + 1
    }

    /// Chooses the answers of a canary: half passes, half failures, on a scale those nearest to its threshold, else at
    /// random.
    package static func choose(
        _ size: Int, of candidates: [JudgeCalibrating.Candidate], threshold: Double, seed: UInt64
    ) -> [Int] {
        var random = SeededGenerator(seed: seed)
        let shuffled = random.shuffled(Array(candidates.indices)).enumerated().map { (rank: $0, position: $1) }
        func distance(_ position: Int) -> Double { candidates[position].score.map { abs($0 - threshold) } ?? 0 }
        let ordered = shuffled.sorted { one, other in
            let distances = (distance(one.position), distance(other.position))
            return distances.0 != distances.1 ? distances.0 < distances.1 : one.rank < other.rank
        }
        return JudgeCalibrating.stratified(size, ordered.map(\.position)) { candidates[$0].passes }
    }

    /// What came of asking again.
    ///
    /// - Parameter verdicts: Whether each item passes now, in the order of the items; `nil` without a verdict.
    package static func result(_ items: [LabelledItem], now verdicts: [Bool?]) -> JudgeStatus.Canary {
        let pairs = zip(items, verdicts).compactMap { item, now in now.map { (item.judge?.passes ?? $0, $0) } }
        return JudgeStatus.Canary(
            judged: pairs.count, flipped: pairs.count { $0.0 != $0.1 }, unanswered: items.count - pairs.count,
            alarm: alarm(pairs.count))
    }
}

// MARK: - The file

extension JudgeCanary {
    private static let ending = ".canary.jsonl"

    package static func path(_ rubric: String) -> String { "rubrics/\(rubric)\(ending)" }

    /// All canaries of a project, by rubric. One of an earlier rubric or judge is warned of, and left out.
    package static func readAll(
        in folder: ProjectFolder, rubrics: [String: Rubric], _ problems: Problems
    ) -> [String: JudgeCanary] {
        var found: [String: JudgeCanary] = [:]
        for file in folder.list("rubrics") where file.hasSuffix(ending) {
            let id = String(file.dropLast(ending.count))
            guard let rubric = rubrics[id] else {
                // A rubric that cannot be read was found fault with; only one that is gone leaves a canary behind.
                if FileSystem.kind(folder.path("rubrics/\(id).md")) == nil {
                    problems.warning(
                        "there is no rubric \(Quoted.text(id)) for this canary", at: SourceReference(file: path(id)),
                        help: "delete the file, or bring the rubric back")
                }
                continue
            }
            guard let canary = read(rubric, in: folder, problems) else { continue }
            if canary.isOf(rubric) {
                found[id] = canary
            } else {
                problems.warning(
                    "this canary is outdated: the rubric or its judge was changed since, and it is not asked",
                    at: SourceReference(file: path(id)), help: "make it again with: ratchet judge canary \(id) --from RUN")
            }
        }
        return found
    }

    /// `nil` after a problem, which is reported.
    package static func read(_ rubric: Rubric, in folder: ProjectFolder, _ problems: Problems) -> JudgeCanary? {
        let before = problems.diagnostics.count
        guard let file = SourceFile.read(path(rubric.id), in: folder, problems) else { return nil }
        var canary: JudgeCanary?
        var isFirst = true
        let labels = JudgeLabels.read(file, rubric: rubric, problems) { line, row in
            guard isFirst else { return false }
            isFirst = false
            canary = header(row, rubric, SourceReference(file: file.name, .value(document: line, .root)), problems)
            return true
        }
        for item in labels.items where item.judge == nil {
            problems.error("this row has no verdict", at: item.source, help: "make the canary again")
        }
        guard problems.diagnostics.count == before else { return nil }
        canary?.items = labels.items
        return canary
    }

    private static func header(
        _ row: JSONValue, _ rubric: Rubric, _ source: SourceReference, _ problems: Problems
    ) -> JudgeCanary? {
        let keys = ["format", "rubric", "rubric_hash", "judge", "date", "written_by"]
        guard let reader = ObjectReader(row, at: source, as: "a canary's header", keys: keys, problems) else { return nil }
        for key in keys.dropLast() { reader.require(key) }
        if let found = reader.string("format"), found != format { reader.error("format", "this is no \(format)") }
        if let named = reader.text("rubric"), named != rubric.id {
            reader.error("rubric", "this is the canary of \(Quoted.text(named))")
        }
        guard let hash = reader.text("rubric_hash"), let judge = reader.text("judge"), let date = reader.text("date") else {
            return nil
        }
        var canary = JudgeCanary(rubric: rubric, date: date, items: [])
        canary.rubricHash = hash
        canary.judge = judge
        return canary
    }

    package func write(writer: String, in folder: ProjectFolder) throws {
        let header: JSONValue = [
            "format": .string(Self.format), "rubric": .string(rubric), "rubric_hash": .string(rubricHash),
            "judge": .string(judge), "date": .string(date), "written_by": .string(writer),
        ]
        let rows = [header] + items.map(\.canaryRow)
        try AtomicFile.write(rows.map { $0.serialized(.compact) + "\n" }.joined(), to: folder.path(Self.path(rubric)))
    }
}

extension LabelledItem {
    fileprivate var canaryRow: JSONValue {
        var row: JSONObject = ["input": input]
        switch subject {
        case .output(let text): row["output"] = .string(text)
        case .pair(let first, let second):
            row["first"] = .string(first)
            row["second"] = .string(second)
        }
        row["expected"] = expected
        if !contexts.isEmpty { row["contexts"] = .array(contexts) }
        if !metadata.isEmpty { row["metadata"] = .object(metadata) }
        row["judge"] = judge.map { .string($0.verdict ?? ($0.passes ? "pass" : "fail")) }
        return .object(row)
    }
}
