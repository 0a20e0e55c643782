// Dates and times (RFC 3339, section 5.6) and durations (RFC 3339, appendix A).

extension FormatScanner {
    mutating func dateTime() -> Bool { date() && take(anyOf: "Tt") != nil && time() }

    /// `full-date`.
    mutating func date() -> Bool {
        guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2),
            (1...12).contains(month)
        else { return false }
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }

    /// `full-time`; a leap second is one at the end of a day in UTC.
    mutating func time() -> Bool {
        guard let hour = digits(2), take(":"), let minute = digits(2), take(":"), let second = digits(2),
            hour < 24, minute < 60, second <= 60
        else { return false }
        if take("."), run(FormatBytes.isDigit) == 0 { return false }
        guard let offset = offset() else { return false }
        let minuteOfDay = (hour * 60 + minute - offset + 2 * 1440) % 1440
        return second < 60 || minuteOfDay == 1439
    }

    /// The minutes that the local time is ahead of UTC.
    private mutating func offset() -> Int? {
        if take(anyOf: "Zz") != nil { return 0 }
        guard let sign = take(anyOf: "+-"), let hours = digits(2), take(":"), let minutes = digits(2), hours < 24,
            minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    /// Weeks alone, or years to days and then hours to seconds, with no unit left out between two others.
    mutating func duration() -> Bool {
        guard take("P"), !isAtEnd else { return false }
        let start = position
        if run(FormatBytes.isDigit) > 0, take("W") { return true }
        position = start
        if next != UInt8(ascii: "T"), !units("YMD") { return false }
        guard take("T") else { return true }
        return units("HMS")
    }

    /// Numbers with one after the other of the units.
    private mutating func units(_ units: String) -> Bool {
        var last: Int?
        while let next, FormatBytes.isDigit(next) {
            _ = run(FormatBytes.isDigit)
            guard let unit = take(anyOf: units),
                let place = Array(units.utf8).firstIndex(of: unit), last.map({ place == $0 + 1 }) ?? true
            else { return false }
            last = place
        }
        return last != nil
    }
}
