import RatchetCore
import RatchetJSON

/// What a judge said: the verdict and its reason.
///
/// The last verdict of the text counts, since a judge that thinks aloud may quote others on its way, and only a verdict
/// that was offered. Of an answer that was cut off only complete JSON counts: its last verdict may be yet to come.
struct JudgeAnswer: Hashable, Sendable {
    var verdict: JudgeVerdict
    var reason: String

    init(verdict: JudgeVerdict, reason: String) {
        self.verdict = verdict
        self.reason = reason
    }

    /// `nil` when the output holds no usable verdict.
    init?(_ output: Output, scale: Rubric.Scale) {
        let text = output.text
        if let whole = try? JSONValue(parsing: text, options: .lenient), let answer = Self.answer(in: whole, scale: scale) {
            self = answer
        } else if output.finishReason == "length" {
            return nil
        } else if let answer = Self.lastLine(of: text, scale: scale) ?? Self.lastObject(in: text, scale: scale) {
            self = answer
        } else {
            return nil
        }
    }

    private static func answer(in value: JSONValue, scale: Rubric.Scale) -> JudgeAnswer? {
        guard let written = value["verdict"] else { return nil }
        let name = written.stringValue ?? written.numberValue.map { $0.int.map(String.init) ?? $0.literal }
        guard let verdict = name.flatMap(scale.verdict(named:)) else { return nil }
        return JudgeAnswer(verdict: verdict, reason: value["reason"]?.stringValue ?? "")
    }

    /// The last object with a usable verdict.
    private static func lastObject(in text: String, scale: Rubric.Scale) -> JudgeAnswer? {
        var rest = text
        // A judge writes an object or two; more would be a text made to cost time.
        for _ in 0..<8 {
            guard let found = JSONExtraction.lastObject(in: rest, options: .lenient) else { return nil }
            if let answer = answer(in: found.value, scale: scale) { return answer }
            rest = String(decoding: rest.utf8.prefix(found.range.lowerBound), as: UTF8.self)
        }
        return nil
    }

    /// A last line that is `verdict: good`, marks of emphasis left aside, or nothing but a verdict.
    private static func lastLine(of text: String, scale: Rubric.Scale) -> JudgeAnswer? {
        let lines = text.unicodeScalars.split { $0 == "\n" || $0 == "\r" }
        guard let last = lines.last(where: { !$0.allSatisfy(\.properties.isWhitespace) }) else { return nil }
        let before = lines.prefix { $0.startIndex < last.startIndex }.map { String($0) }.joined(separator: "\n")
        let line = withoutMarks(String(last))
        let folded = TextForm.folded(line)
        if folded.hasPrefix("verdict") {
            let rest = withoutMarks(String(line.unicodeScalars.dropFirst("verdict".count)))
            guard let separator = rest.first, separator == ":" || separator == "=" else { return nil }
            let name = withoutMarks(String(rest.dropFirst()))
            return scale.verdict(named: name).map { JudgeAnswer(verdict: $0, reason: TextForm.trimmed(before)) }
        }
        guard before.isEmpty else { return nil }
        return scale.verdict(named: line).map { JudgeAnswer(verdict: $0, reason: "") }
    }

    private static func withoutMarks(_ text: String) -> String {
        let marks = Set("*_`#>\"' .".unicodeScalars)
        let start = text.unicodeScalars.drop { marks.contains($0) || $0.properties.isWhitespace }
        let end = start.reversed().drop { marks.contains($0) || $0.properties.isWhitespace }
        return String(String.UnicodeScalarView(end.reversed()))
    }
}
