import ArgumentParser
import RatchetCore
import RatchetFiles
import RatchetJSON

/// `ratchet prices`
struct PricesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices", abstract: "What models cost.", subcommands: [List.self, Check.self], defaultSubcommand: List.self)

    struct List: ContextCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the prices that hold today, US dollars a million tokens.",
            discussion: "The project's prices.yaml wins over the program's own list, model by model.")

        @OptionGroup var project: ProjectOptions
        @Argument(help: "Models, as targets or answers name them; all that are known by default.") var models: [String] = []
        @Option(help: ArgumentHelp("The day whose prices are wanted; today by default.", valueName: "day")) var on: String?
        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func validate() throws {
            if let on, CalendarDay(on) == nil { throw ValidationError("--on must be a day such as 2026-11-26.") }
        }

        func run(_ context: Context) async throws -> RatchetCore.ExitCode {
            let prices = try PriceSource.read(context, directory: project.directory)
            let day = on ?? context.today
            let names = models.isEmpty ? prices.models.keys.sorted() : models
            let found = names.map { ($0, prices.entry($0, on: day)) }
            switch format {
            case .human: context.output(table(found, day: day))
            case .json: context.output(json(found, day: day).serialized(.compact) + "\n")
            }
            return found.contains { $0.1 == nil } && !models.isEmpty ? .badInput : .passed
        }

        private func table(_ rows: [(String, (entry: PriceList.Entry, model: String, match: PriceList.Match)?)], day: String) -> String {
            var lines = [["model", "input", "cached", "cache write", "output", "batch", "since", "from"]]
            for (name, found) in rows {
                guard let (entry, model, match) = found else {
                    lines.append([name, "unpriced", "", "", "", "", "", ""])
                    continue
                }
                let shown = match == .exact ? name : "\(name) (\(model))"
                lines.append(row(shown, entry.rates, entry))
                for tier in entry.tiers { lines.append(row("  more than \(tier.leastInputTokens - 1) tokens in", tier.rates, nil)) }
            }
            return "US dollars a million tokens, on \(day)\n" + TextTable.text(lines)
        }

        private func row(_ name: String, _ rates: PriceList.Rates, _ entry: PriceList.Entry?) -> [String] {
            func words(_ price: TokenPrice?) -> String { price.map { JSONNumber($0.dollarsPerMillion).literal } ?? "" }
            return [
                name, words(rates.input), words(rates.cachedInput), words(rates.cacheWrite), words(rates.output),
                entry.map { $0.batchFactor == 1 ? "" : "× " + JSONNumber($0.batchFactor).literal } ?? "",
                entry.map { $0.from < "1000" ? "always" : $0.from } ?? "", entry?.source.file ?? "",
            ]
        }

        private func json(_ rows: [(String, (entry: PriceList.Entry, model: String, match: PriceList.Match)?)], day: String) -> JSONValue {
            func rates(_ rates: PriceList.Rates) -> JSONObject {
                var object: JSONObject = [
                    "input": .double(rates.input.dollarsPerMillion), "output": .double(rates.output.dollarsPerMillion),
                ]
                object["cached_input"] = rates.cachedInput.map { .double($0.dollarsPerMillion) }
                object["cache_write"] = rates.cacheWrite.map { .double($0.dollarsPerMillion) }
                return object
            }
            let models = rows.map { name, found -> JSONValue in
                guard let (entry, model, _) = found else { return ["model": .string(name), "priced": false] }
                var object: JSONObject = ["model": .string(name), "priced": true, "as": .string(model), "from": .string(entry.from)]
                for (key, value) in rates(entry.rates) { object[key] = value }
                object["batch"] = .double(entry.batchFactor)
                object["tiers"] = .array(
                    entry.tiers.map { tier in
                        var object = rates(tier.rates)
                        object["above"] = .int(tier.leastInputTokens - 1)
                        return .object(object)
                    })
                object["file"] = .string(entry.source.file)
                return .object(object)
            }
            return ["format": "ratchet.prices/1", "day": .string(day), "models": .array(models)]
        }
    }

    struct Check: ContextCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check prices.yaml, and that every model of the project has a price.",
            discussion: "Models of recordings and of echo cost nothing and need none.")

        @OptionGroup var project: ProjectOptions

        func run(_ context: Context) async throws -> RatchetCore.ExitCode {
            var opened = try OpenedProject.open(context, directory: project.directory)
            let plan = opened.plan(.init())
            try opened.requireValid()
            let configuration = opened.project.configuration
            let paid = plan.targets.filter { configuration.backend($0.backend)?.isDeterministic != true }
                .sorted { $0.description < $1.description }
            let missing = paid.filter { configuration.prices.entry($0.model, on: context.today) == nil }
            for target in paid {
                guard let found = configuration.prices.entry(target.model, on: context.today) else {
                    context.output("\(target): unpriced\n")
                    continue
                }
                let rates = found.entry.rates
                context.output(
                    "\(target): \(JSONNumber(rates.input.dollarsPerMillion).literal) in, "
                        + "\(JSONNumber(rates.output.dollarsPerMillion).literal) out, by \(found.model) in \(found.entry.source.file)\n")
            }
            if paid.isEmpty { context.output("no target of the project costs anything\n") }
            if !missing.isEmpty { context.output("add what is unpriced to prices.yaml: MODEL: {input: DOLLARS, output: DOLLARS} a million tokens\n") }
            return missing.isEmpty ? .passed : .badInput
        }
    }
}

/// Prices are asked for outside of projects as well.
private enum PriceSource {
    static func read(_ context: Context, directory: String?) throws -> PriceList {
        let folder = directory.map { ProjectFolder(root: context.absolute($0)) } ?? ProjectFolder.find(from: context.workingDirectory)
        guard let folder else { return PriceFile.builtIn }
        let problems = Problems()
        let own = PriceFile.own(in: folder, problems)
        guard !problems.hasErrors else { throw ProjectProblems(folder: folder, problems.diagnostics) }
        return PriceFile.builtIn.overridden(by: own)
    }
}
