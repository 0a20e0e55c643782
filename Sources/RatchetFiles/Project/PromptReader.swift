import RatchetCore
import RatchetJSON

/// Reads `prompts/<id>/<version>.md` and `prompts/<id>.md`.
package struct PromptReader {
    static let folderName = "prompts"
    private static let keys = ["version", "description", "model", "params", "response_schema", "tools"]

    let folder: ProjectFolder
    let problems: Problems

    package init(folder: ProjectFolder, problems: Problems) {
        self.folder = folder
        self.problems = problems
    }

    /// The ids that have a file, whether it can be read or not.
    static func ids(in folder: ProjectFolder) -> [String] {
        folder.list(folderName).map { $0.hasSuffix(".md") ? String($0.dropLast(3)) : $0 }
    }

    /// All prompts by id, versions ascending.
    func readAll() -> [String: [Prompt]] {
        var prompts: [String: [Prompt]] = [:]
        for name in folder.list(Self.folderName) {
            let path = "\(Self.folderName)/\(name)"
            if FileSystem.kind(folder.path(path)) == .folder {
                guard accept(name, path) else { continue }
                for file in folder.list(path) where file.hasSuffix(".md") {
                    let version = String(file.dropLast(3))
                    if let prompt = read("\(path)/\(file)", id: name, version: version) {
                        prompts[name, default: []].append(prompt)
                    }
                }
            } else if name.hasSuffix(".md") {
                let id = String(name.dropLast(3))
                guard accept(id, path) else { continue }
                if let prompt = read(path, id: id, version: nil) { prompts[id, default: []].append(prompt) }
            }
        }
        return prompts.mapValues(inOrder)
    }

    private func accept(_ id: String, _ file: String) -> Bool {
        if Name.isValid(id) { return true }
        // A README.md beside the prompts is no prompt.
        if id.lowercased() != "readme" {
            problems.error(
                "\(Quoted.text(id)) is not a prompt's name", at: SourceReference(file: file), help: Name.rule)
        }
        return false
    }

    private func inOrder(_ prompts: [Prompt]) -> [Prompt] {
        var sorted: [Prompt] = []
        for prompt in prompts.sorted(by: { PromptVersion($0.version) < PromptVersion($1.version) }) {
            if let same = sorted.last, same.version == prompt.version {
                problems.error(
                    "the prompt \(Quoted.text(prompt.reference.description)) is there twice", at: prompt.source,
                    help: "the other is \(same.source.file)")
            } else {
                sorted.append(prompt)
            }
        }
        return sorted
    }

    /// Reads one file; `version` is the one its name gives, in the folder form.
    private func read(_ file: String, id: String, version: String?) -> Prompt? {
        guard let content = SourceFile.read(file, in: folder, problems) else { return nil }
        return prompt(content, id: id, version: version)
    }

    /// The prompt that a file's content gives; also of one that is kept with a baseline.
    package func prompt(_ file: SourceFile, id: String, version fileVersion: String?) -> Prompt? {
        guard let (matter, settings) = FrontMatter.read(file, problems) else { return nil }
        let source = SourceReference(file: file.name, .value(document: matter.yamlLine, .root))
        guard let reader = ObjectReader(settings, at: source, as: "a prompt", keys: Self.keys, problems),
            let version = version(reader, fileVersion)
        else { return nil }
        let schema = responseSchema(reader, of: file.name)
        guard let templates = TemplateReader(problems: problems).read(matter, of: file.name) else { return nil }
        var hashed = file.text
        if let schema, reader.value("response_schema")?.stringValue != nil {
            hashed += "\0" + schema.serialized(.canonical)
        }
        return Prompt(
            id: id, version: version, description: reader.string("description"), model: reader.target("model"),
            params: Params.read(reader), responseSchema: schema, tools: tools(reader),
            templates: templates.map(\.template),
            hash: Digest.sha256(hashed), content: file.text, source: source)
    }

    private func version(_ reader: ObjectReader, _ fileVersion: String?) -> String? {
        let written = reader.stringOrNumber("version")
        if reader.value("version") == nil, fileVersion == nil {
            reader.require("version", help: "begin the front matter with: version: 1.0.0")
            return nil
        }
        guard let version = written ?? fileVersion else { return nil }
        guard PromptVersion(version).isValid else {
            reader.error("version", "\(Quoted.text(version)) is not a version", help: PromptVersion.rule)
            return nil
        }
        if let fileVersion, version != fileVersion {
            reader.error(
                "version",
                "the version is \(Quoted.text(version)), but the file is named \(Quoted.text(fileVersion + ".md"))",
                help: "rename the file or change the version")
        }
        return version
    }

    private func tools(_ reader: ObjectReader) -> JSONValue? {
        guard let list = reader.list("tools"), !list.isEmpty else { return nil }
        for (index, tool) in list.enumerated() where tool.objectValue == nil {
            problems.error("a tool must be an object, not \(tool.kind)", at: reader.place("tools").appending(index))
        }
        return .array(list)
    }

    /// A schema written into the front matter, or the JSON file it names, relative to the prompt's own folder.
    private func responseSchema(_ reader: ObjectReader, of file: String) -> JSONValue? {
        guard let value = reader.value("response_schema") else { return nil }
        if value.objectValue != nil { return value }
        guard let name = value.stringValue else {
            reader.error("response_schema", "\"response_schema\" must be a file's name or an object, not \(value.kind)")
            return nil
        }
        do throws(Diagnostic) {
            return try NamedFile(name, besides: file, in: folder).json()
        } catch {
            problems.add([error.source == nil ? Diagnostic(at: reader.place("response_schema"), error.message) : error])
            return nil
        }
    }

    /// A relative path seen from a file of the project; `nil` when it leaves the project.
    static func resolve(_ path: String, besides file: String) -> String? {
        guard !path.hasPrefix("/"), !path.isEmpty else { return nil }
        var parts = file.split(separator: "/").dropLast()
        for part in path.split(separator: "/") where part != "." {
            guard part == ".." else {
                parts.append(part)
                continue
            }
            guard parts.popLast() != nil else { return nil }
        }
        return parts.joined(separator: "/")
    }
}

/// Reads the message templates below a front matter, of prompts and rubrics.
struct TemplateReader {
    let problems: Problems

    /// - Returns: `nil` after a problem, which is reported.
    func read(_ matter: FrontMatter, of file: String) -> [MessageSplitter.Section]? {
        let sections: [MessageSplitter.Section]
        do throws(MessageSplitter.SplitError) {
            sections = try MessageSplitter.split(matter.body, firstLine: matter.bodyLine)
        } catch {
            problems.error(error.message, at: SourceReference(file: file, line: error.line), help: error.help)
            return nil
        }
        var isSound = true
        for section in sections {
            do throws(MustacheTemplate.SyntaxError) {
                _ = try MustacheTemplate(section.template.text)
            } catch {
                isSound = false
                let place = SourceReference(file: file, line: section.line + error.line - 1, column: error.column)
                problems.error(error.message, at: place, help: error.help)
            }
        }
        return isSound ? sections : nil
    }
}

/// Sampling parameters: an object whose members go into the request as they are.
enum Params {
    /// What the request says elsewhere.
    private static let reserved = [
        "model", "messages", "input", "contents", "system", "systemInstruction", "stream", "stream_options", "tools",
        "response_format", "n",
    ]

    static func read(_ reader: ObjectReader) -> JSONObject {
        guard let params = reader.object("params") else { return [:] }
        for (key, _) in params.members where reserved.contains(key) {
            reader.problems.error(
                "\(Quoted.text(key)) cannot be set as a parameter", at: reader.place("params").appending(key).key)
        }
        return params
    }
}
