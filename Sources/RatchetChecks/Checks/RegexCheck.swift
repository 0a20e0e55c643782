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

            With `captures` the named groups of the match must have captured what is wanted: a text, exactly; a number, by \
            its value (`1,234.50` is 1234.5); of a list any of them; `{"min": …, "max": …}`; `{"value": …, "tolerance": …}`; or \
            `{"from": "expected"}`, which takes the member of that name where `expected` is an object. The first match of the \
            pattern counts; begin the pattern with `(?s).*` to make it the last.
            """,
        options: [
            .init("pattern", "text or list of texts", "the pattern; the example's `expected` by default"),
            .init("flags", "text", "letters: `i` ignores case, `m` lets ^ and $ match at lines, `s` lets . match line breaks, `x` ignores spaces in the pattern"),
            .init("captures", "object", "for named groups of the pattern what they must have captured"),
        ],
        shortForm: "pattern", expectedOption: "pattern",
        samples: [
            .init(#"{"regex": {"pattern": "order #\\d+", "flags": "i"}}"#, passes: "Order #12 has shipped.", fails: "It has shipped."),
            .init(#"{"regex": "\\A[A-D]\\z"}"#, passes: "B", fails: "B."),
            .init(
                #"{"regex": {"pattern": "total: (?<total>[\\d.,]+)", "captures": {"total": 12.5}}}"#,
                passes: "total: 12.50 EUR", fails: "total: 12.05 EUR"),
        ])

    struct Pattern: Sendable {
        var written: String
        var regex: PatternRegex
        /// The same pattern ignoring case, for a hint.
        var caseless: Lazily<PatternRegex?>?

        var shown: String { "/\(Excerpt.oneLine(String(written.unicodeScalars.prefix(200))))/" }
    }

    let patterns: [Pattern]
    private let captures: [CaptureCondition]

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
        guard patterns.count == wanted.count, let captures = CaptureCondition.read(options, patterns: patterns.map(\.regex)) else {
            return nil
        }
        self.captures = captures
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        var undecided: Pattern?
        var miss: (pattern: Pattern, match: PatternMatch, miss: CaptureCondition.Miss)?
        for pattern in patterns {
            do throws(PatternLimitError) {
                guard let match = try pattern.regex.firstMatch(in: input.text) else { continue }
                guard let missed = captures.lazy.compactMap({ $0.miss(match.named[$0.name]) }).first else {
                    return .passed("\(pattern.shown) matches \(Excerpt.quoted(match.text))")
                }
                miss = miss ?? (pattern, match, missed)
            } catch {
                undecided = pattern
            }
        }
        if let undecided { return .errored(Self.limitReason(pattern: undecided.written)) }
        if let (pattern, match, miss) = miss {
            let reason = "\(pattern.shown) matches \(Excerpt.quoted(match.text)), but \(miss.reason)"
            return .failed(reason, failureKind: miss.failureKind)
        }
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
