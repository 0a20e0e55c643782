import RatchetCore
import RatchetJSON

/// Reads the rows of one suite.
struct ExampleReader {
    package static let keys = [
        "id", "input", "expected", "contexts", "tools", "checks", "tags", "group", "must_pass", "known_failing",
        "pass_when", "metadata", "source",
    ]

    let shared: SuiteReader.Shared
    let checkReader: CheckReader
    let areSharedChecksSound: Bool
    private let sharedNames: Set<String>
    private let sharedGates: Bool
    private(set) var examples: [Example] = []
    private var places: [String: SourceReference] = [:]

    private var problems: Problems { checkReader.problems }

    init(shared: SuiteReader.Shared, checkReader: CheckReader, areSharedChecksSound: Bool) {
        self.shared = shared
        self.checkReader = checkReader
        self.areSharedChecksSound = areSharedChecksSound
        sharedNames = Set(shared.checks.map(\.name))
        sharedGates = shared.checks.contains(where: \.gating)
    }

    /// Reads one row and keeps the example, or reports what is wrong with it.
    mutating func read(_ row: JSONValue, at source: SourceReference) {
        guard let reader = ObjectReader(row, at: source, as: "an example", keys: Self.keys, problems) else { return }
        let id = id(reader)
        reader.require("input")
        guard let id, let input = reader.value("input") else { return }
        if let first = places[id] {
            let line = if case .value(let line, _) = first.place { ":\(line)" } else { "" }
            reader.error("id", "the id \(Quoted.text(id)) is there twice", help: "the other is \(first.file)\(line)")
            return
        }
        places[id] = source

        var example = Example(suite: shared.suite, id: id, input: input, source: source)
        example.expected = reader.value("expected")
        if reader.value("contexts") != nil { example.contexts = contexts(reader) }
        example.tools = reader.object("tools")
        let before = problems.diagnostics.count
        example.checks = checks(reader)
        let areChecksSound = problems.diagnostics.count == before
        example.passWhen = reader.value("pass_when") == nil ? shared.passWhen : PassRuleReader.read(reader)
        if reader.value("tags") != nil { example.tags = reader.strings("tags") ?? [] }
        example.group = reader.text("group")
        if let value = reader.value("must_pass") { example.mustPass = mustPass(value, reader) }
        example.knownFailing = reader.text("known_failing")
        example.metadata = reader.object("metadata") ?? [:]
        example.origin = reader.object("source")
        if areChecksSound { reportMissingChecks(example) }
        examples.append(example)
    }

    private func id(_ reader: ObjectReader) -> String? {
        guard reader.require("id", help: "every example has an id of its own, a string"), let value = reader.value("id")
        else { return nil }
        guard let id = value.stringValue else {
            let help = value.numberValue.map { "write \"\($0.literal)\"" }
            reader.error("id", "\"id\" must be a string, not \(value.kind)", help: help)
            return nil
        }
        if id.isEmpty { reader.error("id", "\"id\" must not be empty") }
        return id.isEmpty ? nil : id
    }

    private func contexts(_ reader: ObjectReader) -> [JSONValue] {
        guard let list = reader.list("contexts") else { return [] }
        for (index, context) in list.enumerated() where context.objectValue == nil && context.stringValue == nil {
            problems.error(
                "a context must be a string or an object, not \(context.kind)",
                at: reader.place("contexts").appending(index))
        }
        return list
    }

    private func mustPass(_ value: JSONValue, _ reader: ObjectReader) -> Example.MustPass {
        switch value {
        case true: return .bestOfFive
        case false: return .no
        case "always": return .always
        default:
            let found = value.stringValue.map { Quoted.text($0) } ?? value.kind
            reader.error("must_pass", "\"must_pass\" must be true, false or \"always\", not \(found)")
            return .no
        }
    }

    private func checks(_ reader: ObjectReader) -> [CheckSpecification] {
        guard let list = reader.value("checks") else { return shared.checks }
        let (drafts, drops) = checkReader.read(list, at: reader.place("checks"), allowsDrop: true)
        if drafts.isEmpty, drops.isEmpty { return shared.checks }
        var dropped: Set<String> = []
        for drop in drops {
            if !sharedNames.contains(drop.name) {
                guard areSharedChecksSound else { continue }
                problems.error(
                    "the suite has no check \(Quoted.text(drop.name)) to drop", at: drop.source,
                    help: Suggestion.help(
                        for: drop.name, among: shared.checks.map(\.name), saying: "checks of the suite"))
            }
            dropped.insert(drop.name)
        }
        let kept = dropped.isEmpty ? shared.checks : shared.checks.filter { !dropped.contains($0.name) }
        var taken = dropped.isEmpty ? sharedNames : Set(kept.map(\.name))
        let all = kept + CheckNames.assign(drafts, taken: &taken, problems)
        // The suite's own conditions were looked at once, unless this example took something away.
        if areSharedChecksSound {
            CheckNames.validateConditions(all, only: dropped.isEmpty ? all[kept.count...] : all[...], problems)
        }
        return all
    }

    private func reportMissingChecks(_ example: Example) {
        guard areSharedChecksSound, !sharedGates || example.checks.count != shared.checks.count else { return }
        if example.checks.isEmpty {
            problems.error(
                "the example has no check", at: example.source,
                help: "give it \"checks\", or its suite.yaml checks for all")
        } else if example.passWhen == nil, !example.checks.contains(where: \.gating) {
            problems.error("none of the example's checks gates, so it could never fail", at: example.source)
        }
    }
}
