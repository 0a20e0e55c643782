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
        } else if output.isCutOff {
            return nil
        } else {
            let found = [Self.lastLine(of: text, scale: scale), Self.lastObject(in: text, scale: scale)].compactMap { $0 }
            guard let last = found.max(by: { $0.offset < $1.offset }) else { return nil }
            self = last.answer
        }
    }

    /// An answer and where in the text it stands, in bytes.
    private typealias Found = (answer: JudgeAnswer, offset: Int)

    private static func answer(in value: JSONValue, scale: Rubric.Scale) -> JudgeAnswer? {
        guard let written = value["verdict"] else { return nil }
        let name = written.stringValue ?? written.numberValue.map { $0.int.map(String.init) ?? $0.literal }
        guard let verdict = name.flatMap(scale.verdict(named:)) else { return nil }
        return JudgeAnswer(verdict: verdict, reason: value["reason"]?.stringValue ?? "")
    }

    /// The last object with a usable verdict.
    private static func lastObject(in text: String, scale: Rubric.Scale) -> Found? {
        var rest = text
        // A judge writes an object or two; more would be a text made to cost time.
        for _ in 0..<8 {
            guard let found = JSONExtraction.lastObject(in: rest, options: .lenient) else { return nil }
            if let answer = answer(in: found.value, scale: scale) { return (answer, found.range.lowerBound) }
            rest = String(decoding: rest.utf8.prefix(found.range.lowerBound), as: UTF8.self)
        }
        return nil
    }

    /// The last line that is `verdict: good`, marks of emphasis left aside; or a text that is nothing but a verdict.
    private static func lastLine(of text: String, scale: Rubric.Scale) -> Found? {
        let bytes = text.utf8
        let lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.filter { !isBlank($0) }
        for slice in lines.reversed() where slice.count <= longestLine {
            let line = withoutMarks(String(Substring(slice)))
            guard TextForm.folded(line).hasPrefix("verdict") else { continue }
            let rest = withoutMarks(String(line.unicodeScalars.dropFirst("verdict".count)))
            guard let separator = rest.first, separator == ":" || separator == "=" else { continue }
            if let verdict = scale.verdict(named: withoutMarks(String(rest.dropFirst()))) {
                let before = TrimmedText.of(String(Substring(bytes[..<slice.startIndex])))
                let offset = bytes.distance(from: bytes.startIndex, to: slice.startIndex)
                return (JudgeAnswer(verdict: verdict, reason: before), offset)
            }
        }
        guard lines.count == 1, let only = lines.first, only.count <= longestLine else { return nil }
        return scale.verdict(named: withoutMarks(String(Substring(only)))).map { (JudgeAnswer(verdict: $0, reason: ""), 0) }
    }

    /// In bytes; no line with a verdict is longer.
    private static let longestLine = 400

    private static func isBlank(_ line: Substring.UTF8View) -> Bool { line.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    private static func withoutMarks(_ text: String) -> String {
        let marks = Set("*_`#>\"' .".unicodeScalars)
        let start = text.unicodeScalars.drop { marks.contains($0) || $0.properties.isWhitespace }
        let end = start.reversed().drop { marks.contains($0) || $0.properties.isWhitespace }
        return String(String.UnicodeScalarView(end.reversed()))
    }
}
