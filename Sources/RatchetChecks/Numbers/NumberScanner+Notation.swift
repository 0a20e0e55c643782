/// Fractions, exponents and currencies: what is read beside plain digits.
extension NumberScanner {
    /// 3/4, 1 3/4 and \frac{3}{4}.
    func addFraction(to token: inout NumberToken) {
        guard style.readsFractions, token.digits.isPlain, token.spaced == nil else { return }
        let range = token.digits.range
        if let opening = latexFraction(endingAt: range.lowerBound), has("}{", at: range.upperBound),
            let denominator = plainDigits(at: range.upperBound + 2), has("}", at: denominator.upperBound)
        {
            token.fraction = .init(numerator: range, denominator: denominator)
            token.range = opening..<denominator.upperBound + 1
        } else if let denominator = simpleDenominator(range) {
            token.fraction = .init(numerator: range, denominator: denominator)
            token.range = range.lowerBound..<denominator.upperBound
        } else if let mixed = mixedFraction(after: range) {
            token.fraction = .init(whole: range, numerator: mixed.numerator, denominator: mixed.denominator)
            token.range = range.lowerBound..<mixed.end
        }
    }

    private func simpleDenominator(_ numerator: Range<Int>) -> Range<Int>? {
        guard byte(numerator.upperBound) == UInt8(ascii: "/"), byte(numerator.lowerBound - 1) != UInt8(ascii: "/"),
            let denominator = plainDigits(at: numerator.upperBound + 1)
        else { return nil }
        // 3/4/2025 is a date.
        let follower = byte(denominator.upperBound)
        let goesOn = follower.map { $0 == UInt8(ascii: "/") || NumberStyle.isSeparator($0) } ?? false
        let isFollowed = goesOn && (byte(denominator.upperBound + 1).map(isDigit) ?? false)
        return isFollowed || isZero(denominator) ? nil : denominator
    }

    private func mixedFraction(after whole: Range<Int>) -> (numerator: Range<Int>, denominator: Range<Int>, end: Int)? {
        if let start = latexFraction(startingAt: whole.upperBound), let numerator = plainDigits(at: start),
            has("}{", at: numerator.upperBound), let denominator = plainDigits(at: numerator.upperBound + 2),
            has("}", at: denominator.upperBound), !isZero(denominator)
        {
            return (numerator, denominator, denominator.upperBound + 1)
        }
        guard byte(whole.upperBound) == UInt8(ascii: " "), let numerator = plainDigits(at: whole.upperBound + 1),
            let denominator = simpleDenominator(numerator), isProper(numerator, denominator)
        else { return nil }
        return (numerator, denominator, denominator.upperBound)
    }

    /// Whether a numerator of few digits is below its denominator.
    private func isProper(_ numerator: Range<Int>, _ denominator: Range<Int>) -> Bool {
        guard numerator.count <= 3, denominator.count <= 3 else { return false }
        let value = { (range: Range<Int>) in bytes[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
        return value(numerator) < value(denominator)
    }

    private func latexFraction(endingAt place: Int) -> Int? {
        for command in ["\\frac{", "\\dfrac{", "\\tfrac{"] where has(command, at: place - command.utf8.count) {
            return place - command.utf8.count
        }
        return nil
    }

    private func latexFraction(startingAt place: Int) -> Int? {
        for command in ["\\frac{", "\\dfrac{", "\\tfrac{"] where has(command, at: place) { return place + command.utf8.count }
        return nil
    }

    /// 2e3, 2×10^3, 2 \times 10^{3}, and 10^3 alone.
    func addExponent(to token: inout NumberToken) {
        guard token.fraction == nil, token.spaced == nil else { return }
        let place = token.range.upperBound
        if byte(place).map({ $0 | 0x20 }) == UInt8(ascii: "e"), let exponent = signedDigits(at: place + 1),
            !isLetter(at: exponent.upperBound)
        {
            token.exponent = exponent
            token.range = token.range.lowerBound..<exponent.upperBound
        } else if token.digits.isPlain, bytes[token.digits.range].elementsEqual("10".utf8), let power = power(at: place) {
            token.exponent = power.exponent
            token.isPowerOfTen = true
            token.range = token.range.lowerBound..<power.end
        } else if let sign = multiplication(at: place), has("10", at: sign), let power = power(at: sign + 2) {
            token.exponent = power.exponent
            token.range = token.range.lowerBound..<power.end
        }
    }

    /// `^3` or `^{3}`.
    private func power(at place: Int) -> (exponent: Range<Int>, end: Int)? {
        guard byte(place) == UInt8(ascii: "^") else { return nil }
        let isBraced = byte(place + 1) == UInt8(ascii: "{")
        guard let exponent = signedDigits(at: place + (isBraced ? 2 : 1)) else { return nil }
        if !isBraced { return (exponent, exponent.upperBound) }
        return byte(exponent.upperBound) == UInt8(ascii: "}") ? (exponent, exponent.upperBound + 1) : nil
    }

    /// The place behind a sign of multiplication and the spaces around it.
    private func multiplication(at place: Int) -> Int? {
        let sign = skippingSpaces(from: place)
        for word in ["*", "x", "X", "\\times", "\\cdot"] where has(word, at: sign) {
            return skippingSpaces(from: sign + word.utf8.count)
        }
        return nil
    }

    func currency(before place: Int) -> Int? {
        var end = place
        if end > 0, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == NumberText.groupingSpace { end -= 1 }
        if let code = currencyCode(before: end) { return code }
        guard let (scalar, start) = NumberText.scalar(bytes, before: end) else { return nil }
        guard scalar.properties.generalCategory == .currencySymbol else { return nil }
        return byte(start - 1) == UInt8(ascii: "\\") ? start - 1 : start
    }

    private static let currencyCodes = [
        "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "RMB", "INR", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "BRL",
    ]

    func currencyCode(before place: Int) -> Int? {
        guard place >= 3, !isLetter(before: place - 3) else { return nil }
        return Self.currencyCodes.contains { bytes[place - 3..<place].elementsEqual($0.utf8) } ? place - 3 : nil
    }
}
