// Keywords about a value itself: its type, and limits of numbers, strings and counts.

extension JSONSchemaKeywordReader {
    mutating func readAssertions() throws(JSONSchemaError) {
        try readTypes()
        if let value = schema["enum"] {
            guard let values = value.arrayValue else { throw mismatch("enum", "a list", value) }
            keywords.values.append(.enumeration(values, set: Set(values)))
        }
        if draft >= .draft6, let value = schema["const"] { keywords.values.append(.const(value)) }
        try readNumberLimits()
        if let count = try count("minLength") { keywords.strings.append(.minLength(count)) }
        if let count = try count("maxLength") { keywords.strings.append(.maxLength(count)) }
        if let pattern = try text("pattern") {
            keywords.strings.append(.pattern(pattern, try compiled(pattern, "pattern")))
        }
        if let count = try count("minItems") { keywords.arrays.append(.minItems(count)) }
        if let count = try count("maxItems") { keywords.arrays.append(.maxItems(count)) }
        if try flag("uniqueItems") == true { keywords.arrays.append(.uniqueItems) }
        if let count = try count("minProperties") { keywords.objects.append(.minProperties(count)) }
        if let count = try count("maxProperties") { keywords.objects.append(.maxProperties(count)) }
        if let value = schema["required"] { keywords.objects.append(.required(try names(value, "required"))) }
        if draft >= .draft201909, let object = try object("dependentRequired") {
            var dependencies: [(key: String, required: [String])] = []
            for (key, value) in object.members { dependencies.append((key, try names(value, "dependentRequired"))) }
            keywords.objects.append(.dependentRequired(dependencies, keyword: "dependentRequired"))
        }
    }

    private mutating func readTypes() throws(JSONSchemaError) {
        guard let value = schema["type"] else { return }
        var types: JSONSchemaTypes = []
        for name in value.arrayValue ?? [value] {
            guard let text = name.stringValue else {
                throw mismatch("type", "the name of a type, or a list of names", name)
            }
            guard let type = JSONSchemaTypes.named.first(where: { $0.0 == text })?.1 else {
                let known = JSONSchemaTypes.named.map(\.0).joined(separator: ", ")
                throw error("no such type: \"\(text)\" (known: \(known))", "type")
            }
            types.formUnion(type == .integer && draft == .draft4 ? .integerLiteral : type)
        }
        guard !types.isEmpty else { throw error("\"type\" must not be an empty list", "type") }
        keywords.types = types
    }

    private mutating func readNumberLimits() throws(JSONSchemaError) {
        if draft == .draft4 {
            // Two flags say whether the limits themselves are excluded.
            let (excludesMinimum, excludesMaximum) = (try flag("exclusiveMinimum"), try flag("exclusiveMaximum"))
            if let limit = try number("minimum") {
                keywords.numbers.append(excludesMinimum == true ? .exclusiveMinimum(limit) : .minimum(limit))
            }
            if let limit = try number("maximum") {
                keywords.numbers.append(excludesMaximum == true ? .exclusiveMaximum(limit) : .maximum(limit))
            }
        } else {
            if let limit = try number("minimum") { keywords.numbers.append(.minimum(limit)) }
            if let limit = try number("exclusiveMinimum") { keywords.numbers.append(.exclusiveMinimum(limit)) }
            if let limit = try number("maximum") { keywords.numbers.append(.maximum(limit)) }
            if let limit = try number("exclusiveMaximum") { keywords.numbers.append(.exclusiveMaximum(limit)) }
        }
        if let divisor = try number("multipleOf") {
            guard divisor > JSONNumber(0) else {
                throw error("\"multipleOf\" must be greater than 0, found \(divisor.literal)", "multipleOf")
            }
            keywords.numbers.append(.multipleOf(divisor))
        }
    }

    mutating func readFormat() throws(JSONSchemaError) {
        guard let name = try text("format"), compiler.assertsFormat || vocabulary.contains(.formatAssertion) else {
            return
        }
        guard let format = JSONSchemaFormat(named: name, regex: compiler.regex) else {
            throw error("the format \"\(name)\" cannot be checked", "format")
        }
        keywords.strings.append(.format(name, format))
    }
}
