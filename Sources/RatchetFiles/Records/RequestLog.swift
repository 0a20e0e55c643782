import RatchetCore
import RatchetJSON

/// A log of production requests, one JSON object a line, from which `suite add` takes examples.
package enum RequestLog {
    package struct Entry: Sendable {
        package var traceID: String
        package var time: String?
        /// `id@version` as it was logged.
        package var prompt: String?
        package var input: JSONValue
        package var output: String?
        package var contexts: [JSONValue]
        package var toolCalls: [ToolCall]
        package var model: String?
        package var params: JSONObject
        package var usage: Usage?
        /// Milliseconds.
        package var latency: Double?
        package var timeToFirstToken: Double?
        /// "up", "down", or whatever the log's writer uses.
        package var thumb: String?
        /// The answer as a person corrected it.
        package var edit: String?
        package var route: String?
        package var segment: String?
        package var source: SourceReference
    }

    private static let keys = [
        "trace_id", "time", "prompt", "input", "output", "contexts", "tool_calls", "model", "params", "usage",
        "latency_ms",
        "ttft_ms", "feedback", "route", "segment",
    ]

    /// The request with that trace id; an error when there is none, or two, or when its line cannot be read. Other lines are
    /// not looked at.
    ///
    /// - Parameter file: relative to the project, or absolute.
    package static func find(trace: String, in file: String, _ folder: ProjectFolder) -> (
        entry: Entry?, diagnostics: [Diagnostic]
    ) {
        let problems = Problems()
        guard let content = SourceFile.read(file, in: folder, problems) else { return (nil, problems.diagnostics) }
        let wanted = Array(JSONValue.string(trace).serialized().utf8.dropFirst().dropLast())
        var found: [(line: Int, row: JSONValue)] = []
        JSONLines.forEachLine(of: content.bytes) { line, bytes in
            // Parsing is for the lines that can hold it: those with the text, or with escapes that could spell it.
            guard contains(bytes, wanted) || bytes.contains(UInt8(ascii: "\\")) else { return }
            let silent = contains(bytes, wanted) ? problems : Problems()
            guard let row = JSONLines.parse(bytes, line, in: file, silent),
                row.objectValue?["trace_id"]?.stringValue == trace
            else { return }
            found.append((line, row))
        }
        guard let first = found.first, found.count == 1 else {
            let lines = found.map { "\($0.line)" }.joined(separator: ", ")
            problems.error(
                found.isEmpty
                    ? "there is no request with the trace \(Quoted.text(trace))"
                    : "the trace \(Quoted.text(trace)) is there \(found.count) times, in lines \(lines)",
                at: SourceReference(file: file, line: found.first?.line ?? 1))
            return (nil, problems.diagnostics)
        }
        let source = SourceReference(file: file, .value(document: first.line, .root))
        let entry = entry(first.row, trace, at: source, problems)
        return (problems.hasErrors ? nil : entry, problems.diagnostics)
    }

    private static func entry(_ row: JSONValue, _ trace: String, at source: SourceReference, _ problems: Problems)
        -> Entry?
    {
        // A log may say more than we read.
        guard
            let reader = ObjectReader(
                row, at: source, as: "a request", keys: keys + (row.objectValue?.keys ?? []), problems),
            reader.require("input"), let input = reader.value("input")
        else { return nil }
        let feedback = reader.value("feedback").flatMap { value in
            ObjectReader(
                value, at: reader.place("feedback"), as: "feedback", keys: value.objectValue?.keys ?? [], problems)
        }
        return Entry(
            traceID: trace, time: reader.string("time"), prompt: reader.text("prompt"), input: input,
            output: reader.string("output"), contexts: reader.list("contexts") ?? [],
            toolCalls: AnswerReader.toolCalls(reader), model: reader.text("model"),
            params: reader.object("params") ?? [:],
            usage: AnswerReader.usage(reader), latency: reader.number("latency_ms"),
            timeToFirstToken: reader.number("ttft_ms"), thumb: feedback?.string("thumb"),
            edit: feedback?.string("edit"),
            route: reader.string("route"), segment: reader.string("segment"), source: source)
    }

    private static func contains(_ bytes: ArraySlice<UInt8>, _ pattern: [UInt8]) -> Bool {
        guard let first = pattern.first, bytes.count >= pattern.count else { return pattern.isEmpty }
        for start in bytes.startIndex...(bytes.endIndex - pattern.count) where bytes[start] == first {
            if bytes[start..<(start + pattern.count)].elementsEqual(pattern) { return true }
        }
        return false
    }
}
