import Glibc
import RatchetCore
import RatchetJSON

/// Overrides as they lie in git: `overrides/<date>-<slug>.yaml`, one a file.
package struct OverrideFile: Sendable {
    static let folderName = "overrides"
    static let keys = [
        "version", "suite", "examples", "aggregate", "slice", "metric", "checks", "kind", "reason", "expires", "author",
        "created", "bound_to", "observed",
    ]
    private static let scopes = ["examples", "aggregate", "slice", "metric"]

    package let folder: ProjectFolder

    package init(_ folder: ProjectFolder) { self.folder = folder }

    /// All overrides that are well-formed; whether they hold today is the gate's question.
    package func readAll() -> (overrides: [Override], diagnostics: [Diagnostic]) {
        let problems = Problems(exitCode: .overrideProblem)
        var overrides: [Override] = []
        for name in folder.list(Self.folderName) {
            let file = "\(Self.folderName)/\(name)"
            if name.hasSuffix(".yaml") {
                if let override = read(file, problems) { overrides.append(override) }
            } else if name.hasSuffix(".yml") || name.hasSuffix(".json") {
                problems.error("this file is not read", at: SourceReference(file: file), help: "overrides end in .yaml")
            }
        }
        return (overrides, problems.diagnostics)
    }

    private func read(_ file: String, _ problems: Problems) -> Override? {
        guard let content = SourceFile.read(file, in: folder, problems),
            let value = YAMLReader.read(content.text, file: file, problems)
        else { return nil }
        return Self.override(value, file: file, problems)
    }

    private static func override(_ value: JSONValue, file: String, _ problems: Problems) -> Override? {
        let before = problems.diagnostics.count
        let source = SourceReference(file: file, .value(document: 1, .root))
        guard let reader = ObjectReader(value, at: source, as: "an override", keys: keys, problems) else { return nil }
        if reader.require("version"), reader.value("version") != 1 {
            reader.error("version", "this program reads overrides of version 1")
        }
        reader.require("suite")
        let suite = reader.text("suite")
        if let suite, !Name.isValid(suite) {
            reader.error("suite", "\(Quoted.text(suite)) is not a suite's name", help: Name.rule)
        }
        reader.require("kind", help: "kinds: " + Override.Kind.allCases.map(\.rawValue).joined(separator: ", "))
        let kind = reader.choice("kind", Override.Kind.self)
        reader.require("reason")
        let reason = reader.string("reason")
        if let reason, let problem = OverrideReason.problem(with: reason) {
            reader.error("reason", problem, help: "say who decided it and why, for the person who reads this later")
        }
        let binding = binding(reader)
        let scope = scope(reader, binding)
        let (created, expires) = dates(reader, kind, file: file)
        guard problems.diagnostics.count == before, let suite, let kind, let reason, let scope else { return nil }
        return Override(
            file: file, suite: suite, scope: scope, checks: reader.strings("checks") ?? [], kind: kind, reason: reason,
            expires: expires, author: reader.text("author"), created: created, binding: binding,
            observed: texts("observed", reader))
    }

    private static func scope(_ reader: ObjectReader, _ binding: Override.Binding) -> Override.Scope? {
        let given = scopes.filter { reader.value($0) != nil }
        guard given.count == 1 else {
            let found = given.isEmpty ? "" : ", found " + given.joined(separator: " and ")
            reader.problems.error(
                "an override names exactly one of examples, aggregate, slice or metric\(found)", at: reader.source)
            return nil
        }
        switch given.first {
        case "examples":
            guard let ids = reader.strings("examples") else { return nil }
            if ids.isEmpty { reader.error("examples", "\"examples\" must name at least one example") }
            // An id may hold a star, but then the program that wrote it has bound it to its hash.
            for (index, id) in ids.enumerated() where id.contains("*") && binding.examples[id] == nil {
                reader.problems.error(
                    "\(Quoted.text(id)) is a pattern", at: reader.place("examples").appending(index),
                    help: "name each example by its id")
            }
            return .examples(ids)
        case "aggregate":
            guard let name = reader.text("aggregate") else { return nil }
            if name == "pass_rate" { return .passRate }
            if name == "policy" { return .policy }
            reader.error("aggregate", "there is no aggregate \(Quoted.text(name))", help: "write pass_rate or policy")
            return nil
        case "slice": return reader.text("slice").map(Override.Scope.slice)
        default: return reader.text("metric").map(Override.Scope.metric)
        }
    }

    /// The day of creation stands in the file, or else in its name; without one nobody could tell how long it holds.
    private static func dates(
        _ reader: ObjectReader, _ kind: Override.Kind?, file: String
    ) -> (created: String?, expires: String?) {
        let written = day("created", reader)
        let named = file.split(separator: "/").last.flatMap { CalendarDay(String($0.prefix(10))) }
        let created = written ?? named
        if kind == .tolerate || kind == .quarantine {
            reader.require(
                "expires", help: "\(kind?.rawValue ?? "it") holds for a while: at most \(Override.longestLife) days")
        }
        let expires = day("expires", reader)
        if let expires {
            if let created {
                if expires < created { reader.error("expires", "it expires before it was created, on \(created)") }
                if expires.number - created.number > Override.longestLife {
                    reader.error(
                        "expires",
                        "it holds for \(expires.number - created.number) days, \(Override.longestLife) are allowed",
                        help: "created on \(created)")
                }
            } else if reader.value("created") == nil {
                reader.problems.error(
                    "missing key \"created\"", at: reader.source,
                    help: "the day it was written, for example created: 2026-11-21")
            }
        }
        return (created?.description, expires?.description)
    }

    private static func day(_ key: String, _ reader: ObjectReader) -> CalendarDay? {
        guard let text = reader.text(key) else { return nil }
        if let day = CalendarDay(text) { return day }
        reader.error(key, "\(Quoted.text(text)) is not a day", help: "write it as 2026-11-21")
        return nil
    }

    private static func binding(_ reader: ObjectReader) -> Override.Binding {
        let keys = ["examples", "prompt", "target", "baseline_commit"]
        guard let bound = reader.nested("bound_to", as: "bound_to", keys: keys) else { return Override.Binding() }
        return Override.Binding(
            examples: texts("examples", bound), promptHash: bound.text("prompt"), target: bound.text("target"),
            baselineCommit: bound.stringOrNumber("baseline_commit"))
    }

    private static func texts(_ key: String, _ reader: ObjectReader) -> [String: String] {
        var texts: [String: String] = [:]
        for (name, value) in reader.object(key)?.members ?? [] {
            if let text = value.stringValue {
                texts[name] = text
            } else {
                reader.problems.error("this must be a string, not \(value.kind)", at: reader.place(key).appending(name))
            }
        }
        return texts
    }
}

extension OverrideFile {
    /// Writes a new file, named by its day and reason; `file` of the override is not looked at.
    ///
    /// - Returns: the path, relative to the project.
    package func write(_ override: Override) throws(FileSystem.Failure) -> String {
        let text = Self.text(of: override)
        let stem = "\(Self.folderName)/" + (override.created.map { "\($0)-" } ?? "") + Name.slug(override.reason)
        for number in 1...1000 {
            let file = stem + (number == 1 ? "" : "-\(number)") + ".yaml"
            do throws(FileSystem.Failure) {
                try AtomicFile.create(Array(text.utf8), at: folder.path(file))
                return file
            } catch  where error.code == EEXIST {
                continue
            }
        }
        throw FileSystem.Failure(code: EEXIST, "there are a thousand overrides of this name")
    }

    package static func text(of override: Override) -> String {
        var lines = ["version: 1", "suite: \(YAMLText.scalar(override.suite))"]
        switch override.scope {
        case .examples(let ids): lines.append("examples: " + YAMLText.list(ids))
        case .passRate: lines.append("aggregate: pass_rate")
        case .policy: lines.append("aggregate: policy")
        case .slice(let tag): lines.append("slice: " + YAMLText.scalar(tag))
        case .metric(let name): lines.append("metric: " + YAMLText.scalar(name))
        }
        if !override.checks.isEmpty { lines.append("checks: " + YAMLText.list(override.checks)) }
        lines.append("kind: \(override.kind.rawValue)")
        lines.append("reason: " + YAMLText.quoted(override.reason))
        if let day = override.expires { lines.append("expires: \(YAMLText.day(day))") }
        if let author = override.author { lines.append("author: " + YAMLText.quoted(author)) }
        if let day = override.created { lines.append("created: \(YAMLText.day(day))") }
        let binding = bindingLines(override.binding)
        if !binding.isEmpty { lines += ["bound_to:"] + binding.map { "  \($0)" } }
        lines += mapping("observed", override.observed)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func bindingLines(_ binding: Override.Binding) -> [String] {
        var lines = mapping("examples", binding.examples)
        if let hash = binding.promptHash { lines.append("prompt: " + YAMLText.quoted(hash)) }
        if let target = binding.target { lines.append("target: " + YAMLText.scalar(target)) }
        if let commit = binding.baselineCommit { lines.append("baseline_commit: " + YAMLText.scalar(commit)) }
        return lines
    }

    private static func mapping(_ key: String, _ texts: [String: String]) -> [String] {
        guard !texts.isEmpty else { return [] }
        let members = texts.sorted { $0.key < $1.key }
        return ["\(key):"] + members.map { "  \(YAMLText.scalar($0.key)): \(YAMLText.quoted($0.value))" }
    }
}

/// What counts as a reason.
package enum OverrideReason {
    /// Words that say nothing by themselves.
    private static let fillers: Set<String> = [
        "todo", "fixme", "fix", "later", "tbd", "wip", "temp", "temporary", "temporarily", "placeholder", "reason",
        "reasons",
        "because", "asdf", "qwerty", "lorem", "ipsum", "dolor", "sit", "amet", "na", "n", "a", "none", "test",
        "testing",
        "please", "ignore", "it", "this", "that", "we", "i", "will", "to", "be", "is", "done", "goes", "here", "for",
        "now",
        "the", "xxx", "foo", "bar", "baz", "blah", "something", "some", "good", "valid", "write", "your", "text",
        "soon", "of",
        "characters", "twenty", "long", "enough", "at", "least", "and", "ok", "okay", "fine", "override", "allow",
        "regression",
    ]

    /// Why a text is no reason; `nil` when it is one.
    package static func problem(with reason: String) -> String? {
        let length = reason.split(whereSeparator: \.isWhitespace).joined(separator: " ").count
        guard length >= Override.minimumReasonLength else {
            return "a reason has at least \(Override.minimumReasonLength) characters, this has \(length)"
        }
        let words = reason.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let telling = Set(words.filter { !fillers.contains($0) && Set($0).count > 1 })
        let isVaried = Set(reason.lowercased().filter { $0.isLetter || $0.isNumber }).count >= 5
        return telling.isEmpty || !isVaried ? "\(Quoted.text(reason)) is a placeholder, not a reason" : nil
    }
}

extension YAMLText {
    /// A day is plain in our YAML; anything else is quoted.
    static func day(_ text: String) -> String { CalendarDay(text) == nil ? quoted(text) : text }
}
