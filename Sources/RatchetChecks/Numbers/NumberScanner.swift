/// Finds numbers in a text, one after the other, as people and models write them.
///
/// Digits that belong to a word (`H2O`, `GPT-4`), a version or an address (`1.2.3`) are no numbers. Linear in the text.
struct NumberScanner {
    let bytes: [UInt8]
    let style: NumberStyle
    private var position: Int
    private let end: Int
    /// The end of a list of digits ("1,2,3") that is no number as a whole.
    private var listEnd = 0
    /// The end of the digits found last.
    private var previousEnd = -1

    init(_ text: NumberText, _ style: NumberStyle, in range: Range<Int>? = nil) {
        bytes = text.bytes
        self.style = style
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? text.bytes.count
    }

    mutating func next() -> NumberToken? {
        while let start = nextDigit() {
            let (digits, isNumber) = takeDigits(at: start)
            defer { previousEnd = position }
            guard isNumber, let token = token(digits) else { continue }
            position = max(position, token.range.upperBound)
            return token
        }
        return nil
    }

    private mutating func nextDigit() -> Int? {
        while position < end {
            if isDigit(bytes[position]) { return position }
            position += 1
        }
        return nil
    }

    // MARK: Digits and what separates them

    /// Takes the digits at `start` with their separators, as far as they are one number.
    private mutating func takeDigits(at start: Int) -> (digits: NumberToken.Digits, isNumber: Bool) {
        if start >= listEnd {
            let run = run(at: start, splittingLists: false)
            if let digits = style.digits(bytes, run) {
                position = run.upperBound
                return (digits, true)
            }
            listEnd = run.upperBound
        }
        let part = run(at: start, splittingLists: true)
        position = part.upperBound
        let digits = style.digits(bytes, part)
        return (digits ?? NumberToken.Digits(range: part), digits != nil)
    }

    /// Digits, and single separators between digits.
    private func run(at start: Int, splittingLists: Bool) -> Range<Int> {
        var place = start
        while place < end {
            if !isDigit(bytes[place]) {
                let isInside = place + 1 < end && isDigit(bytes[place + 1]) && NumberStyle.isSeparator(bytes[place])
                guard isInside, !splittingLists || bytes[place] == UInt8(ascii: ".") else { break }
            }
            place += 1
        }
        return start..<place
    }

    // MARK: What belongs to the number

    private func token(_ found: NumberToken.Digits) -> NumberToken? {
        var digits = found
        if digits.isPlain, hasLeadingPoint(digits.range.lowerBound) {
            digits.point = digits.range.lowerBound - 1
            digits.range = digits.range.lowerBound - 1..<digits.range.upperBound
            digits.isPlain = false
        }
        guard !belongsToWord(digits.range.lowerBound), !isHexadecimal(digits.range) else { return nil }
        var token = NumberToken(digits: digits)
        if digits.isPlain, let spaced = spaced(digits) {
            token.spaced = spaced
            token.range = spaced.range
        }
        addFraction(to: &token)
        addExponent(to: &token)
        token.coreEnd = token.range.upperBound
        addPrefix(to: &token)
        addPercent(to: &token)
        addMagnitude(to: &token)
        return token
    }

    /// `.5`, but not the point of `Rs.5` or `1..5`.
    private func hasLeadingPoint(_ start: Int) -> Bool {
        guard byte(start - 1) == UInt8(ascii: ".") else { return false }
        guard let before = byte(start - 2) else { return true }
        return " \n\t\u{1f}([{=:+-<>~$*|\"'".utf8.contains(before)
    }

    private func belongsToWord(_ start: Int) -> Bool {
        guard let before = byte(start - 1) else { return false }
        switch before {
        case UInt8(ascii: "^"): return true
        case UInt8(ascii: "_"), UInt8(ascii: "-"): return isLetter(before: start - 1)
        case UInt8(ascii: "."): return byte(start - 2).map(isDigit) ?? false
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            // 3x4 is a product, 0x4 is hexadecimal.
            let isHexadecimal = byte(start - 2) == UInt8(ascii: "0") && !(byte(start - 3).map(isDigit) ?? false)
            return isHexadecimal || !(byte(start - 2).map(isDigit) ?? false)
        default: return isLetter(before: start) && currencyCode(before: start) == nil
        }
    }

    /// The 0 of 0x1F.
    private func isHexadecimal(_ range: Range<Int>) -> Bool {
        guard range.count == 1, bytes[range.lowerBound] == UInt8(ascii: "0"), has("x", at: range.upperBound) else { return false }
        return byte(range.upperBound + 1).map { isDigit($0) || ($0 | 0x20) &- UInt8(ascii: "a") < 6 } ?? false
    }

    /// 1 234 567 with ordinary spaces: perhaps one number, perhaps several.
    private func spaced(_ digits: NumberToken.Digits) -> NumberToken.Digits? {
        let first = digits.range
        let isContinuation = previousEnd >= 0 && previousEnd == first.lowerBound - 1 && byte(previousEnd) == UInt8(ascii: " ")
        guard style.mayGroup(bytes, first), !isContinuation else { return nil }
        var place = first.upperBound
        var groups = 0
        while byte(place) == UInt8(ascii: " "), (1...3).allSatisfy({ byte(place + $0).map(isDigit) ?? false }) {
            guard !(byte(place + 4).map(isDigit) ?? false) else { return nil }
            place += 4
            groups += 1
        }
        guard groups > 0 else { return nil }
        if byte(place) == UInt8(ascii: " "), byte(place + 1).map(isDigit) ?? false { return nil }
        var joined = NumberToken.Digits(range: first.lowerBound..<place)
        if let mark = byte(place), NumberStyle.isSeparator(mark), byte(place + 1).map(isDigit) ?? false {
            let rest = run(at: place + 1, splittingLists: false)
            // Another separator behind it, and it is no number.
            guard mark == style.point, style.digits(bytes, rest)?.isPlain == true else { return nil }
            joined.point = place
            joined.range = first.lowerBound..<rest.upperBound
        }
        return joined
    }

    /// The sign and the currency before the number.
    private func addPrefix(to token: inout NumberToken) {
        var start = token.range.lowerBound
        var isSigned = takeSign(&start, &token)
        if let currency = currency(before: start) {
            start = currency
            if !isSigned { isSigned = takeSign(&start, &token) }
        }
        token.range = start..<token.range.upperBound
    }

    private func takeSign(_ start: inout Int, _ token: inout NumberToken) -> Bool {
        guard let sign = byte(start - 1), sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") else { return false }
        // After something that can be subtracted from, it is no sign; nor in a dash of two.
        if let before = byte(start - 2) {
            let isOperand = isDigit(before) || ")]}%-+".utf8.contains(before) || isLetter(before: start - 1)
            if isOperand { return false }
        }
        token.isNegative = sign == UInt8(ascii: "-")
        start -= 1
        return true
    }

    private func addPercent(to token: inout NumberToken) {
        let place = skippingSpaces(from: token.range.upperBound)
        for word in ["%", "\\%", "percent", "per cent", "pct"] where has(word, at: place) {
            token.isPercent = true
            token.range = token.range.lowerBound..<place + word.utf8.count
            return
        }
    }

    private static let magnitudes: [(word: String, power: Int)] = [
        ("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12),
    ]

    /// 2.5 million, 50k.
    private func addMagnitude(to token: inout NumberToken) {
        guard !token.isPercent, token.fraction == nil else { return }
        let place = token.range.upperBound
        if byte(place).map({ $0 | 0x20 }) == UInt8(ascii: "k"), !isLetter(at: place + 1), !(byte(place + 1).map(isDigit) ?? false) {
            token.magnitude = 3
            token.range = token.range.lowerBound..<place + 1
            return
        }
        var word = skippingSpaces(from: place)
        if word == place, byte(place) == UInt8(ascii: "-") { word += 1 }
        for (name, power) in Self.magnitudes where has(name, at: word) {
            token.magnitude = power
            token.range = token.range.lowerBound..<word + name.utf8.count
        }
    }
}
