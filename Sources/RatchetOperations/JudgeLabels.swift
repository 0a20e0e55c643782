import RatchetCore
import RatchetFiles
import RatchetJSON

/// What people say of an answer, or a judge: a verdict of the rubric's scale, or no more than whether it passes.
package struct Grade: Hashable, Sendable {
    /// `nil` where a scale's answer was only passed or failed.
    package var verdict: String?
    package var passes: Bool

    package init(verdict: String?, passes: Bool) {
        self.verdict = verdict
        self.passes = passes
    }
}

/// One labelled answer, or pair of answers, with what the judge and people say of it.
package struct LabelledItem: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        case output(String)
        case pair(first: String, second: String)
    }

    package var id: String?
    package var subject: Subject
    package var input: JSONValue
    package var expected: JSONValue?
    package var contexts: [JSONValue]
    package var metadata: JSONObject
    /// By rater; one that is not named has the empty name.
    package var people: [String: Grade]
    package var judge: Grade?
    /// The judge's verdicts on a pair in both orders.
    package var orders: JudgeOrders?
    /// The file says that the judge gave no usable verdict.
    package var isUnjudgeable = false
    package var source: SourceReference

    package init(
        id: String? = nil, subject: Subject, input: JSONValue, expected: JSONValue? = nil, contexts: [JSONValue] = [],
        metadata: JSONObject = [:], people: [String: Grade] = [:], judge: Grade? = nil, orders: JudgeOrders? = nil,
        source: SourceReference
    ) {
        self.id = id
        self.subject = subject
        self.input = input
        self.expected = expected
        self.contexts = contexts
        self.metadata = metadata
        self.people = people
        self.judge = judge
        self.orders = orders
        self.source = source
    }

    /// What the judge is shown, as one hash: the same answer to the same question is one item.
    package var key: String { Self.key(subject, input: input, expected: expected, contexts: contexts) }

    package static func key(_ subject: Subject, input: JSONValue, expected: JSONValue?, contexts: [JSONValue]) -> String {
        var content: JSONObject = ["input": input, "contexts": .array(contexts)]
        content["expected"] = expected
        switch subject {
        case .output(let text): content["output"] = .string(text)
        case .pair(let first, let second): content["outputs"] = [.string(first), .string(second)]
        }
        return Digest.sha256(.object(content))
    }

    /// What most raters say; `nil` without a label, or when they are split evenly.
    ///
    /// On a scale it is their middle verdict, where all of them gave one, in the order of `scores`.
    func consensus(_ scores: [String: Double]) -> Grade? {
        let grades = Array(people.values)
        let passes = grades.count { $0.passes }
        guard passes * 2 != grades.count else { return nil }
        let isPass = passes * 2 > grades.count
        let verdicts = grades.compactMap(\.verdict)
        guard verdicts.count == grades.count else { return Grade(verdict: nil, passes: isPass) }
        let order = verdicts.sorted { (scores[$0] ?? 0, $0) < (scores[$1] ?? 0, $1) }
        // Of an even number the middle one on the side of the majority.
        let middle = order.count.isMultiple(of: 2) ? order.count / 2 - (isPass ? 0 : 1) : order.count / 2
        return Grade(verdict: order[middle], passes: isPass)
    }
}

/// Reads labels: JSONL rows of an answer with what people say of it and, where it is recorded, what the judge said.
package struct JudgeLabels: Sendable {
    package var items: [LabelledItem] = []
    /// What the labelled rows were drawn from, as `judge calibrate --next` notes it: one entry a run.
    package private(set) var populations: [String: TrialCount] = [:]

    package init() {}

    package static let keys = [
        "id", "input", "output", "outputs", "first", "second", "expected", "contexts", "metadata", "label", "labels",
        "rater", "judge", "judges", "drawn_from",
    ]

    /// - Parameters:
    ///   - rubric: What is being labelled: verdicts have to be of its scale.
    ///   - recorded: Takes the judge's verdict from this member of a row's `judges`.
    package static func read(
        _ name: String, in folder: ProjectFolder, rubric: Rubric, recorded: String? = nil, _ problems: Problems
    ) -> JudgeLabels {
        guard let file = SourceFile.read(name, in: folder, problems) else { return JudgeLabels() }
        return read(file, rubric: rubric, recorded: recorded, problems)
    }

    /// - Parameter header: Looks at each row first, and takes it away with `true`.
    static func read(
        _ file: SourceFile, rubric: Rubric, recorded: String? = nil, _ problems: Problems,
        header: (_ line: Int, _ row: JSONValue) -> Bool = { _, _ in false }
    ) -> JudgeLabels {
        var labels = JudgeLabels()
        let reader = LabelReader(rubric: rubric, recorded: recorded, file: file.name, problems: problems)
        var places: [String: Int] = [:]
        var ids: [String: String] = [:]
        JSONLines.forEach(in: file, problems) { line, row in
            guard !header(line, row), let (item, population) = reader.item(row, line) else { return }
            if let population { labels.populations[population.run] = population.count }
            let key = item.key
            if let id = item.id, let other = ids.updateValue(key, forKey: id), other != key {
                problems.error(
                    "the id \(Quoted.text(id)) is there with another answer already", at: item.source,
                    help: "rows with one id are labels of one answer by several raters")
            }
            if let place = places[key] {
                reader.merge(item, into: &labels.items[place])
            } else {
                places[key] = labels.items.count
                labels.items.append(item)
            }
        }
        if labels.items.isEmpty, !problems.hasErrors {
            problems.error("the file holds no answer", at: SourceReference(file: file.name))
        }
        return labels
    }
}

/// Reads the rows of a file of labels. Keys of others are put up with: labelling tools write their own.
private struct LabelReader {
    let rubric: Rubric
    let recorded: String?
    let file: String
    let problems: Problems

    func item(_ row: JSONValue, _ line: Int) -> (LabelledItem, (run: String, count: TrialCount)?)? {
        let source = SourceReference(file: file, .value(document: line, .root))
        guard let object = row.objectValue else {
            problems.error("a label must be an object, not \(row.kind)", at: source)
            return nil
        }
        // A mistyped key of ours would silently be no label.
        for (key, _) in object.members where !JudgeLabels.keys.contains(key) {
            guard let near = Suggestion.nearest(to: key, among: JudgeLabels.keys), object[near] == nil else { continue }
            problems.error(
                "unknown key \(Quoted.text(key))", at: source.appending(key).key, help: "did you mean \(Quoted.text(near))?")
        }
        let known = object.members.filter { JudgeLabels.keys.contains($0.0) }
        guard let reader = ObjectReader(
            .object(JSONObject(known)), at: source, as: "a label", keys: JudgeLabels.keys, problems)
        else { return nil }
        guard reader.require("input"), let input = reader.value("input"), let subject = subject(reader) else { return nil }
        var item = LabelledItem(
            id: reader.stringOrNumber("id"), subject: subject, input: input, expected: reader.value("expected"),
            contexts: reader.list("contexts") ?? [], metadata: reader.object("metadata") ?? [:],
            people: people(reader), source: source)
        if rubric.scale == .pairwise, item.people.isEmpty, let better = reader.value("expected")?.intValue {
            // The better output by its number is a label, and no reference answer.
            if let grade = grade(.int(better)) { item.people[""] = grade }
            item.expected = nil
        }
        readJudge(reader, into: &item)
        return (item, population(reader))
    }

    private func subject(_ reader: ObjectReader) -> LabelledItem.Subject? {
        guard rubric.scale == .pairwise else {
            guard reader.require("output", help: "the answer that is labelled"), let text = reader.string("output") else {
                return nil
            }
            return .output(text)
        }
        if reader.value("outputs") == nil, reader.value("first") != nil || reader.value("second") != nil {
            guard reader.require("first"), reader.require("second"), let first = reader.string("first"),
                let second = reader.string("second")
            else { return nil }
            return .pair(first: first, second: second)
        }
        guard reader.require("outputs", help: "the two answers, as a list, an object, or as \"first\" and \"second\"")
        else { return nil }
        let value = reader.value("outputs")
        let texts = (value?.arrayValue ?? value?.objectValue?.members.map { $0.1 } ?? []).map(\.stringValue)
        guard texts.count == 2, let first = texts[0], let second = texts[1] else {
            reader.error("outputs", "\"outputs\" must be two texts")
            return nil
        }
        return .pair(first: first, second: second)
    }

    // MARK: Labels

    private func people(_ reader: ObjectReader) -> [String: Grade] {
        var people: [String: Grade] = [:]
        if let label = reader.value("label") {
            if let grade = grade(label) {
                people[reader.string("rater") ?? ""] = grade
            } else {
                reader.error("label", "\(shown(label)) is no verdict of rubric \(Quoted.text(rubric.id))", help: offered)
            }
        }
        for (rater, label) in reader.object("labels")?.members ?? [] where !label.isNull {
            if let grade = grade(label) {
                people[rater] = grade
            } else {
                problems.error(
                    "\(shown(label)) is no verdict of rubric \(Quoted.text(rubric.id))",
                    at: reader.place("labels").appending(rater), help: offered)
            }
        }
        return people
    }

    func merge(_ item: LabelledItem, into other: inout LabelledItem) {
        for (rater, grade) in item.people {
            if let known = other.people[rater], known != grade {
                problems.error(
                    rater.isEmpty
                        ? "this answer was labelled differently before" : "\(Quoted.text(rater)) labelled this answer differently before",
                    at: item.source, help: "name the raters: {\"labels\": {\"ann\": \"pass\", \"bob\": \"fail\"}}")
            }
            other.people[rater] = grade
        }
        other.judge = other.judge ?? item.judge
        other.orders = other.orders ?? item.orders
    }

    /// A verdict of the scale; pass or fail on any; of pairs also 1 and 2.
    private func grade(_ value: JSONValue) -> Grade? {
        if let flag = value.boolValue { return passOrFail(flag) }
        guard let text = value.stringValue ?? value.numberValue.map({ $0.int.map(String.init) ?? $0.literal }) else { return nil }
        let word = text.lowercased()
        if rubric.scale == .pairwise {
            let names = ["1": "first", "2": "second", "0": "tie", "output_1": "first", "output_2": "second"]
            return verdict(names[word] ?? word)
        }
        if let grade = verdict(text) { return grade }
        return word == "pass" || word == "fail" ? passOrFail(word == "pass") : nil
    }

    private func passOrFail(_ passes: Bool) -> Grade? {
        switch rubric.scale {
        case .passFail: Grade(verdict: passes ? "pass" : "fail", passes: passes)
        case .labels, .anchored: Grade(verdict: nil, passes: passes)
        case .pairwise: nil
        }
    }

    private func verdict(_ name: String) -> Grade? {
        let verdicts = rubric.scale.verdicts
        let found = verdicts.first { $0.name == name } ?? verdicts.first { $0.name.lowercased() == name.lowercased() }
        return found.map { Grade(verdict: $0.name, passes: $0.score + 1e-9 >= rubric.threshold) }
    }

    private var offered: String {
        let names = rubric.scale.verdicts.map(\.name)
        return "its verdicts: " + (names.count > 8 ? "\(names.first ?? "") to \(names.last ?? "")" : names.joined(separator: ", "))
    }

    private func shown(_ value: JSONValue) -> String {
        value.stringValue.map { Quoted.text($0) } ?? value.numberValue?.literal ?? value.kind
    }

    // MARK: The judge

    private func readJudge(_ reader: ObjectReader, into item: inout LabelledItem) {
        var value = reader.value("judge")
        var place = reader.place("judge")
        if let recorded {
            value = reader.object("judges")?[recorded]
            place = reader.place("judges").appending(recorded)
            guard let value, !value.isNull else {
                item.isUnjudgeable = true
                return
            }
        }
        guard let value, !value.isNull else { return }
        if rubric.scale == .pairwise, let both = value.objectValue {
            readOrders(both, at: place, into: &item)
            return
        }
        let votes = (value.arrayValue ?? [value]).map { $0["verdict"] ?? $0 }
        let grades = votes.compactMap(grade)
        guard grades.count == votes.count, !grades.isEmpty else {
            problems.error("\(shown(value)) is no verdict of rubric \(Quoted.text(rubric.id))", at: place, help: offered)
            return
        }
        // As the votes of a run: the middle by score.
        let scores = Dictionary(rubric.scale.verdicts.map { ($0.name, $0.score) }, uniquingKeysWith: { first, _ in first })
        let ordered = grades.sorted { score($0, scores) < score($1, scores) }
        item.judge = ordered[(ordered.count - 1) / 2]
    }

    private func score(_ grade: Grade, _ scores: [String: Double]) -> Double {
        grade.verdict.flatMap { scores[$0] } ?? (grade.passes ? 1 : 0)
    }

    /// `ab` and `ba` name the output that was picked, not the place where it stood. One without a usable pick is no
    /// verdict.
    private func readOrders(_ both: JSONObject, at place: SourceReference, into item: inout LabelledItem) {
        let picks = ["ab", "ba"].map { both[$0].flatMap(grade)?.verdict }
        for (key, pick) in zip(["ab", "ba"], picks) where pick == nil && !(both[key]?.isNull ?? true) {
            problems.error(
                "\(shown(both[key] ?? .null)) names none of the two answers", at: place.appending(key),
                help: "write 1, 2 or \"tie\"")
        }
        guard let first = picks[0], let second = picks[1] else {
            item.isUnjudgeable = true
            return
        }
        let orders = JudgeOrders(standingFirst: first, standingSecond: second)
        item.orders = orders
        item.judge = verdict(orders.verdict)
    }

    private func population(_ reader: ObjectReader) -> (run: String, count: TrialCount)? {
        guard let drawn = reader.nested("drawn_from", as: "drawn_from", keys: ["run", "passes", "judged"]) else { return nil }
        guard drawn.require("run"), drawn.require("passes"), drawn.require("judged"), let run = drawn.text("run"),
            let judged = drawn.integer("judged", in: 1...1_000_000_000), let passes = drawn.integer("passes", in: 0...judged)
        else { return nil }
        return (run, TrialCount(passes: passes, trials: judged))
    }
}
