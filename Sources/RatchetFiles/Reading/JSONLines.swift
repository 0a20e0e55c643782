import RatchetCore
import RatchetJSON

/// JSONL: one JSON value a line, empty lines between them allowed.
package enum JSONLines {
    /// Calls `body` with each row and its line, from 1. A row that is not JSON is reported and left out.
    package static func forEach(
        in file: SourceFile, _ problems: Problems, _ body: (_ line: Int, _ row: JSONValue) -> Void
    ) {
        forEachLine(of: file.bytes) { line, bytes in
            if let row = parse(bytes, line, in: file.name, problems) { body(line, row) }
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
        let start = row.drop { $0 == 0x20 || $0 == 0x09 }
        for marker in ["<<<<<<< ", "=======", ">>>>>>> "] where start.starts(with: marker.utf8) {
            return "this looks like a merge conflict; resolve it first"
        }
        if start.elementsEqual("{".utf8) || start.elementsEqual("[".utf8) {
            return "a JSONL file has one whole JSON value on each line"
        }
        return nil
    }
}
