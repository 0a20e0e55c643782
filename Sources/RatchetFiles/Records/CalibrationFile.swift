import RatchetCore
import RatchetJSON

/// `rubrics/<id>.calibration.json`: how well a rubric's judge agrees with people.
package struct CalibrationFile: Sendable {
    private static let ending = ".calibration.json"
    private static let keys = [
        "format", "written_by", "rubric", "rubric_hash", "judge", "date", "standing", "labels", "judged", "verdicts", "table",
        "kappa", "sensitivity", "specificity", "informedness", "true_pass_rate", "labels_to_halve", "people", "bias",
    ]

    package static func path(_ rubric: String) -> String { "\(RubricReader.folderName)/\(rubric)\(ending)" }

    /// All calibrations of a project, by rubric; one whose rubric is gone is warned of.
    static func readAll(in folder: ProjectFolder, rubrics: Set<String>, _ problems: Problems) -> [String: JudgeCalibration] {
        var found: [String: JudgeCalibration] = [:]
        for file in folder.list(RubricReader.folderName) where file.hasSuffix(ending) {
            let id = String(file.dropLast(ending.count))
            guard rubrics.contains(id) else {
                problems.warning(
                    "there is no rubric \(Quoted.text(id)) for this calibration", at: SourceReference(file: path(id)),
                    help: "delete the file, or bring the rubric back")
                continue
            }
            found[id] = read(id, in: folder, problems)
        }
        return found
    }

    package static func read(_ rubric: String, in folder: ProjectFolder, _ problems: Problems) -> JudgeCalibration? {
        let before = problems.diagnostics.count
        guard let file = SourceFile.read(path(rubric), in: folder, problems) else { return nil }
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONValue(parsing: file.bytes)
        } catch {
            problems.error(error.message, at: SourceReference(file: file.name, line: error.line, column: error.column))
            return nil
        }
        let source = SourceReference(file: file.name, .value(document: 1, .root))
        guard let reader = ObjectReader(value, at: source, as: "a calibration", keys: keys, problems) else { return nil }
        let calibration = read(reader, rubric: rubric)
        return problems.diagnostics.count == before ? calibration : nil
    }

    private static func read(_ reader: ObjectReader, rubric: String) -> JudgeCalibration? {
        if reader.require("format"), reader.value("format")?.stringValue != JudgeCalibration.format {
            reader.error("format", "this is no \(JudgeCalibration.format)")
        }
        for key in ["rubric", "rubric_hash", "judge", "date", "labels", "judged"] { reader.require(key) }
        if let named = reader.text("rubric"), named != rubric {
            reader.error("rubric", "this is the calibration of \(Quoted.text(named))")
        }
        guard let hash = reader.text("rubric_hash"), let judge = reader.text("judge"), let date = reader.text("date"),
            let labels = reader.nested(
                "labels", as: "labels", keys: ["both_pass", "judge_passes", "people_pass", "both_fail", "split"]),
            let judged = reader.nested("judged", as: "judged", keys: ["passes", "of"])
        else { return nil }
        let trials = count("of", judged)
        var calibration = JudgeCalibration(
            rubric: rubric, rubricHash: hash, judge: judge, date: date,
            counts: .init(
                bothPass: count("both_pass", labels), judgePasses: count("judge_passes", labels),
                peoplePass: count("people_pass", labels), bothFail: count("both_fail", labels)),
            split: count("split", labels), judged: TrialCount(passes: count("passes", judged, max: trials), trials: trials))
        calibration.kappa = estimate("kappa", in: -10...10, reader)
        calibration.sensitivity = estimate("sensitivity", in: 0...1, reader)
        calibration.specificity = estimate("specificity", in: 0...1, reader)
        calibration.informedness = estimate("informedness", in: -1...1, reader)
        calibration.truePassRate = estimate("true_pass_rate", in: 0...1, reader)
        calibration.labelsToHalve = reader.integer("labels_to_halve", in: 0...most)
        readTable(reader, into: &calibration)
        calibration.people = people(reader)
        calibration.bias = bias(reader)
        if let standing = reader.choice("standing", JudgeStanding.self), standing != calibration.standing {
            reader.error(
                "standing", "by its figures this judge's standing is \(Quoted.text(calibration.standing.rawValue))",
                help: "do not edit the file; make it again with: ratchet judge calibrate \(rubric)")
        }
        return calibration
    }

    private static let most = 1_000_000_000

    private static func count(_ key: String, _ reader: ObjectReader, max: Int = most) -> Int {
        reader.require(key)
        return reader.integer(key, in: 0...max) ?? 0
    }

    private static func estimate(
        _ key: String, in range: ClosedRange<Double>, _ reader: ObjectReader
    ) -> JudgeCalibration.Estimate? {
        guard let nested = reader.nested(key, as: key, keys: ["value", "low", "high"]) else { return nil }
        for part in ["value", "low", "high"] { nested.require(part) }
        guard let value = nested.number("value", in: range), let low = nested.number("low", in: range),
            let high = nested.number("high", in: range)
        else { return nil }
        if low > value || value > high { reader.error(key, "the value does not lie in its interval") }
        return .init(value: value, low: low, high: high)
    }

    private static func readTable(_ reader: ObjectReader, into calibration: inout JudgeCalibration) {
        guard let verdicts = reader.strings("verdicts"), let rows = reader.list("table") else { return }
        let table = rows.map { ($0.arrayValue ?? []).compactMap(\.intValue).filter { (0...most).contains($0) } }
        let isSquare = table.count == verdicts.count && table.allSatisfy { $0.count == verdicts.count }
        guard isSquare, table.joined().reduce(0, +) == calibration.counts.total else {
            reader.error("table", "the table does not fit the verdicts and the labels")
            return
        }
        calibration.verdicts = verdicts
        calibration.table = table
    }

    private static func people(_ reader: ObjectReader) -> JudgeCalibration.People? {
        guard let people = reader.nested("people", as: "people", keys: ["raters", "pairs", "agreed", "kappa"]) else { return nil }
        let pairs = count("pairs", people)
        return .init(
            raters: count("raters", people), pairs: pairs, agreed: count("agreed", people, max: pairs),
            kappa: estimate("kappa", in: -10...10, people))
    }

    private static func bias(_ reader: ObjectReader) -> JudgeCalibration.Bias? {
        let keys = JudgeCalibration.Bias.keys
        guard let nested = reader.nested("bias", as: "bias", keys: keys.map(\.key)) else { return nil }
        var bias = JudgeCalibration.Bias()
        for (key, figure) in keys { bias[keyPath: figure] = count(key, nested) }
        return bias
    }

    package static func write(_ calibration: JudgeCalibration, writer: String, in folder: ProjectFolder) throws {
        var object = calibration.json.objectValue ?? [:]
        object["written_by"] = .string(writer)
        try AtomicFile.write(
            JSONValue.object(object).serialized(.pretty) + "\n", to: folder.path(path(calibration.rubric)))
    }
}
