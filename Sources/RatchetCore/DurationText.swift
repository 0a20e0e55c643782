/// Lengths of time as files write them: `500ms`, `4s`, `10m`, `12h`, `1d`.
package enum DurationText {
    private static let units: [(suffix: String, seconds: Double)] = [
        ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400),
    ]

    /// Seconds; `nil` for anything but a number without a sign and a unit.
    package static func seconds(_ text: String) -> Double? {
        for (suffix, seconds) in units where text.hasSuffix(suffix) {
            let digits = text.dropLast(suffix.count)
            guard digits.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || $0 &- UInt8(ascii: "0") < 10 }) else { continue }
            return Double(digits).map { $0 * seconds }
        }
        return nil
    }
}
