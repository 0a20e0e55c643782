import RatchetCore
import RatchetJSON

/// Fills a prompt's message templates. The body was split into messages before, so no variable's text can start one.
package struct PromptRenderer: Sendable {
    /// A template that is not Mustache; `template` is its index among the messages.
    package struct TemplateError: Error, Hashable, Sendable {
        package var template: Int
        package var syntax: MustacheTemplate.SyntaxError
    }

    /// A variable that is needed and not given; line and column are those within the template's text.
    package struct MissingVariable: Hashable, Sendable {
        package var template: Int
        package var name: MustacheTemplate.Name
    }

    package let messages: [(role: Message.Role, template: MustacheTemplate)]

    package init(_ templates: [Prompt.Template]) throws(TemplateError) {
        var messages: [(role: Message.Role, template: MustacheTemplate)] = []
        for (index, template) in templates.enumerated() {
            do throws(MustacheTemplate.SyntaxError) {
                messages.append((template.role, try MustacheTemplate(template.text)))
            } catch {
                throw TemplateError(template: index, syntax: error)
            }
        }
        self.messages = messages
    }

    package func render(variables: JSONValue) -> [Message] {
        messages.map { Message(role: $0.role, content: $0.template.render(variables)) }
    }

    /// Each missing name once, in the order of the prompt.
    package func missingVariables(_ variables: JSONValue) -> [MissingVariable] {
        var seen: Set<String> = []
        var missing: [MissingVariable] = []
        for (index, message) in messages.enumerated() {
            for name in message.template.missingNames(in: variables) where seen.insert(name.text).inserted {
                missing.append(MissingVariable(template: index, name: name))
            }
        }
        return missing
    }
}

extension PromptRenderer {
    /// What an example gives to its prompt: `input`, the members of an input that is an object, and `contexts`.
    ///
    /// A member called `input` or `contexts` wins over the whole. `expected` is not among them: a prompt that saw the
    /// answer would test nothing.
    package static func variables(for example: Example) -> JSONValue {
        variables(input: example.input, contexts: example.contexts)
    }

    package static func variables(input: JSONValue, contexts: [JSONValue]) -> JSONValue {
        var variables = input.objectValue ?? JSONObject()
        if variables["input"] == nil { variables["input"] = input }
        if variables["contexts"] == nil { variables["contexts"] = .array(contexts) }
        return .object(variables)
    }

    /// What a rubric can show the judge: `input`, `output`, `expected`, `contexts` and `metadata`.
    package static func judgeVariables(for example: Example, output: Output) -> JSONValue {
        var variables: JSONObject = ["input": example.input, "output": .string(output.text)]
        variables["expected"] = example.expected
        variables["contexts"] = .array(example.contexts)
        variables["metadata"] = .object(example.metadata)
        return .object(variables)
    }

    /// The messages of an example in a suite without a prompt: its input as it is, a string as one user message, a list as the turns of a
    /// conversation, in which a plain text is a user's turn.
    ///
    /// - Returns: `nil` when the input is neither a string nor such a list.
    package static func messages(ofInput input: JSONValue) -> [Message]? {
        if let text = input.stringValue { return [Message(role: .user, content: text)] }
        guard let list = input.arrayValue, !list.isEmpty else { return nil }
        var messages: [Message] = []
        for element in list {
            guard let message = element.stringValue.map({ Message(role: .user, content: $0) }) ?? Message(json: element) else { return nil }
            messages.append(message)
        }
        return messages
    }

    /// The turns that follow the prompt: an input that is a list of messages, or its member `turns`, which the prompt does not itself show.
    package func turns(of input: JSONValue) -> [Message] {
        let (name, turns) = input.arrayValue == nil ? ("turns", input["turns"] ?? .null) : ("input", input)
        guard turns.arrayValue != nil, !messages.contains(where: { $0.template.mentions(name) }) else { return [] }
        return Self.messages(ofInput: turns) ?? []
    }
}
