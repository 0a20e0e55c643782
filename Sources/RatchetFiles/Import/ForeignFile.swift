import RatchetCore
import RatchetJSON

/// A file of another tool, as rows or as one value.
struct ForeignFile {
    struct Row {
        var value: JSONValue
        /// The line it begins at, where that is known.
        var line: Int?
    }

    enum Content {
        /// JSON lines, a table, or a JSON list.
        case rows([Row])
        /// One object: a configuration.
        case object(JSONObject)
    }

    let path: String
    /// As the user named it.
    let name: String
    let content: Content
    /// Whether rows are of a table, whose cells are all text.
    let isTable: Bool

    private static let tables: [String: UInt8] = ["csv": UInt8(ascii: ","), "tsv": UInt8(ascii: "\t")]

    /// - Throws: `DiagnosticsError` for a file that cannot be read or is none of these.
    init(path: String, name: String) throws {
        self.path = path
        self.name = name
        let problems = Problems()
        let bytes: [UInt8]
        do { bytes = try FileSystem.read(path) } catch {
            throw DiagnosticsError([Diagnostic("cannot read \(Quoted.text(name)): \(error)")])
        }
        let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        if let delimiter = Self.tables[ending] {
            isTable = true
            content = .rows(try Self.table(bytes, delimiter, name))
            return
        }
        isTable = false
        // What other tools write is read as it is: a byte order mark or CR LF is no reason to refuse it.
        guard let file = SourceFile.check(Self.plain(bytes), name, problems) else { throw DiagnosticsError(problems.diagnostics) }
        let first = file.bytes.first { $0 > 0x20 }
        let isJSON = ["json", "jsonl", "ndjson"].contains(ending) || first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        if isJSON, !["jsonl", "ndjson"].contains(ending), let whole = try? JSONValue(parsing: file.bytes) {
            content = Self.content(whole)
        } else if isJSON {
            var rows: [Row] = []
            JSONLines.forEach(in: file, problems) { rows.append(Row(value: $1, line: $0)) }
            guard !problems.hasErrors else { throw DiagnosticsError(problems.diagnostics) }
            content = .rows(rows)
        } else if let value = YAMLReader.read(file.text, file: name, problems) {
            content = Self.content(value)
        } else {
            throw DiagnosticsError(problems.diagnostics)
        }
    }

    private static func plain(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard bytes.contains(0x0D) else { return bytes }
        return bytes.enumerated().filter { !($1 == 0x0D && $0 + 1 < bytes.count && bytes[$0 + 1] == 0x0A) }.map(\.element)
    }

    private static func content(_ value: JSONValue) -> Content {
        switch value {
        case .array(let list): .rows(list.map { Row(value: $0, line: nil) })
        case .object(let object): .object(object)
        default: .rows([Row(value: value, line: 1)])
        }
    }

    private static func table(_ bytes: [UInt8], _ delimiter: UInt8, _ name: String) throws -> [Row] {
        try bytes.withUnsafeBufferPointer { buffer in
            var reader = CSVReader(buffer, delimiter: delimiter, trims: false)
            do throws(CSVReader.Failure) {
                guard let head = try reader.next() else { return [] }
                var rows: [Row] = []
                while let row = try reader.next() {
                    if row.fields.allSatisfy(\.isEmpty) { continue }
                    var object: JSONObject = [:]
                    for (place, field) in row.fields.enumerated() {
                        let key = place < head.fields.count ? head.fields[place] : "column \(place + 1)"
                        if !field.isEmpty { object[key] = .string(field) }
                    }
                    rows.append(Row(value: .object(object), line: row.line))
                }
                return rows
            } catch {
                throw DiagnosticsError([Diagnostic(.error, at: SourceReference(file: name, line: error.line), error.message)])
            }
        }
    }
}
