import RatchetJSON

extension MustacheTemplate {
    /// The text with everything filled in; a name that is not given leaves nothing.
    package func render(_ variables: JSONValue) -> String {
        var text = ""
        Self.walk(nodes, [variables]) {
            text += $0
        } missing: { _ in
        }
        return text
    }

    /// The variables that rendering would need and does not find, in the order of the template.
    ///
    /// The name of a section may be missing: it is a question, and the answer is no.
    package func missingNames(in variables: JSONValue) -> [Name] {
        var names: [Name] = []
        Self.walk(nodes, [variables]) { _ in
        } missing: {
            names.append($0)
        }
        return names
    }

    /// The names that are looked up in the given variables alone: those outside all sections, and the sections' own.
    package var outerNames: [Name] {
        nodes.compactMap { node in
            switch node {
            case .text: nil
            case .variable(let name), .section(let name, _, _): name
            }
        }
    }

    /// All names, inside sections too.
    package var names: [Name] {
        func names(_ nodes: [Node]) -> [Name] {
            nodes.flatMap { node in
                switch node {
                case .text: [] as [Name]
                case .variable(let name): [name]
                case .section(let name, _, let inner): [name] + names(inner)
                }
            }
        }
        return names(nodes)
    }

    private static func walk(
        _ nodes: [Node], _ stack: [JSONValue], text: (String) -> Void, missing: (Name) -> Void
    ) {
        for node in nodes {
            switch node {
            case .text(let literal): text(literal)
            case .variable(let name):
                if let value = lookUp(name, stack) { text(value.templateText) } else { missing(name) }
            case .section(let name, let isInverted, let inner):
                let value = lookUp(name, stack)
                if isInverted {
                    if value?.isTemplateFalse ?? true { walk(inner, stack, text: text, missing: missing) }
                } else if let value, !value.isTemplateFalse {
                    for item in value.arrayValue ?? [value] {
                        walk(inner, stack + [item], text: text, missing: missing)
                    }
                }
            }
        }
    }

    /// The first part is looked for from the innermost value outwards, the others only inside what was found.
    private static func lookUp(_ name: Name, _ stack: [JSONValue]) -> JSONValue? {
        guard let first = name.path.first else { return stack.last }
        guard var value = stack.reversed().lazy.compactMap({ $0.objectValue?[first] }).first else { return nil }
        for part in name.path.dropFirst() {
            guard let member = value.objectValue?[part] else { return nil }
            value = member
        }
        return value
    }
}

extension JSONValue {
    /// The value as a template shows it: text as it is, numbers with their digits, nothing for null, JSON for the rest.
    package var templateText: String {
        switch self {
        case .null: ""
        case .string(let text): text
        case .number(let number): number.literal
        case .bool(let value): value ? "true" : "false"
        case .array, .object: serialized(.compact)
        }
    }

    /// What a section takes for no: false, null and the empty list.
    fileprivate var isTemplateFalse: Bool {
        switch self {
        case .null: true
        case .bool(let value): !value
        case .array(let elements): elements.isEmpty
        default: false
        }
    }
}
