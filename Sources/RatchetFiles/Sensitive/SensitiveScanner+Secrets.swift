import Foundation

extension SensitiveScanner {
    /// How keys of well-known services begin, and how many characters follow at least.
    private static let keyPrefixes: [(prefix: String, length: Int)] = [
        ("sk-", 20), ("ghp_", 30), ("gho_", 30), ("ghu_", 30), ("ghs_", 30), ("ghr_", 30), ("github_pat_", 20),
        ("glpat-", 16), ("xoxb-", 20), ("xoxp-", 20), ("xoxa-", 20), ("xoxs-", 20), ("hf_", 28), ("npm_", 30),
        ("pypi-", 30),
        ("AKIA", 16), ("ASIA", 16), ("AIza", 30), ("SG.", 30), ("sk_live_", 16), ("rk_live_", 16), ("pk_live_", 16),
        ("sk_test_", 16), ("whsec_", 20), ("dop_v1_", 30), ("shpat_", 28), ("EAAC", 40), ("ya29.", 20),
        ("eyJhbGciOi", 20),
    ]
    private static let secretNames = [
        "password", "passwd", "pwd", "secret", "api_key", "api-key", "apikey", "access_key", "auth_token",
        "access_token",
    ]

    func secrets() -> [Match] {
        let words = runs { Self.isAlphanumeric($0) || "_-+/=.~".utf8.contains($0) }
        var matches = privateKeys()
        for (index, word) in words.enumerated() {
            if let key = apiKey(word) {
                matches.append((.apiKey, key))
            } else if isBearer(words, index) {
                matches.append((.bearerToken, word))
            } else if isRandom(word) {
                matches.append((.highEntropy, word))
            }
        }
        return matches + passwords()
    }

    private func privateKeys() -> [Match] {
        let dashes = runs { $0 == UInt8(ascii: "-") }.filter { $0.count >= 5 }
        return zip(dashes, dashes.dropFirst()).compactMap { open, close in
            guard close.lowerBound - open.upperBound < 60 else { return nil }
            let label = text(open.upperBound..<close.lowerBound)
            return label.hasPrefix("BEGIN ") && label.hasSuffix("PRIVATE KEY") || label.hasSuffix("PRIVATE KEY BLOCK")
                ? (.privateKey, open.lowerBound..<close.upperBound) : nil
        }
    }

    /// The key in a word such as `OPENAI_API_KEY=sk-…`.
    private func apiKey(_ word: Range<Int>) -> Range<Int>? {
        for start in word where start == word.lowerBound || "=/.".utf8.contains(bytes[start - 1]) {
            for (prefix, length) in Self.keyPrefixes where bytes[start..<word.upperBound].starts(with: prefix.utf8) {
                // A look at the beginning is enough, and keeps the search linear.
                let rest = bytes[(start + prefix.utf8.count)..<word.upperBound].prefix(64).prefix {
                    $0 != UInt8(ascii: "=")
                }
                if rest.count >= length, Set(rest).count >= 6 { return start..<word.upperBound }
            }
        }
        return nil
    }

    private func isBearer(_ words: [Range<Int>], _ index: Int) -> Bool {
        guard index > 0, words[index].count >= 16, text(words[index - 1]).lowercased() == "bearer" else { return false }
        return words[index].lowerBound - words[index - 1].upperBound <= 2
            && bytes[words[index]].contains(where: Self.isDigit)
    }

    /// `password: hunter2!` and the like: a telling name, a sign, a value of eight characters or more.
    private func passwords() -> [Match] {
        runs { !($0 <= 0x20 || "\"',;{}()<>".utf8.contains($0)) }.indices(of: self).compactMap { name, value in
            let label = text(name).lowercased()
            let signs: Set<Character> = [":", "="]
            if let sign = label.firstIndex(where: signs.contains), label.index(after: sign) < label.endIndex {
                // name=value in one piece
                let start = name.lowerBound + label[...sign].utf8.count
                guard Self.secretNames.contains(where: label[..<sign].hasSuffix), name.upperBound - start >= 8,
                    label.utf8.count == name.count
                else { return nil }
                return (.password, start..<name.upperBound)
            }
            guard let value, label.last.map(signs.contains) == true, value.count >= 8,
                Self.secretNames.contains(where: label.dropLast().hasSuffix),
                bytes[value].contains(where: { !Self.isLetter($0) })
            else { return nil }
            return (.password, value)
        }
    }

    /// At least 24 characters of mixed case with digits, and 3.5 bits each (Shannon 1948, equation 7, over the word's
    /// own frequencies). Hashes and UUIDs, which have one case, are no secrets.
    private func isRandom(_ word: Range<Int>) -> Bool {
        let characters = bytes[word]
        guard characters.count >= 24, characters.count <= 512, characters.contains(where: Self.isDigit),
            characters.contains(where: { $0 &- UInt8(ascii: "a") < 26 }),
            characters.contains(where: { $0 &- UInt8(ascii: "A") < 26 })
        else { return false }
        // Paths, addresses and dashed names are made of words.
        let separators = characters.count { "/.-_".utf8.contains($0) }
        guard separators * 8 <= characters.count else { return false }
        var counts: [UInt8: Double] = [:]
        for byte in characters { counts[byte, default: 0] += 1 }
        let total = Double(characters.count)
        let entropy = counts.values.reduce(0) { $0 - $1 / total * log2($1 / total) }
        let digits = characters.count(where: Self.isDigit)
        return entropy >= 3.5 && digits * 12 >= characters.count
    }
}

extension [Range<Int>] {
    /// Each word with the one behind it, when nothing but blanks and quotes lies between.
    fileprivate func indices(of scanner: SensitiveScanner) -> [(Range<Int>, Range<Int>?)] {
        indices.map { index in
            let next = index + 1 < count ? self[index + 1] : nil
            let isNear = next.map { $0.lowerBound - self[index].upperBound <= 3 } ?? false
            return (self[index], isNear ? next : nil)
        }
    }
}
