/// "Did you mean …?"
enum Suggestion {
    /// The candidate that a typist most likely meant; `nil` when none is near.
    static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
        guard word.utf8.count <= 64 else { return nil }
        let limit = max(1, word.count / 3)
        let rated = candidates.map { ($0, distance(Array(word.unicodeScalars), Array($0.unicodeScalars))) }
        return rated.filter { $0.1 <= limit }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// A help line for a word that is none of `candidates`.
    static func help(for word: String, in candidates: some Collection<String>) -> String {
        if let nearest = nearest(to: word, in: candidates) { return "did you mean `\(nearest)`?" }
        return "known: " + candidates.sorted().map { "`\($0)`" }.joined(separator: ", ")
    }

    /// Edits between two words: insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, scalar) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(last[column] + (scalar == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, scalar == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
