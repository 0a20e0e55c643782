// Keywords that apply other schemas to the same value.

extension JSONSchemaEvaluator {
    mutating func apply(
        _ applicator: JSONSchemaApplicator, _ node: JSONSchemaNode, _ value: JSONValue,
        marks: inout JSONSchemaMarks?
    ) -> Bool {
        switch applicator {
        case .reference(let target): return evaluate(target, value, marks: &marks)
        case .dynamicReference(let target, let anchor):
            return evaluate(dynamicTarget(anchor) ?? target, value, marks: &marks)
        case .recursiveReference(let target):
            return evaluate(recursiveTarget() ?? target, value, marks: &marks)
        case .allOf(let schemas):
            var isValid = true
            for schema in schemas where !evaluate(schema, value, marks: &marks) {
                guard isCollecting else { return false }
                isValid = false
            }
            return isValid
        case .anyOf(let schemas): return anyOf(schemas, node, value, marks: &marks)
        case .oneOf(let schemas): return oneOf(schemas, node, value, marks: &marks)
        case .not(let schema):
            var none: JSONSchemaMarks?
            return !holds(schema, value, marks: &none)
                || fail(node, "not", "\(Words.describe(value)) satisfies a schema that it must not satisfy")
        case .conditional(let condition, let then, let otherwise):
            let branch = holds(condition, value, marks: &marks) ? then : otherwise
            return branch.map { evaluate($0, value, marks: &marks) } ?? true
        }
    }

    /// The outermost schema on the way here with that `$dynamicAnchor`.
    private func dynamicTarget(_ anchor: String) -> Int? {
        for resource in scope {
            if let node = program.dynamicAnchors[resource][anchor] { return node }
        }
        return nil
    }

    /// The outermost schema on the way here with a `$recursiveAnchor`.
    private func recursiveTarget() -> Int? {
        for resource in scope {
            if let node = program.recursiveAnchors[resource] { return node }
        }
        return nil
    }

    // MARK: Alternatives

    private mutating func anyOf(
        _ schemas: [Int], _ node: JSONSchemaNode, _ value: JSONValue, marks: inout JSONSchemaMarks?
    ) -> Bool {
        var isValid = false
        for schema in schemas where holds(schema, value, marks: &marks) {
            isValid = true
            // The others matter only for what they evaluate.
            if marks == nil { return true }
        }
        return isValid || explain(schemas, node, "anyOf", value)
    }

    private mutating func oneOf(
        _ schemas: [Int], _ node: JSONSchemaNode, _ value: JSONValue, marks: inout JSONSchemaMarks?
    ) -> Bool {
        var matching: [Int] = []
        for (place, schema) in schemas.enumerated() where holds(schema, value, marks: &marks) {
            matching.append(place)
            if matching.count > 1, !isCollecting { return false }
        }
        if matching.count == 1 { return true }
        if matching.isEmpty { return explain(schemas, node, "oneOf", value) }
        let numbers = matching.map { String($0 + 1) }.joined(separator: ", ")
        return fail(
            node, "oneOf", "expected exactly one of \(schemas.count) alternatives, found several: \(numbers)")
    }

    /// Words why no alternative fits: by the violations of the one that was meant, if there is one, else by the first
    /// violation of each.
    private mutating func explain(
        _ schemas: [Int], _ node: JSONSchemaNode, _ keyword: String, _ value: JSONValue
    ) -> Bool {
        guard isCollecting else { return false }
        let summary = "\(Words.describe(value)) fits none of \(schemas.count) alternatives"
        // Alternatives within alternatives multiply, and nobody reads that far.
        guard explanations < 3 else { return fail(node, keyword, summary) }
        explanations += 1
        defer { explanations -= 1 }
        let before = violations
        let depth = path.count
        var found: [[JSONSchemaViolation]] = []
        for schema in schemas.prefix(16) {
            violations = []
            var none: JSONSchemaMarks?
            _ = evaluate(schema, value, marks: &none)
            isCollecting = true
            found.append(violations)
        }
        violations = before
        let meant = found.filter { !$0.contains { $0.tellsKindsApart(at: depth) } }
        if let only = meant.first, meant.count == 1 || schemas.count == 1 {
            violations += only.prefix(violationLimit - violations.count)
            isCollecting = violations.count < violationLimit
            return false
        }
        let reasons = found.prefix(3).enumerated().map { "(\($0 + 1)) \($1.first?.message ?? "does not match")" }
        let list = reasons.joined(separator: "; ") + (schemas.count > 3 ? "; …" : "")
        return fail(node, keyword, "\(summary): \(list)")
    }
}

extension JSONSchemaViolation {
    /// Whether it says that another kind of value was meant: the type of the value itself is wrong, or a constant of
    /// it or directly in it.
    fileprivate func tellsKindsApart(at depth: Int) -> Bool {
        switch keyword {
        case "type": instance.tokens.count == depth
        case "const", "enum": instance.tokens.count <= depth + 1
        default: false
        }
    }
}
