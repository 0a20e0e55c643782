import RatchetCore
import RatchetJSON

/// `is_json`: the output is JSON, and nothing else.
package struct IsJSONCheck: Check {
    package static let type = "is_json"
    package static let documentation = CheckDocumentation(
        .structure, "The output is one JSON value: the whole of it, or where `allow` lets it stand.",
        details: """
            As RFC 8259 has it, with white space around it allowed and repeated keys put up with. With `allow: fence` it may \
            also be the content of a code fence, with `allow: prose` an object or a list anywhere in the text. The reason \
            says where JSON was found.
            """,
        options: [
            JSONLocation.option,
            .init("kind", "text or list of texts", "what the value is: `object`, `array`, `string`, `number`, `integer`, `boolean` or `null`"),
        ],
        samples: [
            .init(#""is_json""#, passes: #"{"total": 12.5}"#, fails: "```json\n{\"total\": 12.5}\n```"),
            .init(#"{"is_json": {"kind": ["object", "array"]}}"#, passes: "[1, 2]", fails: "12"),
            .init(#"{"is_json": {"allow": "fence"}}"#, passes: "```json\n{\"total\": 12.5}\n```", fails: "The total is 12.5."),
        ])

    private let allowed: JSONLocation
    private let kinds: [JSONType]?

    package init?(_ options: CheckOptions) {
        allowed = options.choice("allow", default: .whole)
        kinds = JSONType.list(options, "kind")
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        // What `of` selected is JSON by itself; only a string can hold more JSON, or none.
        let isValue = input.subject.value.map { $0.stringValue == nil } ?? false
        let location = isValue ? .whole : input.subject.json.map { JSONLocation($0.place) }
        guard let location else { return .failed(JSONDocument.absence(in: input)) }
        if let kinds, let value = isValue ? input.subject.value : input.subject.json?.value,
            !kinds.contains(where: { $0.includes(value) })
        {
            let wanted = Excerpt.list(kinds.map(\.rawValue), atMost: 7)
            return .failed("\(location.description), but found \(value.kind), wanted \(wanted): \(JSONPathCheck.shown(value, limit: 80))")
        }
        if location <= allowed { return .passed(location.description) }
        let wanted = allowed == .whole ? "the whole output must be JSON" : "it may stand in a code fence at most"
        return .failed(
            "\(location.description): \(wanted): \(Excerpt.quoted(input.text, limit: 80))", failureKind: location.failureKind)
    }
}
