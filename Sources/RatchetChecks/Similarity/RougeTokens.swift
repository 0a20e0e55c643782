/// Words as Google's `rouge-score` package finds them: runs of a–z and 0–9 in the lowered text; what else there is
/// separates.
enum RougeTokens {
    static func tokens(_ text: String, stemming: Bool) -> [[UInt8]] {
        var tokens: [[UInt8]] = []
        var token: [UInt8] = []
        func endToken() {
            guard !token.isEmpty else { return }
            // The package leaves words of up to three letters alone.
            tokens.append(stemming && token.count > 3 ? PorterStemmer.stem(token) : token)
            token.removeAll(keepingCapacity: true)
        }
        for scalar in PythonText.lowercased(text) {
            switch scalar {
            case "a"..."z", "0"..."9": token.append(UInt8(truncatingIfNeeded: scalar.value))
            default: endToken()
            }
        }
        endToken()
        return tokens.filter { !$0.isEmpty }
    }
}
