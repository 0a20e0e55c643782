/// Compiles the regular expressions that JSON Schema and JSONPath carry.
///
/// The engine is handed in, so that this module stays free of system libraries.
package protocol JSONRegexEngine: Sendable {
    /// Compiles `pattern`, which is written in `dialect`.
    func compile(_ pattern: String, dialect: JSONRegexDialect) throws(JSONRegexError) -> any JSONRegex

    /// Whether `pattern` is one in `dialect`, be it one that this engine can run or not.
    func accepts(_ pattern: String, dialect: JSONRegexDialect) -> Bool
}

/// The grammar a pattern is written in.
package enum JSONRegexDialect: Sendable {
    /// ECMA-262 with the `u` flag, found anywhere in the text: what JSON Schema's format `regex` means.
    case ecma262
    /// What `pattern` and `patternProperties` of JSON Schema hold: ECMA-262 as it should be and, where it is not,
    /// what the schema's author must have meant: the dialect of Python, Java or .NET.
    case schema
    /// I-Regexp (RFC 9485): against the whole text (JSONPath's `match`) or anywhere in it (`search`).
    case iRegexp(anchored: Bool)
}

/// A compiled regular expression.
package protocol JSONRegex: Sendable {
    /// Whether the pattern is found in `text`; `nil` when that takes too many steps to know.
    func matches(_ text: String) -> Bool?
}

/// A pattern that could not be compiled.
package struct JSONRegexError: Error, Equatable {
    /// What is wrong with the pattern, for people.
    package let message: String

    package init(message: String) { self.message = message }
}
