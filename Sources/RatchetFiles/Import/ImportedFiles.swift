import RatchetCore
import RatchetJSON

extension ImportedProject {
    /// The files of a project of its own, relative to its folder.
    package var files: [(path: String, text: String)] {
        var files: [(path: String, text: String)] = [("ratchet.yaml", configuration)]
        for prompt in prompts { files.append(("prompts/\(prompt.id)/1.0.0.md", prompt.text)) }
        for rubric in rubrics { files.append(("rubrics/\(rubric.id).md", rubric.text)) }
        files.append(("suites/\(name)/suite.yaml", suiteText))
        files.append(("suites/\(name)/examples.jsonl", examplesText))
        if !unmapped.isEmpty { files.append(("suites/\(name)/IMPORT.md", list)) }
        return files
    }

    package var examplesText: String { examples.map { JSONValue.object($0).serialized(.compact) + "\n" }.joined() }

    private var configuration: String {
        let backends = backends.map { "  \($0.name): \($0.yaml)\n" }.joined()
        return """
            # Made from \(format.title). How ratchet behaves in this project; keys never stand in it.
            version: 1

            backends:
              # Answers with the rendered prompt: for trying checks without a model.
              echo: {kind: echo}
            \(backends)
            defaults:
              target: \(targets.first.map(YAMLText.scalar) ?? "echo/prompt")

            """
    }

    private var suiteText: String {
        var lines = ["# Made from \(format.title)." + (unmapped.isEmpty ? "" : " What could not be mapped stands in IMPORT.md.")]
        if let prompt = prompts.first { lines.append("prompt: \(prompt.id)@1.0.0") }
        for further in prompts.dropFirst() { lines.append("# also: ratchet run --prompt \(further.id)@1.0.0") }
        for target in targets.dropFirst() { lines.append("# also: ratchet run --target \(target)") }
        // JSON is YAML.
        if !params.isEmpty { lines.append("params: " + JSONValue.object(params).serialized(.compact)) }
        if !checks.isEmpty { lines += ["checks:"] + checks.map { "  - " + $0.serialized(.compact) } }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What could not be mapped, as a list to work off.
    package var list: String {
        let lines = unmapped.map { found in "- [ ] `\(found.file)\(found.line.map { ":\($0)" } ?? "")`: \(found.what)" }
        return "# What could not be mapped\n\nFrom \(format.title). Work it off, then delete this file.\n\n" + lines.joined(separator: "\n") + "\n"
    }
}
