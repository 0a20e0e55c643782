import RatchetCore
import RatchetJSON

/// promptfoo's configuration: prompts, providers, `defaultTest` and tests with their assertions.
struct PromptfooImporter {
    let file: ForeignFile
    let suite: String

    func project() throws -> ImportedProject {
        guard case .object(let configuration) = file.content else {
            // A file of tests alone.
            var project = ImportedProject(format: .promptfoo, name: suite)
            var ids: Set<String> = []
            for row in file.rows { add(row.value, row.line, file.name, to: &project, &ids) }
            return project
        }
        var project = ImportedProject(format: .promptfoo, name: suite)
        for (place, prompt) in entries(configuration["prompts"]).enumerated() { add(prompt, place, to: &project) }
        for provider in entries(configuration["providers"] ?? configuration["targets"]) { addProvider(provider, to: &project) }
        let common = configuration["defaultTest"]?.objectValue
        if let judge = common?["options"]?["provider"], let (target, _) = target(of: judge["text"] ?? judge, &project) { project.judge = target }
        project.checks = checks(common?["assert"], "defaultTest", nil, file.name, &project)
        var ids: Set<String> = []
        try addTests(configuration["tests"], common?["vars"]?.objectValue ?? [:], to: &project, &ids)
        for scenario in configuration["scenarios"]?.arrayValue ?? [] {
            note("a scenario: \(Verbatim.json(scenario))", nil, file.name, &project)
        }
        let known = ["prompts", "providers", "targets", "defaultTest", "tests", "scenarios", "description", "$schema"]
        for (key, value) in configuration.members where !known.contains(key) && !value.isNull {
            note("\(Quoted.text(key)): \(Verbatim.json(value))", nil, file.name, &project)
        }
        for (key, value) in common?.members ?? [] where !["vars", "assert"].contains(key) && !value.isNull {
            note("defaultTest's \(Quoted.text(key)): \(Verbatim.json(value))", nil, file.name, &project)
        }
        return project
    }

    private func entries(_ value: JSONValue?) -> [JSONValue] {
        switch value {
        case .array(let list): list
        case nil, .null: []
        case .some(let one): [one]
        }
    }

    private func note(_ what: String, _ line: Int?, _ file: String, _ project: inout ImportedProject) {
        project.unmapped.append(.init(file: file, line: line, what: what))
    }

    // MARK: Prompts

    private func add(_ prompt: JSONValue, _ place: Int, to project: inout ImportedProject) {
        let label = prompt["label"]?.stringValue ?? prompt["id"]?.stringValue
        // An id may be a file's name; else it only names the prompt.
        let named = prompt["id"]?.stringValue.flatMap { reference($0) == nil ? nil : $0 }
        guard var text = prompt.stringValue ?? prompt["raw"]?.stringValue ?? prompt["content"]?.stringValue ?? named else {
            return note("prompt \(place + 1): \(Verbatim.json(prompt))", nil, file.name, &project)
        }
        var id = project.name + (place == 0 ? "" : "-\(place + 1)")
        let isFile = reference(text) != nil
        if let path = reference(text) {
            guard let found = path.hasSuffix(".py") || path.hasSuffix(".js") ? nil : read(path) else {
                return note("the prompt \(Quoted.text(path)), which is a program or cannot be read", nil, file.name, &project)
            }
            text = found
            id = Importer.suiteName(path) == "imported" ? id : Importer.suiteName(path)
        }
        // `v1.0` and `v1.1` are two names, and an id may hold no dot.
        if let label, !isFile || label != prompt["id"]?.stringValue {
            let made = Importer.suiteName(label.replacing(".", with: "-"))
            if made != "imported" { id = made }
        }
        if project.prompts.contains(where: { $0.id == id }) { id += "-\(place + 1)" }
        let body = messages(text) ?? text
        if body.contains("{%") || body.contains("{#") {
            note("the prompt \(id) has Nunjucks tags ({% … %}), which are text here: rewrite them", nil, file.name, &project)
        }
        let plain = mustache(body)
        if plain != body {
            note("the prompt \(id) has Nunjucks filters ({{ x | … }}): the filters were taken out", nil, file.name, &project)
        }
        project.prompts.append(.init(id: id, text: "---\nversion: 1.0.0\n---\n\(plain)\n"))
    }

    /// A prompt that is a chat in JSON or YAML, as messages of ours.
    private func messages(_ text: String) -> String? {
        let value = (try? JSONValue(parsing: text)) ?? (text.contains("- role:") ? YAMLReader.read(text, file: file.name, Problems()) : nil)
        guard let list = value.flatMap({ RowImporter.messages($0) })?.arrayValue else { return nil }
        return list.map { "\($0["role"]?.stringValue ?? "user"):\n\($0["content"]?.stringValue ?? "")" }.joined(separator: "\n\n")
    }

    /// `{{ name | filter }}` as `{{name}}`.
    private func mustache(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            result += rest[..<open.upperBound]
            let inner = rest[open.upperBound..<close.lowerBound]
            let name = inner.split(separator: "|", maxSplits: 1).first.map { $0.drop { $0 == " " } } ?? ""
            let trimmed = String(name.reversed().drop { $0 == " " }.reversed())
            result += (inner.contains("|") ? trimmed : String(inner)) + "}}"
            rest = rest[close.upperBound...]
        }
        return result + rest
    }

    private func reference(_ text: String) -> String? {
        if text.hasPrefix("file://") { return String(text.dropFirst(7)) }
        let isFile = [".txt", ".md", ".json", ".yaml", ".yml", ".py", ".js", ".j2"].contains { text.hasSuffix($0) }
        return isFile && !text.contains("\n") && !text.contains("{{") ? text : nil
    }

    private func path(_ relative: String) -> String {
        let folder = file.path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return relative.hasPrefix("/") ? relative : "\(folder)/\(relative)"
    }

    private func read(_ relative: String) -> String? { (try? FileSystem.read(path(relative))).map { String(decoding: $0, as: UTF8.self) } }

    // MARK: Providers

    private static let kinds: [String: (kind: String, url: String, key: String?)] = [
        "openai": ("openai", "https://api.openai.com/v1", "OPENAI_API_KEY"),
        "anthropic": ("anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY"),
        "google": ("gemini", "https://generativelanguage.googleapis.com", "GEMINI_API_KEY"),
        "ollama": ("openai", "http://127.0.0.1:11434/v1", nil), "openrouter": ("openai", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
        "mistral": ("openai", "https://api.mistral.ai/v1", "MISTRAL_API_KEY"), "groq": ("openai", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
        "deepseek": ("openai", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    ]

    /// `openai:chat:gpt-4o` and `openai:gpt-4o` name one model; an Ollama model may have a colon of its own.
    private static func model(_ parts: [String]) -> String? {
        let kinds: Set = ["chat", "completion", "responses", "messages"]
        let rest = parts.dropFirst(parts.count > 2 && kinds.contains(parts[1]) ? 2 : 1)
        return rest.isEmpty ? nil : rest.joined(separator: ":")
    }

    private func addProvider(_ provider: JSONValue, to project: inout ImportedProject) {
        guard let (target, config) = target(of: provider, &project) else { return }
        if !project.targets.contains(target) { project.targets.append(target) }
        let params = ["temperature", "max_tokens", "top_p", "frequency_penalty", "presence_penalty", "seed", "stop"]
        for (key, value) in config.members where !["apiBaseUrl", "baseUrl", "apiKeyEnvar"].contains(key) {
            if params.contains(key), project.targets.count == 1 { project.params[key] = value } else {
                note("\(Quoted.text(key)) of the provider of \(target): \(Verbatim.json(value))", nil, file.name, &project)
            }
        }
    }

    /// What a provider is here, with its backend added; `nil` when it is none, which is noted.
    private func target(of provider: JSONValue, _ project: inout ImportedProject) -> (target: String, config: JSONObject)? {
        // `openai:gpt-4o-mini`, `{id: …, config: …}`, or `{"openai:…": {config: …}}`.
        let named = provider.objectValue?["id"]?.stringValue
        let keyed = provider.objectValue.flatMap { named == nil ? $0.members.first : nil }
        guard let id = provider.stringValue ?? named ?? keyed?.key else {
            note("a provider: \(Verbatim.json(provider))", nil, file.name, &project)
            return nil
        }
        let parts = id.split(separator: ":").map(String.init)
        guard let family = parts.first, let known = Self.kinds[family], let model = Self.model(parts) else {
            note("a provider, which a backend of kind command or http may do as well: \(Verbatim.json(provider))", nil, file.name, &project)
            return nil
        }
        let config = (provider["config"] ?? keyed?.value["config"])?.objectValue ?? [:]
        if !project.backends.contains(where: { $0.name == family }) {
            let url = config["apiBaseUrl"]?.stringValue ?? config["baseUrl"]?.stringValue ?? known.url
            let key = known.key.map { ", api_key_env: \(config["apiKeyEnvar"]?.stringValue ?? $0)" } ?? ""
            project.backends.append(.init(name: family, yaml: "{kind: \(known.kind), base_url: \(YAMLText.quoted(url))\(key)}"))
        }
        return ("\(family)/\(model)", config)
    }

    // MARK: Tests

    private func addTests(_ tests: JSONValue?, _ common: JSONObject, to project: inout ImportedProject, _ ids: inout Set<String>) throws {
        for test in entries(tests) {
            guard let text = test.stringValue else {
                add(test, nil, file.name, common, to: &project, &ids)
                continue
            }
            let name = text.hasPrefix("file://") ? String(text.dropFirst(7)) : text
            let names = matches(name)
            if names.isEmpty { note("the tests \(Quoted.text(text)), which cannot be read as a file", nil, file.name, &project) }
            for name in names {
                for row in try ForeignFile(path: path(name), name: name).rows { add(row.value, row.line, name, common, to: &project, &ids) }
            }
        }
    }

    /// The files of a name with at most one star, which is in its last part; none of a program or an address.
    private func matches(_ name: String) -> [String] {
        guard !name.contains("://"), ![".py", ".js", ".ts"].contains(where: name.hasSuffix) else { return [] }
        guard let star = name.firstIndex(of: "*") else { return FileSystem.kind(path(name)) == .file ? [name] : [] }
        let slash = name[..<star].lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        let (folder, head, tail) = (name[..<slash], name[slash..<star], name[name.index(after: star)...])
        guard !tail.contains("/"), !tail.contains("*") else { return [] }
        let found = (try? FileSystem.list(path(folder.isEmpty ? "." : String(folder)))) ?? []
        return found.filter { $0.hasPrefix(head) && $0.hasSuffix(tail) && FileSystem.kind(path(folder + $0)) == .file }.sorted().map { folder + $0 }
    }

    private func add(
        _ test: JSONValue, _ line: Int?, _ name: String, _ common: JSONObject = [:], to project: inout ImportedProject, _ ids: inout Set<String>
    ) {
        guard let object = test.objectValue else { return note("a test: \(Verbatim.json(test))", line, name, &project) }
        // A row of a table has its variables as columns, and assertions in `__expected`.
        let isRow = object["vars"] == nil && object["assert"] == nil && object["description"] == nil
        var variables = common
        for (key, value) in (isRow ? object : object["vars"]?.objectValue ?? [:]).members where !key.hasPrefix("__") {
            variables[key] = value
            if let text = value.stringValue, text.hasPrefix("file://") {
                if let content = read(String(text.dropFirst(7))) { variables[key] = .string(content) } else {
                    note("the variable \(Quoted.text(key)), whose file \(Quoted.text(text)) cannot be read", line, name, &project)
                }
            }
        }
        var example: JSONObject = [:]
        let description = object["description"]?.stringValue ?? object["__description"]?.stringValue
        if let description { example["id"] = .string(String(Name.slug(description).dropLast(9))) }
        example["input"] = .object(variables)
        var checks = checks(object["assert"], description ?? "a test", line, name, &project)
        for (key, value) in object.members where key.hasPrefix("__expected") {
            if let found = value.stringValue.flatMap(expected) { checks.append(found) } else {
                note("\(key): \(Quoted.text(value.stringValue ?? ""))", line, name, &project)
            }
        }
        if !checks.isEmpty { example["checks"] = .array(checks) }
        if let metadata = object["metadata"]?.objectValue, !metadata.isEmpty { example["metadata"] = .object(metadata) }
        project.add(example, &ids)
        for (key, value) in object.members where !isRow && !["vars", "assert", "description", "metadata"].contains(key) && !value.isNull {
            note("\(Quoted.text(key)) of a test: \(Verbatim.json(value))", line, name, &project)
        }
    }

    private func checks(_ assertions: JSONValue?, _ place: String, _ line: Int?, _ name: String, _ project: inout ImportedProject) -> [JSONValue] {
        entries(assertions).compactMap { assertion in
            if let set = assertion["assert"]?.arrayValue, assertion["type"] == "assert-set" {
                let nested = set.compactMap { $0.objectValue.flatMap(PromptfooAssertion.check) }
                if nested.count == set.count, assertion["threshold"] == nil { return ["all_of": .array(nested)] }
            } else if let check = judge(assertion, &project) ?? (mentionsVariable(assertion) ? nil : assertion.objectValue.flatMap(PromptfooAssertion.check)) {
                noteFurtherKeys(of: assertion, place, line, name, &project)
                return check
            }
            note("an assertion of \(place): \(Verbatim.json(assertion))", line, name, &project)
            return nil
        }
    }

    /// `llm-rubric`, as a rubric of the project: of the same text there is one. Without a model to judge there is none.
    private func judge(_ assertion: JSONValue, _ project: inout ImportedProject) -> JSONValue? {
        guard let type = assertion["type"]?.stringValue, ["llm-rubric", "not-llm-rubric"].contains(type), let text = assertion["value"]?.stringValue,
            let judge = project.judge ?? project.targets.dropFirst().first ?? project.targets.first
        else { return nil }
        let isSelf = judge == project.targets.first
        let body = "You grade an answer. It passes when this holds of it:\n\n\(inputVariables(mustache(text)))\n\nThe answer:\n{{output}}\n"
        let content = "---\njudge: \(YAMLText.scalar(judge))\nscale: pass_fail\n\(isSelf ? "allow_self: true\n" : "")---\n\(body)"
        let id = project.rubrics.first { $0.text == content }?.id ?? "\(project.name)-\(project.rubrics.count + 1)"
        if !project.rubrics.contains(where: { $0.id == id }) {
            if project.rubrics.isEmpty, project.judge == nil {
                let words = isSelf ? "the model under test itself, for there is no other: give them one of their own" : "the second provider"
                note("judges are asked of \(judge), \(words); see rubrics/", nil, file.name, &project)
            }
            project.rubrics.append(.init(id: id, text: content))
        }
        var check: JSONObject = ["judge": .string(id)]
        if type.hasPrefix("not-") { check["not"] = true }
        check["name"] = assertion["metric"]?.stringValue.map(JSONValue.string)
        return .object(check)
    }

    /// A rubric sees the variables of the prompt as members of the input.
    private func inputVariables(_ text: String) -> String {
        text.replacing("{{ ", with: "{{").replacing("{{", with: "{{input.").replacing("{{input.output", with: "{{output")
    }

    /// What an assertion says beside what a check can.
    private func noteFurtherKeys(of assertion: JSONValue, _ place: String, _ line: Int?, _ name: String, _ project: inout ImportedProject) {
        let known = ["type", "value", "threshold", "weight", "metric", "assert"]
        for (key, value) in assertion.objectValue?.members ?? [] where !known.contains(key) && !value.isNull {
            note("\(Quoted.text(key)) of an assertion (\(assertion["type"]?.stringValue ?? "")) of \(place): \(Verbatim.json(value))", line, name, &project)
        }
    }

    /// Their values are templates; ours are not.
    private func mentionsVariable(_ assertion: JSONValue) -> Bool { assertion["value"]?.stringValue?.contains("{{") ?? false }

    /// `equals`, or a type and a value: `contains: refund`.
    private func expected(_ text: String) -> JSONValue? {
        guard let colon = text.firstIndex(of: ":") else { return text.isEmpty ? nil : ["equals": .string(text)] }
        let type = String(text[..<colon])
        let value = String(text[text.index(after: colon)...].drop { $0 == " " })
        let isType = !type.isEmpty && type.allSatisfy { $0.isLetter && $0.isLowercase || $0 == "-" }
        return isType ? PromptfooAssertion.check(["type": .string(type), "value": .string(value)]) : ["equals": .string(text)]
    }
}
