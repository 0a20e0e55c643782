import RatchetJSON

/// Between which numbers a text has to be, read as an exact JSON number.
struct NumberBounds: Sendable {
    let minimum: JSONNumber?
    let maximum: JSONNumber?

    /// - Returns: `nil` without any bound.
    init?(minimum: JSONNumber?, maximum: JSONNumber?) {
        if minimum == nil, maximum == nil { return nil }
        (self.minimum, self.maximum) = (minimum, maximum)
    }

    /// Whether no number could satisfy them.
    var areImpossible: Bool { minimum.flatMap { least in maximum.map { least > $0 } } ?? false }

    func contain(_ text: String) -> Bool {
        guard let number = JSONNumber(validating: text) else { return false }
        return number >= minimum ?? number && number <= maximum ?? number
    }

    /// "a number of at least 1 and at most 5".
    var description: String {
        "a number of " + [minimum.map { "at least \($0)" }, maximum.map { "at most \($0)" }].compactMap { $0 }.joined(separator: " and ")
    }
}
