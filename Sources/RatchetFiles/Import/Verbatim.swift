import RatchetJSON

/// What was found in another tool's file, on one line and whole, so that nothing is lost by being listed; only what is very long is cut.
enum Verbatim {
    private static let limit = 4_000

    static func text(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > limit else { return JSONValue.string(text).serialized() }
        return JSONValue.string(String(String.UnicodeScalarView(scalars.prefix(limit))) + "…").serialized()
    }

    static func json(_ value: JSONValue) -> String {
        let text = value.serialized(.compact)
        return text.unicodeScalars.count > limit ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) + "…" : text
    }
}
