import RatchetCore
import RatchetJSON

/// Reads `rubrics/<id>.md`.
struct RubricReader {
    static let folderName = "rubrics"
    private static let keys = [
        "judge", "scale", "threshold", "votes", "params", "version", "allow_self", "description",
    ]
    /// What a judge's template can show; one that compares two answers shows `first` and `second` for the output.
    static func variables(_ scale: Rubric.Scale?) -> [String] { ["input"] + shown(scale) + ["expected", "contexts", "metadata"] }

    /// What it must show, for there to be something to judge.
    private static func shown(_ scale: Rubric.Scale?) -> [String] { scale == .pairwise ? ["first", "second"] : ["output"] }

    let folder: ProjectFolder
    let problems: Problems

    static func ids(in folder: ProjectFolder) -> [String] {
        folder.list(folderName).filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }
    }

    func readAll() -> [String: Rubric] {
        var rubrics: [String: Rubric] = [:]
        for id in Self.ids(in: folder) {
            let file = "\(Self.folderName)/\(id).md"
            guard Name.isValid(id) else {
                if id.lowercased() != "readme" {
                    problems.error(
                        "\(Quoted.text(id)) is not a rubric's name", at: SourceReference(file: file), help: Name.rule)
                }
                continue
            }
            rubrics[id] = read(file, id: id)
        }
        return rubrics
    }

    private func read(_ name: String, id: String) -> Rubric? {
        guard let file = SourceFile.read(name, in: folder, problems),
            let (matter, settings) = FrontMatter.read(file, problems)
        else { return nil }
        let source = SourceReference(file: name, .value(document: matter.yamlLine, .root))
        guard let reader = ObjectReader(settings, at: source, as: "a rubric", keys: Self.keys, problems) else {
            return nil
        }
        reader.require("judge", help: "name the model that judges, for example judge: openai/gpt-4o")
        let judge = reader.target("judge")
        let scale = self.scale(reader)
        let templates = TemplateReader(problems: problems).read(matter, of: name)
        if let templates { checkVariables(templates, scale, in: name) }
        let threshold = scale.flatMap { self.threshold(reader, on: $0) }
        guard let judge, let scale, let templates, let threshold else { return nil }
        return Rubric(
            id: id, version: reader.stringOrNumber("version"), judge: judge, scale: scale, threshold: threshold,
            votes: votes(reader), params: Params.read(reader), templates: templates.map(\.template),
            allowsSelfJudging: reader.bool("allow_self") ?? false, hash: Digest.sha256(file.text), source: source)
    }

    private func votes(_ reader: ObjectReader) -> Int {
        guard let votes = reader.integer("votes", in: 1...99) else { return 1 }
        if votes.isMultiple(of: 2) {
            reader.error("votes", "\"votes\" must be odd, so that there is a majority", help: "write \(votes + 1)")
        }
        return votes
    }

    /// Names that are looked up in the judge's variables alone; inside a section a name may belong to the section's value.
    private func checkVariables(_ sections: [MessageSplitter.Section], _ scale: Rubric.Scale?, in file: String) {
        let variables = Self.variables(scale)
        var used: Set<String> = []
        for section in sections {
            guard let template = try? MustacheTemplate(section.template.text) else { continue }
            used.formUnion(template.names.compactMap(\.path.first))
            for name in template.outerNames {
                guard let root = name.path.first, !variables.contains(root) else { continue }
                problems.error(
                    "a rubric has no variable \(Quoted.text(name.text))",
                    at: SourceReference(file: file, line: section.line + name.line - 1, column: name.column),
                    help: help(root, name.text, variables))
            }
        }
        let missing = Self.shown(scale).filter { !used.contains($0) }
        guard !missing.isEmpty else { return }
        problems.warning(
            "the rubric never shows the judge what it judges",
            at: SourceReference(file: file, line: sections.first?.line ?? 1),
            help: "put \(missing.map { "{{\($0)}}" }.joined(separator: " and ")) into its text")
    }

    private func help(_ root: String, _ name: String, _ variables: [String]) -> String {
        if root == "first" || root == "second" { return "only a rubric with scale: pairwise has {{first}} and {{second}}" }
        if root == "output" { return "a rubric with scale: pairwise shows {{first}} and {{second}}" }
        if let near = Suggestion.nearest(to: root, among: variables) { return "did you mean \(Quoted.text(near))?" }
        return "variables: " + variables.joined(separator: ", ") + "; those of the input are written input.\(name)"
    }
}

// MARK: - Scales

extension RubricReader {
    private func scale(_ reader: ObjectReader) -> Rubric.Scale? {
        guard let value = reader.value("scale") else { return .passFail }
        if value.stringValue == "pass_fail" { return .passFail }
        if value.stringValue == "pairwise" { return .pairwise }
        let place = reader.place("scale")
        guard let object = value.objectValue else {
            problems.error(
                "\"scale\" must be pass_fail, pairwise, {labels: …} or {min: …, max: …}, not "
                    + (value.stringValue.map { Quoted.text($0) } ?? value.kind), at: place)
            return nil
        }
        if object["labels"] != nil {
            return ObjectReader(value, at: place, as: "a scale of labels", keys: ["labels"], problems).flatMap(labels)
        }
        return ObjectReader(value, at: place, as: "a scale", keys: ["min", "max", "anchors"], problems).flatMap(
            anchored)
    }

    private func labels(_ reader: ObjectReader) -> Rubric.Scale? {
        guard let object = reader.object("labels") else { return nil }
        let place = reader.place("labels")
        let labels = object.members.compactMap { name, value -> Rubric.Label? in
            guard let score = value.doubleValue, (0...1).contains(score) else {
                problems.error(
                    "the score of the label \(Quoted.text(name)) must be a number from 0 to 1",
                    at: place.appending(name))
                return nil
            }
            return Rubric.Label(name: name, score: score)
        }
        guard labels.count == object.count else { return nil }
        guard labels.count >= 2, Set(labels.map { $0.name.lowercased() }).count == labels.count else {
            problems.error("a scale needs at least two labels that differ in more than case", at: place)
            return nil
        }
        return .labels(labels)
    }

    private func anchored(_ reader: ObjectReader) -> Rubric.Scale? {
        guard reader.require("min"), reader.require("max") else { return nil }
        guard let minimum = reader.integer("min", in: -1000...1000),
            let maximum = reader.integer("max", in: -1000...1000)
        else { return nil }
        guard minimum < maximum else {
            reader.error("max", "\"max\" must be larger than \"min\"")
            return nil
        }
        var anchors: [Int: String] = [:]
        for (key, value) in reader.object("anchors")?.members ?? [] {
            let place = reader.place("anchors").appending(key)
            guard let point = Int(key), (minimum...maximum).contains(point) else {
                problems.error(
                    "\(Quoted.text(key)) is not a point of the scale \(minimum) to \(maximum)", at: place.key)
                continue
            }
            guard let text = value.stringValue else {
                problems.error("an anchor must be a string, not \(value.kind)", at: place)
                continue
            }
            anchors[point] = text
        }
        return .anchored(minimum: minimum, maximum: maximum, anchors: anchors)
    }

    /// The threshold is written on the rubric's own scale, and kept in 0...1.
    private func threshold(_ reader: ObjectReader, on scale: Rubric.Scale) -> Double? {
        let range: ClosedRange<Double> =
            if case .anchored(let minimum, let maximum, _) = scale { Double(minimum)...Double(maximum) } else { 0...1 }
        if reader.value("threshold") == nil {
            if scale == .passFail { return 1 }
            // A tie is good enough: the new answer is no worse.
            if scale == .pairwise { return 0.5 }
        }
        guard reader.require("threshold", help: "the least score that passes, on the rubric's own scale"),
            let threshold = reader.number("threshold", in: range)
        else { return nil }
        return (threshold - range.lowerBound) / (range.upperBound - range.lowerBound)
    }
}
