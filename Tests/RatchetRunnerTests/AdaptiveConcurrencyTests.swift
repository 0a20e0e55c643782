import Testing

@testable import RatchetRunner

/// Servers whose truth is known, asked by rounds on a clock of their own.
@Suite("How many calls at once")
struct AdaptiveConcurrencyTests {
    /// A server with so many workers, each of which takes a tenth of a second; further calls queue.
    private func settle(workers: Int, answers: Int = 20_000) -> AdaptiveConcurrency {
        var concurrency = AdaptiveConcurrency()
        var now = 0.0
        var left = answers
        while left > 0 {
            let batch = concurrency.limit
            // `batch` calls in flight are worked off `workers` at a time.
            for place in 0..<batch {
                let end = now + 0.1 * Double(place / workers + 1)
                _ = concurrency.ended(.answered, begun: now, now: end, isFull: true)
            }
            now += 0.1 * Double((batch - 1) / workers + 1)
            left -= batch
        }
        return concurrency
    }

    @Test("a server that scales gets all the calls there may be, within a few rounds")
    func grows() {
        var concurrency = AdaptiveConcurrency()
        var now = 0.0
        for round in 0..<8 {
            for _ in 0..<concurrency.limit { _ = concurrency.ended(.answered, begun: now, now: now + 0.1, isFull: true) }
            now += 0.1
            if round == 6 { #expect(concurrency.limit >= 128) }
        }
        #expect(concurrency.limit <= AdaptiveConcurrency.most)
    }

    @Test("a server that queues is not buried: the limit stays near what it works on", arguments: [1, 4, 16])
    func saturated(workers: Int) {
        let limit = settle(workers: workers).limit
        #expect(limit >= min(workers, AdaptiveConcurrency.first))
        #expect(limit <= max(workers, AdaptiveConcurrency.first) * 4)
    }

    @Test("a refusal for the rate halves once an episode, and growth goes on slowly")
    func refused() {
        var concurrency = AdaptiveConcurrency()
        for round in 0..<4 {
            let now = Double(round)
            for _ in 0..<concurrency.limit { _ = concurrency.ended(.answered, begun: now, now: now + 1, isFull: true) }
        }
        let high = concurrency.limit
        #expect(concurrency.ended(.refused, begun: 5, now: 6, isFull: true) == .rateLimit)
        #expect(concurrency.limit == high / 2)
        // Those that were under way at the cut say nothing new.
        #expect(concurrency.ended(.refused, begun: 5.5, now: 6.1, isFull: true) == nil)
        #expect(concurrency.limit == high / 2)
        for _ in 0..<high / 2 { _ = concurrency.ended(.answered, begun: 7, now: 8, isFull: true) }
        #expect(concurrency.limit <= high / 2 + 1)
        #expect(concurrency.ended(.refused, begun: 9, now: 10, isFull: true) == .rateLimit)
    }

    @Test("an outage leaves one call at a time to ask, and the return starts anew")
    func outage() {
        var concurrency = AdaptiveConcurrency()
        for _ in 0..<4 { _ = concurrency.ended(.answered, begun: 0, now: 1, isFull: true) }
        let limit = concurrency.limit
        // A single failure stops growth and no more.
        #expect(concurrency.ended(.failed, begun: 1, now: 2, isFull: true) == nil)
        #expect(concurrency.limit == limit)
        for _ in 0..<limit { _ = concurrency.ended(.failed, begun: 1, now: 2, isFull: true) }
        #expect(concurrency.limit == 1)
        #expect(concurrency.ended(.answered, begun: 3, now: 4, isFull: true) == .recovered)
        #expect(concurrency.limit == AdaptiveConcurrency.first)
    }

    @Test("what is fixed stays, whatever comes")
    func fixed() {
        var concurrency = AdaptiveConcurrency(fixed: 7)
        for sign in [AdaptiveConcurrency.Sign.refused, .failed, .failed, .answered] {
            for place in 0..<50 { #expect(concurrency.ended(sign, begun: Double(place), now: Double(place) + 1, isFull: true) == nil) }
        }
        #expect(concurrency.limit == 7)
    }

    @Test("a rate of so many a minute lets through a second's worth, then evenly")
    func rate() {
        var limit = RateLimit(perMinute: 120)
        var now = 0.0
        var admitted: [Double] = []
        while now < 60 {
            if limit.earliest(now: now) <= now {
                limit.take(1, now: now)
                admitted.append(now)
            } else {
                now = limit.earliest(now: now)
            }
        }
        #expect((120...123).contains(admitted.count))
        #expect(admitted.prefix(3).allSatisfy { $0 == 0 })
    }
}
