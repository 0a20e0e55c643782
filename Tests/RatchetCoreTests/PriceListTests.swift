import RatchetCore
import Testing

@Suite("Prices")
struct PriceListTests {
    private static let source = SourceReference(file: "prices.yaml")

    private static func price(_ dollars: Double) -> TokenPrice { TokenPrice(dollarsPerMillion: dollars) ?? TokenPrice(picodollars: -1) }

    private static func entry(
        _ from: String, _ input: Double, _ output: Double, cached: Double? = nil, write: Double? = nil, tiers: [PriceList.Tier] = [],
        batch: Double = 1
    ) -> PriceList.Entry {
        PriceList.Entry(
            from: from, rates: rates(input, output, cached: cached, write: write), tiers: tiers, batchFactor: batch, source: source)
    }

    private static func rates(_ input: Double, _ output: Double, cached: Double? = nil, write: Double? = nil) -> PriceList.Rates {
        PriceList.Rates(input: price(input), output: price(output), cachedInput: cached.map(price), cacheWrite: write.map(price))
    }

    private static var list: PriceList {
        var list = PriceList()
        list.add("gpt-4o", [entry("2024-10-02", 2.5, 10, cached: 1.25, batch: 0.5), entry("2024-05-13", 5, 15)])
        list.add(
            "claude", [
                entry(
                    "2025-01-01", 3, 15, cached: 0.3, write: 3.75,
                    tiers: [PriceList.Tier(leastInputTokens: 200_001, rates: rates(6, 22.5, cached: 0.6, write: 7.5))])
            ])
        list.add(alias: "house-model", of: "gpt-4o")
        return list
    }

    @Test("token classes are priced apart, to the last digit")
    func classes() {
        // 1,000 in and 500 out at 2.50 and 10 a million.
        #expect(Self.list.cost("gpt-4o", Usage(inputTokens: 1000, outputTokens: 500), on: "2025-01-01")?.dollars == 0.0075)
        let usage = Usage(inputTokens: 2150, outputTokens: 1000, cachedTokens: 500, cacheWriteTokens: 150)
        // 1,500 × 3 + 500 × 0.3 + 150 × 3.75 + 1,000 × 15 = 20,212.5 millionths.
        #expect(Self.list.cost("claude", usage, on: "2025-06-01")?.picodollars == 20_212_500_000)
    }

    @Test("a hundred thousand calls add up exactly, where doubles do not")
    func exact() {
        let one = Self.list.cost("gpt-4o", Usage(inputTokens: 1, outputTokens: 0), on: "2025-01-01") ?? .zero
        var sum = Money.zero
        for _ in 0..<100_000 { sum += one }
        #expect(sum == Money(dollars: 0.25))
    }

    @Test("a price holds from its day on; before the first there is none")
    func days() {
        let usage = Usage(inputTokens: 1_000_000, outputTokens: 0)
        #expect(Self.list.cost("gpt-4o", usage, on: "2024-05-12") == nil)
        #expect(Self.list.cost("gpt-4o", usage, on: "2024-10-01")?.dollars == 5)
        #expect(Self.list.cost("gpt-4o", usage, on: "2024-10-02")?.dollars == 2.5)
    }

    @Test("a long input costs its tier, the boundary itself not")
    func tiers() {
        #expect(Self.list.cost("claude", Usage(inputTokens: 200_000, outputTokens: 0), on: "2025-06-01")?.dollars == 0.6)
        #expect(Self.list.cost("claude", Usage(inputTokens: 200_001, outputTokens: 0), on: "2025-06-01")?.picodollars == 1_200_006_000_000)
    }

    @Test("a batch costs its share; uncounted tokens have no price; parts beyond the whole are not paid twice")
    func edges() {
        let usage = Usage(inputTokens: 1_000_000, outputTokens: 0)
        #expect(Self.list.cost("gpt-4o", usage, on: "2025-01-01", isBatched: true)?.dollars == 1.25)
        #expect(Self.list.cost("gpt-4o", Usage(inputTokens: 10, outputTokens: nil), on: "2025-01-01") == nil)
        #expect(Self.list.cost("gpt-4o", nil, on: "2025-01-01") == nil)
        let odd = Usage(inputTokens: 100, outputTokens: 0, cachedTokens: 500)
        #expect(Self.list.cost("gpt-4o", odd, on: "2025-01-01")?.picodollars == 125_000_000)
    }

    @Test(
        "names lead to a model: exactly, by alias, without a date, without a router's prefix",
        arguments: [
            ("gpt-4o", PriceList.Match.exact), ("house-model", .alias), ("gpt-4o-2024-08-06", .undated), ("claude-20250514", .undated),
            ("claude-latest", .undated), ("claude-001", .undated), ("openai/gpt-4o", .unrouted),
        ])
    func names(name: String, match: PriceList.Match) {
        #expect(Self.list.entry(name, on: "2025-06-01")?.match == match)
    }

    @Test("what only looks alike is unpriced", arguments: ["gpt-4o-mini", "gpt-4", "gpt-4o-2024", "GPT-4o", ""])
    func unknown(name: String) {
        #expect(Self.list.entry(name, on: "2025-06-01") == nil)
    }

    @Test("a project's list wins model by model")
    func overridden() {
        var own = PriceList()
        own.add("gpt-4o", [Self.entry("0001-01-01", 1, 1)])
        own.add(alias: "our-claude", of: "claude")
        let list = Self.list.overridden(by: own)
        #expect(list.entry("gpt-4o", on: "2020-01-01")?.entry.rates.input.dollarsPerMillion == 1)
        #expect(list.entry("our-claude", on: "2025-06-01")?.match == .alias)
        #expect(list.entry("claude", on: "2025-06-01") != nil)
    }
}
