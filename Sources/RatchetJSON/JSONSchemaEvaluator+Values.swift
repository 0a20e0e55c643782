// Keywords about the value itself.

extension JSONSchemaEvaluator {
    mutating func checkType(_ node: JSONSchemaNode, _ value: JSONValue) -> Bool {
        guard let types = node.keywords.types, !types.contains(typeOf: value) else { return true }
        return fail(node, "type", "expected \(types), found \(Words.describe(value))")
    }

    mutating func check(_ keyword: JSONSchemaValueKeyword, _ node: JSONSchemaNode, _ value: JSONValue) -> Bool {
        switch keyword {
        case .const(let wanted):
            return value == wanted
                || fail(node, "const", "expected \(Words.describe(wanted)), found \(Words.describe(value))")
        case .enumeration(let wanted, let set):
            return (wanted.count > 4 ? set.contains(value) : wanted.contains(value))
                || fail(node, "enum", "expected \(Words.alternatives(wanted)), found \(Words.describe(value))")
        }
    }

    mutating func check(_ keyword: JSONSchemaNumberKeyword, _ node: JSONSchemaNode, _ number: JSONNumber) -> Bool {
        switch keyword {
        case .minimum(let limit): return number >= limit || fail(node, "minimum", Words.expected("from", limit, number))
        case .exclusiveMinimum(let limit):
            let keyword = "exclusiveMinimum"
            return number > limit || fail(node, keyword, Words.expected("greater than", limit, number))
        case .maximum(let limit):
            return number <= limit || fail(node, "maximum", Words.expected("up to", limit, number))
        case .exclusiveMaximum(let limit):
            return number < limit || fail(node, "exclusiveMaximum", Words.expected("less than", limit, number))
        case .multipleOf(let divisor):
            return number.isMultiple(of: divisor)
                || fail(node, "multipleOf", Words.expected("that is a multiple of", divisor, number))
        }
    }

    mutating func check(_ keyword: JSONSchemaStringKeyword, _ node: JSONSchemaNode, _ text: String) -> Bool {
        switch keyword {
        case .minLength(let limit):
            return text.unicodeScalars.count >= limit
                || fail(
                    node, "minLength",
                    "expected at least \(Words.counted(limit, "character")), found \(Words.length(text))")
        case .maxLength(let limit):
            // There are never more code points than bytes.
            return text.utf8.count <= limit || text.unicodeScalars.count <= limit
                || fail(
                    node, "maxLength",
                    "expected at most \(Words.counted(limit, "character")), found \(Words.length(text))")
        case .pattern(let pattern, let regex):
            return isMatch(regex, text)
                || fail(node, "pattern", "expected text that matches \(pattern), found \(Words.quoted(text))")
        case .format(let name, let format):
            return format.matches(text) || fail(node, "format", "expected \(name), found \(Words.quoted(text))")
        case .content(let content): return check(content, node, text)
        }
    }

    private mutating func check(_ content: JSONSchemaContent, _ node: JSONSchemaNode, _ text: String) -> Bool {
        guard let bytes = content.decoded(text) else {
            return fail(node, "contentEncoding", "expected text in \(content.encoding ?? ""), found \(Words.quoted(text))")
        }
        guard content.isJSON else { return true }
        guard let value = try? JSONValue(parsing: bytes, options: .lenient) else {
            return fail(node, "contentMediaType", "expected a text that is JSON, found \(Words.quoted(text))")
        }
        guard let schema = content.schema else { return true }
        var none: JSONSchemaMarks?
        return holds(schema, value, marks: &none)
            || fail(node, "contentSchema", "the JSON in this text does not satisfy its schema: \(Words.describe(value))")
    }
}
