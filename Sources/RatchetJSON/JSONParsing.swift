extension JSONValue {
    /// Parses one JSON text (RFC 8259).
    ///
    /// - Throws: where and why the text is not JSON; by default also for repeated keys and lone surrogates.
    package init(
        parsing bytes: UnsafeBufferPointer<UInt8>, options: JSONParser.Options = .strict
    ) throws(JSONSyntaxError) {
        var parser = JSONParser(bytes: bytes, options: options)
        do throws(JSONParser.Failure) {
            self = try parser.document()
        } catch {
            throw error.syntaxError(in: bytes)
        }
    }

    /// Parses one JSON text (RFC 8259) in UTF-8.
    package init(parsing bytes: [UInt8], options: JSONParser.Options = .strict) throws(JSONSyntaxError) {
        self = try bytes.withUnsafeBufferPointer { Self.result(of: $0, options) }.get()
    }

    /// Parses one JSON text (RFC 8259) in UTF-8; offsets and lines count from the start of the slice.
    package init(parsing bytes: ArraySlice<UInt8>, options: JSONParser.Options = .strict) throws(JSONSyntaxError) {
        self = try bytes.withUnsafeBufferPointer { Self.result(of: $0, options) }.get()
    }

    /// Parses one JSON text (RFC 8259).
    package init(parsing text: String, options: JSONParser.Options = .strict) throws(JSONSyntaxError) {
        var text = text
        self = try text.withUTF8 { Self.result(of: $0, options) }.get()
    }

    /// Parses one JSON text (RFC 8259); offsets and lines count from the start of the substring.
    package init(parsing text: Substring, options: JSONParser.Options = .strict) throws(JSONSyntaxError) {
        var text = text
        self = try text.withUTF8 { Self.result(of: $0, options) }.get()
    }

    private static func result(
        of bytes: UnsafeBufferPointer<UInt8>, _ options: JSONParser.Options
    ) -> Result<JSONValue, JSONSyntaxError> {
        do throws(JSONSyntaxError) {
            return .success(try JSONValue(parsing: bytes, options: options))
        } catch {
            return .failure(error)
        }
    }
}

extension JSONParser.Failure {
    /// The failure in words, with line and column.
    func syntaxError(in bytes: UnsafeBufferPointer<UInt8>) -> JSONSyntaxError {
        JSONSyntaxError(message: message(in: bytes), offset: offset, in: bytes)
    }

    private func message(in bytes: UnsafeBufferPointer<UInt8>) -> String {
        let rest = UnsafeBufferPointer(rebasing: bytes[min(offset, bytes.count)...])
        let found = Self.name(ofStart: rest)
        switch reason {
        case .empty: return "the text is empty; wanted a JSON value"
        case .byteOrderMark: return "the text starts with a byte order mark (EF BB BF); save it as UTF-8 without BOM"
        case .unexpected(let wanted): return "found \(found), wanted \(wanted)" + Self.hint(forStart: rest)
        case .textAfterValue: return "found \(found) after the end of the JSON value"
        case .literal: return "found \(found), wanted a value" + Self.hint(forStart: rest)
        case .number(let wanted): return "found \(found), wanted \(wanted)"
        case .leadingZero: return "a number must not start with a superfluous 0"
        case .trailingComma(let closing): return "found '\(closing)' after a comma; remove the trailing comma"
        case .unterminatedString: return "the string has no closing quote"
        case .controlCharacter:
            return "found \(found) inside a string; write it as an escape such as \\n or \\u0000"
        case .escape:
            return
                "found an unknown escape in a string; JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with 4 hex digits"
        case .loneSurrogate: return "found half a surrogate pair; \\uD800 to \\uDFFF only come in pairs"
        case .notUTF8:
            return "found a byte that is not UTF-8 (0x\(String(rest.first ?? 0, radix: 16, uppercase: true)))"
        case .duplicateKey: return "the key \(Self.shortened(rest)) appears twice in this object"
        case .tooDeep(let maximum): return "arrays and objects nest deeper than \(maximum) levels"
        }
    }

    private static func name(ofStart rest: UnsafeBufferPointer<UInt8>) -> String {
        guard let first = rest.first else { return "the end of the text" }
        switch first {
        case .lineFeed, .carriageReturn: return "a line break"
        case .tab: return "a tab"
        case 0..<0x20, 0x7F:
            return "the control character U+00\(first < 16 ? "0" : "")\(String(first, radix: 16, uppercase: true))"
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            return "'\(word(atStartOf: rest))'"
        default:
            let start = String(decoding: rest.prefix(4), as: UTF8.self)
            guard let scalar = start.unicodeScalars.first, scalar != "\u{FFFD}" else {
                return "the byte 0x\(String(first, radix: 16, uppercase: true))"
            }
            return "'\(scalar)'"
        }
    }

    private static func hint(forStart rest: UnsafeBufferPointer<UInt8>) -> String {
        switch rest.first {
        case UInt8(ascii: "'"): return "; JSON strings use double quotes"
        case UInt8(ascii: "/"), UInt8(ascii: "#"): return "; JSON has no comments"
        case UInt8(ascii: "+"), .point: return "; JSON numbers start with a digit or '-'"
        default: break
        }
        switch word(atStartOf: rest) {
        case "True", "TRUE": return "; JSON writes true"
        case "False", "FALSE": return "; JSON writes false"
        case "None", "nil", "undefined", "NULL", "Null": return "; JSON writes null"
        case "NaN", "Infinity", "inf", "nan": return "; JSON has no number for it"
        default: return ""
        }
    }

    private static func word(atStartOf rest: UnsafeBufferPointer<UInt8>) -> String {
        String(
            decoding: rest.prefix(24).prefix { byte in
                (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte.isDigit || byte == UInt8(ascii: "_")
            }, as: UTF8.self)
    }

    /// The string at the start of `rest`, at most 40 scalars of it.
    private static func shortened(_ rest: UnsafeBufferPointer<UInt8>) -> String {
        var parser = JSONParser(bytes: rest, options: .lenient)
        guard let key = try? parser.string() else { return "" }
        let start = String(String.UnicodeScalarView(key.unicodeScalars.prefix(40)))
        return JSONValue.string(start.utf8.count < key.utf8.count ? start + "…" : start).serialized()
    }
}
