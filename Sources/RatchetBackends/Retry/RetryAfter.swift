/// Reads how long a server wants its clients to wait.
package enum RetryAfter {
    /// The wait that `headers` ask for: `retry-after-ms` (milliseconds, more exact, sent by OpenAI) before `Retry-After`
    /// (RFC 9110, section 10.2.3). `nil` when neither is there or readable.
    ///
    /// - Parameter now: the current time in seconds since 1970.
    package static func delay(in headers: HTTPHeaders, now: Double) -> Duration? {
        if let milliseconds = headers["retry-after-ms"].flatMap(number) { return .seconds(milliseconds / 1000) }
        return headers["Retry-After"].flatMap { delay(from: $0, now: now) }
    }

    /// The wait that a `Retry-After` value asks for: seconds (decimals are accepted), or the time left until an HTTP
    /// date, 0 when that has passed. `nil` when it is neither.
    ///
    /// - Parameter now: the current time in seconds since 1970.
    package static func delay(from value: String, now: Double) -> Duration? {
        if let seconds = number(value) { return .seconds(seconds) }
        return HTTPDate.seconds(from: value, now: now).map { .seconds(max(0, $0 - now)) }
    }

    /// A plain decimal number: no sign, no exponent, not larger than a year's milliseconds, which also is for ever.
    private static func number(_ text: String) -> Double? {
        let text = text.drop { $0 == " " }
        guard text.utf8.first.map({ (0x30...0x39).contains($0) }) == true,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
            let value = Double(text)
        else { return nil }
        return min(value, 366 * 86_400_000)
    }
}

/// Reads the three date formats of HTTP (RFC 9110, section 5.6.7).
package enum HTTPDate {
    /// The time in seconds since 1970 that `text` names; `nil` when it is no HTTP date.
    ///
    ///     Sun, 06 Nov 1994 08:49:37 GMT     IMF-fixdate
    ///     Sunday, 06-Nov-94 08:49:37 GMT    RFC 850: a year more than 50 years after `now` is one of the past century
    ///     Sun Nov  6 08:49:37 1994          asctime
    ///
    /// - Parameter now: the current time in seconds since 1970.
    package static func seconds(from text: String, now: Double) -> Double? {
        let words = text.split { " ,:-".contains($0) }
        let date: (day: Substring, month: Substring, year: Substring, time: ArraySlice<Substring>)
        switch words.count {
        case 8 where words[7] == "GMT" || words[7] == "UTC":
            date = (words[1], words[2], words[3], words[4...6])
        case 7:
            date = (words[2], words[1], words[6], words[3...5])
        default:
            return nil
        }
        let time = date.time.compactMap(number)
        guard let day = number(date.day), (1...31).contains(day), time.count == 3, time[0] < 24, time[1] < 60,
            time[2] <= 60, let month = months.firstIndex(of: date.month),
            let year = date.year.count == 2 ? century(number(date.year), now: now) : number(date.year), year >= 1601
        else { return nil }
        let days = daysSince1970(year: year, month: month + 1, day: day)
        return Double(((days * 24 + time[0]) * 60 + time[1]) * 60 + time[2])
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func number(_ text: Substring) -> Int? {
        text.utf8.count <= 4 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    private static func century(_ twoDigits: Int?, now: Double) -> Int? {
        guard let twoDigits, abs(now) < 1e12 else { return nil }
        let thisYear = 1970 + Int(now / (365.2425 * 86_400))
        let year = thisYear / 100 * 100 + twoDigits
        return year > thisYear + 50 ? year - 100 : year
    }

    /// Days from 1 January 1970 in the Gregorian calendar (Hinnant 2013, "chrono-Compatible Low-Level Date Algorithms",
    /// `days_from_civil`, for years after 0).
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear % 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
