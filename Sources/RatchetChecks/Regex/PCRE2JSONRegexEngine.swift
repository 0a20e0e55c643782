import CPCRE2
import RatchetJSON

/// Runs the regular expressions of JSON Schema and JSONPath on PCRE2.
package struct PCRE2JSONRegexEngine: JSONRegexEngine {
    package init() {}

    package func compile(_ pattern: String, dialect: JSONRegexDialect) throws(JSONRegexError) -> any JSONRegex {
        var translator = JSONPatternTranslator(pattern, dialect: dialect)
        let translated: String
        do throws(JSONRegexError) {
            translated = try translator.translate()
        } catch {
            guard case .schema = dialect, let foreign = Self.foreign(pattern) else { throw error }
            return foreign
        }
        // `$` is only the very end; a back reference to a group that took no part matches nothing, as in ECMAScript.
        let options = PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C
        do throws(PatternError) {
            return CompiledPattern(
                regex: try PatternRegex(
                    translated, options: options, extraOptions: UInt32(PCRE2_EXTRA_ALLOW_SURROGATE_ESCAPES)))
        } catch {
            throw JSONRegexError(message: error.message)
        }
    }

    package func accepts(_ pattern: String, dialect: JSONRegexDialect) -> Bool {
        do throws(JSONRegexError) {
            _ = try compile(pattern, dialect: dialect)
            return true
        } catch {
            // ECMAScript bounds no lookbehind, and PCRE2 each of them.
            return error.message.contains("lookbehind assertion")
        }
    }

    /// The pattern as Python, Java or .NET would read it: `(?i)` in front, `\A`, `\Z`, `(?P<name>…)`, letters after a
    /// backslash that mean nothing.
    private static func foreign(_ pattern: String) -> CompiledPattern? {
        let options = PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C | PCRE2_ALT_BSUX | PCRE2_ALLOW_EMPTY_CLASS
        let extra = PCRE2_EXTRA_ALT_BSUX | PCRE2_EXTRA_BAD_ESCAPE_IS_LITERAL | UInt32(PCRE2_EXTRA_ALLOW_SURROGATE_ESCAPES)
        return (try? PatternRegex(pattern, options: options, extraOptions: UInt32(extra))).map(CompiledPattern.init)
    }

    private struct CompiledPattern: JSONRegex {
        let regex: PatternRegex

        func matches(_ text: String) -> Bool? { try? regex.matches(text) }
    }
}
