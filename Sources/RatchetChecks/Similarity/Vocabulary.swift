/// Numbers for the words of reference texts; a word that none of them has is `unknown`.
struct Vocabulary: Sendable {
    /// Stands for every word that is not in the vocabulary, and equals no word of it.
    static let unknown: UInt32 = .max

    private var numbers: [[UInt8]: UInt32] = [:]

    mutating func numbers(adding words: [[UInt8]]) -> [UInt32] {
        words.map { word in
            if let known = numbers[word] { return known }
            let number = UInt32(numbers.count)
            numbers[word] = number
            return number
        }
    }

    func number(of word: [UInt8]) -> UInt32 { numbers[word] ?? Self.unknown }
}
