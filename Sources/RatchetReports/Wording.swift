import Glibc

/// How figures are written for a person: points with a sign, shares in percent, money, times. Nothing here prints more
/// digits than a run can know.
package enum Wording {
    /// `200 examples`, `1 example`, `12,000 examples`.
    static func count(_ count: Int, _ noun: String) -> String {
        "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
    }

    /// A whole number with a comma at every thousand.
    package static func grouped(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "-" : ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// A share as `75.8 %`; never rounded to all or nothing when it is neither.
    static func percent(_ share: Double) -> String {
        let text = fixed(share * 100, 1)
        if share < 1, text == "100.0" { return ">99.9 %" }
        if share > 0, text == "0.0" { return "<0.1 %" }
        return text + " %"
    }

    /// A difference of shares in points: `-5.1`, `+0.5`, `0.0`.
    static func signedPoints(_ share: Double) -> String {
        let text = fixed(share * 100, 1)
        if text == "-0.0" { return "0.0" }
        return text.hasPrefix("-") || text == "0.0" ? text : "+" + text
    }

    /// The odds that a natural logarithm stands for, to two digits: `240,000 : 1`.
    static func odds(logarithm: Double) -> String {
        guard logarithm < 27 else { return "more than 500,000,000,000 : 1" }
        var odds = exp(logarithm)
        var unit = 1.0
        while odds >= 100 {
            odds /= 10
            unit *= 10
        }
        return grouped(Int(odds.rounded() * unit)) + " : 1"
    }

    /// US dollars: cents above a cent, two digits below.
    package static func dollars(_ amount: Double) -> String {
        guard amount.isFinite else { return "$?" }
        var decimals = 2
        var smallest = 0.01
        while amount > 0, amount < smallest, decimals < 9 {
            decimals += 1
            smallest /= 10
        }
        if decimals > 2 { decimals += 1 }
        let text = fixed(amount, decimals)
        guard amount >= 1000, let point = text.firstIndex(of: "."), let whole = Int(text[..<point]) else {
            return "$" + text
        }
        return "$" + grouped(whole) + text[point...]
    }

    /// Milliseconds as `310 ms`, `1.2 s`, `2 min 5 s`.
    static func duration(_ milliseconds: Double) -> String {
        guard milliseconds.isFinite else { return "unknown" }
        if milliseconds < 9.95 { return fixed(milliseconds, 1) + " ms" }
        if milliseconds < 999.5 { return fixed(milliseconds, 0) + " ms" }
        if milliseconds < 59_950 { return fixed(milliseconds / 1000, 1) + " s" }
        guard milliseconds < 1e15 else { return "unknown" }
        let seconds = Int((milliseconds / 1000).rounded())
        return "\(grouped(seconds / 60)) min \(seconds % 60) s"
    }

    /// `a, b and c`
    static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }

    /// A number with exactly so many decimals.
    package static func fixed(_ value: Double, _ decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard scaled.isFinite, abs(scaled) < 1e15 else { return value.isFinite ? "\(value)" : "unknown" }
        let sign = scaled.sign == .minus ? "-" : ""
        var digits = String(Int(scaled.magnitude))
        guard decimals > 0 else { return (scaled == 0 ? "" : sign) + digits }
        while digits.count <= decimals { digits = "0" + digits }
        return sign + digits.dropLast(decimals) + "." + digits.suffix(decimals)
    }
}

/// A moment in Universal Time, by the proleptic Gregorian calendar.
struct UniversalTime {
    /// `2026-11-20`
    let day: String
    /// `12:33:05`
    let clock: String

    /// - Parameter seconds: since 1970; moments that no calendar shows are taken for its beginning.
    init(secondsSince1970 seconds: Double) {
        let limit = 253_402_300_799.0  // the end of the year 9999
        let whole = seconds.isFinite && seconds > 0 && seconds <= limit ? Int(seconds) : 0
        let (days, rest) = (whole / 86_400, whole % 86_400)
        // Days to civil date (Howard Hinnant, "chrono-compatible low-level date algorithms", 2021): years begin in March.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let calendarMonth = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0)
        day = "\(Self.padded(year, 4))-\(Self.padded(calendarMonth, 2))-\(Self.padded(dayOfMonth, 2))"
        clock = [rest / 3600, rest / 60 % 60, rest % 60].map { Self.padded($0, 2) }.joined(separator: ":")
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
