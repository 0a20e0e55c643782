/// Turns schemas into nodes; the keywords of one schema are read in `JSONSchemaKeywordReader.swift`.
///
/// A list of places still to be compiled takes the place of recursion, so neither deep schemas nor schemas that refer
/// to themselves need care.
final class JSONSchemaCompiler {
    private(set) var index: JSONSchemaIndex
    let regex: any JSONRegexEngine
    let options: JSONSchema.Options
    private var nodes: [JSONSchemaNode?] = []
    private var locations: [JSONSchemaIndex.Location] = []
    private var nodeByLocation: [JSONSchemaIndex.Location: Int] = [:]
    private var pending: [JSONSchemaIndex.Location] = []
    private var isDynamic = false

    init(index: JSONSchemaIndex, regex: any JSONRegexEngine, options: JSONSchema.Options) {
        self.index = index
        self.regex = regex
        self.options = options
    }

    /// - Throws: everything that is wrong with the schema and with those it refers to.
    func compile(_ schema: JSONValue, baseURI: String) throws(JSONSchemaProblems) -> JSONSchemaProgram {
        let resource = index.add(schema, uri: baseURI)
        let root = node(at: index.resources[resource].location)
        // What can be found only while validating has to be compiled as well, and may in turn refer to more.
        while !pending.isEmpty {
            compilePending()
            guard isDynamic else { continue }
            for resource in index.resources {
                for location in resource.dynamicAnchors.values { _ = node(at: location) }
                if resource.isRecursiveAnchor { _ = node(at: resource.location) }
            }
        }
        let program = JSONSchemaProgram(
            nodes: nodes.compactMap { $0 }, root: root,
            dynamicAnchors: index.resources.map { $0.dynamicAnchors.compactMapValues { nodeByLocation[$0] } },
            recursiveAnchors: index.resources.map { $0.isRecursiveAnchor ? nodeByLocation[$0.location] : nil },
            isDynamic: isDynamic)
        if index.problems.isEmpty { reportLoops(in: program) }
        guard index.problems.isEmpty else {
            throw JSONSchemaProblems(problems: index.problems.sorted { ($0.document, $0.pointer) < ($1.document, $1.pointer) })
        }
        return program
    }

    func report(_ message: String, at location: JSONSchemaIndex.Location, _ keyword: String? = nil) {
        index.report(message, at: location, keyword)
    }

    /// The node for a place, to be compiled later when it is new.
    func node(at location: JSONSchemaIndex.Location) -> Int {
        if let known = nodeByLocation[location] { return known }
        let node = nodes.count
        nodes.append(nil)
        locations.append(location)
        nodeByLocation[location] = node
        pending.append(location)
        return node
    }

    private func compilePending() {
        while let location = pending.popLast() {
            // What a bad schema refers to is read all the same: all of it is reported at once.
            let resource = index.resource(of: location)
            let schema = index.value(at: location) ?? .null
            var reader = JSONSchemaKeywordReader(
                compiler: self, schema: schema, location: location, resource: index.resources[resource])
            let keywords = reader.read()
            guard let node = nodeByLocation[location] else { continue }
            nodes[node] = JSONSchemaNode(
                location: index.documents[location.document].uri + "#" + location.pointer, resource: resource,
                keywords: keywords)
        }
    }

    // MARK: References

    /// The node that `$ref` leads to.
    func reference(
        _ reference: String, from location: JSONSchemaIndex.Location, keyword: String
    ) -> (node: Int, target: JSONSchemaIndex.Location)? {
        let origin = index.resource(of: location)
        guard let target = index.resolve(reference, from: origin) else {
            let uri = URIReference(reference).resolved(against: URIReference(index.resources[origin].uri))
            let missing = index.knows(uri) ? nil : uri.withoutFragment
            let reason = missing.map { "no schema is known by the URI \($0)" } ?? "leads nowhere"
            index.report("\"\(keyword)\": \"\(reference)\": \(reason)", at: location, keyword, missing: missing)
            return nil
        }
        return (node(at: target), target)
    }

    /// `$dynamicRef`, which is a plain `$ref` unless it names a `$dynamicAnchor`.
    func dynamicReference(
        _ text: String, from location: JSONSchemaIndex.Location
    ) -> JSONSchemaApplicator? {
        guard let (node, target) = reference(text, from: location, keyword: "$dynamicRef") else { return nil }
        let anchor = URIReference.percentDecoded(URIReference(text).fragment ?? "")
        guard index.resources[index.resource(of: target)].dynamicAnchors[anchor] == target else {
            return .reference(node)
        }
        isDynamic = true
        return .dynamicReference(node, anchor: anchor)
    }

    /// `$recursiveRef`, which is a plain `$ref` unless it leads to a `$recursiveAnchor`.
    func recursiveReference(
        _ text: String, from location: JSONSchemaIndex.Location
    ) -> JSONSchemaApplicator? {
        guard let (node, target) = reference(text, from: location, keyword: "$recursiveRef") else { return nil }
        let resource = index.resources[index.resource(of: target)]
        guard resource.isRecursiveAnchor, resource.location == target else { return .reference(node) }
        isDynamic = true
        return .recursiveReference(node)
    }

    // MARK: Loops

    /// Reports a schema that applies itself to the very value it is applied to, which would never end.
    private func reportLoops(in program: JSONSchemaProgram) {
        enum State { case new, open, done }
        var states = Array(repeating: State.new, count: program.nodes.count)
        for start in program.nodes.indices where states[start] == .new {
            var way = [(node: start, next: program.nodes[start].keywords.sameValueNodes)]
            states[start] = .open
            while let (node, rest) = way.popLast() {
                var next = rest
                guard let child = next.popLast() else {
                    states[node] = .done
                    continue
                }
                way.append((node, next))
                switch states[child] {
                case .done: break
                case .open:
                    return report(
                        "the schema applies itself without end, by #\(locations[child].pointer)", at: locations[node])
                case .new:
                    states[child] = .open
                    way.append((child, program.nodes[child].keywords.sameValueNodes))
                }
            }
        }
    }
}

extension JSONSchemaKeywords {
    /// The nodes that are applied to the same value, as far as that is known before validating.
    fileprivate var sameValueNodes: [Int] {
        var result: [Int] = []
        for applicator in applicators {
            switch applicator {
            case .reference(let node), .not(let node): result.append(node)
            case .dynamicReference, .recursiveReference: break
            case .allOf(let nodes), .anyOf(let nodes), .oneOf(let nodes): result += nodes
            case .conditional(let condition, let then, let otherwise):
                result += [condition, then, otherwise].compactMap { $0 }
            }
        }
        for case .dependentSchemas(let dependencies, _) in objects { result += dependencies.map(\.node) }
        return result
    }
}
