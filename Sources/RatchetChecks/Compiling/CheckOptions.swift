import RatchetCore
import RatchetJSON

/// Reads the options of one check, and remembers every problem with its place.
///
/// A reader returns `nil` (or the default) for an option that is absent or wrong; what was wrong has been reported by
/// then, so a check's `init?` only has to read and to return `nil` where it has nothing to go on.
package final class CheckOptions {
    package let specification: CheckSpecification
    package let resources: CheckResources
    private let documentation: CheckDocumentation
    private let example: Example
    private let compileChildren: ([CheckSpecification]) -> CheckGroup?

    /// Where the options stand, when they are those of a part of the check.
    private var ownPlace: SourceReference?

    package private(set) var problems: [Diagnostic] = []
    /// Whether the check was made from the example's `expected`, and so is good for that example only.
    package private(set) var usesExpected = false
    /// The hashes of the files that the check was made from; their names are relative to the place that names them.
    package private(set) var fileHashes: [String] = []

    init(
        _ specification: CheckSpecification, documentation: CheckDocumentation, example: Example,
        resources: CheckResources, place: SourceReference? = nil,
        compileChildren: @escaping ([CheckSpecification]) -> CheckGroup?
    ) {
        ownPlace = place
        self.specification = specification
        self.documentation = documentation
        self.example = example
        self.resources = resources
        self.compileChildren = compileChildren
        reportUnknownOptions()
    }

    /// The option `name`, be it written out or as the short form.
    package func value(_ name: String) -> JSONValue? {
        if let members { return members[name] }
        // A conditional expression would take `nil` for JSON's null.
        guard name == documentation.shortForm, !isBare else { return nil }
        return specification.options
    }

    /// The whole value under the type key.
    package var whole: JSONValue { specification.options }

    /// Whether the whole value is what the check wants, and not an object of options.
    package var isLiteral: Bool {
        guard let markers = documentation.optionMarkers, let object = specification.options.objectValue else { return false }
        return !markers.contains { object[$0] != nil }
    }

    private var members: JSONObject? { isLiteral ? nil : specification.options.objectValue }

    private var isBare: Bool { specification.options.isNull }

    // MARK: Problems

    package func report(_ message: String, at name: String? = nil, help: String? = nil) {
        report(Diagnostic(at: place(name), "`\(specification.type)`: \(message)", help: help))
    }

    package func report(_ diagnostic: Diagnostic) { problems.append(diagnostic) }

    /// Where the option `name` stands; without a name, where the check's value stands.
    package func place(_ name: String? = nil) -> SourceReference {
        guard !isBare else { return ownPlace ?? specification.source }
        let value = valuePlace
        guard let name, members?[name] != nil else { return value }
        return value.appending(name)
    }

    private var valuePlace: SourceReference { ownPlace ?? specification.source.appending(specification.type) }

    func reportWrongKind(_ name: String, _ value: JSONValue, wanted: String) {
        report("`\(name)` wants \(wanted), found \(value.kind)", at: name)
    }

    private func reportUnknownOptions() {
        guard let members else {
            let known = documentation.options.map { "`\($0.name)`" }
            if !isBare, documentation.shortForm == nil, !isLiteral, !known.isEmpty {
                report(
                    "wants an object of options, found \(specification.options.kind)",
                    help: "its options: " + known.joined(separator: ", "))
            }
            return
        }
        var known = documentation.options.map(\.name)
        if documentation.expectedOption != nil { known.append("from") }
        for (key, _) in members where !known.contains(key) {
            let place = valuePlace.appending(key).key
            report(Diagnostic(
                at: place, "`\(specification.type)` has no option `\(key)`", help: Suggestion.help(for: key, in: known)))
        }
    }
}

// MARK: - Parts with options of their own

extension CheckOptions {
    /// Reads the option `name`, one part or a list of them: each an object of the options that `documentation` has, or a
    /// short form. What is found there counts for the check.
    func parts<Part>(_ name: String, _ documentation: CheckDocumentation, _ read: (CheckOptions) -> Part?) -> [Part] {
        guard let value = value(name) else { return [] }
        let items = value.arrayValue ?? [value]
        return items.enumerated().compactMap { index, item in
            var part = specification
            part.options = item
            let place = value.arrayValue == nil ? place(name) : place(name).appending(index)
            let options = CheckOptions(
                part, documentation: documentation, example: example, resources: resources, place: place,
                compileChildren: compileChildren)
            let read = read(options)
            problems += options.problems
            usesExpected = usesExpected || options.usesExpected
            fileHashes += options.fileHashes
            return read
        }
    }
}

// MARK: - Simple values

extension CheckOptions {
    package func flag(_ name: String, default preset: Bool) -> Bool {
        guard let value = value(name) else { return preset }
        if let flag = value.boolValue { return flag }
        reportWrongKind(name, value, wanted: "true or false")
        return preset
    }

    package func text(_ name: String) -> String? {
        guard let value = value(name) else { return nil }
        if let text = value.stringValue { return text }
        reportWrongKind(name, value, wanted: "a text")
        return nil
    }

    package func number(_ name: String) -> JSONNumber? {
        guard let value = value(name) else { return nil }
        if let number = value.numberValue { return number }
        reportWrongKind(name, value, wanted: "a number")
        return nil
    }

    /// One of several words.
    package func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, default preset: Choice) -> Choice
    where Choice.RawValue == String {
        guard let word = text(name) else { return preset }
        if let choice = Choice(rawValue: word) { return choice }
        report("`\(name)` cannot be \(Excerpt.quoted(word))", at: name,
            help: Suggestion.help(for: word, in: Choice.allCases.map(\.rawValue)))
        return preset
    }

    /// A whole number, or an object with `min` and `max`, either of which may be absent.
    package func range(_ name: String) -> CountRange? { value(name).flatMap { range($0, called: name, at: name) } }

    /// The same for a value that stands inside the option `option`.
    func range(_ value: JSONValue, called name: String, at option: String) -> CountRange? {
        let wanted = "a whole number of at least 0, or an object with `min` and `max`"
        if let exact = value.intValue, exact >= 0 { return CountRange(minimum: exact, maximum: exact) }
        guard let bounds = value.objectValue else {
            report("`\(name)` wants \(wanted)", at: option)
            return nil
        }
        for (key, _) in bounds where key != "min" && key != "max" {
            report("`\(name)` has no `\(key)`", at: option, help: "known: `min`, `max`")
        }
        let isWrong = bounds.contains { ($0.value.intValue ?? -1) < 0 }
        if isWrong || bounds.isEmpty {
            report("`\(name)` wants \(wanted)", at: option)
            return nil
        }
        let range = CountRange(minimum: bounds["min"]?.intValue, maximum: bounds["max"]?.intValue)
        if let minimum = range.minimum, let maximum = range.maximum, minimum > maximum {
            report("`\(name)` can never hold: `min` \(minimum) is above `max` \(maximum)", at: option)
            return nil
        }
        return range
    }
}

extension CheckOptions {
    /// How far numbers may be apart: a number of at least 0, or an object with `absolute` and `relative` (below 1).
    package func tolerance(_ name: String) -> JSONComparison.Tolerance? {
        guard let value = value(name) else { return nil }
        let members: JSONObject = value.objectValue ?? ["absolute": value]
        let known = members.allSatisfy { ["absolute", "relative"].contains($0.key) && ($0.value.doubleValue ?? -1) >= 0 }
        let (absolute, relative) = (members["absolute"]?.doubleValue ?? 0, members["relative"]?.doubleValue ?? 0)
        guard known, !members.isEmpty, absolute.isFinite, relative < 1 else {
            report("`\(name)` wants a number of at least 0, or an object with `absolute` and `relative` (below 1)", at: name)
            return nil
        }
        return JSONComparison.Tolerance(absolute: absolute, relative: relative)
    }
}

// MARK: - Wanted values

extension CheckOptions {
    /// A wanted value, and whether it came from the example's `expected`.
    package struct Wanted {
        package var value: JSONValue
        package var isExpected: Bool
    }

    /// The value that the option gives or, by `{"from": "expected"}` or by its absence, the example.
    package func wanted(_ name: String) -> Wanted? {
        let isPreset = name == documentation.expectedOption
        guard let value = value(name) else {
            guard isPreset else { return nil }
            if let source = members?["from"] { return referenced(by: source, name: "from") }
            return expected()
        }
        if isPreset, members?["from"] != nil {
            report("`\(name)` and `from` exclude each other", at: "from")
        }
        guard let object = value.objectValue, object.count == 1, let source = object["from"] else {
            return Wanted(value: value, isExpected: false)
        }
        return isPreset || source == "expected" ? referenced(by: source, name: name) : Wanted(value: value, isExpected: false)
    }

    /// A wanted value inside the option `name`, in which `{"from": "expected"}` may stand for the example's.
    package func wanted(_ value: JSONValue, in name: String) -> Wanted? {
        guard let object = value.objectValue, object.count == 1, let source = object["from"] else {
            return Wanted(value: value, isExpected: false)
        }
        return referenced(by: source, name: name)
    }

    /// The wanted texts, of which any one will do; numbers and booleans are taken as they are written.
    package func wantedTexts(_ name: String) -> [String]? {
        guard let wanted = wanted(name) else { return nil }
        let items = wanted.value.arrayValue ?? [wanted.value]
        let texts = items.compactMap(Self.plainText)
        if texts.count == items.count, !texts.isEmpty { return texts }
        let origin = wanted.isExpected ? "the example's `expected`" : "`\(name)`"
        let found = items.isEmpty ? "an empty list" : items.first { Self.plainText($0) == nil }?.kind ?? "nothing"
        let message = "\(origin) must be a text or a list of texts (any of them will do), found \(found)"
        let isJSON = found != "an empty list"
        report(Diagnostic(
            at: wanted.isExpected ? expectedPlace : place(name), "`\(specification.type)`: \(message)",
            help: isJSON ? "compare JSON with {\"json_path\": {\"path\": \"$\", \"equals\": …}}" : nil))
        return nil
    }

    static func plainText(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .number(let number): number.literal
        case .bool(let flag): flag ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    private func referenced(by source: JSONValue, name: String) -> Wanted? {
        if source == "expected" { return expected() }
        report("`from` can only name `expected`", at: name)
        return nil
    }

    private func expected() -> Wanted? {
        usesExpected = true
        if let expected = example.expected { return Wanted(value: expected, isExpected: true) }
        let isOwnCheck = specification.source.file == example.source.file
        report(Diagnostic(
            at: isOwnCheck ? specification.source : example.source,
            "check `\(specification.name)` takes what is wanted from `expected`, but example `\(example.id)` has none",
            help: "add `expected` to the example, or write the wanted value into the check"))
        return nil
    }

    /// Where the example's `expected` stands.
    var expectedPlace: SourceReference { example.source.appending("expected") }
}

// MARK: - Things from elsewhere

extension CheckOptions {
    /// The nested checks of a group.
    func children() -> CheckGroup? {
        if specification.children.isEmpty {
            report("needs a list of at least one check")
            return nil
        }
        return compileChildren(specification.children)
    }

    /// The JSON of the file that the option names.
    func file(_ name: String) -> JSONValue? { text(name).flatMap { file(path: $0, at: name) } }

    /// The JSON of the file at `path`, which stands inside the option `name`.
    func file(path: String, at name: String) -> JSONValue? {
        let place = place(name)
        return content(of: path, named: place) {
            let content = try resources.loadFile(path, place)
            return (content, Digest.sha256(content))
        }
    }

    /// The JSON of another file that a file of this check names.
    ///
    /// - Parameters:
    ///   - path: Relative to the project.
    ///   - place: Where the suite names the first of these files, for messages.
    func file(atPath path: String, named place: SourceReference) -> JSONValue? {
        content(of: path, named: place) {
            // A path is relative to the file that names it: here to one in the project's folder itself.
            let content = try resources.loadFile(path, SourceReference(file: "ratchet.yaml"))
            return (content, Digest.sha256(content))
        }
    }

    /// The text of the file that the option names.
    func textFile(_ name: String) -> String? {
        guard let path = text(name) else { return nil }
        let place = place(name)
        return content(of: path, named: place) {
            let content = try resources.loadText(path, place)
            return (content, Digest.sha256(content))
        }
    }

    /// The absolute path of the file that the option names; its content is to be added to the hashes.
    func location(_ name: String) -> String? {
        guard let path = text(name) else { return nil }
        do {
            return try resources.locateFile(path, place(name))
        } catch {
            reportUnreadable(path, error, named: place(name))
            return nil
        }
    }

    /// Notes the hash of a file that the check was made from.
    func addFileHash(_ hash: String) { fileHashes.append(hash) }

    /// What `load` gives, with its hash remembered, or a report of why it cannot be had.
    private func content<Content>(
        of path: String, named place: SourceReference, _ load: () throws -> (content: Content, hash: String)
    ) -> Content? {
        do {
            let (content, hash) = try load()
            fileHashes.append(hash)
            return content
        } catch {
            reportUnreadable(path, error, named: place)
            return nil
        }
    }

    private func reportUnreadable(_ path: String, _ error: any Error, named place: SourceReference) {
        switch error {
        case let error as DiagnosticsError: error.diagnostics.forEach(report)
        case var diagnostic as Diagnostic:
            diagnostic.source = diagnostic.source ?? place
            report(diagnostic)
        default: report(Diagnostic(at: place, "`\(specification.type)`: cannot read `\(path)`: \(error)"))
        }
    }

    /// The absolute path of a file that the option `name` names relative to the project; its content is part of the
    /// check.
    func hashFile(_ path: String, at name: String) -> String? {
        do {
            let location = try resources.locateFile(path, Self.projectRoot)
            fileHashes.append(try resources.programs.hash(location))
            return location
        } catch let diagnostic as Diagnostic {
            report(diagnostic.message, at: name, help: diagnostic.help)
        } catch {
            report("cannot read \(Excerpt.quoted(path)): \(error)", at: name)
        }
        return nil
    }

    /// The same for a text that may name a file of the project or anything else.
    func hashFileIfThere(_ path: String) {
        guard let location = try? resources.locateFile(path, Self.projectRoot),
            let hash = try? resources.programs.hash(location)
        else { return }
        fileHashes.append(hash)
    }

    /// Names that stand there are relative to the project.
    private static let projectRoot = SourceReference(file: "ratchet.yaml")

    /// The model that the option names, on a backend that there is.
    func target(_ name: String) -> Target? {
        guard let text = text(name) else { return nil }
        guard let target = Target(text) else {
            report("`\(name)` is no model: \(Excerpt.quoted(text))", at: name, help: "write backend/model, for example openai/text-embedding-3-small")
            return nil
        }
        if resources.backends.contains(target.backend) { return target }
        report("there is no backend `\(target.backend)` in ratchet.yaml", at: name,
            help: Suggestion.help(for: target.backend, in: resources.backends))
        return nil
    }

    func rubric(_ name: String) -> Rubric? {
        guard let id = text(name) else {
            if value(name) == nil {
                report("needs a rubric", help: "name a file of rubrics/: {\"judge\": \"helpful\"}")
            }
            return nil
        }
        if let rubric = resources.rubrics[id] { return rubric }
        report("there is no rubric `\(Excerpt.oneLine(id))`", at: name,
            help: resources.rubrics.isEmpty
                ? "add rubrics/\(Name.isValid(id) ? id : "<id>").md" : Suggestion.help(for: id, in: resources.rubrics.keys))
        return nil
    }

    /// A compiled pattern, or a report of what is wrong with it.
    func regex(_ pattern: String, flags: String = "", at name: String) -> PatternRegex? {
        do throws(PatternError) {
            return try PatternRegex(pattern, flags: flags)
        } catch {
            if pattern.isEmpty {
                report("bad flags: \(error.message)", at: name)
            } else {
                report("bad pattern \(Excerpt.quoted(pattern)): \(error.message)", at: name,
                    help: "at offset \(error.offset) of the pattern; the syntax is PCRE2's")
            }
            return nil
        }
    }

    func jsonPath(_ name: String) -> JSONPath? { text(name).flatMap { jsonPath($0, at: name) } }

    /// One path, or a list of them.
    func jsonPaths(_ name: String) -> [JSONPath]? {
        guard let value = value(name) else { return nil }
        let expressions = (value.arrayValue ?? [value]).map(\.stringValue)
        guard expressions.allSatisfy({ $0 != nil }) else {
            reportWrongKind(name, value, wanted: "a path or a list of paths")
            return nil
        }
        let paths = expressions.compactMap { $0 }.compactMap { jsonPath($0, at: name) }
        return paths.count == expressions.count ? paths : nil
    }

    func jsonPath(_ expression: String, at name: String) -> JSONPath? {
        do throws(JSONPathError) {
            return try JSONPath(expression, regex: PCRE2JSONRegexEngine())
        } catch {
            report("bad path \(Excerpt.quoted(expression)): \(error.message)", at: name,
                help: "at offset \(error.offset) of the path; the syntax is RFC 9535's, for example $.items[0].name")
            return nil
        }
    }
}
