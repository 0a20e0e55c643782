/// Words as the SQuAD evaluation compares them (Rajpurkar et al. 2016): small letters, without ASCII punctuation, without the
/// articles a, an and the, separated by whitespace.
enum SQuADTokens {
    static func tokens(_ text: String) -> [[UInt8]] {
        var bytes: [UInt8] = []
        var word: [Unicode.Scalar] = []
        // An article is removed wherever it stands as a word, also between dashes.
        func endWord() {
            let isArticle = word == ["a"] || word == ["a", "n"] || word == ["t", "h", "e"]
            if isArticle { bytes.append(UInt8(ascii: " ")) } else { for scalar in word { append(scalar) } }
            word.removeAll(keepingCapacity: true)
        }
        func append(_ scalar: Unicode.Scalar) {
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        for scalar in PythonText.lowercased(text) where !PythonText.isPunctuation(scalar) {
            if PythonText.isWordCharacter(scalar) {
                word.append(scalar)
            } else {
                endWord()
                append(scalar)
            }
        }
        endWord()
        return PythonText.split(bytes).map { Array(bytes[$0]) }
    }
}
