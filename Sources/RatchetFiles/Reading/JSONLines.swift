import RatchetCore
import RatchetJSON

/// JSONL: one JSON value a line, empty lines between them allowed.
package enum JSONLines {
    /// Calls `body` with each row and its line, from 1. A row that is not JSON is reported and left out.
    package static func forEach(
        in file: SourceFile, _ problems: Problems, _ body: (_ line: Int, _ row: JSONValue) -> Void
    ) {
        var isPretty = false
        forEachLine(of: file.bytes) { line, bytes in
            // A value over many lines would be an error in each of them.
            guard !isPretty else { return }
            if let row = parse(bytes, line, in: file.name, problems) {
                body(line, row)
            } else {
                isPretty = isOpening(bytes)
            }
        }
    }

    /// One row; reported when it is not JSON.
    static func parse(_ bytes: ArraySlice<UInt8>, _ line: Int, in file: String, _ problems: Problems) -> JSONValue? {
        do throws(JSONSyntaxError) {
            return try JSONValue(parsing: bytes)
        } catch {
            problems.error(
                error.message, at: SourceReference(file: file, line: line + error.line - 1, column: error.column),
                help: help(for: bytes))
            return nil
        }
    }

    /// Calls `body` with each line that is not empty.
    package static func forEachLine(of bytes: [UInt8], _ body: (_ line: Int, _ bytes: ArraySlice<UInt8>) -> Void) {
        var line = 0
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            line += 1
            let row = bytes[start..<end]
            if !row.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { body(line, row) }
            start = end + 1
        }
    }

    private static func help(for row: ArraySlice<UInt8>) -> String? {
        for marker in ["<<<<<<< ", "=======", ">>>>>>> "] where row.starts(with: marker.utf8) {
            return "this looks like a merge conflict; resolve it first"
        }
        return isOpening(row) ? "a JSONL file has one whole JSON value on each line" : nil
    }

    private static func isOpening(_ row: ArraySlice<UInt8>) -> Bool {
        let text = row.filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
        return text.elementsEqual("{".utf8) || text.elementsEqual("[".utf8)
    }
}
