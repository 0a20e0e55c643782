import RatchetCore
import RatchetJSON

/// `json_schema`: the output is JSON that satisfies a schema.
package struct JSONSchemaCheck: Check {
    package static let type = "json_schema"
    package static let documentation = CheckDocumentation(
        .structure, "The output is JSON that satisfies a JSON Schema.",
        details: """
            An object under the key is the schema itself, unless it has a member `schema` or `file`; a text names a file. \
            Drafts 2020-12, 2019-09, 7, 6 and 4 are known by `$schema`; a schema without one is read by the newest draft \
            under which it is correct, unless `draft` names one. `$ref` may name other JSON files of the project, relative \
            to the file it stands in; schemas may refer to each other in circles. Nothing is ever fetched from the network. \
            All that is wrong with a schema is reported at once. Patterns are ECMAScript's; one that is not is read as \
            Python, Java or .NET would. The reason lists the first violations, each with the JSON pointer of the value.

            Formats that `formats` checks: `date`, `date-time`, `duration`, `email`, `hostname`, `idn-email`, `idn-hostname`, \
            `ipv4`, `ipv6`, `iri`, `iri-reference`, `json-pointer`, `regex`, `relative-json-pointer`, `time`, `uri`, \
            `uri-reference`, `uri-template`, `uuid`. Any other is unsupported.
            """,
        options: [
            .init("schema", "JSON Schema", "the schema, when there are further options"),
            .init("file", "path", "a JSON file with the schema"),
            .init("draft", "`2020-12`, `2019-09`, `7`, `6` or `4`", "how to read a schema that has no `$schema`, or an unknown one"),
            JSONLocation.option,
            .init(
                "formats", "true, false or `known`",
                "checks `format` too: with true an unsupported format is an error, with `known` it is passed over; false by default"),
            .init(
                "contents", "true or false",
                "checks `contentEncoding` (base64, base64url), `contentMediaType` (JSON) and `contentSchema` too; false by default"),
        ],
        shortForm: "file", optionMarkers: ["schema", "file"],
        samples: [
            .init(
                #"{"json_schema": {"type": "object", "required": ["total"], "properties": {"total": {"type": "number"}}}}"#,
                passes: #"{"total": 12.5}"#, fails: #"{"total": "12.5"}"#),
            .init(
                #"{"json_schema": {"schema": {"properties": {"sent": {"format": "date"}}}, "formats": true, "allow": "fence"}}"#,
                passes: "```json\n{\"sent\": \"2026-02-28\"}\n```", fails: "```json\n{\"sent\": \"2026-02-29\"}\n```"),
        ])

    /// How many violations a reason lists.
    private static let shownViolations = 5

    private let schema: JSONSchema
    private let allowed: JSONLocation

    package init?(_ options: CheckOptions) {
        allowed = options.choice("allow", default: .whole)
        var assertions = JSONSchema.Options(assertsContent: options.flag("contents", default: false))
        if options.value("formats") == "known" {
            assertions.formats = .knownAssertions
        } else if options.flag("formats", default: false) {
            assertions.formats = .assertions
        }
        let draft = Self.draft(options)
        guard let source = JSONSchemaSource(options) else { return nil }
        do throws(JSONSchemaProblems) {
            schema = try JSONSchema(
                source.value, baseURI: source.uri, draft: draft, load: source.load, regex: PCRE2JSONRegexEngine(),
                options: assertions)
        } catch {
            source.report(error)
            return nil
        }
        source.report(unknownMetaschema: schema.unknownMetaschema)
        if !options.problems.isEmpty, options.problems.contains(where: { $0.severity == .error }) { return nil }
    }

    private static func draft(_ options: CheckOptions) -> JSONSchema.Draft? {
        guard let value = options.value("draft") else { return nil }
        let drafts: [String: JSONSchema.Draft] = [
            "2020-12": .draft202012, "2019-09": .draft201909, "7": .draft7, "6": .draft6, "4": .draft4,
        ]
        let word = value.stringValue ?? value.serialized(.compact)
        if drafts[word] == nil {
            options.report("there is no draft \(Excerpt.quoted(word))", at: "draft", help: Suggestion.help(for: word, in: drafts.keys))
        }
        return drafts[word]
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        guard let document = JSONDocument(of: input.subject, allowed: allowed) else {
            return .lacking(JSONDocument.absence(in: input))
        }
        return document.outcome(of: validate(document.value))
    }

    private func validate(_ value: JSONValue) -> CheckOutcome {
        let violations = schema.validate(value, limit: Self.shownViolations + 1)
        if violations.isEmpty { return .passed("satisfies the schema") }
        if violations.contains(where: \.isSurrender) { return .errored("the JSON is \(violations[0].message)") }
        let shown = violations.prefix(Self.shownViolations).map { violation in
            let place = violation.instance.description
            return "\(place.isEmpty ? "the value" : Excerpt.oneLine(place)): \(Excerpt.oneLine(violation.message))"
        }
        let more = violations.count > Self.shownViolations ? "; and more" : ""
        return .failed("against the schema: " + shown.joined(separator: "; ") + more)
    }
}
