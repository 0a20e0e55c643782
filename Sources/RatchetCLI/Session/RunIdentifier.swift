/// The id of a run: the time it began, for people, and random digits, for two that begin together.
enum RunIdentifier {
    /// What is no run of its own says so in its id.
    enum Kind: String {
        case run = ""
        /// One example that was just added; never `latest`.
        case `try` = "try-"
        case shard = "shard-"
    }

    /// `20261122-101500-3f9a2c`; of a shard `shard-20261122-101500-3f9a2c`.
    static func make(now: Double, kind: Kind) -> String {
        let time = Context.timestamp(now).filter { $0.isNumber || $0 == "T" }.replacing("T", with: "-")
        let digits = Array("0123456789abcdef")
        return kind.rawValue + time + "-" + String((0..<6).map { _ in digits[Int.random(in: 0..<16)] })
    }
}
