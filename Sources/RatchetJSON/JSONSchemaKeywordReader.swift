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

    mutating func read() -> JSONSchemaKeywords {
        switch schema {
        case .bool(let isAllowed):
            keywords.isNever = !isAllowed
            return keywords
        case .object: break
        default:
            compiler.report("a schema must be an object or a boolean, found \(schema.kind)", at: location)
            return keywords
        }
        if let text = text("$ref") {
            if let reference = compiler.reference(text, from: location, keyword: "$ref") {
                keywords.applicators.append(.reference(reference.node))
            }
            readDefinitions()
            if draft.referenceStandsAlone { return keywords }
        } else {
            readDefinitions()
        }
        if draft == .draft202012, let text = text("$dynamicRef"),
            let reference = compiler.dynamicReference(text, from: location)
        {
            keywords.applicators.append(reference)
        }
        if draft == .draft201909, let text = text("$recursiveRef"),
            let reference = compiler.recursiveReference(text, from: location)
        {
            keywords.applicators.append(reference)
        }
        if vocabulary.contains(.validation) { readAssertions() }
        readFormat()
        if draft >= .draft7 { readContent() }
        if vocabulary.contains(.applicator) {
            readItems()
            readContains()
            readMembers()
            readDependencies()
            readCombinations()
        }
        if vocabulary.contains(.unevaluated), draft >= .draft201909 {
            keywords.unevaluatedItems = node("unevaluatedItems")
            keywords.unevaluatedProperties = node("unevaluatedProperties")
        }
        return keywords
    }

    /// Definitions do nothing by themselves, but a mistake in one is found even when nothing refers to it.
    private func readDefinitions() {
        _ = map("definitions")
        if draft >= .draft201909 { _ = map("$defs") }
    }

    private mutating func readCombinations() {
        if let nodes = list("allOf") { keywords.applicators.append(.allOf(nodes)) }
        if let nodes = list("anyOf") { keywords.applicators.append(.anyOf(nodes)) }
        if let nodes = list("oneOf") { keywords.applicators.append(.oneOf(nodes)) }
        if let node = node("not") { keywords.applicators.append(.not(node)) }
        guard draft >= .draft7 else { return }
        let (condition, then, otherwise) = (node("if"), node("then"), node("else"))
        if let condition { keywords.applicators.append(.conditional(if: condition, then: then, else: otherwise)) }
    }

    // MARK: The values of keywords

    // Each reader reports what is wrong, and then returns `nil` as for a keyword that is not there.

    func report(_ message: String, _ keyword: String) { compiler.report(message, at: location, keyword) }

    func mismatch(_ keyword: String, _ wanted: String, _ found: JSONValue) {
        report("\"\(keyword)\" must be \(wanted), found \(found.kind)", keyword)
    }

    func text(_ keyword: String) -> String? {
        guard let value = schema[keyword] else { return nil }
        if value.stringValue == nil { mismatch(keyword, "a string", value) }
        return value.stringValue
    }

    func number(_ keyword: String) -> JSONNumber? {
        guard let value = schema[keyword] else { return nil }
        if value.numberValue == nil { mismatch(keyword, "a number", value) }
        return value.numberValue
    }

    /// A whole number from 0; one that is too large for `Int` is as good as no limit.
    func count(_ keyword: String) -> Int? {
        guard let number = number(keyword) else { return nil }
        guard number.isInteger, number >= JSONNumber(0) else {
            report("\"\(keyword)\" must be a whole number from 0, found \(number.literal)", keyword)
            return nil
        }
        return number.int ?? Int.max
    }

    func flag(_ keyword: String) -> Bool? {
        guard let value = schema[keyword] else { return nil }
        if value.boolValue == nil { mismatch(keyword, "a boolean", value) }
        return value.boolValue
    }

    /// A list of property names.
    func names(_ value: JSONValue, _ keyword: String) -> [String]? {
        let names = value.arrayValue?.map(\.stringValue)
        guard let names, names.allSatisfy({ $0 != nil }) else {
            mismatch(keyword, "a list of property names", value)
            return nil
        }
        return names.compactMap { $0 }
    }

    func object(_ keyword: String) -> JSONObject? {
        guard let value = schema[keyword] else { return nil }
        if value.objectValue == nil { mismatch(keyword, "an object", value) }
        return value.objectValue
    }

    func compiled(_ pattern: String, _ keyword: String) -> (any JSONRegex)? {
        do throws(JSONRegexError) {
            return try compiler.regex.compile(pattern, dialect: .schema)
        } catch {
            report("\"\(pattern)\" is no regular expression: \(error.message)", keyword)
            return nil
        }
    }

    // MARK: Subschemas

    /// The schema that is the value of `keyword`.
    func node(_ keyword: String) -> Int? {
        guard let value = schema[keyword] else { return nil }
        return node(for: value, at: JSONPointer.escaped(keyword))
    }

    /// The schemas in the list that is the value of `keyword`.
    func list(_ keyword: String) -> [Int]? {
        guard let value = schema[keyword] else { return nil }
        guard let items = value.arrayValue else {
            mismatch(keyword, "a list of schemas", value)
            return nil
        }
        if items.isEmpty, ["allOf", "anyOf", "oneOf"].contains(keyword) {
            report("\"\(keyword)\" must not be empty", keyword)
        }
        return items.enumerated().compactMap { node(for: $1, at: "\(keyword)/\($0)") }
    }

    /// The schemas in the object that is the value of `keyword`.
    func map(_ keyword: String) -> [(key: String, node: Int)]? {
        guard let object = object(keyword) else { return nil }
        return object.members.compactMap { key, value in
            node(for: value, at: "\(keyword)/\(JSONPointer.escaped(key))").map { (key, $0) }
        }
    }

    func node(for value: JSONValue, at path: String) -> Int? {
        let place = JSONSchemaIndex.Location(document: location.document, pointer: "\(location.pointer)/\(path)")
        switch value {
        case .object, .bool: return compiler.node(at: place)
        default:
            compiler.report("a schema must be an object or a boolean, found \(value.kind)", at: place)
            return nil
        }
    }
}
