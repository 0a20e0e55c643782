import RatchetCore
import RatchetJSON

/// What people said of outputs, as it lies in git: `suites/<suite>/labels.jsonl`.
///
/// One label a line, sorted, a blank line between two, so that git merges most changes of two branches by itself. A
/// person has one label for a text: a later one takes its place.
package struct LabelFile: Sendable {
    package static let name = "labels.jsonl"
    private static let keys = ["example", "example_hash", "check", "output", "verdict", "score", "rater", "date", "note"]

    package let folder: ProjectFolder

    package init(_ folder: ProjectFolder) { self.folder = folder }

    /// Relative to the project.
    package static func path(suite: String) -> String { "\(SuiteReader.folderName)/\(suite)/\(name)" }

    /// The labels of a suite, in the order of the file; none when there is no file.
    package func read(suite: String) -> (labels: [HumanLabel], diagnostics: [Diagnostic]) {
        let problems = Problems()
        return (read(suite: suite, problems), problems.diagnostics)
    }

    func read(suite: String, _ problems: Problems) -> [HumanLabel] {
        let file = Self.path(suite: suite)
        guard FileSystem.kind(folder.path(file)) != nil, let content = SourceFile.read(file, in: folder, problems)
        else { return [] }
        var labels: [HumanLabel] = []
        var lines: [Place: Int] = [:]
        JSONLines.forEach(in: content, problems) { line, row in
            let source = SourceReference(file: file, .value(document: line, .root))
            guard let label = Self.label(row, at: source, problems) else { return }
            if let first = lines.updateValue(line, forKey: Place(label)) {
                problems.error(
                    "\(Quoted.text(label.rater)) has judged this output twice", at: source,
                    help: "the other label is in line \(first); keep the one that holds")
            }
            labels.append(label)
        }
        return labels
    }

    /// Adds labels, each in the place of what its rater said of that text before.
    ///
    /// - Throws: what is wrong with the file, or why it could not be written.
    /// - Returns: the path, relative to the project.
    @discardableResult
    package func add(_ added: [HumanLabel], suite: String) throws -> String {
        // Two people at one machine, or two windows: the second waits for the first.
        try FileSystem.makeFolder(folder.path(".ratchet/locks"))
        let lock = try FileLock.acquire(folder.path(".ratchet/locks/labels.lock"))
        defer { withExtendedLifetime(lock) {} }
        let (labels, diagnostics) = read(suite: suite)
        if diagnostics.contains(where: { $0.severity == .error }) { throw DiagnosticsError(diagnostics) }
        var byPlace = Dictionary(labels.map { (Place($0), $0) }, uniquingKeysWith: { $1 })
        for label in added { byPlace[Place(label)] = label }
        let sorted = byPlace.sorted { $0.key < $1.key }.map { $0.value.json.serialized() + "\n" }
        let path = Self.path(suite: suite)
        try AtomicFile.write(sorted.joined(separator: "\n"), to: folder.path(path))
        return path
    }

    /// What a person can have one label for, and the order of the file.
    private struct Place: Hashable, Comparable {
        var texts: [String]

        init(_ label: HumanLabel) {
            texts = [
                label.example, label.subject.check, label.subject.exampleHash, label.subject.outputHash, label.rater,
            ]
        }

        static func < (left: Place, right: Place) -> Bool { left.texts.lexicographicallyPrecedes(right.texts) }
    }

    private static func label(_ row: JSONValue, at source: SourceReference, _ problems: Problems) -> HumanLabel? {
        if row["input"] != nil, row["check"] == nil {
            problems.error(
                "an example in \(name), which holds people's labels", at: source,
                help: "move it to another *.jsonl of the suite")
            return nil
        }
        let before = problems.diagnostics.count
        guard let reader = ObjectReader(row, at: source, as: "a label", keys: keys, problems) else { return nil }
        for key in ["example", "example_hash", "check", "output", "rater", "date"] { reader.require(key) }
        let example = reader.identifier("example")
        let (exampleHash, output) = (hash("example_hash", reader), hash("output", reader))
        let (check, rater) = (reader.identifier("check"), reader.text("rater"))
        let verdict = verdict(reader)
        let date = reader.text("date")
        if let date, CalendarDay(date) == nil {
            reader.error("date", "\(Quoted.text(date)) is not a day", help: "write it as 2026-11-21")
        }
        let note = reader.string("note")
        guard problems.diagnostics.count == before, let example, let exampleHash, let output, let check, let rater,
            let verdict, let date
        else { return nil }
        return HumanLabel(
            subject: .init(check: check, exampleHash: exampleHash, outputHash: output), example: example,
            verdict: verdict, rater: rater, date: date, note: note)
    }

    private enum Word: String, CaseIterable { case pass, fail }

    private static func verdict(_ reader: ObjectReader) -> HumanLabel.Verdict? {
        switch (reader.value("verdict"), reader.value("score")) {
        case (nil, nil):
            reader.require("verdict", help: "write pass or fail, or a score from 0 to 1")
            return nil
        case (_?, _?):
            reader.error("score", "a label has a verdict or a score, not both")
            return nil
        case (_?, nil): return reader.choice("verdict", Word.self).map { $0 == .pass ? .pass : .fail }
        case (nil, _?): return reader.number("score", in: 0...1).map { .score($0) }
        }
    }

    private static func hash(_ key: String, _ reader: ObjectReader) -> String? {
        guard let text = reader.text(key) else { return nil }
        let digits = text.utf8.dropFirst("sha256:".utf8.count)
        if text.hasPrefix("sha256:"), digits.count == 64, digits.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) {
            return text
        }
        reader.error(key, "\(Quoted.text(text)) is no hash", help: "labels are written by: ratchet suite label")
        return nil
    }
}

extension HumanLabel {
    /// The label as a line of the file.
    package var json: JSONValue {
        var object: JSONObject = [
            "example": .string(example), "example_hash": .string(subject.exampleHash), "check": .string(subject.check),
            "output": .string(subject.outputHash),
        ]
        switch verdict {
        case .pass: object["verdict"] = "pass"
        case .fail: object["verdict"] = "fail"
        case .score(let score): object["score"] = .double(score)
        }
        object["rater"] = .string(rater)
        object["date"] = .string(date)
        object["note"] = note.map { .string($0) }
        return .object(object)
    }
}
