import RatchetCore
import RatchetJSON

/// Typed reading of one object of a file. What is wrong is reported with its place, and reading goes on.
///
/// A key whose value is `null` counts as absent.
package struct ObjectReader {
    package let object: JSONObject
    /// The place of the object itself.
    package let source: SourceReference
    package let problems: Problems

    /// Reports a value that is no object, and every key that is not among `keys`.
    ///
    /// - Parameter what: the object in words: "an example", "ratchet.yaml".
    package init?(
        _ value: JSONValue, at source: SourceReference, as what: String, keys: [String], _ problems: Problems
    ) {
        guard let object = value.objectValue else {
            problems.error("\(what) must be an object, not \(value.kind)", at: source)
            return nil
        }
        self.object = object
        self.source = source
        self.problems = problems
        for (key, _) in object.members where !keys.contains(key) {
            problems.error(
                "unknown key \(Quoted.text(key))", at: source.appending(key).key,
                help: Suggestion.help(for: key, among: keys, saying: "keys of \(what)"))
        }
    }

    /// The place of the value of `key`, or of the object when there is none.
    package func place(_ key: String) -> SourceReference { object[key] == nil ? source : source.appending(key) }

    package func value(_ key: String) -> JSONValue? {
        guard let value = object[key] else { return nil }
        if case .null = value { return nil }
        return value
    }

    /// Reports a key that is not there.
    ///
    /// - Returns: whether it is there.
    @discardableResult
    package func require(_ key: String, help: String? = nil) -> Bool {
        if value(key) != nil { return true }
        problems.error("missing key \(Quoted.text(key))", at: place(key), help: help)
        return false
    }

    package func error(_ key: String, _ message: String, help: String? = nil) {
        problems.error(message, at: place(key), help: help)
    }
}

extension ObjectReader {
    package func string(_ key: String) -> String? { read(key, "a string") { $0.stringValue } }

    /// An id: any string but the empty one.
    package func identifier(_ key: String) -> String? {
        read(key, "a string that is not empty") { $0.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
    }

    /// A string with more in it than blanks.
    package func text(_ key: String) -> String? {
        read(key, "a string that is not empty") { value in
            value.stringValue.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
        }
    }

    /// A string, or a number with the digits as they were written: `version: 1.0` is "1.0".
    package func stringOrNumber(_ key: String) -> String? {
        read(key, "a string") { $0.stringValue ?? $0.numberValue?.literal }
    }

    package func bool(_ key: String) -> Bool? { read(key, "true or false") { $0.boolValue } }

    package func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        let wanted =
            range.upperBound == .max
            ? "a whole number of at least \(range.lowerBound)"
            : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return read(key, wanted) { value in value.intValue.flatMap { range.contains($0) ? $0 : nil } }
    }

    package func number(
        _ key: String, in range: ClosedRange<Double> = -.greatestFiniteMagnitude ... .greatestFiniteMagnitude
    )
        -> Double?
    {
        let wanted =
            range.upperBound == .greatestFiniteMagnitude
            ? "a number"
            : "a number from \(JSONNumber(range.lowerBound).literal) to \(JSONNumber(range.upperBound).literal)"
        return read(key, wanted) { value in value.doubleValue.flatMap { range.contains($0) ? $0 : nil } }
    }

    package func list(_ key: String) -> [JSONValue]? { read(key, "a list") { $0.arrayValue } }

    package func object(_ key: String) -> JSONObject? { read(key, "an object") { $0.objectValue } }

    /// A list of strings that are not empty.
    package func strings(_ key: String) -> [String]? {
        guard let elements = list(key) else { return nil }
        var strings: [String] = []
        for (index, element) in elements.enumerated() {
            if let string = element.stringValue, !string.isEmpty {
                strings.append(string)
            } else {
                let found = element.stringValue == nil ? element.kind : "an empty one"
                problems.error(
                    "\(Quoted.text(key)) must be a list of strings, found \(found)",
                    at: source.appending(key).appending(index))
            }
        }
        return strings
    }

    /// One of an enumeration's words.
    package func choice<Word: RawRepresentable & CaseIterable>(_ key: String, _: Word.Type = Word.self) -> Word?
    where Word.RawValue == String {
        guard let value = value(key) else { return nil }
        let words = Word.allCases.map(\.rawValue)
        guard let text = value.stringValue, let word = Word(rawValue: text) else {
            let found = value.stringValue.map { Quoted.text($0) } ?? value.kind
            error(
                key, "\(Quoted.text(key)) must be \(Quoted.alternatives(words)), not \(found)",
                help: value.stringValue.flatMap { Suggestion.nearest(to: $0, among: words) }
                    .map { "did you mean \(Quoted.text($0))?" })
            return nil
        }
        return word
    }

    /// What is tested, `backend/model`.
    package func target(_ key: String) -> Target? {
        guard let text = text(key) else { return nil }
        if let target = Target(text) { return target }
        error(key, "\(Quoted.text(text)) is not a target", help: "write backend/model, for example openai/gpt-4o-mini")
        return nil
    }

    /// Seconds, from a number of them or a text such as `500ms`, `4s`, `10m`, `12h`, `1d`.
    package func duration(_ key: String) -> Double? {
        read(key, "a duration such as 4s, 10m or 1d") { value in
            let seconds = value.doubleValue ?? value.stringValue.flatMap(DurationText.seconds)
            return seconds.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
        }
    }

    /// The reader of an object inside this one.
    package func nested(_ key: String, as what: String, keys: [String]) -> ObjectReader? {
        value(key).flatMap { ObjectReader($0, at: source.appending(key), as: what, keys: keys, problems) }
    }

    private func read<Value>(_ key: String, _ wanted: String, _ convert: (JSONValue) -> Value?) -> Value? {
        guard let value = value(key) else { return nil }
        if let converted = convert(value) { return converted }
        let found =
            switch value {
            case .string(let text): Quoted.text(text)
            case .number(let number): Quoted.text(number.literal).filter { $0 != "\"" }
            case .bool(let value): value ? "true" : "false"
            default: value.kind
            }
        error(key, "\(Quoted.text(key)) must be \(wanted), not \(found)")
        return nil
    }
}
