import RatchetJSON

/// The part of an output that a check looks at, as text and as JSON.
package struct Subject: Sendable {
    package let text: String
    private let finding: Lazily<JSONExtraction?>
    /// The selected value itself, when `of` selected one: then there is nothing to search in its text.
    package let value: JSONValue?

    /// A text, in which JSON is searched only when somebody asks for it.
    package init(text: String) {
        self.text = text
        value = nil
        finding = Lazily { JSONExtraction.find(in: text, options: .lenient) }
    }

    /// A value inside the output. As text it is a string's content, or compact JSON.
    package init(value: JSONValue) {
        let text = value.stringValue ?? value.serialized(.compact)
        self.text = text
        self.value = value
        finding = Lazily { JSONExtraction.find(in: text, options: .lenient) }
    }

    /// The JSON in the text (read as most programs read it: a repeated key is no error), and where it stood: as the whole, in a code fence, or inside prose.
    package var json: JSONExtraction? { finding() }
}
