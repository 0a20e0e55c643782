import RatchetFiles

/// What an answer says of the minute's rest: a provider that has none left is not asked until it has.
package enum RateLimitHeaders {
    /// Seconds to wait when nothing is left of the requests or the tokens; `nil` when there is, or nothing is said.
    ///
    /// OpenAI's and its relatives' `x-ratelimit-remaining-…` with `x-ratelimit-reset-…` (`6m0s`, `250ms`, or seconds), and
    /// Anthropic's `anthropic-ratelimit-…-remaining` with `…-reset` (a time, RFC 3339).
    ///
    /// - Parameter now: the current time in seconds since 1970.
    package static func pause(_ headers: HTTPHeaders, now: Double) -> Double? {
        let waits = ["requests", "tokens"].flatMap { kind in
            [
                exhausted(headers["x-ratelimit-remaining-\(kind)"]) ? headers["x-ratelimit-reset-\(kind)"].flatMap(duration) : nil,
                exhausted(headers["anthropic-ratelimit-\(kind)-remaining"])
                    ? headers["anthropic-ratelimit-\(kind)-reset"].flatMap(time).map { $0 - now } : nil,
            ]
        }
        // A provider that names an hour has other reasons than the minute's rest.
        return waits.compactMap { $0 }.filter { $0 > 0 && $0 <= 120 }.max()
    }

    private static func exhausted(_ remaining: String?) -> Bool { remaining.flatMap { Double($0) } == 0 }

    /// `1h2m3.5s`, `250ms`, or a number of seconds.
    private static func duration(_ text: String) -> Double? {
        if let seconds = Double(text) { return seconds }
        let units = ["h": 3600.0, "m": 60, "s": 1, "ms": 0.001]
        var (sum, number, unit) = (0.0, "", "")
        func close() -> Bool {
            guard let value = Double(number), let factor = units[unit] else { return false }
            sum += value * factor
            (number, unit) = ("", "")
            return true
        }
        for character in text {
            if character.isNumber || character == "." {
                if !unit.isEmpty, !close() { return nil }
                number.append(character)
            } else {
                unit.append(character)
            }
        }
        return close() ? sum : nil
    }

    /// `2026-11-26T18:00:00Z` in seconds since 1970.
    private static func time(_ text: String) -> Double? {
        let parts = text.split { "-T:Z".contains($0) }
        guard text.hasSuffix("Z"), parts.count == 6, let day = CalendarDay(String(text.prefix(10))), let hour = Int(parts[3]),
            let minute = Int(parts[4]), let second = Double(parts[5])
        else { return nil }
        return Double(day.number * 86_400 + hour * 3600 + minute * 60) + second
    }
}
