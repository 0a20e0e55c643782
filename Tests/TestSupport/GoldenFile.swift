import Foundation
import Testing

/// A file that holds what people read. `RATCHET_REWRITE_GOLDEN=1` writes it anew.
package enum GoldenFile {
    /// - Parameter path: Relative to the repository.
    package static func expect(_ text: String, matches path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = repository.appendingPathComponent(path)
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
            \(path) differs\(first.map { " in line \($0.offset + 1):\n  is     \($0.element.0)\n  wanted \($0.element.1)" } ?? "")
            RATCHET_REWRITE_GOLDEN=1 swift test writes the files anew
            """, sourceLocation: sourceLocation)
    }
}
