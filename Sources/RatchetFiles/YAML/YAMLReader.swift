import RatchetCore
import RatchetJSON
import Yams

/// YAML as the JSON value it stands for.
///
/// Plain scalars mean what JSON means: `null`, `~` and nothing, `true`, `false`, and JSON's numbers, which keep their
/// digits. All else is text: `yes`, `no`, `1.0.0`, `007`, `0x1F`, `2026-11-21`. Merge keys (`<<`) and tags other than
/// those of the core schema do not exist.
package enum YAMLReader {
    /// Bytes. Files of this kind are written by hand.
    static let maximumSize = 4 << 20
    /// Values after all aliases are followed.
    static let maximumCount = 1_000_000
    static let maximumDepth = 128

    /// - Parameters:
    ///   - line: the line of the file at which the text begins.
    /// - Returns: `nil` when the text is not YAML, which is reported; `null` for an empty document.
    package static func read(_ text: String, file: String, line: Int = 1, _ problems: Problems) -> JSONValue? {
        do throws(YAMLFailure) {
            guard let root = try compose(text) else { return .null }
            var converter = YAMLConverter()
            return try converter.convert(root, depth: 0)
        } catch {
            problems.error(
                error.message, at: SourceReference(file: file, line: line + error.line - 1, column: error.column),
                help: error.help)
            return nil
        }
    }

    /// The place of a value, or of its key, in a text that `read` accepts; that of its nearest ancestor when it is not
    /// there.
    package static func position(
        of pointer: JSONPointer, isKey: Bool, in text: String, line: Int = 1
    ) -> (line: Int, column: Int)? {
        guard let root = try? compose(text) else { return nil }
        var node = root
        var key: Node?
        descent: for token in pointer.tokens {
            switch node {
            case .mapping(let mapping):
                guard let member = mapping.first(where: { $0.key.scalar?.string == token }) else { break descent }
                (key, node) = (member.key, member.value)
            case .sequence(let sequence):
                guard let index = Int(token), sequence.indices.contains(index) else { break descent }
                (key, node) = (nil, sequence[index])
            case .scalar, .alias: break descent
            }
        }
        guard let mark = (isKey ? key : nil)?.mark ?? node.mark else { return nil }
        return (line + mark.line - 1, mark.column)
    }

    private static func compose(_ text: String) throws(YAMLFailure) -> Node? {
        guard text.utf8.count <= maximumSize else {
            throw YAMLFailure("the file is larger than 4 MiB; YAML of this project is written by hand")
        }
        try AliasBudget.check(text)
        do {
            // No resolver: what a scalar means is decided here, and `1` and "1" are the same key.
            return try Yams.compose(yaml: text, .basic, .default, .utf8)
        } catch {
            throw YAMLFailure(error)
        }
    }
}

/// Why a text is not the YAML that is read here; line and column within the text, from 1.
struct YAMLFailure: Error {
    var message: String
    var line: Int
    var column: Int
    var help: String?

    init(_ message: String, line: Int = 1, column: Int = 1, help: String? = nil) {
        self.message = message
        self.line = line
        self.column = column
        self.help = help
    }

    init(_ message: String, at mark: Mark?, help: String? = nil) {
        self.init(message, line: mark?.line ?? 1, column: mark?.column ?? 1, help: help)
    }

    init(_ error: any Error) {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            self.init(Self.words(problem, context), at: mark, help: Self.help(for: problem))
        case .reader(let problem, let offset, _, let text):
            let before = Array(String(text.prefix(offset ?? 0)).utf8)
            let (line, column) = TextPosition.lineAndColumn(of: before.count, in: before)
            self.init("bad YAML: \(problem)", line: line, column: column)
        case .duplicatedKeysInMapping(let keys, let context):
            self.init("the key \(Quoted.alternatives(keys)) appears twice in one mapping", at: context.mark)
        default:
            self.init("bad YAML: \(error)")
        }
    }

    private static func words(_ problem: String, _ context: YamlError.Context?) -> String {
        let context = context.map { " \($0.text)" } ?? ""
        return "bad YAML\(context): \(problem)"
    }

    private static func help(for problem: String) -> String? {
        if problem.contains("cannot start any token") {
            return "YAML indents with spaces, and quotes text that starts with @, ` or %"
        }
        if problem.contains("mapping values are not allowed") {
            return "quote a text that contains a colon and a space"
        }
        if problem.contains("undefined alias") { return "quote a text that starts with *" }
        return nil
    }
}

/// Turns nodes into values.
private struct YAMLConverter {
    private var count = 0

    mutating func convert(_ node: Node, depth: Int) throws(YAMLFailure) -> JSONValue {
        count += 1
        guard count <= YAMLReader.maximumCount else {
            throw YAMLFailure("the aliases of this file stand for more than a million values", at: node.mark)
        }
        guard depth <= YAMLReader.maximumDepth else {
            throw YAMLFailure("nested deeper than \(YAMLReader.maximumDepth) levels", at: node.mark)
        }
        switch node {
        case .scalar(let scalar): return try convert(scalar)
        case .sequence(let sequence):
            try allow(sequence.tag, ["", "!", Tag.Name.seq.rawValue], at: sequence.mark)
            var elements: [JSONValue] = []
            for element in sequence { elements.append(try convert(element, depth: depth + 1)) }
            return .array(elements)
        case .mapping(let mapping):
            try allow(mapping.tag, ["", "!", Tag.Name.map.rawValue], at: mapping.mark)
            var object = JSONObject()
            for (key, value) in mapping {
                guard let name = key.scalar?.string else {
                    throw YAMLFailure("a key must be plain text", at: key.mark)
                }
                object[name] = try convert(value, depth: depth + 1)
            }
            return .object(object)
        case .alias(let alias):
            throw YAMLFailure("an alias that stands for nothing", at: alias.mark)
        }
    }

    private func convert(_ scalar: Node.Scalar) throws(YAMLFailure) -> JSONValue {
        let text = scalar.string
        switch scalar.tag.rawValue {
        case "": return scalar.style == .plain || scalar.style == .any ? YAMLScalar.value(ofPlain: text) : .string(text)
        case "!", Tag.Name.str.rawValue: return .string(text)
        case Tag.Name.null.rawValue, Tag.Name.bool.rawValue, Tag.Name.int.rawValue, Tag.Name.float.rawValue:
            let value = YAMLScalar.value(ofPlain: text)
            if value.stringValue == nil { return value }
            throw YAMLFailure("\(Quoted.text(text)) is not what its tag says", at: scalar.mark)
        default:
            try allow(scalar.tag, [], at: scalar.mark)
            return .string(text)
        }
    }

    private func allow(_ tag: Tag, _ names: [String], at mark: Mark?) throws(YAMLFailure) {
        guard !names.contains(tag.rawValue) else { return }
        throw YAMLFailure("the YAML tag \(Quoted.text(tag.rawValue)) is not supported", at: mark)
    }
}

/// What a plain scalar stands for.
enum YAMLScalar {
    static func value(ofPlain text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: JSONNumber(validating: text).map { .number($0) } ?? .string(text)
        }
    }
}

/// Refuses texts whose aliases could stand for exponentially many values ("billion laughs") before they are composed,
/// since comparing keys alone would walk through all of them.
private enum AliasBudget {
    static func check(_ text: String) throws(YAMLFailure) {
        var anchors = 0.0
        var aliases = 0.0
        var previous = UInt8(ascii: " ")
        var beforePrevious = UInt8(ascii: " ")
        for byte in text.utf8 {
            if isName(byte), startsToken(beforePrevious) {
                if previous == UInt8(ascii: "&") { anchors += 1 }
                if previous == UInt8(ascii: "*") { aliases += 1 }
            }
            (beforePrevious, previous) = (previous, byte)
        }
        guard anchors > 0, aliases > 0 else { return }
        // Each anchor's content repeats at most once for each alias of it, anchors nest at most once in each other: the
        // product of (1 + uses), which is largest when the uses are spread evenly.
        var expansions = 1.0
        for _ in 0..<Int(min(anchors, 1000)) { expansions *= 1 + aliases / anchors }
        if expansions > 1e6 {
            throw YAMLFailure(
                "too many anchors and aliases: \(Int(anchors)) and \(Int(aliases))", help: "write the values out")
        }
    }

    private static func startsToken(_ byte: UInt8) -> Bool {
        byte <= UInt8(ascii: " ") || "[]{},:-?".utf8.contains(byte)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        let letter = (byte | 0x20) &- UInt8(ascii: "a") < 26
        return letter || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || byte >= 0x80
    }
}
