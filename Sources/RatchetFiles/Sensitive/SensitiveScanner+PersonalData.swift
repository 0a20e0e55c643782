extension SensitiveScanner {
    func personalData() -> [Match] { emails() + numbers() + bankAccounts() }

    /// Addresses, without those of domains that exist for examples (RFC 2606).
    private func emails() -> [Match] {
        let reserved = ["example.com", "example.org", "example.net", ".example", ".test", ".invalid", ".localhost"]
        return runs { Self.isAlphanumeric($0) || "._%+-@".utf8.contains($0) || $0 >= 0x80 }.compactMap { range in
            var range = range
            // A full stop or dash behind it belongs to the sentence.
            while let last = bytes[range].last, ".-_%+".utf8.contains(last) {
                range = range.lowerBound..<(range.upperBound - 1)
            }
            let parts = bytes[range].split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { return nil }
            let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }), let top = labels.last, top.count >= 2,
                top.allSatisfy({ Self.isLetter($0) || $0 >= 0x80 })
            else { return nil }
            let domain = String(decoding: parts[1], as: UTF8.self).lowercased()
            return reserved.contains(where: { domain == $0 || domain.hasSuffix($0) }) ? nil : (.email, range)
        }
    }

    /// Card numbers by their check digit, else what is written like a phone number.
    private func numbers() -> [Match] {
        var matches: [Match] = []
        for run in runs(where: { Self.isDigit($0) || " -.()+/".utf8.contains($0) }) {
            for range in pieces(of: run) {
                if isInsideWord(range) { continue }
                if isCard(range) {
                    matches.append((.card, range))
                } else if isPhone(range) {
                    matches.append((.phone, range))
                }
            }
        }
        return matches
    }

    /// A number ends where two separators follow each other, except around brackets.
    private func pieces(of run: Range<Int>) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = run.lowerBound
        func close(_ end: Int) {
            var range = start..<end
            while let first = bytes[range].first, !Self.isDigit(first), first != UInt8(ascii: "+"),
                first != UInt8(ascii: "(")
            {
                range = (range.lowerBound + 1)..<range.upperBound
            }
            while let last = bytes[range].last, !Self.isDigit(last) {
                range = range.lowerBound..<(range.upperBound - 1)
            }
            if !range.isEmpty { pieces.append(range) }
        }
        for index in run.dropFirst() {
            let isDouble = " -./".utf8.contains(bytes[index]) && " -./".utf8.contains(bytes[index - 1])
            if isDouble || bytes[index] == UInt8(ascii: "+") {
                close(index)
                start = index
            }
        }
        close(run.upperBound)
        return pieces
    }

    private func isInsideWord(_ range: Range<Int>) -> Bool {
        func isWord(_ index: Int) -> Bool {
            bytes.indices.contains(index)
                && (Self.isAlphanumeric(bytes[index]) || bytes[index] == UInt8(ascii: "_") || bytes[index] >= 0x80)
        }
        return isWord(range.lowerBound - 1) || isWord(range.upperBound)
    }

    /// 13 to 19 digits that begin as cards do and whose check digit is right (Luhn 1954; ISO/IEC 7812-1).
    private func isCard(_ range: Range<Int>) -> Bool {
        let digits = bytes[range].filter(Self.isDigit).map { Int($0 - UInt8(ascii: "0")) }
        guard (13...19).contains(digits.count), let first = digits.first, (2...6).contains(first),
            Set(digits).count > 1,
            bytes[range].allSatisfy({ Self.isDigit($0) || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") })
        else { return false }
        let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
            let doubled = digit.offset.isMultiple(of: 2) ? digit.element : digit.element * 2
            return sum + (doubled > 9 ? doubled - 9 : doubled)
        }
        return sum.isMultiple(of: 10)
    }

    /// With a country's `+` and 8 to 15 digits (ITU-T E.164), or in groups as North America writes it.
    private func isPhone(_ range: Range<Int>) -> Bool {
        let digits = bytes[range].count(where: Self.isDigit)
        if bytes[range.lowerBound] == UInt8(ascii: "+") { return (8...15).contains(digits) }
        let groups = bytes[range].split { !Self.isDigit($0) }.map(\.count)
        return groups == [3, 3, 4] || groups == [1, 3, 3, 4]
    }

    /// Two letters, two check digits and 11 to 30 characters with the right remainder (ISO 13616, ISO 7064 mod 97-10).
    private func bankAccounts() -> [Match] {
        let words = runs { Self.isAlphanumeric($0) }
        return words.indices.compactMap { index in
            let first = words[index]
            guard first.count >= 4, bytes[first].prefix(2).allSatisfy({ $0 &- UInt8(ascii: "A") < 26 }),
                bytes[first].dropFirst(2).prefix(2).allSatisfy(Self.isDigit)
            else { return nil }
            var account: [UInt8] = []
            var end = first.lowerBound
            for word in words[index...] {
                // Groups of an account are parted by one space.
                let isNext = word == first || word.lowerBound == end + 1 && bytes[end] == UInt8(ascii: " ")
                guard isNext, account.count + word.count <= 34 else { break }
                account += bytes[word]
                end = word.upperBound
                if account.count >= 15, Self.hasRightRemainder(account) {
                    return (.bankAccount, first.lowerBound..<end)
                }
            }
            return nil
        }
    }

    private static func hasRightRemainder(_ account: [UInt8]) -> Bool {
        let rotated = account.dropFirst(4) + account.prefix(4)
        return rotated.reduce(0) { remainder, byte in
            if isDigit(byte) { return (remainder * 10 + Int(byte - UInt8(ascii: "0"))) % 97 }
            return (remainder * 100 + Int((byte & 0xDF) - UInt8(ascii: "A")) + 10) % 97
        } == 1
    }
}
