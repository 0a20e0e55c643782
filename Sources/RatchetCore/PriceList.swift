/// What models cost, by model and day. A model that is not in it is `unpriced`, never free.
package struct PriceList: Sendable {
    /// What a model costs from a day on.
    package struct Entry: Hashable, Sendable {
        /// The day from which it holds, `2026-11-26`.
        package var from: String
        package var rates: Rates
        /// For requests with a long input, by the least number of input tokens, ascending: `(200_001, …)` for more than
        /// 200,000.
        package var tiers: [Tier]
        /// What a batched request costs of this: 0.5 for half. 1 where there is no discount.
        package var batchFactor: Double
        package var source: SourceReference

        package init(from: String, rates: Rates, tiers: [Tier] = [], batchFactor: Double = 1, source: SourceReference) {
            self.from = from
            self.rates = rates
            self.tiers = tiers
            self.batchFactor = batchFactor
            self.source = source
        }
    }

    /// Prices of a million tokens, of disjoint classes.
    package struct Rates: Hashable, Sendable {
        /// Input that was neither read from nor written to the provider's cache.
        package var input: TokenPrice
        package var output: TokenPrice
        /// `nil` where it is that of other input.
        package var cachedInput: TokenPrice?
        package var cacheWrite: TokenPrice?

        package init(input: TokenPrice, output: TokenPrice, cachedInput: TokenPrice? = nil, cacheWrite: TokenPrice? = nil) {
            self.input = input
            self.output = output
            self.cachedInput = cachedInput
            self.cacheWrite = cacheWrite
        }
    }

    package struct Tier: Hashable, Sendable {
        package var leastInputTokens: Int
        package var rates: Rates

        package init(leastInputTokens: Int, rates: Rates) {
            self.leastInputTokens = leastInputTokens
            self.rates = rates
        }
    }

    /// How a model's name led to its price.
    package enum Match: Hashable, Sendable {
        case exact
        case alias
        /// Without what looks like a date or `latest` at its end.
        case undated
        /// Without what stands before a slash: `openai/gpt-4o` of a router.
        case unrouted
    }

    /// By model, entries in ascending order of their days.
    package private(set) var models: [String: [Entry]] = [:]
    /// Other names of models.
    package private(set) var aliases: [String: String] = [:]

    package init() {}

    package mutating func add(_ model: String, _ entries: [Entry]) {
        models[model] = entries.sorted { $0.from < $1.from }
    }

    package mutating func add(alias name: String, of model: String) { aliases[name] = model }

    /// This list with the entries of another before its own.
    package func overridden(by other: PriceList) -> PriceList {
        var list = self
        for (model, entries) in other.models { list.add(model, entries) }
        for (name, model) in other.aliases { list.add(alias: name, of: model) }
        return list
    }

    package var isEmpty: Bool { models.isEmpty }

    /// What the model costs on a day.
    ///
    /// - Parameter day: `2026-11-26`. Before its first entry a model has no price.
    package func entry(_ model: String, on day: String) -> (entry: Entry, model: String, match: Match)? {
        guard let (name, match) = resolve(model), let entry = models[name]?.last(where: { $0.from <= day }) else { return nil }
        return (entry, name, match)
    }

    /// What one request costs; `nil` when the model has no price, or its tokens were not counted.
    package func cost(_ model: String, _ usage: Usage?, on day: String, isBatched: Bool = false) -> Money? {
        guard let usage, let input = usage.inputTokens, let output = usage.outputTokens,
            let entry = entry(model, on: day)?.entry
        else { return nil }
        let rates = entry.tiers.last { $0.leastInputTokens <= input }?.rates ?? entry.rates
        // A provider that counts more parts than there is of the whole is not paid for it twice.
        let cached = min(usage.cachedTokens ?? 0, input)
        let written = min(usage.cacheWriteTokens ?? 0, input - cached)
        let sum =
            rates.input(input - cached - written) + (rates.cachedInput ?? rates.input)(cached)
            + (rates.cacheWrite ?? rates.input)(written) + rates.output(output)
        return isBatched ? Money(picodollars: Int64((Double(sum.picodollars) * entry.batchFactor).rounded())) : sum
    }

    private func resolve(_ model: String) -> (String, Match)? {
        if models[model] != nil { return (model, .exact) }
        if let name = aliases[model], models[name] != nil { return (name, .alias) }
        if let undated = Self.undated(model), let (name, _) = resolve(undated) { return (name, .undated) }
        if let slash = model.lastIndex(of: "/"), let (name, _) = resolve(String(model[model.index(after: slash)...])) {
            return (name, .unrouted)
        }
        return nil
    }

    /// `gpt-4o-2024-08-06`, `claude-3-5-haiku-20241022`, `claude-3-5-haiku-latest`, `gemini-2.0-flash-001` without their
    /// ends; `nil` when there is none.
    private static func undated(_ model: String) -> String? {
        let parts = model.split(separator: "-", omittingEmptySubsequences: false)
        func isNumber(_ text: Substring, _ digits: Int) -> Bool { text.utf8.count == digits && text.utf8.allSatisfy { $0 &- 48 < 10 } }
        guard parts.count > 1, let last = parts.last else { return nil }
        if parts.count > 3, isNumber(last, 2), isNumber(parts[parts.count - 2], 2), isNumber(parts[parts.count - 3], 4) {
            return parts.dropLast(3).joined(separator: "-")
        }
        return last == "latest" || isNumber(last, 8) || isNumber(last, 3) ? parts.dropLast().joined(separator: "-") : nil
    }
}
