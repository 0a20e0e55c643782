import RatchetCore
import RatchetJSON

/// A tool call that the model made.
struct MadeCall: Hashable, Sendable {
    let name: String
    /// `nil` when they are not JSON.
    let arguments: JSONValue?
    /// The arguments as the model wrote them, when they are not JSON.
    let text: String

    /// A call without arguments may have them absent, `null`, or an empty text: all of that is `{}`.
    init(_ call: ToolCall) {
        name = call.name
        switch call.arguments {
        case .null: (arguments, text) = ([:], "")
        // Arguments that parse are kept as what they say; a text is what did not.
        case .string(let text):
            let isBlank = text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
            (arguments, self.text) = (isBlank ? [:] : nil, text)
        case let value: (arguments, text) = (value, "")
        }
    }

    /// The calls of an answer. When `of` selected a JSON value, the calls are read from there: a list of calls, or one,
    /// each as `{"name", "arguments"}`, in the shape of chat completions, or as `{"get_weather": {"city": "Paris"}}`.
    ///
    /// - Returns: `nil` when the selected value holds something else.
    static func read(_ input: CheckInput) -> [MadeCall]? {
        guard let value = input.subject.value else { return input.response.output.toolCalls.map(MadeCall.init) }
        let calls = (value.arrayValue ?? [value]).map { ToolCall(json: $0) ?? ToolCall(keyed: $0) }
        let read = calls.compactMap { $0 }
        return read.count == calls.count ? read.map(MadeCall.init) : nil
    }

    /// The call in words, cut when it is long.
    var description: String {
        "\(Excerpt.name(name))(\(Excerpt.cut(text.isEmpty ? arguments?.serialized(.compact) ?? "" : text, limit: 120)))"
    }
}

extension ToolCall {
    /// A call whose one key is the tool's name, and whose value is the arguments: an object, or its JSON as a text.
    fileprivate init?(keyed value: JSONValue) {
        guard let object = value.objectValue, object.count == 1, let (name, arguments) = object.members.first else { return nil }
        let parsed = arguments.stringValue.flatMap { try? JSONValue(parsing: $0) } ?? arguments
        guard parsed.objectValue != nil else { return nil }
        self.init(id: nil, name: name, arguments: parsed)
    }
}

extension Excerpt {
    /// A tool's name, which is short unless a model went astray.
    static func name(_ name: String) -> String {
        name.isEmpty ? "(no name)" : oneLine(String(name.unicodeScalars.prefix(64)))
    }
}
