/// A JSON number that keeps the digits it was written with and compares by its mathematical value.
package struct JSONNumber: Sendable {
    /// The number as it was written, a valid JSON number literal.
    package let literal: String

    package init(_ value: Int) { literal = String(value) }

    /// A finite double in its shortest exact form; whole numbers without a fraction.
    package init(_ value: Double) {
        literal = value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }

    package init(literal: String) { self.literal = literal }

    package var double: Double { Double(literal) ?? .nan }
    package var int: Int? { Int(literal) }
}

extension JSONNumber: Hashable {}
