import RatchetCore

extension Suggestion {
    /// A help line: the nearest word, else the list of known ones when it is short.
    package static func help(for word: String, among known: [String], saying what: String) -> String? {
        if let nearest = nearest(to: word, among: known) { return "did you mean \(Quoted.text(nearest))?" }
        guard !known.isEmpty, known.count <= 24 else { return nil }
        return "\(what): " + known.joined(separator: ", ")
    }
}
