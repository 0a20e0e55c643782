/// How many calls an account answers at once, found while running.
///
/// Slow start, then additive increase and multiplicative decrease (Chiu and Jain 1989; RFC 5681's words): the limit doubles
/// a round while that makes the account faster, then grows by one a round. A refusal for the rate (429) halves it, once an
/// episode: calls that had begun before the cut say nothing new. A server's own trouble (5xx, no connection) stops growth;
/// when every call in flight has failed, one call at a time asks whether it is back, and the limit starts anew when it is.
///
/// A server that queues instead of refusing gets slower and says nothing. So a round whose limit grew by a half and whose
/// throughput did not grow by a tenth ends the growth, and takes it back.
package struct AdaptiveConcurrency: Sendable {
    /// What an attempt says of the account.
    package enum Sign: Hashable, Sendable {
        /// It answered, be it with a refusal that concerns the request alone.
        case answered
        /// Too many requests.
        case refused
        /// A trouble of the server or of the way to it.
        case failed
    }

    /// Why a limit changed.
    package enum Reason: String, Codable, Sendable {
        case rateLimit = "rate_limit"
        case outage
        case recovered
        case saturated
        case growth
    }

    package static let first = 4
    package static let most = 256
    /// Where an estimate needs a figure and none is known.
    package static let usual = 32

    package private(set) var limit: Int
    private let isFixed: Bool
    private var isStarting = true
    /// Failures since the last answer.
    private var failures = 0
    private var isOut = false
    /// Attempts that began before belong to an episode that was answered with a cut.
    private var episode = -Double.infinity
    private var round: Round?
    /// The last whole round at a smaller limit.
    private var slower: (limit: Int, throughput: Double)?
    /// Rounds without growth to go.
    private var pause = 0

    private struct Round {
        var began: Double
        var answers = 0
        /// Whether all places were taken at some time: else the account was not asked for more.
        var wasFull = false
    }

    /// - Parameter fixed: The limit that is asked for; `nil` to find one.
    package init(fixed: Int? = nil) {
        isFixed = fixed != nil
        limit = max(fixed ?? Self.first, 1)
    }

    /// Takes in the end of an attempt.
    ///
    /// - Parameters:
    ///   - begun: When it began, in seconds of a clock that never jumps, as is `now`.
    ///   - isFull: Whether all places were taken.
    /// - Returns: Why the limit has changed, if it has.
    package mutating func ended(_ sign: Sign, begun: Double, now: Double, isFull: Bool) -> Reason? {
        guard !isFixed else { return nil }
        switch sign {
        case .answered: return answered(now: now, isFull: isFull)
        case .refused:
            failures = 0
            guard begun >= episode else { return nil }
            episode = now
            isStarting = false
            round = nil
            slower = nil
            return set(limit / 2, .rateLimit)
        case .failed:
            failures += 1
            isStarting = false
            round = nil
            guard !isOut, failures >= max(limit, Self.first) else { return nil }
            isOut = true
            return set(1, .outage)
        }
    }

    private mutating func answered(now: Double, isFull: Bool) -> Reason? {
        failures = 0
        if isOut {
            isOut = false
            isStarting = true
            slower = nil
            round = Round(began: now)
            return set(Self.first, .recovered)
        }
        var current = round ?? Round(began: now)
        current.answers += 1
        current.wasFull = current.wasFull || isFull
        round = current
        guard current.answers >= limit else { return nil }
        return ended(current, now: now)
    }

    private mutating func ended(_ ended: Round, now: Double) -> Reason? {
        round = Round(began: now)
        guard ended.wasFull, now > ended.began else { return nil }
        let throughput = Double(ended.answers) / (now - ended.began)
        if let slower, limit * 2 >= slower.limit * 3 {
            guard throughput >= slower.throughput * 1.1 else {
                isStarting = false
                pause = 10
                let limit = slower.limit
                self.slower = nil
                return set(limit, .saturated)
            }
            self.slower = (limit, throughput)
        } else if slower == nil {
            slower = (limit, throughput)
        }
        if pause > 0 {
            pause -= 1
            return nil
        }
        return set(isStarting ? limit * 2 : limit + 1, .growth)
    }

    private mutating func set(_ wanted: Int, _ reason: Reason) -> Reason? {
        let before = limit
        limit = min(max(wanted, 1), Self.most)
        return limit == before ? nil : reason
    }
}
