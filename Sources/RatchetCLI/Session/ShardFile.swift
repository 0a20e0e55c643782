import RatchetCore
import RatchetFiles
import RatchetStore

/// The file that a shard has written: a store with one run.
struct ShardFile: Sendable {
    /// As it was named on the command line.
    let name: String
    private let path: String
    let header: RunHeader
    let description: ShardDescription

    var run: String { header.id }
    var shard: Shard { description.shard }
    /// Of all that its trials say; `read` has made sure of it.
    var digest: String { description.digest ?? "" }

    /// Opened for as long as it is needed: there may be more files than a process may have open.
    func store() throws(StoreError) -> Store { try Store(path: path, access: .readOnly) }

    /// - Throws: `DiagnosticsError` with 65, with the file's name, for whatever is no shard or not whole.
    static func read(_ name: String, at path: String) throws -> ShardFile {
        func refuse(_ problem: String, _ help: String? = nil) -> DiagnosticsError {
            DiagnosticsError([Diagnostic("\(name): \(problem)", help: help)])
        }
        switch FileSystem.kind(path) {
        case .file?: break
        case nil: throw refuse("there is no such file", "name the files that ratchet run --shard has written")
        default: throw refuse("this is no file", "name the files that ratchet run --shard has written")
        }
        let again = "run that shard again, or copy its file again"
        do {
            let store = try Store(path: path, access: .readOnly)
            let runs = try store.runs(limit: 2)
            guard runs.count == 1, let header = runs.first?.header, let description = header.shard, let digest = description.digest else {
                throw refuse("this is a database of ratchet, and not one that ratchet run --shard has written")
            }
            guard try store.digest(run: header.id) == digest else {
                throw refuse("its trials are not those that the shard has written", again)
            }
            return ShardFile(name: name, path: path, header: header, description: description)
        } catch let error as StoreError {
            switch error.kind {
            case .newer, .older:
                throw refuse("it was written by another version of ratchet", "all shards and the gate must be of the same version")
            case .corrupt: throw refuse("it is damaged, or no file that ratchet run --shard has written", again)
            default: throw refuse("it can't be read: \(error.message)")
            }
        }
    }
}

/// All by which two parts are known to be of the same whole, in words.
struct WholeIdentity: Hashable {
    private struct Part: Hashable {
        var name: String
        var value: String
        /// Whether a person can do something with the value.
        var isShown = true
    }

    private let parts: [Part]

    init(_ header: RunHeader, _ description: ShardDescription) {
        let selection = description.selection
        let asked = selection.suites + selection.only.map { "--only \($0)" } + selection.tags.map { "--tag \($0)" }
        var parts = [
            Part(name: "the version of ratchet", value: header.version),
            Part(name: "the number of shards", value: String(description.shard.count)),
            Part(name: "the commit", value: description.commit.map { String($0.prefix(12)) } ?? "none"),
            Part(name: "the commit it is held against", value: description.base.map { String($0.prefix(12)) } ?? "none"),
            Part(name: "what was selected", value: asked.isEmpty ? "everything" : asked.joined(separator: " ")),
            Part(name: "the baseline's name", value: description.baseline ?? "the suite's own"),
            Part(name: "the list of suites", value: header.suites.map(\.suite).joined(separator: " ")),
        ]
        for suite in header.suites {
            let name = suite.suite
            parts += [
                Part(name: "the target of \(name)", value: suite.target),
                Part(name: "the prompt of \(name)", value: suite.prompt ?? "none"),
                Part(name: "the text of the prompt of \(name)", value: suite.promptHash ?? "none", isShown: false),
                Part(name: "the parameters of \(name)", value: suite.paramsHash, isShown: false),
                Part(name: "the number of trials of \(name)", value: String(suite.trials)),
                Part(name: "the baseline of \(name)", value: description.baselineHashes[name] ?? "none", isShown: false),
            ]
        }
        // These follow from much that was named before, so they come last.
        parts += [
            Part(name: "an example or a check", value: description.planKey, isShown: false),
            Part(name: "the seed", value: String(header.seed)),
        ]
        self.parts = parts
    }

    /// The first thing in which it is not as the other: `the target of support is lab/new, there lab/old`.
    ///
    /// - Parameter place: Where the other is, for the reader.
    func difference(from other: WholeIdentity, place: String = "there") -> String {
        for part in parts {
            guard let value = other.parts.first(where: { $0.name == part.name })?.value, value != part.value else { continue }
            return part.isShown ? "\(part.name) is \(part.value), \(place) \(value)" : "\(part.name) is not the same"
        }
        return "its suites are not the same"
    }
}
