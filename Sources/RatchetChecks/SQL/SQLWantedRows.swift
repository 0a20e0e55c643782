import RatchetCore
import RatchetJSON

/// The rows that `sql` wants, and how they are compared.
struct SQLWantedRows: Sendable {
    private let columns: [String]?
    private let width: Int?
    private let rowCount: Int
    private let comparison: JSONComparison

    /// Reads `expected_query` and `rows`, of which one may be there; what is wrong is reported.
    init?(_ options: CheckOptions, _ fixture: SQLFixture) {
        let names = ["expected_query", "rows"].filter { options.value($0) != nil }
        let needsRows = ["order", "column_names", "tolerance"].filter { options.value($0) != nil }
        if names.count > 1 { options.report("`expected_query` and `rows` exclude each other", at: "rows") }
        if names.isEmpty, let name = needsRows.first {
            options.report("`\(name)` says how rows are compared, and there is no `expected_query` and no `rows`", at: name)
        }
        var rules = JSONComparison.Rules()
        rules.tolerance = options.tolerance("tolerance")
        if !options.flag("order", default: false), let all = try? JSONPath("$", regex: PCRE2JSONRegexEngine()) { rules.unorderedLists = [all] }
        let comparesNames = options.flag("column_names", default: false)
        guard let name = names.first, let wanted = options.wanted(name) else { return nil }
        let found = name == "rows" ? Self.rows(wanted.value, options) : Self.rows(ofQuery: wanted.value, fixture, options)
        guard let found else { return nil }
        if comparesNames, found.columns.isEmpty {
            options.report("`column_names` needs rows that are objects", at: "column_names")
            return nil
        }
        columns = comparesNames ? found.columns : nil
        width = found.rows.first?.arrayValue?.count ?? (found.columns.isEmpty ? nil : found.columns.count)
        rowCount = found.rows.count
        do throws(JSONPathError) {
            comparison = try JSONComparison(wanted: .array(found.rows), rules: rules)
        } catch {
            options.report("the wanted rows cannot be compared: \(error.message)", at: name)
            return nil
        }
    }

    private static func rows(ofQuery value: JSONValue, _ fixture: SQLFixture, _ options: CheckOptions) -> SQLRows? {
        guard let query = value.stringValue else {
            options.reportWrongKind("expected_query", value, wanted: "SQL")
            return nil
        }
        do throws(SQLError) {
            let connection = try fixture.connect([.select])
            let statements = try connection.statements(in: query)
            guard let statement = statements.first, statements.count == 1, !statement.isExplanation, statement.parameterCount == 0 else {
                options.report("`expected_query` must be one SELECT without parameters", at: "expected_query")
                return nil
            }
            return try connection.rows(of: statement)
        } catch {
            let message = error.kind == .refused ? "it holds \(error.message), and must be one SELECT" : error.message
            options.report("`expected_query` cannot be run: \(Excerpt.oneLine(message))", at: "expected_query")
            return nil
        }
    }

    /// Rows as a suite writes them: lists of values, or objects that all have the same names.
    private static func rows(_ value: JSONValue, _ options: CheckOptions) -> SQLRows? {
        let value = value.stringValue.flatMap { try? JSONValue(parsing: $0, options: .lenient) } ?? value
        guard let written = value.arrayValue else {
            options.reportWrongKind("rows", value, wanted: "a list of rows")
            return nil
        }
        let columns = written.first?.objectValue?.keys ?? []
        var rows: [JSONValue] = []
        for (number, row) in written.enumerated() {
            let fields = columns.isEmpty ? row.arrayValue : row.objectValue.flatMap { object in
                object.count == columns.count ? columns.compactMap { object[$0] } : nil
            }
            guard let fields, fields.count == rows.first?.arrayValue?.count ?? fields.count, !fields.isEmpty else {
                options.report("row \(number + 1) of `rows` is not like the first: \(columns.isEmpty ? "a list of as many values" : "an object with the same names")", at: "rows")
                return nil
            }
            // SQLite has no booleans: they are 1 and 0.
            rows.append(.array(fields.map { $0.boolValue.map { $0 ? 1 : 0 } ?? $0 }))
        }
        return SQLRows(columns: columns, rows: rows)
    }

    func outcome(of found: SQLRows, place: String) -> CheckOutcome {
        let count = found.rows.count == 1 ? "1 row" : "\(found.rows.count) rows"
        if let columns, columns != found.columns {
            return .failed("the SQL \(place) gives the columns \(Self.shown(found.columns)), wanted \(Self.shown(columns))")
        }
        if let width, width != found.columns.count {
            return .failed("the SQL \(place) gives \(found.columns.count) columns (\(Self.shown(found.columns))), wanted \(width)")
        }
        do throws(JSONPathError) {
            let result = try comparison.compare(.array(found.rows))
            if result.isEqual { return .passed("the SQL \(place) gives the wanted rows (\(count))") }
            if result.isGivenUp { return .errored("there are too many rows to be compared with a tolerance and without order") }
            let isOrder = comparison.differsInOrderOnly(.array(found.rows))
            let shown = result.differences.prefix(3).map { words($0, found.columns) }
            let more = result.differenceCount - shown.count
            let reason = """
                the SQL \(place) gives \(count), wanted \(rowCount): \(isOrder ? "only their order differs: " : "")\
                \(shown.joined(separator: "; "))\(more > 0 ? "; and \(more) more differences" : "")
                """
            return CheckOutcome(state: .failed, score: result.score, reason: reason, failureKind: isOrder ? .listOrder : nil)
        } catch {
            return .errored("the comparison was given up: \(error.message)")
        }
    }

    private static func shown(_ columns: [String]) -> String {
        columns.prefix(10).map { Excerpt.quoted($0, limit: 40) }.joined(separator: ", ") + (columns.count > 10 ? ", …" : "")
    }

    private func words(_ difference: JSONComparison.Difference, _ columns: [String]) -> String {
        let indices = difference.place.tokens.compactMap { Int($0) }
        func shown(_ value: JSONValue?) -> String { value.map { JSONPathCheck.shown($0, limit: 60) } ?? "nothing" }
        let row = indices.first.map { "row \($0 + 1)" } ?? "the rows"
        switch difference.kind {
        case .missing: return "\(shown(difference.wanted)) is missing"
        case .extra: return "\(row) \(shown(difference.found)) is not wanted"
        case .changed:
            let column = indices.count > 1 && indices[1] < columns.count ? ", column \(Excerpt.quoted(columns[indices[1]], limit: 40))" : ""
            return "\(row)\(column): found \(shown(difference.found)), wanted \(shown(difference.wanted))"
        }
    }
}
