/// The id of a run: the time it began, for people, and random digits, for two that begin together.
enum RunIdentifier {
    /// `20261122-101500-3f9a2c`; a try of one example has `try-` before it, and is never `latest`.
    static func make(now: Double, isTry: Bool) -> String {
        let time = Context.timestamp(now).filter { $0.isNumber || $0 == "T" }.replacing("T", with: "-")
        let digits = Array("0123456789abcdef")
        return (isTry ? "try-" : "") + time + "-" + String((0..<6).map { _ in digits[Int.random(in: 0..<16)] })
    }
}
