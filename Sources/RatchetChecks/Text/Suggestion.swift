import RatchetCore

extension Suggestion {
    /// A help line for a word that is none of `candidates`.
    static func help(for word: String, in candidates: some Collection<String>) -> String {
        if let nearest = nearest(to: word, among: candidates) { return "did you mean `\(nearest)`?" }
        return "known: " + candidates.sorted().map { "`\($0)`" }.joined(separator: ", ")
    }
}
