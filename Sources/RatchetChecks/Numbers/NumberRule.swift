import RatchetJSON

/// What a number has to be: one of several, within a tolerance, or between two bounds.
struct NumberRule: Sendable {
    var wanted: [JSONNumber] = []
    /// The largest difference that does not count.
    var tolerance: JSONNumber?
    /// The same as a share of the wanted number.
    var relativeTolerance: JSONNumber?
    var minimum: JSONNumber?
    var maximum: JSONNumber?

    func holds(for number: JSONNumber) -> Bool {
        if let minimum, number < minimum { return false }
        if let maximum, number > maximum { return false }
        return wanted.isEmpty || wanted.contains { isNear(number, $0) }
    }

    private func isNear(_ number: JSONNumber, _ wanted: JSONNumber) -> Bool {
        if number == wanted { return true }
        let (found, goal) = (number.double, wanted.double)
        guard found.isFinite, goal.isFinite else { return false }
        let allowed = max(tolerance?.double ?? 0, (relativeTolerance?.double ?? 0) * abs(goal))
        guard allowed > 0 else { return false }
        // 1.1 is within 0.1 of 1, though their doubles differ by more.
        let rounding = 4 * max(abs(found), abs(goal), allowed).ulp
        return abs(found - goal) <= allowed + rounding
    }

    /// The rule in words.
    var description: String {
        var parts: [String] = []
        if !wanted.isEmpty {
            var part = Excerpt.list(wanted.map(Self.shown))
            if let tolerance { part += " ± \(Self.shown(tolerance))" }
            if let relativeTolerance { part += " within a share of \(Self.shown(relativeTolerance))" }
            parts.append(part)
        }
        switch (minimum, maximum) {
        case (let minimum?, let maximum?): parts.append("\(Self.shown(minimum)) to \(Self.shown(maximum))")
        case (let minimum?, nil): parts.append("at least \(Self.shown(minimum))")
        case (nil, let maximum?): parts.append("at most \(Self.shown(maximum))")
        case (nil, nil): break
        }
        return parts.joined(separator: ", and ")
    }

    /// A number as a reason shows it: without an exponent that people would not write.
    static func shown(_ number: JSONNumber) -> String {
        let text = number.canonical
        return text.utf8.count <= 40 ? text : "\(text.prefix(40))…"
    }

    /// Whether the number is one of those wanted, given with fewer digits, or the other way round.
    func isRounded(_ number: JSONNumber) -> Bool {
        guard number.double != 0, number.double.isFinite else { return false }
        return wanted.contains { goal in
            guard goal.double.isFinite, goal.double != 0 else { return false }
            let places = (Self.decimals(number), Self.decimals(goal))
            guard places.0 != places.1, min(places.0, places.1) <= 15 else { return false }
            let (rough, fine) = places.0 < places.1 ? (number, goal) : (goal, number)
            let half = 0.5 * Self.powerOfTen(-min(places.0, places.1))
            return abs(rough.double - fine.double) <= half * (1 + 1e-9)
        }
    }

    private static func powerOfTen(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? 0 }

    /// Digits behind the point.
    private static func decimals(_ number: JSONNumber) -> Int {
        let text = number.canonical
        guard !text.contains("e"), let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return 0 }
        return text.utf8.distance(from: point, to: text.utf8.endIndex) - 1
    }
}

extension JSONNumber {
    /// The number that a whole text is, as people write numbers; `nil` when there is anything else in it.
    ///
    /// Currency and percent signs are taken off; `50%` is 50, or 0.5 when `percentAsFraction`.
    init?(reading text: String, _ style: NumberStyle, percentAsFraction: Bool = false) {
        let text = NumberText(text)
        let isBlank = { (byte: UInt8) in byte <= 0x20 }
        guard let start = text.bytes.firstIndex(where: { !isBlank($0) }), let last = text.bytes.lastIndex(where: { !isBlank($0) })
        else { return nil }
        var scanner = NumberScanner(text, style)
        guard let token = scanner.next(), token.range.lowerBound == start else { return nil }
        let rest = text.bytes[...last].dropFirst(token.range.upperBound)
        let trailing = String(decoding: rest.drop(while: isBlank), as: UTF8.self)
        guard trailing.unicodeScalars.allSatisfy({ $0.properties.generalCategory == .currencySymbol }) else { return nil }
        let readings = token.readings(in: text, percentAsFraction: percentAsFraction, takesFirst: true)
        guard let number = readings.first else { return nil }
        self = number
    }
}
