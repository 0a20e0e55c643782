/// "did you mean": the known word that a mistyped one is nearest to.
package enum Suggestion {
    /// The nearest of `known`, when it is near enough to be meant: at most one slip in three letters.
    package static func nearest(to word: String, among known: some Sequence<String>) -> String? {
        let folded = fold(word)
        guard folded.count <= 64 else { return nil }
        var best: (distance: Int, word: String)?
        for candidate in known {
            let other = fold(candidate)
            let limit = max(1, max(folded.count, other.count) / 3)
            guard abs(other.count - folded.count) <= limit else { continue }
            let distance = distance(folded, other)
            if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
        }
        return best?.word
    }

    /// Case and the choice between `-`, `_` and space do not count as slips.
    private static func fold(_ word: String) -> [UInt8] {
        word.lowercased().utf8.map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: " ") ? UInt8(ascii: "_") : $0 }
    }

    /// Insertions, deletions, replacements and swaps of neighbours (Damerau 1964; optimal string alignment).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(replaced, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last.last ?? 0
    }
}
