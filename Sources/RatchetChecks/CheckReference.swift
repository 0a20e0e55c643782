import RatchetCore

/// The reference page of the checks, made from what each check says of itself.
package enum CheckReference {
    /// `docs/checks.md`, whole.
    package static var page: String {
        let contents = CheckRegistry.families.map { family, types in
            "| \(family.rawValue) | \(types.map { "[`\($0.type)`](#\($0.type))" }.joined(separator: ", ")) |"
        }
        let sections = CheckRegistry.families.map { family, types in
            "## \(family.rawValue)\n\n" + types.map(section).joined(separator: "\n")
        }
        return introduction + "\n| family | checks |\n| --- | --- |\n" + contents.joined(separator: "\n") + "\n\n"
            + commonKeys + "\n" + sections.joined(separator: "\n")
    }

    /// One check's section: what must hold, its options, and examples.
    package static func section(_ type: any Check.Type) -> String {
        let documentation = type.documentation
        var parts = ["### `\(type.type)`", wrapped(documentation.summary)]
        if !documentation.details.isEmpty { parts.append(wrapped(documentation.details)) }
        if !documentation.options.isEmpty { parts.append(table(documentation)) }
        if !documentation.samples.isEmpty {
            parts.append("```json\n" + documentation.samples.map(\.check).joined(separator: "\n") + "\n```")
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func table(_ documentation: CheckDocumentation) -> String {
        let rows = documentation.options.map { option in
            let short = option.name == documentation.shortForm ? ". The short form" : ""
            return "| `\(option.name)` | \(cell(option.kind)) | \(cell(option.summary + short)) |"
        }
        return "| option | value | meaning |\n| --- | --- | --- |\n" + rows.joined(separator: "\n")
    }

    /// A table's cell must not hold a bar.
    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    /// Lines of at most 124 characters, broken at spaces; paragraphs stay apart, and lists and tables stay as they are.
    private static func wrapped(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { line in
            line.hasPrefix("|") ? String(line) : broken(line)
        }.joined(separator: "\n")
    }

    private static func broken(_ line: Substring) -> String {
        var lines: [String] = []
        var current = ""
        for word in line.split(separator: " ") {
            if !current.isEmpty, current.count + 1 + word.count > 124 {
                lines.append(current)
                current = ""
            }
            current += (current.isEmpty ? "" : " ") + word
        }
        return (lines + [current]).joined(separator: "\n")
    }

    private static let introduction = """
        # Checks

        <!-- Made from the code by CheckReference.swift; RATCHET_REWRITE_GOLDEN=1 swift test writes it anew. -->

        A check is one rule applied to an output. It gives a state, a score in 0...1 and a reason.

        A check is written as its type alone, `"is_json"`, or as an object with exactly one type key: `{"contains": "refund"}`. The
        value is a short form or an object of options. Checks stand in a suite's or an example's `checks`, and inside `all_of`,
        `any_of` and `none_of`.

        Where a check wants a wanted value, `{"from": "expected"}` takes the example's `expected`. A check that is written bare and
        needs a wanted value means that.

        `ratchet checks` lists them, and `ratchet checks try '{"regex": "order #\\\\d+"}' < output.txt` tries one.

        """

    private static let commonKeys = """
        ## Keys that all checks share

        They stand beside the type key.

        | key | value | meaning |
        | --- | --- | --- |
        | `name` | text | unique in the example. By default the type; a second check of that type is `contains-2`, and so on |
        | `not` | true or false | turns a pass into a failure and a failure into a pass; never touches an error, an unscored check, or one that had nothing to look at. `{"not": {"contains": "x"}}` is the same as `{"contains": "x", "not": true}` |
        | `weight` | number of at least 0 | for mean scores (`pass_when`, `all_of`); 1 by default |
        | `threshold` | 0 to 1 | the least score that passes, instead of the check's own verdict |
        | `gating` | true or false | false: reported, never decides. Not inside a group |
        | `of` | text | which part of the output is looked at: `text` (the default), `$.json.path`, `regex:pattern` (the first captured group, or the match), `tool_calls` (as a JSON list), `finish_reason`, in a conversation `turn:2` (the model's second reply) and `conversation` (all that was said from its first reply on) |
        | `when` | a name | the check by that name must have passed first; else this one is not run and `not_applicable`. Not inside a group |

        When `of` selects nothing, the check fails, whatever `not` says.

        ## States

        `passed`, `failed`, `errored` (it could not be carried out), `unscored` (nobody gave a usable verdict), `not_applicable`
        (its `when` did not pass, or there is nothing that it could be held against). A trial fails when a gating check failed.
        Otherwise it is `unscored` when a gating check is errored or unscored, or none applied. Otherwise it passed. An example or
        a suite with `pass_when: {"score": 0.8}` passes by the weighted mean of its gating checks' scores instead.

        ## Near misses

        A failure that is nearly a pass says so: the result has a `failure_kind`, and reports group failures by it, so that a
        thousand answers that are right but for a code fence are one cause and not a thousand.

        \(FailureKindReference.table)

        """
}

/// The kinds of failures, as the reference page lists them.
private enum FailureKindReference {
    static var table: String {
        "| `failure_kind` | meaning |\n| --- | --- |\n"
            + FailureKind.allCases.map { "| `\($0.rawValue)` | \($0.hint) |" }.joined(separator: "\n")
    }
}
