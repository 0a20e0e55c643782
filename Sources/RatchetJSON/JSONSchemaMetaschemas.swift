/// The metaschemas of the supported drafts, by the URI that they name themselves with.
///
/// They are the published ones, in a file a draft, with nothing changed but the line breaks.
enum JSONSchemaMetaschemas {
    /// The metaschema or vocabulary with that URI (without a fragment).
    static func document(_ uri: String) -> JSONValue? {
        guard uri.utf8.starts(with: "http".utf8), uri.contains("json-schema.org/") else { return nil }
        return documents[ExactString(uri)]
    }

    static let texts = draft4 + draft6 + draft7 + draft201909 + draft202012

    private static let documents: [ExactString: JSONValue] = {
        let parsed = texts.compactMap { try? JSONValue(parsing: $0) }
        let named = parsed.compactMap { document -> (ExactString, JSONValue)? in
            guard let id = (document["$id"] ?? document["id"])?.stringValue else { return nil }
            return (ExactString(URIReference(id).withoutFragment), document)
        }
        return Dictionary(named, uniquingKeysWith: { first, _ in first })
    }()
}
