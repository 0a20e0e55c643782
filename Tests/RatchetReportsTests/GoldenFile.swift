import Foundation
import Testing

/// A file that holds what a report must look like. `RATCHET_REWRITE_GOLDEN=1` writes them anew.
enum GoldenFile {
    static func expect(_ text: String, matches name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/\(name)")
        if ProcessInfo.processInfo.environment["RATCHET_REWRITE_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: file)
            return
        }
        let wanted = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        guard text != wanted else { return }
        let pairs = zip(
            text.split(separator: "\n", omittingEmptySubsequences: false),
            wanted.split(separator: "\n", omittingEmptySubsequences: false))
        let first = pairs.enumerated().first { $0.element.0 != $0.element.1 }
        Issue.record(
            """
            \(name) differs\(first.map { " in line \($0.offset + 1):\n  is     \($0.element.0)\n  wanted \($0.element.1)" } ?? "")
            RATCHET_REWRITE_GOLDEN=1 swift test writes the files anew
            """, sourceLocation: sourceLocation)
    }
}
