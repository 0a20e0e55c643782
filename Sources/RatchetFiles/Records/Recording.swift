import RatchetCore
import RatchetJSON

/// Recorded answers, to be replayed: one JSON object a line, for a trial
/// `{"suite":…,"example":…,"prompt":…,"model":…,"trial":1,"output":…}` or for a judge's call
/// `{"fingerprint":…,"output":…}`.
///
/// The file is kept as bytes with an index: an answer is parsed again when it is asked for, so that a recording of any
/// size costs little more memory than the file has bytes.
package struct Recording: Sendable {
    /// An answer and the line it stands in.
    package struct RecordedAnswer: Hashable, Sendable {
        package var response: Response
        package var source: SourceReference
    }

    /// A line's place in the file.
    fileprivate struct Row: Sendable {
        var line: Int
        var range: Range<Int>
    }

    /// What a trial's line says it is for; what is absent matches anything.
    fileprivate struct Trial: Sendable {
        var row: Row
        var number: Int
        var suite: String?
        var prompt: String?
        var model: String?

        var specificity: Int { (suite == nil ? 0 : 1) + (prompt == nil ? 0 : 1) + (model == nil ? 0 : 1) }

        func matches(suite: String, prompt: String?, model: String) -> Bool {
            (self.suite ?? suite) == suite && (self.prompt == nil || self.prompt == prompt)
                && (self.model ?? model) == model
        }
    }

    package let file: String
    private let bytes: [UInt8]
    /// By example.
    private let trials: [String: [Trial]]
    private let judgements: [String: Row]

    /// How many lines there are.
    package var count: Int { trials.values.reduce(judgements.count) { $0 + $1.count } }

    /// Reads a recording; `file` is relative to the project, or absolute.
    package static func read(_ file: String, in folder: ProjectFolder) -> (
        recording: Recording?, diagnostics: [Diagnostic]
    ) {
        let problems = Problems()
        let help = "record one with: ratchet run --record \(file)"
        guard let content = SourceFile.read(file, in: folder, problems, missingHelp: help) else {
            return (nil, problems.diagnostics)
        }
        let recording = Recording(content, problems)
        return (problems.hasErrors ? nil : recording, problems.diagnostics)
    }

    private init(_ content: SourceFile, _ problems: Problems) {
        file = content.name
        bytes = content.bytes
        let reader = RecordingReader(file: content.name, problems: problems)
        var trials: [String: [Trial]] = [:]
        var judgements: [String: Row] = [:]
        JSONLines.forEachLine(of: content.bytes) { line, slice in
            guard let value = JSONLines.parse(slice, line, in: content.name, problems) else { return }
            let row = Row(line: line, range: slice.startIndex..<slice.endIndex)
            switch reader.subject(of: value, row) {
            case .trial(let example, let trial): trials[example, default: []].append(trial)
            case .judgement(let fingerprint):
                if let first = judgements.updateValue(row, forKey: fingerprint) {
                    reader.reportTwice("the judge's call \(Quoted.text(fingerprint))", first.line, line)
                }
            case nil: break
            }
        }
        reader.reportAmbiguous(trials)
        self.trials = trials
        self.judgements = judgements
    }

    /// The k-th recorded trial of an example, counted from 1 in ascending order of the trials' numbers.
    ///
    /// Of the lines with one number that match, the most specific stands for it: the one that names most of suite, prompt
    /// and model.
    ///
    /// - Returns: `nil` when there is no further recording.
    package func trial(
        suite: String, example: String, prompt: PromptReference?, model: String, ordinal: Int
    ) -> RecordedAnswer? {
        var best: [Int: Trial] = [:]
        let prompt = prompt?.description
        for trial in trials[example] ?? [] where trial.matches(suite: suite, prompt: prompt, model: model) {
            if trial.specificity > best[trial.number]?.specificity ?? -1 { best[trial.number] = trial }
        }
        let numbers = best.keys.sorted()
        guard ordinal >= 1, ordinal <= numbers.count, let trial = best[numbers[ordinal - 1]] else { return nil }
        return answer(trial.row, model: trial.model)
    }

    /// The recorded answer to a judge's call, by `Request.contentFingerprint`.
    package func judge(fingerprint: String) -> RecordedAnswer? {
        judgements[fingerprint].flatMap { answer($0, model: nil) }
    }

    /// One answer as a line of a recording holds it, without what says which trial it is.
    package static func response(inLine bytes: [UInt8]) -> (response: Response?, diagnostics: [Diagnostic]) {
        let problems = Problems()
        guard let value = JSONLines.parse(bytes[...], 1, in: "the recorded answer", problems),
            let reader = ObjectReader(
                value, at: SourceReference(file: "the recorded answer", .value(document: 1, .root)), as: "a recorded answer",
                keys: RecordingReader.keys, problems)
        else { return (nil, problems.diagnostics) }
        reader.require("output")
        let response = AnswerReader.response(reader, model: reader.text("model"))
        return (problems.hasErrors ? nil : response, problems.diagnostics)
    }

    private func answer(_ row: Row, model: String?) -> RecordedAnswer? {
        let source = SourceReference(file: file, .value(document: row.line, .root))
        guard let value = try? JSONValue(parsing: bytes[row.range]),
            let reader = ObjectReader(value, at: source, as: "a recording", keys: RecordingReader.keys, Problems())
        else { return nil }
        return RecordedAnswer(response: AnswerReader.response(reader, model: model), source: source)
    }
}

/// Reads and checks the lines of a recording.
private struct RecordingReader {
    static let trialKeys = ["suite", "example", "prompt", "model", "trial"]
    static let keys = trialKeys + ["fingerprint"] + AnswerReader.keys

    enum Subject {
        case trial(example: String, Recording.Trial)
        case judgement(fingerprint: String)
    }

    let file: String
    let problems: Problems

    /// What a line records; `nil` after a problem.
    func subject(of value: JSONValue, _ row: Recording.Row) -> Subject? {
        let source = SourceReference(file: file, .value(document: row.line, .root))
        let isJudgement = value.objectValue?["fingerprint"] != nil
        let keys = isJudgement ? ["fingerprint", "model"] + AnswerReader.keys : Self.trialKeys + AnswerReader.keys
        let before = problems.diagnostics.count
        let what = isJudgement ? "a judge's recording" : "a recording"
        guard let reader = ObjectReader(value, at: source, as: what, keys: keys, problems) else { return nil }
        if !isJudgement { reader.require("example", help: "or \"fingerprint\", for a judge's call") }
        reader.require("output")
        _ = AnswerReader.response(reader, model: nil)
        if isJudgement {
            guard let fingerprint = reader.text("fingerprint"), problems.diagnostics.count == before else { return nil }
            return .judgement(fingerprint: fingerprint)
        }
        let prompt = reader.text("prompt")
        if let prompt, PromptReference(prompt)?.version == nil {
            reader.error("prompt", "\(Quoted.text(prompt)) names no version of a prompt", help: "write id@version")
        }
        let number = reader.value("trial") == nil ? 1 : reader.integer("trial", in: 1...1_000_000)
        let (suite, model) = (reader.text("suite"), reader.text("model"))
        guard let example = reader.identifier("example"), let number, problems.diagnostics.count == before else {
            return nil
        }
        return .trial(
            example: example, Recording.Trial(row: row, number: number, suite: suite, prompt: prompt, model: model))
    }

    func reportTwice(_ what: String, _ first: Int, _ second: Int, help: String? = nil) {
        problems.error(
            "\(what) is recorded twice", at: SourceReference(file: file, line: second),
            help: "the other is in line \(first)" + (help.map { "; \($0)" } ?? ""))
    }

    /// Two lines with one number are ambiguous when some request matches both and neither names more of it.
    func reportAmbiguous(_ trials: [String: [Recording.Trial]]) {
        let found = trials.compactMap { example, lines in
            lines.count > 1 ? ambiguity(lines).map { (example: example, lines: $0) } : nil
        }
        for (example, lines) in found.sorted(by: { $0.lines.second.row.line < $1.lines.second.row.line }) {
            reportTwice(
                "trial \(lines.second.number) of the example \(Quoted.text(example))", lines.first,
                lines.second.row.line,
                help: lines.isSame ? nil : "they are equally specific; name suite, prompt and model in both")
        }
    }

    private func ambiguity(_ trials: [Recording.Trial]) -> (first: Int, second: Recording.Trial, isSame: Bool)? {
        var seen: [AmbiguityKey: Int] = [:]
        for trial in trials.sorted(by: { $0.row.line < $1.row.line }) {
            let fields = [trial.suite, trial.prompt, trial.model]
            let own = fields.map { $0 != nil }
            for other in AmbiguityKey.patterns where other.count(where: { $0 }) == trial.specificity {
                let shared = fields.indices.map { own[$0] && other[$0] ? fields[$0] : nil }
                let key = AmbiguityKey(number: trial.number, pattern: other, partner: own, shared: shared)
                if let first = seen[key] { return (first, trial, own == other) }
            }
            for other in AmbiguityKey.patterns where other.count(where: { $0 }) == trial.specificity {
                let shared = fields.indices.map { own[$0] && other[$0] ? fields[$0] : nil }
                seen[AmbiguityKey(number: trial.number, pattern: own, partner: other, shared: shared)] = trial.row.line
            }
        }
        return nil
    }

    /// A line as seen by lines that name the fields `partner`: they meet when they agree on the shared ones.
    private struct AmbiguityKey: Hashable {
        var number: Int
        var pattern: [Bool]
        var partner: [Bool]
        var shared: [String?]

        static let patterns: [[Bool]] = (0..<8).map { bits in (0..<3).map { bits >> $0 & 1 == 1 } }
    }
}
