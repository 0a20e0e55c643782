/// Reads and checks the keywords of one schema object.
///
/// The keywords for each kind of value are in `JSONSchemaKeywordReader+Values.swift` and `+Containers.swift`.
struct JSONSchemaKeywordReader {
    let compiler: JSONSchemaCompiler
    let schema: JSONValue
    let location: JSONSchemaIndex.Location
    let draft: JSONSchema.Draft
    let vocabulary: JSONSchemaVocabulary
    var keywords = JSONSchemaKeywords()

    init(
        compiler: JSONSchemaCompiler, schema: JSONValue, location: JSONSchemaIndex.Location,
        resource: JSONSchemaIndex.Resource
    ) {
        self.compiler = compiler
        self.schema = schema
        self.location = location
        draft = resource.draft
        vocabulary = resource.vocabulary
    }

    mutating func read() throws(JSONSchemaError) -> JSONSchemaKeywords {
        switch schema {
        case .bool(let isAllowed):
            keywords.isNever = !isAllowed
            return keywords
        case .object: break
        default:
            throw compiler.index.error("a schema must be an object or a boolean, found \(schema.kind)", at: location)
        }
        if let text = try text("$ref") {
            keywords.applicators.append(
                .reference(try compiler.reference(text, from: location, keyword: "$ref").node))
            try readDefinitions()
            if draft.referenceStandsAlone { return keywords }
        } else {
            try readDefinitions()
        }
        if draft == .draft202012, let text = try text("$dynamicRef") {
            keywords.applicators.append(try compiler.dynamicReference(text, from: location))
        }
        if draft == .draft201909, let text = try text("$recursiveRef") {
            keywords.applicators.append(try compiler.recursiveReference(text, from: location))
        }
        if vocabulary.contains(.validation) { try readAssertions() }
        try readFormat()
        if vocabulary.contains(.applicator) {
            try readItems()
            try readContains()
            try readMembers()
            try readDependencies()
            try readCombinations()
        }
        if vocabulary.contains(.unevaluated), draft >= .draft201909 {
            keywords.unevaluatedItems = try node("unevaluatedItems")
            keywords.unevaluatedProperties = try node("unevaluatedProperties")
        }
        return keywords
    }

    /// Definitions do nothing by themselves, but a mistake in one is found even when nothing refers to it.
    private func readDefinitions() throws(JSONSchemaError) {
        _ = try map("definitions")
        if draft >= .draft201909 { _ = try map("$defs") }
    }

    private mutating func readCombinations() throws(JSONSchemaError) {
        if let nodes = try list("allOf") { keywords.applicators.append(.allOf(nodes)) }
        if let nodes = try list("anyOf") { keywords.applicators.append(.anyOf(nodes)) }
        if let nodes = try list("oneOf") { keywords.applicators.append(.oneOf(nodes)) }
        if let node = try node("not") { keywords.applicators.append(.not(node)) }
        guard draft >= .draft7 else { return }
        let (condition, then, otherwise) = (try node("if"), try node("then"), try node("else"))
        if let condition { keywords.applicators.append(.conditional(if: condition, then: then, else: otherwise)) }
    }

    // MARK: The values of keywords

    func error(_ message: String, _ keyword: String) -> JSONSchemaError {
        compiler.index.error(message, at: location, keyword)
    }

    func mismatch(_ keyword: String, _ wanted: String, _ found: JSONValue) -> JSONSchemaError {
        error("\"\(keyword)\" must be \(wanted), found \(found.kind)", keyword)
    }

    func text(_ keyword: String) throws(JSONSchemaError) -> String? {
        guard let value = schema[keyword] else { return nil }
        guard let text = value.stringValue else { throw mismatch(keyword, "a string", value) }
        return text
    }

    func number(_ keyword: String) throws(JSONSchemaError) -> JSONNumber? {
        guard let value = schema[keyword] else { return nil }
        guard let number = value.numberValue else { throw mismatch(keyword, "a number", value) }
        return number
    }

    /// A whole number from 0; one that is too large for `Int` is as good as no limit.
    func count(_ keyword: String) throws(JSONSchemaError) -> Int? {
        guard let number = try number(keyword) else { return nil }
        guard number.isInteger, number >= JSONNumber(0) else {
            throw error("\"\(keyword)\" must be a whole number from 0, found \(number.literal)", keyword)
        }
        return number.int ?? Int.max
    }

    func flag(_ keyword: String) throws(JSONSchemaError) -> Bool? {
        guard let value = schema[keyword] else { return nil }
        guard let flag = value.boolValue else { throw mismatch(keyword, "a boolean", value) }
        return flag
    }

    /// A list of property names.
    func names(_ value: JSONValue, _ keyword: String) throws(JSONSchemaError) -> [String] {
        let names = value.arrayValue?.map(\.stringValue)
        guard let names, names.allSatisfy({ $0 != nil }) else {
            throw mismatch(keyword, "a list of property names", value)
        }
        return names.compactMap { $0 }
    }

    func object(_ keyword: String) throws(JSONSchemaError) -> JSONObject? {
        guard let value = schema[keyword] else { return nil }
        guard let object = value.objectValue else { throw mismatch(keyword, "an object", value) }
        return object
    }

    func compiled(_ pattern: String, _ keyword: String) throws(JSONSchemaError) -> any JSONRegex {
        do {
            return try compiler.regex.compile(pattern, dialect: .ecma262)
        } catch {
            throw self.error("\"\(pattern)\" is no regular expression: \(error.message)", keyword)
        }
    }

    // MARK: Subschemas

    /// The schema that is the value of `keyword`.
    func node(_ keyword: String) throws(JSONSchemaError) -> Int? {
        guard let value = schema[keyword] else { return nil }
        return try node(for: value, keyword, at: JSONPointer.escaped(keyword))
    }

    /// The schemas in the list that is the value of `keyword`.
    func list(_ keyword: String) throws(JSONSchemaError) -> [Int]? {
        guard let value = schema[keyword] else { return nil }
        guard let items = value.arrayValue else { throw mismatch(keyword, "a list of schemas", value) }
        if items.isEmpty, ["allOf", "anyOf", "oneOf"].contains(keyword) {
            throw error("\"\(keyword)\" must not be empty", keyword)
        }
        var nodes: [Int] = []
        for (index, item) in items.enumerated() {
            nodes.append(try node(for: item, keyword, at: "\(keyword)/\(index)"))
        }
        return nodes
    }

    /// The schemas in the object that is the value of `keyword`.
    func map(_ keyword: String) throws(JSONSchemaError) -> [(key: String, node: Int)]? {
        guard let object = try object(keyword) else { return nil }
        var nodes: [(key: String, node: Int)] = []
        for (key, value) in object.members {
            nodes.append((key, try node(for: value, keyword, at: "\(keyword)/\(JSONPointer.escaped(key))")))
        }
        return nodes
    }

    func node(for value: JSONValue, _ keyword: String, at path: String) throws(JSONSchemaError) -> Int {
        let place = JSONSchemaIndex.Location(document: location.document, pointer: "\(location.pointer)/\(path)")
        switch value {
        case .object, .bool: return compiler.node(at: place)
        default:
            throw compiler.index.error("a schema must be an object or a boolean, found \(value.kind)", at: place)
        }
    }
}
