import RatchetJSON

/// JSON whose strings are Mustache templates: whatever a variable holds, the result is JSON of the same shape.
package struct JSONTemplate: Sendable {
    private indirect enum Node: Sendable {
        case fixed(JSONValue)
        /// A string that is one `{{name}}` and nothing else stands for the variable's value, be it of any type.
        case value([String])
        case text(MustacheTemplate)
        case list([Node])
        case object([(key: String, value: Node)])
    }

    private let root: Node

    /// - Throws: `MustacheTemplate.SyntaxError`.
    package init(_ json: JSONValue) throws(MustacheTemplate.SyntaxError) { root = try Self.compile(json) }

    package func render(_ variables: JSONObject) -> JSONValue { Self.render(root, variables) }

    private static func compile(_ json: JSONValue) throws(MustacheTemplate.SyntaxError) -> Node {
        if let text = json.stringValue {
            let template = try MustacheTemplate(text)
            let inner = text.trimmingPrefix("{{").prefix { $0 != "}" }.filter { $0 != " " }
            if template.names.count == 1, let name = template.names.first, text == "{{\(name.text)}}" || text == "{{{\(name.text)}}}" || text == "{{ \(inner) }}" {
                return .value(name.path)
            }
            return template.names.isEmpty && !text.contains("{{") ? .fixed(json) : .text(template)
        }
        if let list = json.arrayValue {
            var nodes: [Node] = []
            for element in list { nodes.append(try compile(element)) }
            return .list(nodes)
        }
        guard let object = json.objectValue else { return .fixed(json) }
        var members: [(key: String, value: Node)] = []
        for (key, value) in object.members { members.append((key, try compile(value))) }
        return .object(members)
    }

    private static func render(_ node: Node, _ variables: JSONObject) -> JSONValue {
        switch node {
        case .fixed(let json): json
        case .value(let path): path.reduce(.object(variables)) { value, key in value[key] ?? .null }
        case .text(let template): .string(template.render(.object(variables)))
        case .list(let nodes): .array(nodes.map { render($0, variables) })
        case .object(let members): .object(JSONObject(members.map { ($0.key, render($0.value, variables)) }))
        }
    }
}
