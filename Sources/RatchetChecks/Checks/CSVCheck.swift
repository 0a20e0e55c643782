import RatchetCore
import RatchetJSON

/// `csv`: the output is a table in CSV.
package struct CSVCheck: Check {
    package static let type = "csv"
    package static let documentation = CheckDocumentation(
        .structure, "The output is a table in CSV (RFC 4180), with the wanted columns and rows.",
        details: """
            Fields may be quoted; then they may hold the delimiter, line breaks and doubled quotes. Lines end with LF or CR LF. \
            Every row must have as many fields as the first. Names of columns are compared exactly. In `values` a column is \
            named by its header or, without a header, by its number from 1; a text is a pattern that has to match somewhere \
            in each field, an object may have `type` (`integer`, `number`, `boolean`, or a format of JSON Schema such as \
            `date`), `regex`, `one_of`, `min`, `max`, `empty` (whether a field may be empty; false by default) and `unique`. \
            The reason says where the table stood.
            """,
        options: [
            .init("delimiter", "text", "one ASCII character; `,` by default, `\\t` for a tab"),
            .init("header", "true or false", "whether the first row names the columns; true by default"),
            .init("columns", "list of texts", "the names of the columns"),
            .init("order", "true or false", "whether `columns` come in that order; true by default"),
            .init("extra_columns", "true or false", "whether there may be others than `columns`; false by default"),
            .init("rows", "whole number or {min, max}", "how many rows there are, the header aside"),
            .init("values", "object", "what the fields of a column have to be"),
            .init("trim", "true or false", "removes space around fields; false by default"),
            .init("ragged", "true or false", "whether rows may differ in their number of fields; false by default"),
            FormatBlock.option(default: .fence),
        ],
        samples: [
            .init(
                #"{"csv": {"columns": ["id", "price"], "rows": {"min": 1}, "values": {"price": {"type": "number", "min": 0}}}}"#,
                passes: "id,price\n\"a,b\",1.50\n", fails: "id,price\na,free\n"),
            .init(#""csv""#, passes: "```csv\na,b\n1,2\n```", fails: "a,b\n1\n"),
        ])

    private let delimiter: UInt8
    private let hasHeader: Bool
    private let columns: [String]?
    private let isOrdered: Bool
    private let allowsExtra: Bool
    private let rows: CountRange?
    private let values: [CSVColumn]
    private let trims: Bool
    private let isRagged: Bool
    private let allowed: FormatBlock.Location

    package init?(_ options: CheckOptions) {
        let delimiter = options.text("delimiter") ?? ","
        self.delimiter = delimiter.utf8.first ?? 0
        if delimiter.utf8.count != 1 || "\"\r\n".contains(delimiter) {
            options.report("`delimiter` must be one ASCII character, and no quote or line break", at: "delimiter")
        }
        hasHeader = options.flag("header", default: true)
        isOrdered = options.flag("order", default: true)
        allowsExtra = options.flag("extra_columns", default: false)
        rows = options.range("rows")
        trims = options.flag("trim", default: false)
        isRagged = options.flag("ragged", default: false)
        allowed = options.choice("allow", default: .fence)
        let columns = options.value("columns").flatMap { $0.arrayValue?.compactMap(\.stringValue) }
        self.columns = columns
        if let written = options.value("columns"), written.arrayValue.map({ $0.count != columns?.count || $0.isEmpty }) ?? true {
            options.report("`columns` wants a list of texts", at: "columns")
        }
        if columns != nil, !hasHeader { options.report("`columns` are looked for in the header: `header: false` leaves none", at: "columns") }
        values = Self.values(options, hasHeader: hasHeader)
        if !options.problems.isEmpty { return nil }
    }

    private static func values(_ options: CheckOptions, hasHeader: Bool) -> [CSVColumn] {
        guard let value = options.value("values") else { return [] }
        guard let object = value.objectValue else {
            options.reportWrongKind("values", value, wanted: "an object of columns")
            return []
        }
        for key in object.keys where !hasHeader && (Int(key) ?? 0) < 1 {
            options.report("`values` must number the columns from 1, found \(Excerpt.quoted(key))", at: "values")
        }
        return object.members.compactMap { CSVColumn($0.key, $0.value, options) }
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        guard let block = FormatBlock.find(in: input.subject, languages: ["csv", "tsv"]) else {
            return .lacking("no CSV: the code fences of the output are for other languages")
        }
        guard !block.isBlank else { return .lacking("no CSV: nothing is there \(block.place)") }
        var text = block.text
        let outcome = text.withUTF8 { read(CSVReader($0, delimiter: delimiter, trims: trims), in: block) }
        return block.outcome(of: outcome, allowed: allowed, name: "CSV")
    }

    private func read(_ reader: CSVReader, in block: FormatBlock) -> CheckOutcome {
        var table = CSVTable(values: values, isRagged: isRagged)
        var reader = reader
        do throws(CSVReader.Failure) {
            if hasHeader, let header = try reader.next() {
                if let miss = columnMiss(header.fields) { return .failed(miss) }
                table.begin(header: header.fields)
            }
            while let row = try reader.next(), table.problem == nil { table.read(row, lineOffset: block.lineOffset) }
        } catch {
            return .failed("no CSV: at line \(error.line + block.lineOffset) \(error.message)")
        }
        if let problem = table.problem { return problem }
        if let rows, !rows.contains(table.rowCount) {
            return .failed("\(table.rowCount) rows \(block.place), wanted \(rows.description)")
        }
        return .passed("CSV \(block.place): \(table.width) columns, \(table.rowCount) rows")
    }

    private func columnMiss(_ header: [String]) -> String? {
        let known = Set(header)
        if let missing = values.first(where: { !known.contains($0.name) }) {
            return "no column \(Excerpt.quoted(missing.name)) among \(Self.shown(header))"
        }
        guard let columns else { return nil }
        let wanted = "wanted \(Self.shown(columns))"
        if let missing = columns.first(where: { !known.contains($0) }) {
            return "found the columns \(Self.shown(header)), \(wanted): \(Excerpt.quoted(missing)) is missing"
        }
        let wantedSet = Set(columns)
        if !allowsExtra, header.count > columns.count || !known.isSubset(of: wantedSet) {
            let extra = header.first { !wantedSet.contains($0) }.map { "\(Excerpt.quoted($0)) is one more" } ?? "one is there twice"
            return "found the columns \(Self.shown(header)), \(wanted): \(extra)"
        }
        var rest = columns[...]
        for name in header where name == rest.first { rest = rest.dropFirst() }
        return isOrdered && !rest.isEmpty ? "found the columns \(Self.shown(header)), \(wanted) in that order" : nil
    }

    private static func shown(_ names: [String]) -> String {
        names.prefix(20).map { Excerpt.quoted($0, limit: 40) }.joined(separator: ", ") + (names.count > 20 ? ", …" : "")
    }
}

/// What is known of a table while its rows go by.
private struct CSVTable {
    private let values: [CSVColumn]
    private let isRagged: Bool
    private(set) var width = 0
    private(set) var rowCount = 0
    /// The first thing that is wrong.
    private(set) var problem: CheckOutcome?
    private var hasWidth = false
    /// For each of `values` the place of its column.
    private var places: [Int]
    private var seen: [Set<String>]

    init(values: [CSVColumn], isRagged: Bool) {
        self.values = values
        self.isRagged = isRagged
        places = values.map { (Int($0.name) ?? 1) - 1 }
        seen = values.map { _ in [] }
    }

    mutating func begin(header: [String]) {
        (width, hasWidth) = (header.count, true)
        places = values.map { value in header.firstIndex(of: value.name) ?? 0 }
    }

    mutating func read(_ row: CSVReader.Row, lineOffset: Int) {
        rowCount += 1
        if !hasWidth { (width, hasWidth) = (row.fields.count, true) }
        let place = { [rowCount] in "row \(rowCount) (line \(row.line + lineOffset))" }
        if !isRagged, row.fields.count != width {
            problem = .failed("\(place()) has \(row.fields.count) fields, wanted \(width) as in the first row")
            return
        }
        for (number, column) in values.enumerated() {
            let field = places[number] < row.fields.count ? row.fields[places[number]] : ""
            let found = { "\(place()), column \(Excerpt.quoted(column.name, limit: 40)): found \(Excerpt.quoted(field, limit: 80))" }
            switch column.miss(field) {
            case .wanted(let wanted): problem = .failed("\(found()), wanted \(wanted)")
            case .limit(let reason): problem = .errored(reason)
            case nil:
                if column.isUnique, !field.isEmpty, !seen[number].insert(field).inserted {
                    problem = .failed("\(found()) a second time")
                }
            }
            if problem != nil { return }
        }
    }
}
