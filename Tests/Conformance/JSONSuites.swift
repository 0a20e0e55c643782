import Foundation
import RatchetJSON

extension CaseFiles {
    static func json(_ file: URL) throws -> JSONValue { try JSONValue(parsing: try bytes(file), options: .lastKeyWins) }

    /// The rows of all JSONL files of a folder, each with a name.
    static func rows(_ folder: URL) throws -> [(name: String, row: JSONValue)] {
        try list(folder, "jsonl").flatMap { file in
            try bytes(file).split(separator: UInt8(ascii: "\n")).enumerated().map { number, line in
                let row = try JSONValue(parsing: line, options: .lastKeyWins)
                return ((row["id"] ?? row["name"])?.stringValue ?? "\(file.lastPathComponent):\(number + 1)", row)
            }
        }
    }
}

extension JSONValue {
    /// The member that a case must have.
    func need(_ key: String) throws -> JSONValue {
        guard let value = self[key] else { throw BadCase("the case has no \"\(key)\"") }
        return value
    }

    func needText(_ key: String) throws -> String {
        guard let text = try need(key).stringValue else { throw BadCase("\"\(key)\" of the case is no string") }
        return text
    }
}

extension ConformanceSuite {
    /// nst/JSONTestSuite: `y_` parses, `n_` is refused, `i_` does either without harm; what parses keeps its value.
    static let jsonParsing = ConformanceSuite(folder: "json-test-suite", title: "JSON parsing (JSONTestSuite)") { folder in
        let parsing = CaseFiles.list(folder.appendingPathComponent("test_parsing"), "json").map { file in
            ConformanceCase("test_parsing/\(file.lastPathComponent)") {
                // The suite leaves repeated keys to the parser; rejecting them is our default.
                let value = try? JSONValue(parsing: try CaseFiles.bytes(file), options: .lastKeyWins)
                switch file.lastPathComponent.prefix(2) {
                case "y_":
                    guard let value else { return .failed("refused, wanted a value") }
                    return .that(try JSONValue(parsing: value.serialized()) == value, "another value after writing and reading")
                case "n_": return .that(value == nil, "parsed, wanted a refusal")
                default: return .passed
                }
            }
        }
        let transform = CaseFiles.list(folder.appendingPathComponent("test_transform"), "json").map { file in
            ConformanceCase("test_transform/\(file.lastPathComponent)") {
                let bytes = try CaseFiles.bytes(file)
                guard let value = try? JSONValue(parsing: bytes, options: .lenient) else {
                    return .that(String(validating: bytes, as: UTF8.self) == nil, "refused, although it is UTF-8")
                }
                let texts = [JSONStyle.compact, .pretty, .canonical].map { value.serialized($0) }
                return .that(try texts.allSatisfy { try JSONValue(parsing: $0) == value }, "another value after writing and reading")
            }
        }
        return parsing + transform
    }

    /// flenniken/utf8tests: a JSON string parses exactly when its bytes are UTF-8; what is not is replaced as Unicode says.
    static let utf8 = ConformanceSuite(folder: "utf8", title: "UTF-8 (utf8tests)") { folder in
        try CaseFiles.rows(folder).map { name, test in
            ConformanceCase(name) {
                let raw = try bytes(hex: try test.needText("hex"))
                // Control characters must be escaped in JSON, whether or not they are UTF-8.
                let shown = raw.filter { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }
                let isValid = test["valid"] == true
                for start in ["\"", "\"\\n"] {
                    let value = try? JSONValue(parsing: Array(start.utf8) + shown + [0x22])
                    guard (value != nil) == isValid else { return .failed("valid is \(value != nil), wanted \(isValid)") }
                    if start.utf8.count == 1, let value, Array((value.stringValue ?? "").utf8) != shown { return .failed("other bytes come back") }
                }
                guard let replaced = test["replace_hex"]?.stringValue else { return .passed }
                let found = Array(String(decoding: raw, as: UTF8.self).utf8)
                return .that(try found == bytes(hex: replaced), "replaced as \(found.map { String($0, radix: 16) }.joined()), wanted \(replaced)")
            }
        }
    }

    private static func bytes(hex: String) throws -> [UInt8] {
        let digits = Array(hex.utf8.filter { $0 != UInt8(ascii: " ") })
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { start in
            UInt8(String(decoding: digits[start..<min(start + 2, digits.count)], as: UTF8.self), radix: 16)
        }
        guard bytes.count * 2 == digits.count else { throw BadCase("no hexadecimal digits: \(hex)") }
        return bytes
    }

    /// json-patch-tests, for the JSON pointers in them: `test`, `remove` and `from` point at what the suite says.
    static let jsonPointer = ConformanceSuite(folder: "json-patch", title: "JSON Pointer (json-patch-tests)") { folder in
        try CaseFiles.list(folder, "json").flatMap { file in
            try (CaseFiles.json(file).arrayValue ?? []).enumerated().map { number, test in
                ConformanceCase("\(file.lastPathComponent) \(number + 1): \(test["comment"]?.stringValue ?? "")") { try pointerOutcome(of: test) }
            }
        }
    }

    private static func pointerOutcome(of test: JSONValue) throws -> ConformanceOutcome {
        guard test["disabled"] != true else { return .skipped("the suite has it disabled") }
        guard let patch = test["patch"]?.arrayValue, patch.count == 1, let operation = patch.first,
            let kind = operation["op"]?.stringValue,
            let text = operation[kind == "move" || kind == "copy" ? "from" : "path"]?.stringValue
        else { return .skipped("no single operation with one pointer") }
        let document = try test.need("doc")
        let isError = test["error"] != nil
        let pointer = try? JSONPointer(parsing: text)
        let value = pointer?.evaluate(in: document)
        switch kind {
        case "test":
            guard let wanted = operation["value"] else { return .skipped("no value to compare") }
            return .that((value == wanted) == !isError, "\(text) is \(value?.serialized() ?? "nothing")")
        case "remove", "replace", "move", "copy": return .that(isError || value != nil, "nothing at \(text)")
        case "add":
            // The value must be there afterwards, so its parent must be there before.
            return .that(isError || pointer?.tokens.isEmpty == true || pointer?.parent?.evaluate(in: document) != nil, "nothing above \(text)")
        default: return .skipped("no such operation: \(kind)")
        }
    }
}
