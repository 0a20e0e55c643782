// Keywords about the items of arrays and the members of objects.

extension JSONSchemaKeywordReader {
    mutating func readItems() throws(JSONSchemaError) {
        var prefix: [Int] = []
        var rest: Int?
        let isModern = draft >= .draft202012
        var restKeyword = "items"
        if isModern {
            prefix = try list("prefixItems") ?? []
            rest = try node("items")
        } else if schema["items"]?.arrayValue != nil {
            prefix = try list("items") ?? []
            restKeyword = "additionalItems"
            rest = try node("additionalItems")
        } else {
            rest = try node("items")
            // Without a list of items it has no effect, but it has to be a schema.
            _ = try node("additionalItems")
        }
        guard !prefix.isEmpty || rest != nil else { return }
        keywords.arrays.append(
            .items(
                JSONSchemaItems(
                    prefix: prefix, prefixKeyword: isModern ? "prefixItems" : "items", rest: rest,
                    restKeyword: restKeyword)))
    }

    mutating func readContains() throws(JSONSchemaError) {
        guard draft >= .draft6 else { return }
        var limits: (minimum: Int?, maximum: Int?)
        if draft >= .draft201909, vocabulary.contains(.validation) {
            limits = (try count("minContains"), try count("maxContains"))
        }
        guard let node = try node("contains") else { return }
        keywords.arrays.append(
            .contains(
                JSONSchemaContains(
                    node: node, minimum: limits.minimum ?? 1, maximum: limits.maximum, marks: draft >= .draft202012)))
    }

    mutating func readMembers() throws(JSONSchemaError) {
        let properties = try map("properties") ?? []
        var patterns: [(source: String, regex: any JSONRegex, node: Int)] = []
        for (pattern, node) in try map("patternProperties") ?? [] {
            patterns.append((pattern, try compiled(pattern, "patternProperties"), node))
        }
        let additional = try node("additionalProperties")
        if !properties.isEmpty || !patterns.isEmpty || additional != nil {
            let byName = properties.map { (ExactString($0.key), $0.node) }
            keywords.objects.append(
                .members(
                    JSONSchemaMembers(
                        properties: Dictionary(byName, uniquingKeysWith: { _, last in last }), patterns: patterns,
                        additional: additional)))
        }
        if draft >= .draft6, let node = try node("propertyNames") { keywords.objects.append(.propertyNames(node)) }
    }

    mutating func readDependencies() throws(JSONSchemaError) {
        if draft >= .draft201909, let schemas = try map("dependentSchemas") {
            keywords.objects.append(.dependentSchemas(schemas, keyword: "dependentSchemas"))
        }
        // Replaced since 2019-09, and still understood there.
        guard let object = try object("dependencies") else { return }
        var required: [(key: String, required: [String])] = []
        var schemas: [(key: String, node: Int)] = []
        for (key, value) in object.members {
            if value.arrayValue != nil {
                required.append((key, try names(value, "dependencies")))
            } else {
                schemas.append(
                    (key, try node(for: value, "dependencies", at: "dependencies/\(JSONPointer.escaped(key))")))
            }
        }
        if !required.isEmpty { keywords.objects.append(.dependentRequired(required, keyword: "dependencies")) }
        if !schemas.isEmpty { keywords.objects.append(.dependentSchemas(schemas, keyword: "dependencies")) }
    }
}
