import RatchetCore
import RatchetJSON

/// Which prompt versions are where: `prompts/labels.yaml`, one committed file that an application can read without Ratchet.
///
/// ```yaml
/// version: 1
/// prompts:
///   support-answer:
///     production: {version: 1.0.0}
///     canary: {version: 1.1.0, percent: 5}
/// ```
package struct PromptLabels: Hashable, Sendable {
    package static let file = "prompts/labels.yaml"
    package static let production = "production"
    package static let canary = "canary"

    package struct Assignment: Hashable, Sendable {
        package var version: String
        /// The share of keys that get it instead of production, in 0...100; `nil` for a label that is asked for by name alone.
        package var percent: Double?

        package init(version: String, percent: Double? = nil) {
            self.version = version
            self.percent = percent
        }
    }

    /// By prompt and label.
    package var prompts: [String: [String: Assignment]] = [:]

    package init() {}

    /// - Returns: No labels where there is no such file.
    package static func read(_ folder: ProjectFolder, _ problems: Problems) -> PromptLabels {
        guard FileSystem.kind(folder.path(file)) != nil, let content = SourceFile.read(file, in: folder, problems),
            let value = YAMLReader.read(content.text, file: file, problems)
        else { return PromptLabels() }
        let source = SourceReference(file: file, .value(document: 1, .root))
        var labels = PromptLabels()
        guard let reader = ObjectReader(value, at: source, as: "labels.yaml", keys: ["version", "prompts"], problems) else { return labels }
        if reader.value("version") != 1 { reader.error("version", "labels.yaml has to begin with version: 1") }
        for (id, value) in reader.object("prompts")?.members ?? [] {
            let place = reader.place("prompts").appending(id)
            for (label, value) in value.objectValue?.members ?? [] {
                guard Name.isValid(label) else {
                    problems.error("\(Quoted.text(label)) is no label", at: place.appending(label).key, help: Name.rule)
                    continue
                }
                guard let entry = ObjectReader(value, at: place.appending(label), as: "a label", keys: ["version", "percent"], problems),
                    entry.require("version"), let version = entry.stringOrNumber("version")
                else { continue }
                labels.prompts[id, default: [:]][label] = Assignment(version: version, percent: entry.number("percent", in: 0...100))
            }
        }
        return labels
    }

    package func write(_ folder: ProjectFolder) throws(FileSystem.Failure) { try AtomicFile.write(text, to: folder.path(Self.file)) }

    package var text: String {
        var lines = ["# Which prompt versions are where. Written by: ratchet prompt promote, ratchet prompt rollback.", "version: 1", "prompts:"]
        for (id, labels) in prompts.sorted(by: { $0.key < $1.key }) where !labels.isEmpty {
            lines.append("  \(id):")
            for (label, assignment) in labels.sorted(by: { $0.key < $1.key }) {
                let percent = assignment.percent.map { ", percent: \(JSONNumber($0).literal)" } ?? ""
                // In quotes: other readers take 1.0 for a number.
                lines.append("    \(label): {version: \(YAMLText.quoted(assignment.version))\(percent)}")
            }
        }
        if prompts.allSatisfy(\.value.isEmpty) { lines[2] = "prompts: {}" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What a key gets: the canary's version for its share of the keys, else production's.
    ///
    /// A key is in the share when the first 32 bits of SHA-256 over `id:key`, as a share of 2^32, are below it. The same key always gets
    /// the same; a share that grows keeps all that were in it.
    ///
    /// - Parameter key: A user or a conversation; without one nobody is in a canary.
    package func resolve(_ id: String, label: String, key: String?) -> (label: String, version: String)? {
        guard let labels = prompts[id] else { return nil }
        if label == Self.production, let key, let canary = labels[Self.canary], let percent = canary.percent, Self.share(id, key) * 100 < percent {
            return (Self.canary, canary.version)
        }
        return labels[label].map { (label, $0.version) }
    }

    /// In 0..<1.
    static func share(_ id: String, _ key: String) -> Double {
        let digits = Digest.sha256("\(id):\(key)").dropFirst("sha256:".count).prefix(8)
        return Double(UInt32(digits, radix: 16) ?? 0) / 4_294_967_296
    }

    /// Labels that name no version that there is.
    package func problems(_ prompts: [String: [Prompt]]) -> [Diagnostic] {
        let root = SourceReference(file: Self.file, .value(document: 1, .root)).appending("prompts")
        return self.prompts.sorted { $0.key < $1.key }.flatMap { id, labels in
            labels.sorted { $0.key < $1.key }.compactMap { label, assignment -> Diagnostic? in
                guard prompts[id]?.contains(where: { $0.version == assignment.version }) != true else { return nil }
                return Diagnostic(
                    .error, at: root.appending(id).appending(label), "\(label) points to \(id)@\(assignment.version), which is not there",
                    help: "put the version back, or move the label: ratchet prompt rollback \(id)")
            }
        }
    }
}

/// Versions that were released, with the hash of what was released: `prompts/released.lock`, one a line, sorted. Their files do not change
/// any more.
package struct ReleasedPrompts: Sendable {
    package static let file = "prompts/released.lock"

    /// Hashes by `id@version`.
    package var hashes: [String: String] = [:]

    package init() {}

    package static func read(_ folder: ProjectFolder, _ problems: Problems) -> ReleasedPrompts {
        var released = ReleasedPrompts()
        guard FileSystem.kind(folder.path(file)) != nil, let content = SourceFile.read(file, in: folder, problems) else { return released }
        for (place, line) in content.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            guard words.count == 2, words[0].contains("@"), words[1].hasPrefix("sha256:") else {
                problems.error("this line is no released version: \(Quoted.text(String(line)))", at: SourceReference(file: file, line: place + 1), help: "ID@VERSION sha256:…")
                continue
            }
            released.hashes[String(words[0])] = String(words[1])
        }
        return released
    }

    package func write(_ folder: ProjectFolder) throws(FileSystem.Failure) {
        let lines = hashes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
        try AtomicFile.write("# Released prompt versions; ratchet check holds their files to it.\n" + lines, to: folder.path(Self.file))
    }

    /// Released versions whose file is another one now, or gone.
    package func problems(_ prompts: [String: [Prompt]]) -> [Diagnostic] {
        let all = Dictionary(prompts.values.joined().map { ($0.reference.description, $0) }, uniquingKeysWith: { first, _ in first })
        return hashes.sorted { $0.key < $1.key }.compactMap { name, hash -> Diagnostic? in
            guard let prompt = all[name] else {
                return Diagnostic(.error, at: SourceReference(file: Self.file), "\(name) was released, and its file is gone", help: "put it back: records and logs name it")
            }
            guard prompt.hash != hash else { return nil }
            return Diagnostic(
                .error, at: SourceReference(file: prompt.source.file), "\(name) was released and has changed since",
                help: "put it back, and make the change in a new version: ratchet prompt new \(prompt.id)")
        }
    }
}

/// One line of `prompts/history.jsonl`: who moved a label, when, why, and on what evidence.
package struct PromptMove: Hashable, Sendable {
    package static let file = "prompts/history.jsonl"

    package var time: String
    package var prompt: String
    package var label: String
    package var from: String?
    /// `nil` when the label was taken away.
    package var to: String?
    package var percent: Double?
    package var by: String?
    /// The gate runs behind it, by suite: id, exit and how many overrides it passed with.
    package var evidence: [JSONValue]
    /// Why it was moved without evidence.
    package var reason: String?

    package init(
        time: String, prompt: String, label: String, from: String?, to: String?, percent: Double?, by: String?, evidence: [JSONValue], reason: String?
    ) {
        self.time = time
        self.prompt = prompt
        self.label = label
        self.from = from
        self.to = to
        self.percent = percent
        self.by = by
        self.evidence = evidence
        self.reason = reason
    }

    package var json: JSONValue {
        [
            "time": .string(time), "prompt": .string(prompt), "label": .string(label), "from": .optional(from), "to": .optional(to),
            "percent": .double(percent), "by": .optional(by), "evidence": .array(evidence), "reason": .optional(reason),
        ]
    }

    package static func read(_ folder: ProjectFolder, _ problems: Problems) -> [PromptMove] {
        guard FileSystem.kind(folder.path(file)) != nil, let content = SourceFile.read(file, in: folder, problems) else { return [] }
        var moves: [PromptMove] = []
        JSONLines.forEach(in: content, problems) { line, row in
            guard let prompt = row["prompt"]?.stringValue, let label = row["label"]?.stringValue, let time = row["time"]?.stringValue else {
                return problems.error("this line is no move of a label", at: SourceReference(file: file, line: line))
            }
            moves.append(
                PromptMove(
                    time: time, prompt: prompt, label: label, from: row["from"]?.stringValue, to: row["to"]?.stringValue,
                    percent: row["percent"]?.doubleValue, by: row["by"]?.stringValue, evidence: row["evidence"]?.arrayValue ?? [],
                    reason: row["reason"]?.stringValue))
        }
        return moves
    }

    /// Appends it to the file.
    package func record(_ folder: ProjectFolder) throws(FileSystem.Failure) {
        let path = folder.path(Self.file)
        var bytes = FileSystem.kind(path) == nil ? [] : try FileSystem.read(path)
        if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
        try AtomicFile.write(bytes + Array((json.serialized(.compact) + "\n").utf8), to: path)
    }
}
