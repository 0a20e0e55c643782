// Conditions and operands of filters, evaluated for one node (RFC 9535, sections 2.3.5 and 2.4).

extension JSONPathEvaluator {
    /// Whether `condition` holds for the node `current`, which is its `@`.
    mutating func holds(_ condition: JSONPathCondition, for current: JSONValue) throws(JSONPathError) -> Bool {
        switch condition {
        case .any(let conditions):
            for condition in conditions where try holds(condition, for: current) { return true }
            return false
        case .all(let conditions):
            for condition in conditions where try !holds(condition, for: current) { return false }
            return true
        case .not(let condition): return try !holds(condition, for: current)
        case .exists(let query):
            if query.isSingular { return try value(of: query, from: current) != nil }
            return try !matches(of: query, from: current).isEmpty
        case .comparison(let left, let comparison, let right):
            return Self.compare(try value(of: left, for: current), comparison, try value(of: right, for: current))
        case .matches(let text, let pattern):
            guard case .string(let text) = try value(of: text, for: current) else { return false }
            guard let regex = try compiled(pattern, for: current) else { return false }
            guard let isMatch = regex.matches(text) else {
                throw JSONPathError(message: "a pattern takes too many steps", offset: 0)
            }
            return isMatch
        }
    }

    /// The value of `operand`; `nil` is RFC 9535's Nothing.
    private mutating func value(
        of operand: JSONPathOperand, for current: JSONValue
    ) throws(JSONPathError) -> JSONValue? {
        switch operand {
        case .literal(let value): return value
        case .singular(let query): return try value(of: query, from: current)
        case .count(let query): return .number(JSONNumber(try matches(of: query, from: current).count))
        case .value(let query):
            let matches = try matches(of: query, from: current)
            // No `?:` here: its `nil` would be JSON's null, not nothing.
            guard matches.count == 1 else { return nil }
            return matches[0].value
        case .length(let operand):
            switch try value(of: operand, for: current) {
            case .string(let text): return .number(JSONNumber(text.unicodeScalars.count))
            case .array(let items): return .number(JSONNumber(items.count))
            case .object(let object): return .number(JSONNumber(object.count))
            default: return nil
            }
        }
    }

    private mutating func compiled(
        _ pattern: JSONPathPattern, for current: JSONValue
    ) throws(JSONPathError) -> (any JSONRegex)? {
        switch pattern {
        case .compiled(let regex): return regex
        case .never: return nil
        case .dynamic(let operand, let isAnchored):
            guard case .string(let text) = try value(of: operand, for: current) else { return nil }
            let key = (isAnchored ? "^" : "~") + text
            if let known = compiledPatterns[key] { return known }
            let compiled = try? regex.compile(text, dialect: .iRegexp(anchored: isAnchored))
            compiledPatterns[key] = .some(compiled)
            return compiled
        }
    }

    /// RFC 9535, section 2.3.5.2.2; Nothing equals only Nothing, and only numbers and strings have an order.
    private static func compare(_ left: JSONValue?, _ comparison: JSONPathComparison, _ right: JSONValue?) -> Bool {
        switch comparison {
        case .equal: left == right
        case .notEqual: left != right
        case .less: isLess(left, right)
        case .lessOrEqual: isLess(left, right) || left == right
        case .greater: isLess(right, left)
        case .greaterOrEqual: isLess(right, left) || left == right
        }
    }

    private static func isLess(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        // UTF-8 sorts as the code points do.
        case (.string(let left), .string(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        default: false
        }
    }
}
