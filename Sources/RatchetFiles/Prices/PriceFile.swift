import RatchetCore
import RatchetJSON

/// Price lists: the one that comes with the program, and a project's own `prices.yaml`.
package enum PriceFile {
    /// Of a project, in its root.
    package static let name = "prices.yaml"
    /// What the program's own is called where a person reads of it.
    package static let builtInName = "built-in prices.yaml"

    /// The list that comes with the program.
    package static let builtIn: PriceList = {
        let problems = Problems()
        let list = PriceReader(problems: problems).read(PackageResources.prices_yaml, file: builtInName)
        assert(!problems.hasErrors, "\(problems.diagnostics)")
        return list
    }()

    /// The project's own list; empty where it has none.
    package static func own(in folder: ProjectFolder, _ problems: Problems) -> PriceList {
        guard FileSystem.kind(folder.path(name)) != nil, let file = SourceFile.read(name, in: folder, problems) else {
            return PriceList()
        }
        return PriceReader(problems: problems).read(file.bytes, file: name)
    }
}

/// Reads a price list.
private struct PriceReader {
    let problems: Problems

    private static let rateKeys = ["input", "cached_input", "cache_write", "output"]
    private static let always = "0001-01-01"

    func read(_ bytes: [UInt8], file: String) -> PriceList {
        var list = PriceList()
        guard let value = YAMLReader.read(String(decoding: bytes, as: UTF8.self), file: file, problems) else { return list }
        let source = SourceReference(file: file, .value(document: 1, .root))
        guard
            let reader = ObjectReader(
                value.isNull ? .object([:]) : value, at: source, as: file, keys: ["version", "models", "aliases"], problems)
        else { return list }
        if reader.require("version", help: "begin the file with: version: 1"), reader.value("version") != 1 {
            reader.error("version", "this program reads price lists of version 1")
        }
        for (model, value) in reader.object("models")?.members ?? [] {
            list.add(model, entries(value, at: reader.place("models").appending(model)))
        }
        for (name, value) in reader.object("aliases")?.members ?? [] {
            guard let model = value.stringValue, list.models[model] != nil || PriceFile.builtInIfOther(than: file)?.models[model] != nil
            else {
                problems.error("an alias names a model that has a price", at: reader.place("aliases").appending(name))
                continue
            }
            list.add(alias: name, of: model)
        }
        return list
    }

    /// A list of dated prices, or one price that always held.
    private func entries(_ value: JSONValue, at source: SourceReference) -> [PriceList.Entry] {
        guard let list = value.arrayValue else { return [entry(value, at: source, isDated: false)].compactMap { $0 } }
        if list.isEmpty { problems.error("a model needs at least one price", at: source) }
        let entries = list.enumerated().compactMap { entry($1, at: source.appending($0), isDated: true) }
        for (place, entry) in entries.enumerated() where entries[..<place].contains(where: { $0.from == entry.from }) {
            problems.error("two prices hold from \(entry.from) on", at: entry.source)
        }
        return entries
    }

    private func entry(_ value: JSONValue, at source: SourceReference, isDated: Bool) -> PriceList.Entry? {
        guard
            let reader = ObjectReader(
                value, at: source, as: "a price", keys: ["from"] + Self.rateKeys + ["batch", "tiers"], problems)
        else { return nil }
        if isDated { reader.require("from", help: "the day from which the price holds, for example 2026-11-26") }
        let from = reader.text("from")
        if let from, CalendarDay(from) == nil { reader.error("from", "\(Quoted.text(from)) is not a day", help: "write it as 2026-11-26") }
        guard let rates = rates(reader) else { return nil }
        var tiers: [PriceList.Tier] = []
        for (index, value) in (reader.list("tiers") ?? []).enumerated() {
            let place = reader.place("tiers").appending(index)
            guard let tier = ObjectReader(value, at: place, as: "a tier", keys: ["above"] + Self.rateKeys, problems) else { continue }
            tier.require("above", help: "the input tokens beyond which it holds")
            guard let above = tier.integer("above", in: 0...Int.max - 1), let rates = self.rates(tier) else { continue }
            tiers.append(PriceList.Tier(leastInputTokens: above + 1, rates: rates))
        }
        return PriceList.Entry(
            from: from ?? Self.always, rates: rates, tiers: tiers.sorted { $0.leastInputTokens < $1.leastInputTokens },
            batchFactor: reader.number("batch", in: 0...1) ?? 1, source: source)
    }

    private func rates(_ reader: ObjectReader) -> PriceList.Rates? {
        let isWhole = ["input", "output"].map { reader.require($0, help: "US dollars a million tokens") }
        let prices = Self.rateKeys.map { key -> TokenPrice? in
            guard let dollars = reader.number(key, in: 0...1_000_000) else { return nil }
            if let price = TokenPrice(dollarsPerMillion: dollars) { return price }
            reader.error(key, "a price has at most six decimals")
            return nil
        }
        guard !isWhole.contains(false), let input = prices[0], let output = prices[3] else { return nil }
        return PriceList.Rates(input: input, output: output, cachedInput: prices[1], cacheWrite: prices[2])
    }
}

extension PriceFile {
    /// What else an alias of that file may name.
    fileprivate static func builtInIfOther(than file: String) -> PriceList? { file == builtInName ? nil : builtIn }
}
