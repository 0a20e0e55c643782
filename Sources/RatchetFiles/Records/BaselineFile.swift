import RatchetCore
import RatchetJSON

/// Baselines as they lie in git: `baselines/<suite>.jsonl`, or `baselines/<suite>.<name>.jsonl` for a named one.
///
/// One record a line, sorted by id, a blank line between two: git then merges most changes of two branches by itself.
package struct BaselineFile: Sendable {
    package let folder: ProjectFolder

    package init(_ folder: ProjectFolder) { self.folder = folder }

    /// Relative to the project.
    package static func path(suite: String, name: String? = nil) -> String { stem(suite, name) + ".jsonl" }

    /// The accepted run's aggregates.
    package static func metricsPath(suite: String, name: String? = nil) -> String {
        stem(suite, name) + ".metrics.json"
    }

    /// Where an accepted prompt's content is kept; `hash` with or without `sha256:`.
    package static func promptPath(hash: String) -> String {
        "baselines/prompts/" + (hash.split(separator: ":").last.map(String.init) ?? hash) + ".md"
    }

    private static func stem(_ suite: String, _ name: String?) -> String {
        "baselines/" + suite + (name.map { ".\($0)" } ?? "")
    }

    /// The baselines that there are, by suite and name.
    package func all() -> [(suite: String, name: String?)] {
        folder.list("baselines").compactMap { file in
            guard file.hasSuffix(".jsonl") else { return nil }
            let parts = file.dropLast(".jsonl".count).split(separator: ".", omittingEmptySubsequences: false).map(
                String.init)
            guard (1...2).contains(parts.count), parts.allSatisfy(Name.isValid) else { return nil }
            return (parts[0], parts.count == 2 ? parts[1] : nil)
        }
    }

    /// - Returns: `nil` without a diagnostic when there is no such file.
    package func read(suite: String, name: String? = nil) -> (baseline: Baseline?, diagnostics: [Diagnostic]) {
        let file = Self.path(suite: suite, name: name)
        guard FileSystem.kind(folder.path(file)) != nil else { return (nil, []) }
        let problems = Problems()
        guard let content = SourceFile.read(file, in: folder, problems) else { return (nil, problems.diagnostics) }
        let baseline = Self.parse(content, suite: suite, name: name, problems)
        return (problems.hasErrors ? nil : baseline, problems.diagnostics)
    }

    /// Reads a baseline from any bytes: one of another commit, say.
    package static func read(
        _ bytes: [UInt8], file: String, suite: String, name: String? = nil
    ) -> (baseline: Baseline?, diagnostics: [Diagnostic]) {
        let problems = Problems()
        guard let content = SourceFile.check(bytes, file, problems) else { return (nil, problems.diagnostics) }
        let baseline = parse(content, suite: suite, name: name, problems)
        return (problems.hasErrors ? nil : baseline, problems.diagnostics)
    }

    /// The suite that a baseline's first line says it is of; `nil` when that is no such line.
    package static func suite(of bytes: [UInt8]) -> String? {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        guard let header = try? JSONValue(parsing: line), header["format"]?.stringValue == Baseline.format else { return nil }
        return header["suite"]?.stringValue
    }

    /// Writes the file whole.
    ///
    /// - Parameter writer: the program and its version, `ratchet 0.1.0`.
    /// - Returns: the path, relative to the project.
    @discardableResult
    package func write(_ baseline: Baseline, writer: String) throws(FileSystem.Failure) -> String {
        let file = Self.path(suite: baseline.suite, name: baseline.name)
        try AtomicFile.write(Self.bytes(of: baseline, writer: writer), to: folder.path(file))
        return file
    }

    package static func bytes(of baseline: Baseline, writer: String) -> [UInt8] {
        let header: JSONValue = [
            "format": .string(Baseline.format), "suite": .string(baseline.suite), "written_by": .string(writer),
            "on_conflict": .string(BaselineRecordReader.conflictHelp),
        ]
        var bytes: [UInt8] = []
        header.append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        for record in baseline.records.sorted(by: { $0.id < $1.id }) {
            bytes.append(UInt8(ascii: "\n"))
            record.json.append(to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// - Returns: `nil` when there is none, or none that can be read.
    package func readMetrics(suite: String, name: String? = nil) -> (metrics: JSONValue?, diagnostics: [Diagnostic]) {
        let file = Self.metricsPath(suite: suite, name: name)
        guard FileSystem.kind(folder.path(file)) != nil else { return (nil, []) }
        let problems = Problems()
        guard let content = SourceFile.read(file, in: folder, problems) else { return (nil, problems.diagnostics) }
        do throws(JSONSyntaxError) {
            return (try JSONValue(parsing: content.bytes), problems.diagnostics)
        } catch {
            problems.error(error.message, at: SourceReference(file: file, line: error.line, column: error.column))
            return (nil, problems.diagnostics)
        }
    }

    package func writeMetrics(_ metrics: JSONValue, suite: String, name: String? = nil) throws(FileSystem.Failure) {
        try AtomicFile.write(
            metrics.serialized(.pretty) + "\n", to: folder.path(Self.metricsPath(suite: suite, name: name)))
    }

    /// Keeps an accepted prompt's content, once.
    package func store(_ prompt: Prompt) throws(FileSystem.Failure) {
        let path = folder.path(Self.promptPath(hash: prompt.hash))
        if FileSystem.kind(path) == nil { try AtomicFile.write(prompt.content, to: path) }
    }

    /// The kept content of an accepted prompt, as the prompt it was.
    package func storedPrompt(_ reference: PromptReference, hash: String) -> (
        prompt: Prompt?, diagnostics: [Diagnostic]
    ) {
        let file = Self.promptPath(hash: hash)
        guard FileSystem.kind(folder.path(file)) != nil else { return (nil, []) }
        let problems = Problems()
        guard let content = SourceFile.read(file, in: folder, problems) else { return (nil, problems.diagnostics) }
        let prompt = PromptReader(folder: folder, problems: problems).prompt(
            content, id: reference.id, version: reference.version)
        return (problems.hasErrors ? nil : prompt, problems.diagnostics)
    }
}

extension BaselineFile {
    private static func parse(_ file: SourceFile, suite: String, name: String?, _ problems: Problems) -> Baseline? {
        if let line = conflictLine(in: file.bytes) {
            problems.error(
                "the file holds a merge conflict", at: SourceReference(file: file.name, line: line),
                help: BaselineRecordReader.conflictHelp)
            return nil
        }
        let reader = BaselineRecordReader(suite: suite, problems: problems)
        var records: [BaselineRecord] = []
        var lines: [String: Int] = [:]
        var isFirst = true
        JSONLines.forEach(in: file, problems) { line, row in
            let source = SourceReference(file: file.name, .value(document: line, .root))
            if isFirst {
                isFirst = false
                reader.checkHeader(row, at: source)
            } else if let record = reader.read(row, at: source) {
                if let first = lines.updateValue(line, forKey: record.id) {
                    problems.error(
                        "the record \(Quoted.text(record.id)) is there twice", at: source.appending("id"),
                        help: "the other is in line \(first); \(BaselineRecordReader.conflictHelp)")
                }
                records.append(record)
            }
        }
        if isFirst, !problems.hasErrors {
            problems.error(
                "the file is empty", at: SourceReference(file: file.name),
                help: "restore it from git, or remove it and accept anew")
        }
        return Baseline(suite: suite, name: name, records: records)
    }

    private static func conflictLine(in bytes: [UInt8]) -> Int? {
        let markers = ["<<<<<<< ", ">>>>>>> ", "||||||| ", "======="].map { Array($0.utf8) }
        var found: Int?
        JSONLines.forEachLine(of: bytes) { line, row in
            if found == nil, markers.contains(where: row.starts) { found = line }
        }
        return found
    }
}

extension BaselineRecord {
    /// The record as a line of the file shows it; what is unknown is left out.
    package var json: JSONValue {
        var object: JSONObject = [
            "id": .string(id), "example": .string(exampleHash), "checks": Self.sorted(checks) { .string($0) },
        ]
        object["prompt"] = prompt.map { .string($0) }
        object["prompt_hash"] = promptHash.map { .string($0) }
        object["target"] = .string(target)
        object["params"] = .string(paramsHash)
        object["batches"] = .array(batches.map(\.json))
        object["output"] = output.map { .string($0) }
        object["stale"] = staleReason.map { .string($0) }
        return .object(object)
    }

    static func sorted<Value>(_ members: [String: Value], _ json: (Value) -> JSONValue) -> JSONValue {
        .object(JSONObject(members.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) }))
    }
}

extension BaselineBatch {
    package var json: JSONValue {
        var object: JSONObject = ["id": .string(id)]
        object["run"] = run.map { .string($0) }
        object["date"] = .string(date)
        object["commit"] = commit.map { .string($0) }
        object["kind"] = .string(kind.rawValue)
        object["passes"] = .int(passes)
        object["trials"] = .int(trials)
        object["by_check"] = BaselineRecord.sorted(passesByCheck) { .int($0) }
        object["scores"] = scores.map { .array($0.map { .double($0) }) }
        return .object(object)
    }
}
