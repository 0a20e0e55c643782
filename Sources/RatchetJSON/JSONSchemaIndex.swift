/// The schemas that are known by a URI: documents, the resources in them (`$id`) and their anchors.
///
/// Documents are walked when they are first referred to, along the keywords that hold schemas: an `$id` inside of an
/// `enum` or an unknown keyword names nothing. What is wrong with one is gathered, and the walk goes on.
struct JSONSchemaIndex {
    /// A place in a document.
    struct Location: Hashable {
        let document: Int
        let pointer: String
    }

    struct Document {
        let uri: String
        let root: JSONValue
        /// The resources by the pointer of their root.
        var resources: [String: Int] = [:]
    }

    /// A schema with its own base URI, and the subschemas below it that have none.
    struct Resource {
        let uri: String
        let location: Location
        let draft: JSONSchema.Draft
        let vocabulary: JSONSchemaVocabulary
        var anchors: [String: Location] = [:]
        var dynamicAnchors: [String: Location] = [:]
        var isRecursiveAnchor = false
    }

    private(set) var documents: [Document] = []
    private(set) var resources: [Resource] = []
    private(set) var problems: [JSONSchemaError] = []
    /// A `$schema` that names no draft and no document at hand.
    private(set) var unknownMetaschema: String?
    private var resourceByURI: [String: Int] = [:]
    private let available: [String: JSONValue]
    private let load: JSONSchema.Loader
    private let standardDraft: JSONSchema.Draft

    init(documents: [String: JSONValue], load: @escaping JSONSchema.Loader, standardDraft: JSONSchema.Draft) {
        available = Dictionary(
            documents.map { (URIReference($0.key).withoutFragment, $0.value) }, uniquingKeysWith: { first, _ in first })
        self.load = load
        self.standardDraft = standardDraft
    }

    // MARK: Looking up

    /// The place that `reference` names, seen from the resource `origin`; `nil` when there is none.
    mutating func resolve(_ reference: String, from origin: Int) -> Location? {
        let target = URIReference(reference).resolved(against: URIReference(resources[origin].uri))
        guard let found = resource(named: target.withoutFragment) ?? loaded(target, reference, from: origin) else {
            return nil
        }
        let fragment = URIReference.percentDecoded(target.fragment ?? "")
        let resource = resources[found]
        if fragment.isEmpty { return resource.location }
        guard fragment.utf8.first == UInt8(ascii: "/") else { return resource.anchors[fragment] }
        let location = Location(
            document: resource.location.document, pointer: resource.location.pointer + fragment)
        return value(at: location) == nil ? nil : location
    }

    /// Whether there is a document or resource of that name, be its fragment there or not.
    func knows(_ uri: URIReference) -> Bool { resourceByURI[uri.withoutFragment] != nil }

    /// The resource that a place belongs to: that of the nearest resource root on the way to it.
    func resource(of location: Location) -> Int {
        let document = documents[location.document]
        var pointer = location.pointer[...]
        while true {
            if let found = document.resources[String(pointer)] { return found }
            guard let slash = pointer.utf8.lastIndex(of: UInt8(ascii: "/")) else { return document.resources[""] ?? 0 }
            pointer = pointer[..<slash]
        }
    }

    func value(at location: Location) -> JSONValue? {
        (try? JSONPointer(parsing: location.pointer))?.evaluate(in: documents[location.document].root)
    }

    private mutating func resource(named uri: String) -> Int? {
        if let known = resourceByURI[uri] { return known }
        if let document = available[uri] ?? JSONSchemaMetaschemas.document(uri) {
            _ = add(document, uri: uri)
            return resourceByURI[uri]
        }
        // A document may be known under one URI and name itself, or a part of it, by another.
        for (key, document) in available.sorted(by: { $0.key < $1.key }) where resourceByURI[key] == nil {
            _ = add(document, uri: key)
        }
        return resourceByURI[uri]
    }

    /// Takes in a document that has to be asked for: by its URI or, when a schema in a file gives itself a URI of its
    /// own (`$id`), by what the reference says as seen from that file.
    private mutating func loaded(_ target: URIReference, _ reference: String, from origin: Int) -> Int? {
        let uri = target.withoutFragment
        let file = URIReference(documents[resources[origin].location.document].uri)
        let besides = URIReference(reference).resolved(against: file).withoutFragment
        for candidate in uri == besides ? [uri] : [uri, besides] {
            if candidate != uri, let known = resourceByURI[candidate] { return known }
            guard let document = load(candidate) else { continue }
            let resource = add(document, uri: candidate)
            if resourceByURI[uri] == nil { resourceByURI[uri] = resource }
            return resourceByURI[uri]
        }
        return nil
    }

    // MARK: Adding

    /// Takes a document in; the index of its root's resource.
    mutating func add(_ root: JSONValue, uri: String) -> Int {
        let document = documents.count
        let uri = URIReference(uri).withoutFragment
        documents.append(Document(uri: uri, root: root))
        let first = resources.count
        // An explicit stack: schemas may be nested deeper than the call stack allows.
        var pending = [(schema: root, pointer: "", resource: Int?.none)]
        while let (schema, pointer, parent) = pending.popLast() {
            let location = Location(document: document, pointer: pointer)
            let resource = enter(schema, at: location, parent: parent, documentURI: uri)
            guard case .object(let object) = schema else { continue }
            let draft = resources[resource].draft
            for member in object.members.reversed() {
                guard let shape = JSONSchemaShape(of: member.key, in: draft) else { continue }
                for child in shape.schemas(in: member.value, at: "\(pointer)/\(JSONPointer.escaped(member.key))")
                    .reversed()
                {
                    pending.append((child.schema, child.pointer, resource))
                }
            }
        }
        if resourceByURI[uri] == nil { resourceByURI[uri] = first }
        return first
    }

    /// Registers the names that `schema` gives itself; the resource that it belongs to.
    private mutating func enter(
        _ schema: JSONValue, at location: Location, parent: Int?, documentURI: String
    ) -> Int {
        let (draft, vocabulary) = dialect(of: schema, at: location, parent: parent)
        let hidesSiblings = draft.referenceStandsAlone && schema["$ref"] != nil
        var base = parent.map { resources[$0].uri } ?? documentURI
        var isRoot = parent == nil
        var anchor: String?
        if !hidesSiblings, let id = text(draft.idKeyword, of: schema, at: location) {
            let reference = URIReference(id)
            if let fragment = reference.fragment, !fragment.isEmpty {
                // Since 2019-09 this is what `$anchor` is for; schemas still have it, and mean the same.
                anchor = fragment
            }
            if !id.utf8.starts(with: "#".utf8), !id.isEmpty {
                base = reference.resolved(against: URIReference(base)).withoutFragment
                isRoot = true
            }
        }
        let resource = isRoot ? resources.count : parent ?? resources.count
        if isRoot {
            resources.append(Resource(uri: base, location: location, draft: draft, vocabulary: vocabulary))
            documents[location.document].resources[location.pointer] = resource
            if resourceByURI[base] == nil { resourceByURI[base] = resource }
        }
        // Generators write pointers and repeat names here; a name that nobody refers to does no harm.
        if let anchor, resources[resource].anchors[anchor] == nil { resources[resource].anchors[anchor] = location }
        guard draft >= .draft201909 else { return resource }
        if let anchor = text("$anchor", of: schema, at: location) { name(anchor, location, in: resource) }
        if draft >= .draft202012, let anchor = text("$dynamicAnchor", of: schema, at: location) {
            name(anchor, location, in: resource)
            resources[resource].dynamicAnchors[anchor] = location
        }
        if draft == .draft201909, isRoot, schema["$recursiveAnchor"] == true {
            resources[resource].isRecursiveAnchor = true
        }
        return resource
    }

    private mutating func name(_ anchor: String, _ location: Location, in resource: Int) {
        if let other = resources[resource].anchors[anchor], other != location {
            return report("a second schema with the anchor \"\(anchor)\", also at \"#\(other.pointer)\"", at: location)
        }
        resources[resource].anchors[anchor] = location
    }

    private mutating func text(
        _ keyword: String, of schema: JSONValue, at location: Location
    ) -> String? {
        guard let value = schema[keyword] else { return nil }
        if value.stringValue == nil { report("\"\(keyword)\" must be a string, found \(value.kind)", at: location, keyword) }
        return value.stringValue
    }

    mutating func report(_ message: String, at location: Location, _ keyword: String? = nil, missing: String? = nil) {
        let problem = JSONSchemaError(
            message: message, pointer: location.pointer + (keyword.map { "/" + JSONPointer.escaped($0) } ?? ""),
            document: documents[location.document].uri, missing: missing)
        // A keyword may be read twice: for the name it gives, and for itself.
        if !problems.contains(problem) { problems.append(problem) }
    }

    // MARK: Dialects

    /// The draft and the vocabulary of a schema: by its `$schema`, else its parent's, else the standard.
    private mutating func dialect(
        of schema: JSONValue, at location: Location, parent: Int?
    ) -> (JSONSchema.Draft, JSONSchemaVocabulary) {
        let inherited = parent.map { (resources[$0].draft, resources[$0].vocabulary) } ?? (standardDraft, .standard)
        // Only the root of a resource can change the dialect.
        guard parent == nil || schema["$id"] != nil || schema["id"] != nil,
            let uri = text("$schema", of: schema, at: location)
        else { return inherited }
        return dialect(named: uri, at: location, nesting: 0)
    }

    private mutating func dialect(
        named uri: String, at location: Location, nesting: Int
    ) -> (JSONSchema.Draft, JSONSchemaVocabulary) {
        let uri = URIReference(uri).withoutFragment
        if let draft = JSONSchema.Draft(metaschemaURI: uri) { return (draft, .standard) }
        guard let metaschema = available[uri], nesting < 8 else {
            // A schema of the project's own making, or of a tool's: most often a draft with a few words more.
            if uri.contains("json-schema.org/draft-0") {
                report("\"$schema\": \"\(uri)\" is no supported draft (4, 6, 7, 2019-09, 2020-12)", at: location, "$schema")
            } else if !uri.contains("json-schema.org/schema") {
                unknownMetaschema = unknownMetaschema ?? uri
            }
            return (standardDraft, .standard)
        }
        var draft = standardDraft
        if let parent = metaschema["$schema"]?.stringValue, URIReference(parent).withoutFragment != uri {
            draft = dialect(named: parent, at: location, nesting: nesting + 1).0
        }
        guard draft >= .draft201909, let declared = metaschema["$vocabulary"]?.objectValue else {
            return (draft, .standard)
        }
        var vocabulary: JSONSchemaVocabulary = []
        for (name, value) in declared.members {
            if let known = JSONSchemaVocabulary(uri: name, isRequired: value == true) {
                vocabulary.formUnion(known)
            } else if value == true {
                report("the metaschema \(uri) requires the unknown vocabulary \(name)", at: location, "$schema")
            }
        }
        return (draft, vocabulary)
    }
}
