import CPCRE2
import RatchetJSON

/// Runs the regular expressions of JSON Schema and JSONPath on PCRE2.
package struct PCRE2JSONRegexEngine: JSONRegexEngine {
    package init() {}

    package func compile(_ pattern: String, dialect: JSONRegexDialect) throws(JSONRegexError) -> any JSONRegex {
        var translator = JSONPatternTranslator(pattern, dialect: dialect)
        let translated = try translator.translate()
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

    private struct CompiledPattern: JSONRegex {
        let regex: PatternRegex

        /// A match given up (`PatternLimitError`) counts as none.
        func matches(_ text: String) -> Bool { (try? regex.matches(text)) ?? false }
    }
}
