import RatchetCore
import RatchetJSON

/// Why a number is not quite the wanted one.
struct NumberMiss: Sendable {
    var rule: NumberRule
    var finder: NumberFinder

    /// - Parameter readings: What the number may be, none of which is wanted.
    func kind(of found: NumberFinder.Found, _ readings: [JSONNumber]) -> FailureKind? {
        // Nobody is helped with a number of a thousand digits.
        guard readings.allSatisfy({ $0.literal.utf8.count <= 1_000 }) else { return nil }
        if isMet(readings, scaledBy: [2, -2]), isPercentage(found, readings) { return .percent }
        if isMetOtherwiseMarked(found) { return .decimalMark }
        if isMet(readings, scaledBy: [3, -3, 2, -2, 6, -6, 9, -9]), !rule.wanted.isEmpty { return .unit }
        if readings.contains(where: rule.isRounded) { return .rounding }
        return isElsewhere(in: found.text) ? .numberElsewhere : nil
    }

    private func isMet(_ readings: [JSONNumber], scaledBy powers: [Int]) -> Bool {
        readings.contains { number in
            guard !(number == JSONNumber(0)) else { return false }
            return powers.contains { power in number.scaled(byPowerOfTen: power).map(rule.holds) ?? false }
        }
    }

    /// Whether the number, or what is wanted in its place, is likely to be a percentage.
    private func isPercentage(_ found: NumberFinder.Found, _ readings: [JSONNumber]) -> Bool {
        if found.token.isPercent || rule.wanted.isEmpty { return found.token.isPercent }
        let isShare = readings.contains { abs($0.double) <= 1 && $0.double != 0 }
        return isShare || rule.wanted.contains { abs($0.double) <= 1 && $0.double != 0 }
    }

    private func isMetOtherwiseMarked(_ found: NumberFinder.Found) -> Bool {
        var other = finder
        other.style.hasDecimalComma.toggle()
        // The other notation may take in more of the text, or less.
        var scanner = NumberScanner(found.text, other.style, in: found.token.digits.range.lowerBound..<found.text.bytes.count)
        if let token = scanner.next(), other.readings(token, in: found.text).contains(where: rule.holds) { return true }
        guard let again = other.find(in: found.text) else { return false }
        let isSamePlace = again.token.range.overlaps(found.token.range)
        return isSamePlace && other.readings(again).contains(where: rule.holds)
    }

    private func isElsewhere(in text: NumberText) -> Bool {
        guard text.bytes.count <= FailureKind.largestText else { return false }
        var scanner = NumberScanner(text, finder.style)
        while let token = scanner.next() {
            if finder.readings(token, in: text).contains(where: rule.holds) { return true }
        }
        return false
    }

    /// The numbers of a short answer, when there are several.
    func candidates(in text: NumberText) -> String? {
        guard text.bytes.count <= FailureKind.largestText else { return nil }
        var scanner = NumberScanner(text, finder.style)
        var shown: [String] = []
        var count = 0
        while let token = scanner.next() {
            count += 1
            if shown.count < 8 { shown.append(text.excerpt(token.range)) }
        }
        guard count > 1 else { return nil }
        if count > shown.count { return shown.joined(separator: ", ") + " and \(count - shown.count) others" }
        return Excerpt.list(shown, "and", atMost: 8)
    }
}

extension NumberToken {
    /// Whether one of the units stands right behind the number or before it.
    func hasUnit(_ units: [NumberText], in text: NumberText) -> Bool {
        units.contains { unit in
            isUnit(unit.bytes, at: coreEnd, in: text.bytes) || isUnit(unit.bytes, at: range.upperBound, in: text.bytes)
                || isUnit(unit.bytes, before: digits.range.lowerBound, in: text.bytes)
        }
    }

    private func isUnit(_ unit: [UInt8], at end: Int, in bytes: [UInt8]) -> Bool {
        var place = end
        while place < bytes.count, place - end < 2, " -\u{1f}\\".utf8.contains(bytes[place]) { place += 1 }
        guard bytes[place...].starts(with: unit) else { return false }
        return !NumberText.isLetter(unit, before: unit.count) || !NumberText.isLetter(bytes, at: place + unit.count)
    }

    private func isUnit(_ unit: [UInt8], before start: Int, in bytes: [UInt8]) -> Bool {
        var place = start
        while place > 0, start - place < 3, " -+\u{1f}\\".utf8.contains(bytes[place - 1]) { place -= 1 }
        guard place >= unit.count, bytes[place - unit.count..<place].elementsEqual(unit) else { return false }
        return !NumberText.isLetter(unit, at: 0) || !NumberText.isLetter(bytes, before: place - unit.count)
    }
}
