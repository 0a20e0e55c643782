// Keywords about a value itself: its type, and limits of numbers, strings and counts.

extension JSONSchemaKeywordReader {
    mutating func readAssertions() {
        readTypes()
        if let value = schema["enum"] {
            if let values = value.arrayValue {
                keywords.values.append(.enumeration(values, set: Set(values)))
            } else {
                mismatch("enum", "a list", value)
            }
        }
        if draft >= .draft6, let value = schema["const"] { keywords.values.append(.const(value)) }
        readNumberLimits()
        if let count = count("minLength") { keywords.strings.append(.minLength(count)) }
        if let count = count("maxLength") { keywords.strings.append(.maxLength(count)) }
        if let pattern = text("pattern") {
            if let regex = compiled(pattern, "pattern") { keywords.strings.append(.pattern(pattern, regex)) }
        }
        if let count = count("minItems") { keywords.arrays.append(.minItems(count)) }
        if let count = count("maxItems") { keywords.arrays.append(.maxItems(count)) }
        if flag("uniqueItems") == true { keywords.arrays.append(.uniqueItems) }
        if let count = count("minProperties") { keywords.objects.append(.minProperties(count)) }
        if let count = count("maxProperties") { keywords.objects.append(.maxProperties(count)) }
        if let value = schema["required"], let names = names(value, "required") { keywords.objects.append(.required(names)) }
        if draft >= .draft201909, let object = object("dependentRequired") {
            var dependencies: [(key: String, required: [String])] = []
            for (key, value) in object.members {
                if let names = names(value, "dependentRequired") { dependencies.append((key, names)) }
            }
            keywords.objects.append(.dependentRequired(dependencies, keyword: "dependentRequired"))
        }
    }

    private mutating func readTypes() {
        guard let value = schema["type"] else { return }
        var types: JSONSchemaTypes = []
        for name in value.arrayValue ?? [value] {
            guard let text = name.stringValue else {
                return mismatch("type", "the name of a type, or a list of names", name)
            }
            guard let type = JSONSchemaTypes.named.first(where: { $0.0 == text })?.1 else {
                let known = JSONSchemaTypes.named.map(\.0).joined(separator: ", ")
                return report("no such type: \"\(text)\" (known: \(known))", "type")
            }
            types.formUnion(type == .integer && draft == .draft4 ? .integerLiteral : type)
        }
        guard !types.isEmpty else { return report("\"type\" must not be an empty list", "type") }
        keywords.types = types
    }

    private mutating func readNumberLimits() {
        if draft == .draft4 {
            // Two flags say whether the limits themselves are excluded.
            let (excludesMinimum, excludesMaximum) = (flag("exclusiveMinimum"), flag("exclusiveMaximum"))
            if let limit = number("minimum") {
                keywords.numbers.append(excludesMinimum == true ? .exclusiveMinimum(limit) : .minimum(limit))
            }
            if let limit = number("maximum") {
                keywords.numbers.append(excludesMaximum == true ? .exclusiveMaximum(limit) : .maximum(limit))
            }
        } else {
            if let limit = number("minimum") { keywords.numbers.append(.minimum(limit)) }
            if let limit = number("exclusiveMinimum") { keywords.numbers.append(.exclusiveMinimum(limit)) }
            if let limit = number("maximum") { keywords.numbers.append(.maximum(limit)) }
            if let limit = number("exclusiveMaximum") { keywords.numbers.append(.exclusiveMaximum(limit)) }
        }
        if let divisor = number("multipleOf") {
            guard divisor > JSONNumber(0) else {
                return report("\"multipleOf\" must be greater than 0, found \(divisor.literal)", "multipleOf")
            }
            keywords.numbers.append(.multipleOf(divisor))
        }
    }

    mutating func readFormat() {
        let mode = compiler.options.formats
        guard let name = text("format"), mode != .annotations || vocabulary.contains(.formatAssertion) else { return }
        if let format = JSONSchemaFormat(named: name, regex: compiler.regex) {
            keywords.strings.append(.format(name, format))
        } else if mode != .knownAssertions {
            let known = JSONSchemaFormat.names.joined(separator: ", ")
            report("the format \"\(name)\" cannot be checked (those that can: \(known))", "format")
        }
    }

    /// `contentEncoding`, `contentMediaType` and `contentSchema`, which only annotate unless asked to do more.
    mutating func readContent() {
        let (encoding, mediaType) = (text("contentEncoding"), text("contentMediaType"))
        let schema = draft >= .draft201909 ? node("contentSchema") : nil
        guard compiler.options.assertsContent, encoding != nil || mediaType != nil else { return }
        guard let content = JSONSchemaContent(encoding: encoding, mediaType: mediaType, schema: schema) else {
            let place = encoding.map { JSONSchemaContent.isEncoding($0) } ?? true ? "contentMediaType" : "contentEncoding"
            return report("this content cannot be checked (only base64, base64url, application/json and …+json)", place)
        }
        keywords.strings.append(.content(content))
    }
}
