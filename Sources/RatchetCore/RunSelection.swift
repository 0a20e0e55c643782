/// What the command line asks to run.
package struct RunSelection: Hashable, Sendable, Codable {
    /// Suites by name; empty for all.
    package var suites: [String] = []
    package var target: Target?
    package var prompt: PromptReference?
    package var trials: Int?
    /// Example ids, bare or as `suite/id`; empty for all.
    package var only: [String] = []
    /// Examples with any of these tags; empty for all.
    package var tags: [String] = []

    package init() {}

    package var isPartial: Bool { !only.isEmpty || !tags.isEmpty }
}

extension Target: Codable {
    package init(from decoder: any Decoder) throws { self = try decoder.decoded(Self.init) }
    package func encode(to encoder: any Encoder) throws { try encoder.encode(text: description) }
}

extension PromptReference: Codable {
    package init(from decoder: any Decoder) throws { self = try decoder.decoded(Self.init) }
    package func encode(to encoder: any Encoder) throws { try encoder.encode(text: description) }
}

extension Decoder {
    /// A value that is written as one text.
    fileprivate func decoded<Value>(_ value: (String) -> Value?) throws -> Value {
        let container = try singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = value(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(Value.self): \(text)")
        }
        return value
    }
}

extension Encoder {
    fileprivate func encode(text: String) throws {
        var container = singleValueContainer()
        try container.encode(text)
    }
}
