// Keywords about the items of arrays and the members of objects.

extension JSONSchemaKeywordReader {
    mutating func readItems() {
        var prefix: [Int] = []
        var rest: Int?
        let isModern = draft >= .draft202012
        var restKeyword = "items"
        if isModern {
            prefix = list("prefixItems") ?? []
            rest = node("items")
        } else if schema["items"]?.arrayValue != nil {
            prefix = list("items") ?? []
            restKeyword = "additionalItems"
            rest = node("additionalItems")
        } else {
            rest = node("items")
            // Without a list of items it has no effect, but it has to be a schema.
            _ = node("additionalItems")
        }
        guard !prefix.isEmpty || rest != nil else { return }
        keywords.arrays.append(
            .items(
                JSONSchemaItems(
                    prefix: prefix, prefixKeyword: isModern ? "prefixItems" : "items", rest: rest,
                    restKeyword: restKeyword)))
    }

    mutating func readContains() {
        guard draft >= .draft6 else { return }
        var limits: (minimum: Int?, maximum: Int?)
        if draft >= .draft201909, vocabulary.contains(.validation) {
            limits = (count("minContains"), count("maxContains"))
        }
        guard let node = node("contains") else { return }
        keywords.arrays.append(
            .contains(
                JSONSchemaContains(
                    node: node, minimum: limits.minimum ?? 1, maximum: limits.maximum, marks: draft >= .draft202012)))
    }

    mutating func readMembers() {
        let properties = map("properties") ?? []
        var patterns: [(source: String, regex: any JSONRegex, node: Int)] = []
        for (pattern, node) in map("patternProperties") ?? [] {
            if let regex = compiled(pattern, "patternProperties") { patterns.append((pattern, regex, node)) }
        }
        let additional = node("additionalProperties")
        if !properties.isEmpty || !patterns.isEmpty || additional != nil {
            let byName = properties.map { (ExactString($0.key), $0.node) }
            keywords.objects.append(
                .members(
                    JSONSchemaMembers(
                        properties: Dictionary(byName, uniquingKeysWith: { _, last in last }), patterns: patterns,
                        additional: additional)))
        }
        if draft >= .draft6, let node = node("propertyNames") { keywords.objects.append(.propertyNames(node)) }
    }

    mutating func readDependencies() {
        if draft >= .draft201909, let schemas = map("dependentSchemas") {
            keywords.objects.append(.dependentSchemas(schemas, keyword: "dependentSchemas"))
        }
        // Replaced since 2019-09, and still understood there.
        guard let object = object("dependencies") else { return }
        var required: [(key: String, required: [String])] = []
        var schemas: [(key: String, node: Int)] = []
        for (key, value) in object.members {
            if value.arrayValue != nil {
                if let names = names(value, "dependencies") { required.append((key, names)) }
            } else if let node = node(for: value, at: "dependencies/\(JSONPointer.escaped(key))") {
                schemas.append((key, node))
            }
        }
        if !required.isEmpty { keywords.objects.append(.dependentRequired(required, keyword: "dependencies")) }
        if !schemas.isEmpty { keywords.objects.append(.dependentSchemas(schemas, keyword: "dependencies")) }
    }
}
