/// Runs a query over one document; filters are in `JSONPathFilter.swift`.
struct JSONPathEvaluator {
    /// A selected value and, where wanted, the way to it.
    struct Match {
        let value: JSONValue
        let location: JSONPathLocation?
    }

    /// How deep `..` may descend, that of filters within filters included: a bound on the call stack. Parsed documents
    /// are at most 512 deep.
    private static let maximumDepth = 1200

    let root: JSONValue
    let regex: any JSONRegexEngine
    private let budget: Int
    private let tracksLocations: Bool
    private var visited = 0
    private var depth = 0
    /// Patterns that came out of the document; `nil` for one that does not compile.
    var compiledPatterns: [String: (any JSONRegex)?] = [:]

    init(root: JSONValue, regex: any JSONRegexEngine, budget: Int, tracksLocations: Bool) {
        self.root = root
        self.regex = regex
        self.budget = budget
        self.tracksLocations = tracksLocations
    }

    mutating func matches(of query: JSONPathQuery, from current: JSONValue) throws(JSONPathError) -> [Match] {
        let start = query.start == .root ? root : current
        var matches = [Match(value: start, location: tracksLocations ? .root : nil)]
        for segment in query.segments {
            var next: [Match] = []
            for match in matches { try apply(segment, to: match, into: &next) }
            matches = next
        }
        return matches
    }

    /// The value of a singular query, without the lists that a general one needs.
    mutating func value(of query: JSONPathQuery, from current: JSONValue) throws(JSONPathError) -> JSONValue? {
        var value = query.start == .root ? root : current
        for segment in query.segments {
            try visit()
            switch (segment.selectors[0], value) {
            case (.name(let name), .object(let object)):
                guard let member = object[name] else { return nil }
                value = member
            case (.index(let index), .array(let items)):
                guard let position = Self.position(index, in: items) else { return nil }
                value = items[position]
            default: return nil
            }
        }
        return value
    }

    // MARK: Segments

    private mutating func apply(
        _ segment: JSONPathSegment, to match: Match, into result: inout [Match]
    ) throws(JSONPathError) {
        try visit()
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw JSONPathError(message: "the query goes deeper than \(Self.maximumDepth) levels", offset: 0)
        }
        for selector in segment.selectors { try select(selector, from: match, into: &result) }
        guard segment.isDescendant else { return }
        try descend(segment, into: match, &result)
    }

    /// Applies a descendant segment to the children of a node.
    private mutating func descend(
        _ segment: JSONPathSegment, into match: Match, _ result: inout [Match]
    ) throws(JSONPathError) {
        switch match.value {
        case .array(let items):
            for index in items.indices { try apply(segment, to: child(items, index, of: match), into: &result) }
        case .object(let object):
            for member in object.members { try apply(segment, to: child(member, of: match), into: &result) }
        default: break
        }
    }

    private mutating func select(
        _ selector: JSONPathSelector, from match: Match, into result: inout [Match]
    ) throws(JSONPathError) {
        switch (selector, match.value) {
        case (.name(let name), .object(let object)):
            if let value = object[name] { try append(child((name, value), of: match), to: &result) }
        case (.index(let index), .array(let items)):
            guard let position = Self.position(index, in: items) else { return }
            try append(child(items, position, of: match), to: &result)
        case (.slice(let start, let end, let step), .array(let items)):
            for index in Self.indices(of: items.count, start: start, end: end, step: step) {
                try append(child(items, index, of: match), to: &result)
            }
        case (.wildcard, .array(let items)):
            for index in items.indices { try append(child(items, index, of: match), to: &result) }
        case (.wildcard, .object(let object)):
            for member in object.members { try append(child(member, of: match), to: &result) }
        case (.filter(let condition), .array(let items)):
            for index in items.indices {
                try visit()
                guard try holds(condition, for: items[index]) else { continue }
                try append(child(items, index, of: match), to: &result)
            }
        case (.filter(let condition), .object(let object)):
            for member in object.members {
                try visit()
                guard try holds(condition, for: member.value) else { continue }
                try append(child(member, of: match), to: &result)
            }
        default: break
        }
    }

    private mutating func append(_ match: Match, to result: inout [Match]) throws(JSONPathError) {
        try visit()
        result.append(match)
    }

    /// Counts one step of work.
    mutating func visit() throws(JSONPathError) {
        visited += 1
        guard visited <= budget else {
            throw JSONPathError(message: "the query was given up after visiting \(budget) nodes", offset: 0)
        }
    }

    private func child(_ items: [JSONValue], _ index: Int, of match: Match) -> Match {
        Match(value: items[index], location: match.location.map { .item(index, of: $0) })
    }

    private func child(_ member: JSONObject.Member, of match: Match) -> Match {
        Match(value: member.value, location: match.location.map { .member(member.key, of: $0) })
    }

    // MARK: Indices

    private static func position(_ index: Int, in items: [JSONValue]) -> Int? {
        let position = index < 0 ? items.count + index : index
        return items.indices.contains(position) ? position : nil
    }

    /// The indices that a slice selects (RFC 9535, section 2.3.4.2.2).
    private static func indices(of count: Int, start: Int?, end: Int?, step: Int) -> StrideTo<Int> {
        func bounded(_ index: Int?, or standard: Int, from low: Int, to high: Int) -> Int {
            guard let index else { return standard }
            return min(max(index < 0 ? count + index : index, low), high)
        }
        guard step != 0 else { return stride(from: 0, to: 0, by: 1) }
        if step > 0 {
            return stride(
                from: bounded(start, or: 0, from: 0, to: count), to: bounded(end, or: count, from: 0, to: count),
                by: step)
        }
        return stride(
            from: bounded(start, or: count - 1, from: -1, to: count - 1),
            to: bounded(end, or: -1, from: -1, to: count - 1), by: step)
    }
}

/// The way from the document to a node, shared between siblings.
indirect enum JSONPathLocation: Sendable {
    case root
    case member(String, of: JSONPathLocation)
    case item(Int, of: JSONPathLocation)
}

extension JSONPathLocation {
    /// As in a JSON Pointer.
    var tokens: [String] {
        var tokens: [String] = []
        var location = self
        while true {
            switch location {
            case .root: return tokens.reversed()
            case .item(let index, let parent):
                tokens.append(String(index))
                location = parent
            case .member(let key, let parent):
                tokens.append(key)
                location = parent
            }
        }
    }
}

extension JSONPathLocation: CustomStringConvertible {
    /// The normalized path (RFC 9535, section 2.7).
    var description: String {
        var steps: [String] = []
        var location = self
        while true {
            switch location {
            case .root: return "$" + steps.reversed().joined()
            case .item(let index, let parent):
                steps.append("[\(index)]")
                location = parent
            case .member(let key, let parent):
                steps.append("['\(Self.escaped(key))']")
                location = parent
            }
        }
    }

    private static func escaped(_ key: String) -> String {
        var text = ""
        for scalar in key.unicodeScalars {
            switch scalar {
            case "\u{08}": text += "\\b"
            case "\t": text += "\\t"
            case "\n": text += "\\n"
            case "\u{0C}": text += "\\f"
            case "\r": text += "\\r"
            case "'": text += "\\'"
            case "\\": text += "\\\\"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
