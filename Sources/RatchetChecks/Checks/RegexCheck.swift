import RatchetCore

/// `regex`: a pattern matches somewhere in the output.
package struct RegexCheck: Check {
    package static let type = "regex"
    package static let documentation = CheckDocumentation(
        .text, "A regular expression matches somewhere in the output.",
        details: """
            The syntax is PCRE2's, on Unicode text. `\\A…\\z` asks for the whole output. A pattern that needs too many \
            steps on an output is given up: the check is then `errored`, never passed or failed. Of several patterns any \
            one will do.
            """,
        options: [
            .init("pattern", "text or list of texts", "the pattern; the example's `expected` by default"),
            .init("flags", "text", "letters: `i` ignores case, `m` lets ^ and $ match at lines, `s` lets . match line breaks, `x` ignores spaces in the pattern"),
        ],
        shortForm: "pattern", expectedOption: "pattern",
        samples: [
            .init(#"{"regex": {"pattern": "order #\\d+", "flags": "i"}}"#, passes: "Order #12 has shipped.", fails: "It has shipped."),
            .init(#"{"regex": "\\A[A-D]\\z"}"#, passes: "B", fails: "B."),
        ])

    struct Pattern: Sendable {
        var written: String
        var regex: PatternRegex
        /// The same pattern ignoring case, for a hint.
        var caseless: Lazily<PatternRegex?>?

        var shown: String { "/\(Excerpt.oneLine(String(written.unicodeScalars.prefix(200))))/" }
    }

    let patterns: [Pattern]

    package init?(_ options: CheckOptions) {
        let flags = options.text("flags") ?? ""
        if options.regex("", flags: flags, at: "flags") == nil { return nil }
        guard let wanted = options.wantedTexts("pattern") else { return nil }
        let compiled = wanted.map { options.regex($0, flags: flags, at: "pattern") }
        patterns = zip(wanted, compiled).compactMap { written, regex in
            guard let regex else { return nil }
            let caseless = flags.contains("i") ? nil : Lazily { try? PatternRegex(written, flags: flags + "i") }
            return Pattern(written: written, regex: regex, caseless: caseless)
        }
        if patterns.count < wanted.count { return nil }
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        var undecided: Pattern?
        for pattern in patterns {
            do throws(PatternLimitError) {
                if let match = try pattern.regex.firstMatch(in: input.text) {
                    return .passed("\(pattern.shown) matches \(Excerpt.quoted(match.text))")
                }
            } catch {
                undecided = pattern
            }
        }
        if let undecided { return .errored(Self.limitReason(pattern: undecided.written)) }
        let failureKind = failureKind(input.text)
        let reason = "no match for \(Excerpt.list(patterns.map(\.shown))) in \(Excerpt.quoted(input.text))"
        return .failed(failureKind.map { "\(reason): \($0.hint)" } ?? reason, failureKind: failureKind)
    }

    static func limitReason(pattern: String) -> String {
        """
        gave up on /\(Excerpt.oneLine(String(pattern.unicodeScalars.prefix(200))))/: it needs too many steps on this output; \
        nested repetition such as (a+)+ is the usual cause
        """
    }

    private func failureKind(_ text: String) -> FailureKind? {
        guard text.utf8.count <= FailureKind.largestText else { return nil }
        let matches = patterns.contains { pattern in
            guard let regex = pattern.caseless?() else { return false }
            return (try? regex.firstMatch(in: text)) != nil
        }
        return matches ? .letterCase : nil
    }
}
