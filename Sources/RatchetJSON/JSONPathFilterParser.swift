// The filters of a query: logical expressions, comparisons and functions (RFC 9535, sections 2.3.5 and 2.4).

extension JSONPathParser {
    /// `logical-or-expr`.
    mutating func condition() throws(JSONPathError) -> JSONPathCondition {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.maximumNesting else {
            throw scanner.error("filters nested deeper than \(Self.maximumNesting) levels")
        }
        var alternatives = [try conjunction()]
        while takeOperator("||") { alternatives.append(try conjunction()) }
        return alternatives.count == 1 ? alternatives[0] : .any(alternatives)
    }

    private mutating func conjunction() throws(JSONPathError) -> JSONPathCondition {
        var parts = [try basicCondition()]
        while takeOperator("&&") { parts.append(try basicCondition()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    /// The operator with blanks on both sides; when it is not next, nothing is taken.
    private mutating func takeOperator(_ token: StaticString) -> Bool {
        let start = scanner.position
        scanner.skipBlanks()
        guard scanner.take(token) else {
            scanner.position = start
            return false
        }
        scanner.skipBlanks()
        return true
    }

    /// `basic-expr`: parentheses, a comparison or a test.
    private mutating func basicCondition() throws(JSONPathError) -> JSONPathCondition {
        if scanner.take("!") {
            scanner.skipBlanks()
            if let inner = try parenthesized() { return .not(inner) }
            let start = scanner.position
            return .not(try test(of: try term(), at: start))
        }
        if let inner = try parenthesized() { return inner }
        let start = scanner.position
        let left = try term()
        let afterLeft = scanner.position
        scanner.skipBlanks()
        guard let comparison = comparison() else {
            scanner.position = afterLeft
            return try test(of: left, at: start)
        }
        scanner.skipBlanks()
        let rightStart = scanner.position
        let right = try term()
        return .comparison(try operand(of: left, at: start), comparison, try operand(of: right, at: rightStart))
    }

    private mutating func parenthesized() throws(JSONPathError) -> JSONPathCondition? {
        guard scanner.take("(") else { return nil }
        scanner.skipBlanks()
        let inner = try condition()
        scanner.skipBlanks()
        guard scanner.take(")") else { throw scanner.unexpected("\")\"") }
        return inner
    }

    private mutating func comparison() -> JSONPathComparison? {
        if scanner.take("==") { return .equal }
        if scanner.take("!=") { return .notEqual }
        if scanner.take("<=") { return .lessOrEqual }
        if scanner.take(">=") { return .greaterOrEqual }
        if scanner.take("<") { return .less }
        return scanner.take(">") ? .greater : nil
    }

    // MARK: Terms

    /// What stands on one side of a comparison, alone as a test, or as an argument, before its use is known.
    private enum Term {
        case query(JSONPathQuery)
        /// A literal or a function of ValueType.
        case operand(JSONPathOperand, isLiteral: Bool)
        /// A function of LogicalType.
        case condition(JSONPathCondition)
    }

    private mutating func term() throws(JSONPathError) -> Term {
        if scanner.take("@") { return .query(JSONPathQuery(start: .current, segments: try segments())) }
        if scanner.take("$") { return .query(JSONPathQuery(start: .root, segments: try segments())) }
        if let text = try scanner.string() { return .operand(.literal(.string(text)), isLiteral: true) }
        if let number = try scanner.number() { return .operand(.literal(.number(number)), isLiteral: true) }
        let start = scanner.position
        guard let name = scanner.functionName() else {
            throw scanner.unexpected("a query, a literal or a function")
        }
        if scanner.take("(") { return try function(name, at: start) }
        switch name {
        case "true": return .operand(.literal(.bool(true)), isLiteral: true)
        case "false": return .operand(.literal(.bool(false)), isLiteral: true)
        case "null": return .operand(.literal(.null), isLiteral: true)
        default: throw scanner.error("expected a query, a literal or a function, found \"\(name)\"", at: start)
        }
    }

    private func test(of term: Term, at offset: Int) throws(JSONPathError) -> JSONPathCondition {
        switch term {
        case .query(let query): return .exists(query)
        case .condition(let condition): return condition
        case .operand(_, isLiteral: true):
            throw scanner.error("a literal has to be compared with something", at: offset)
        case .operand:
            throw scanner.error("the value of this function has to be compared with something", at: offset)
        }
    }

    private func operand(of term: Term, at offset: Int) throws(JSONPathError) -> JSONPathOperand {
        switch term {
        case .operand(let operand, _): return operand
        case .query(let query):
            guard query.isSingular else {
                throw scanner.error("a query that can select several nodes has no single value here", at: offset)
            }
            return .singular(query)
        case .condition: throw scanner.error("this function is true or false and has no value here", at: offset)
        }
    }

    // MARK: Functions

    /// A function's call, after `name(`; its arguments are checked against its declaration.
    private mutating func function(_ name: String, at start: Int) throws(JSONPathError) -> Term {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.maximumNesting else {
            throw scanner.error("filters nested deeper than \(Self.maximumNesting) levels")
        }
        let arguments = try arguments()
        func expect(_ count: Int) throws(JSONPathError) {
            guard arguments.count == count else {
                throw scanner.error(
                    "\(name)() takes \(count) argument\(count == 1 ? "" : "s"), found \(arguments.count)", at: start)
            }
        }
        func nodes(_ index: Int) throws(JSONPathError) -> JSONPathQuery {
            guard case .query(let query) = arguments[index].term else {
                throw scanner.error("\(name)() takes a query", at: arguments[index].offset)
            }
            return query
        }
        func value(_ index: Int) throws(JSONPathError) -> JSONPathOperand {
            try operand(of: arguments[index].term, at: arguments[index].offset)
        }
        switch name {
        case "length":
            try expect(1)
            return .operand(.length(try value(0)), isLiteral: false)
        case "count":
            try expect(1)
            return .operand(.count(try nodes(0)), isLiteral: false)
        case "value":
            try expect(1)
            return .operand(.value(try nodes(0)), isLiteral: false)
        case "match", "search":
            try expect(2)
            return .condition(.matches(try value(0), pattern(try value(1), isAnchored: name == "match")))
        default:
            throw scanner.error("no such function: \(name)()", at: start)
        }
    }

    private mutating func arguments() throws(JSONPathError) -> [(term: Term, offset: Int)] {
        var arguments: [(term: Term, offset: Int)] = []
        scanner.skipBlanks()
        if scanner.take(")") { return [] }
        repeat {
            scanner.skipBlanks()
            let offset = scanner.position
            arguments.append((try term(), offset))
            scanner.skipBlanks()
        } while scanner.take(",")
        guard scanner.take(")") else { throw scanner.unexpected("\",\" or \")\"") }
        return arguments
    }

    private func pattern(_ operand: JSONPathOperand, isAnchored: Bool) -> JSONPathPattern {
        guard case .literal(let literal) = operand else { return .dynamic(operand, isAnchored: isAnchored) }
        guard let text = literal.stringValue,
            let compiled = try? regex.compile(text, dialect: .iRegexp(anchored: isAnchored))
        else { return .never }
        return .compiled(compiled)
    }
}
