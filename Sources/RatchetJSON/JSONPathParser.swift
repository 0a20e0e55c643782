/// Reads a JSONPath query; filters are in `JSONPathFilterParser.swift`, literals in `JSONPathScanner.swift`.
struct JSONPathParser {
    /// How deep filters and parentheses may nest; a bound on recursion, far beyond what a person writes.
    static let maximumNesting = 64

    var scanner: JSONPathScanner
    let regex: any JSONRegexEngine
    var nesting = 0

    init(_ expression: String, regex: any JSONRegexEngine) {
        scanner = JSONPathScanner(expression)
        self.regex = regex
    }

    /// The whole expression as one query.
    mutating func parse() throws(JSONPathError) -> JSONPathQuery {
        guard scanner.take("$") else { throw scanner.error("a JSONPath query starts with \"$\"") }
        let segments = try segments()
        guard scanner.isAtEnd else { throw scanner.unexpected("a segment or the end of the query") }
        return JSONPathQuery(start: .root, segments: segments)
    }

    /// `*(S segment)`; blanks that no segment follows are left for the caller.
    mutating func segments() throws(JSONPathError) -> [JSONPathSegment] {
        var segments: [JSONPathSegment] = []
        while true {
            let start = scanner.position
            scanner.skipBlanks()
            guard let segment = try segment() else {
                scanner.position = start
                return segments
            }
            segments.append(segment)
        }
    }

    private mutating func segment() throws(JSONPathError) -> JSONPathSegment? {
        if scanner.take("[") { return JSONPathSegment(isDescendant: false, selectors: try bracketed()) }
        guard scanner.take(".") else { return nil }
        let isDescendant = scanner.take(".")
        if isDescendant, scanner.take("[") { return JSONPathSegment(isDescendant: true, selectors: try bracketed()) }
        if scanner.take("*") { return JSONPathSegment(isDescendant: isDescendant, selectors: [.wildcard]) }
        guard let name = scanner.memberName() else { throw scanner.unexpected("a member name or \"*\"") }
        return JSONPathSegment(isDescendant: isDescendant, selectors: [.name(name)])
    }

    /// The selectors of `[…]`, after its opening bracket.
    private mutating func bracketed() throws(JSONPathError) -> [JSONPathSelector] {
        var selectors: [JSONPathSelector] = []
        repeat {
            scanner.skipBlanks()
            selectors.append(try selector())
            scanner.skipBlanks()
        } while scanner.take(",")
        guard scanner.take("]") else { throw scanner.unexpected("\",\" or \"]\"") }
        return selectors
    }

    private mutating func selector() throws(JSONPathError) -> JSONPathSelector {
        if scanner.take("*") { return .wildcard }
        if scanner.take("?") {
            scanner.skipBlanks()
            return .filter(try condition())
        }
        if let text = try scanner.string() { return .name(text) }
        return try indexOrSlice()
    }

    /// `index` or `[start S] ":" S [end S] [":" [S step]]`.
    private mutating func indexOrSlice() throws(JSONPathError) -> JSONPathSelector {
        let start = try scanner.integer()
        let afterStart = scanner.position
        scanner.skipBlanks()
        guard scanner.take(":") else {
            scanner.position = afterStart
            guard let start else { throw scanner.unexpected("a name, an index, a slice, \"*\" or a filter") }
            return .index(start)
        }
        scanner.skipBlanks()
        let end = try scanner.integer()
        scanner.skipBlanks()
        var step: Int?
        if scanner.take(":") {
            scanner.skipBlanks()
            step = try scanner.integer()
        }
        return .slice(start: start, end: end, step: step ?? 1)
    }
}
