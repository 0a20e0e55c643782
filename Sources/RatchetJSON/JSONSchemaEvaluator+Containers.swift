// Keywords about items and members.

extension JSONSchemaEvaluator {
    // MARK: Arrays

    mutating func check(
        _ keyword: JSONSchemaArrayKeyword, _ node: JSONSchemaNode, _ items: [JSONValue],
        marks: inout JSONSchemaMarks?
    ) -> Bool {
        switch keyword {
        case .minItems(let limit):
            return items.count >= limit
                || fail(node, "minItems", "expected at least \(Words.counted(limit, "item")), found \(items.count)")
        case .maxItems(let limit):
            return items.count <= limit
                || fail(node, "maxItems", "expected at most \(Words.counted(limit, "item")), found \(items.count)")
        case .uniqueItems:
            guard let (first, second) = Self.duplicate(in: items) else { return true }
            let value = Words.describe(items[second])
            return fail(node, "uniqueItems", "expected different items, found \(value) at \(first) and at \(second)")
        case .items(let schemas): return check(schemas, node, items, marks: &marks)
        case .contains(let contains): return check(contains, node, items, marks: &marks)
        }
    }

    private mutating func check(
        _ schemas: JSONSchemaItems, _ node: JSONSchemaNode, _ items: [JSONValue], marks: inout JSONSchemaMarks?
    ) -> Bool {
        var isValid = true
        for (place, item) in items.enumerated() {
            let isPrefix = place < schemas.prefix.count
            guard let schema = isPrefix ? schemas.prefix[place] : schemas.rest else { break }
            let keyword = isPrefix ? schemas.prefixKeyword : schemas.restKeyword
            guard descend(to: schema, node, keyword, item, at: .index(place), "unexpected item") else {
                guard isCollecting else { return false }
                isValid = false
                continue
            }
            marks?.mark(place)
        }
        return isValid
    }

    private mutating func check(
        _ contains: JSONSchemaContains, _ node: JSONSchemaNode, _ items: [JSONValue], marks: inout JSONSchemaMarks?
    ) -> Bool {
        var count = 0
        let marksItems = contains.marks && marks != nil
        for (place, item) in items.enumerated() {
            var none: JSONSchemaMarks?
            guard holds(contains.node, item, marks: &none) else { continue }
            count += 1
            if marksItems { marks?.mark(place) }
            // Without an upper limit, and nobody to tell, the rest makes no difference.
            if contains.maximum == nil, !marksItems, count >= contains.minimum { return true }
        }
        if count < contains.minimum {
            let wanted = Words.counted(contains.minimum, "item")
            return fail(
                node, contains.minimum == 1 ? "contains" : "minContains",
                "expected at least \(wanted) that satisfies \"contains\", found \(count)")
        }
        guard let maximum = contains.maximum, count > maximum else { return true }
        return fail(
            node, "maxContains",
            "expected at most \(Words.counted(maximum, "item")) that satisfies \"contains\", found \(count)")
    }

    private static func duplicate(in items: [JSONValue]) -> (Int, Int)? {
        guard items.count > 8 else {
            for second in items.indices {
                for first in 0..<second where items[first] == items[second] { return (first, second) }
            }
            return nil
        }
        var places: [JSONValue: Int] = Dictionary(minimumCapacity: items.count)
        for (place, item) in items.enumerated() {
            if let first = places.updateValue(place, forKey: item) { return (first, place) }
        }
        return nil
    }

    // MARK: Objects

    mutating func check(
        _ keyword: JSONSchemaObjectKeyword, _ node: JSONSchemaNode, _ object: JSONObject, _ value: JSONValue,
        marks: inout JSONSchemaMarks?
    ) -> Bool {
        switch keyword {
        case .minProperties(let limit):
            return object.count >= limit
                || fail(
                    node, "minProperties",
                    "expected at least \(Words.counted(limit, "property", "properties")), found \(object.count)")
        case .maxProperties(let limit):
            return object.count <= limit
                || fail(
                    node, "maxProperties",
                    "expected at most \(Words.counted(limit, "property", "properties")), found \(object.count)")
        case .required(let keys): return require(keys, "required", node, object)
        case .members(let schemas): return check(schemas, node, object, marks: &marks)
        case .propertyNames(let schema): return checkNames(schema, node, object)
        case .dependentRequired(let dependencies, let keyword):
            var isValid = true
            for (key, required) in dependencies where object.position(of: key) != nil {
                if !require(required, keyword, node, object, because: key) {
                    guard isCollecting else { return false }
                    isValid = false
                }
            }
            return isValid
        case .dependentSchemas(let dependencies, _):
            var isValid = true
            for (key, schema) in dependencies where object.position(of: key) != nil {
                if !evaluate(schema, value, marks: &marks) {
                    guard isCollecting else { return false }
                    isValid = false
                }
            }
            return isValid
        }
    }

    private mutating func require(
        _ keys: [String], _ keyword: String, _ node: JSONSchemaNode, _ object: JSONObject, because cause: String? = nil
    ) -> Bool {
        var isValid = true
        for key in keys where object.position(of: key) == nil {
            let reason = cause.map { ", which \(Words.quoted($0)) requires" } ?? ""
            isValid = fail(node, keyword, "missing property \(Words.quoted(key))\(reason)")
            if !isCollecting { return false }
        }
        return isValid
    }

    private mutating func check(
        _ schemas: JSONSchemaMembers, _ node: JSONSchemaNode, _ object: JSONObject, marks: inout JSONSchemaMarks?
    ) -> Bool {
        var isValid = true
        for (place, member) in object.members.enumerated() {
            var isKnown = false
            var isGood = true
            if let schema = schemas.properties[ExactString(member.key)] {
                isKnown = true
                isGood = descend(
                    to: schema, node, "properties", member.value, at: .key(member.key), "this property is not allowed")
            }
            for pattern in schemas.patterns where isGood || isCollecting {
                guard isMatch(pattern.regex, member.key) else { continue }
                isKnown = true
                let isMatching = descend(
                    to: pattern.node, node, "patternProperties", member.value, at: .key(member.key),
                    "this property is not allowed")
                isGood = isMatching && isGood
            }
            if !isKnown {
                guard let additional = schemas.additional else { continue }
                isGood = descend(
                    to: additional, node, "additionalProperties", member.value, at: .key(member.key),
                    "unexpected property")
            }
            if isGood {
                marks?.mark(place)
            } else {
                guard isCollecting else { return false }
                isValid = false
            }
        }
        return isValid
    }

    private mutating func checkNames(_ schema: Int, _ node: JSONSchemaNode, _ object: JSONObject) -> Bool {
        var isValid = true
        for member in object.members {
            var none: JSONSchemaMarks?
            let found = violations.count
            let isGood = evaluate(schema, .string(member.key), marks: &none)
            guard !isGood else { continue }
            guard isCollecting || violations.count > found else { return false }
            isValid = false
            rename(from: found, member.key)
        }
        return isValid
    }

    /// Says in the violations since `start` that they are about the name of a property.
    private mutating func rename(from start: Int, _ key: String) {
        for place in start..<violations.count {
            let old = violations[place]
            violations[place] = JSONSchemaViolation(
                instance: old.instance, keyword: old.keyword, schema: old.schema,
                message: "property name \(Words.quoted(key)): \(old.message)")
        }
    }

    // MARK: Unevaluated

    mutating func checkUnevaluated(
        _ node: JSONSchemaNode, _ value: JSONValue, marks: inout JSONSchemaMarks?
    ) -> Bool {
        var isValid = true
        switch value {
        case .array(let items):
            guard let schema = node.keywords.unevaluatedItems else { return true }
            for (place, item) in items.enumerated() where marks?.contains(place) == false {
                let isGood = descend(
                    to: schema, node, "unevaluatedItems", item, at: .index(place), "unexpected item")
                isValid = isGood && isValid
                if !isValid, !isCollecting { return false }
            }
        case .object(let object):
            guard let schema = node.keywords.unevaluatedProperties else { return true }
            for (place, member) in object.members.enumerated() where marks?.contains(place) == false {
                let isGood = descend(
                    to: schema, node, "unevaluatedProperties", member.value, at: .key(member.key),
                    "unexpected property")
                isValid = isGood && isValid
                if !isValid, !isCollecting { return false }
            }
        default: return true
        }
        if isValid { marks?.markAll() }
        return isValid
    }

    /// Evaluates a schema for an item or member; the schema `false` is worded by the keyword that it is the value of.
    private mutating func descend(
        to schema: Int, _ node: JSONSchemaNode, _ keyword: String, _ value: JSONValue, at step: JSONSchemaStep,
        _ refusal: String
    ) -> Bool {
        guard isCollecting, program.nodes[schema].keywords.isNever else { return evaluate(schema, value, at: step) }
        switch step {
        case .key(let key): return fail(node, keyword, "\(refusal) \(Words.quoted(key))", at: step)
        case .index: return fail(node, keyword, "\(refusal): \(Words.describe(value))", at: step)
        }
    }
}
