import Glibc
import RatchetBackends
import RatchetCore
import RatchetFiles
import RatchetRunner
import RatchetStore

/// Finds the commit that broke one example: a binary search over the project's history, with a sequential test at every
/// step, so that a flaky example leads astray at most once in a hundred steps.
struct Bisection {
    let opened: OpenedProject
    let suite: PlannedSuite
    let example: PlannedExample
    let store: Store
    let trials: Int
    let target: Target?

    private var context: Context { opened.context }
    private var git: Git { Git(folder: opened.folder.root) }

    /// The odds at which a step is decided: a wrong one at most once in a hundred (Wald 1945).
    private static let certain = log(99.0)
    private static let endTrials = 9
    private static let paths = ["ratchet.yaml", "prompts", "suites", "rubrics"]

    func run(good: String?, bad: String) async throws -> ExitCode {
        let last = try commit(bad, option: "--bad")
        let first = try good.map { try commit($0, option: "--good") } ?? recordedGood(before: last)
        let changes = try commits(from: first, to: last)
        guard !changes.isEmpty else {
            throw usage("no commit between \(short(first)) and \(short(last)) touches the project", help: "name other commits")
        }
        context.output("\(count(changes.count, "commit")) between \(short(first)) (good) and \(short(last)) (bad)\n")

        guard let goodCount = try await measure(first, upTo: Self.endTrials), goodCount.state == .passed else {
            throw usage("\(example.example.reference) does not pass at \(short(first))", help: "name a commit where it does: --good REF")
        }
        guard let badCount = try await measure(last, upTo: Self.endTrials), badCount.state == .failed else {
            throw usage("\(example.example.reference) does not fail at \(short(last))", help: "name a commit where it does: --bad REF")
        }
        context.output("  \(short(first))  good  \(goodCount)\n  \(short(last))  bad   \(badCount)\n")
        return try await search(changes, Rates(good: goodCount, bad: badCount))
    }

    /// - Parameter changes: Oldest first; the last one is bad.
    private func search(_ changes: [String], _ rates: Rates) async throws -> ExitCode {
        var (low, high) = (0, changes.count - 1)
        var isSure = true
        var skipped: Set<String> = []
        while low < high {
            // A commit that can't be tested is passed over for its nearest neighbour.
            let middle = (low + high) / 2
            let open = (low..<high).filter { !skipped.contains(changes[$0]) }
            guard let place = open.min(by: { abs($0 - middle) < abs($1 - middle) }) else { break }
            guard let (verdict, counted, sure) = try await decide(changes[place], rates) else {
                skipped.insert(changes[place])
                context.output("  \(short(changes[place]))  skipped: it can't be run there\n")
                continue
            }
            isSure = isSure && sure
            context.output("  \(short(changes[place]))  \(verdict ? "bad " : "good")  \(counted)\(sure ? "" : "  (not sure)")\n")
            if verdict { high = place } else { low = place + 1 }
        }
        let suspects = changes[low...high]
        let line = git.output(["log", "-1", "--format=%h %ad %an: %s", "--date=short", changes[high]]) ?? short(changes[high])
        if suspects.count == 1 {
            context.output("broken by \(line)\n")
        } else {
            context.output("broken by one of \(suspects.map(short).joined(separator: ", ")); those between can't be run\n")
        }
        if !isSure { context.output("at some commit it was as often right as wrong: run again with more --trials\n") }
        return isSure && suspects.count == 1 ? .passed : .inconclusive
    }

    // MARK: One commit

    /// The pass probabilities that a step tells apart, with a trial of either kind added to each.
    private struct Rates {
        let good: Double
        let bad: Double

        init(good: TrialCount, bad: TrialCount) {
            self.good = Double(good.passes + 1) / Double(good.trials + 2)
            self.bad = Double(bad.passes + 1) / Double(bad.trials + 2)
        }

        /// ln of how much likelier the trials are at the bad rate.
        func logOdds(_ count: TrialCount) -> Double {
            let failures = Double(count.trials - count.passes)
            return Double(count.passes) * log(bad / good) + failures * log((1 - bad) / (1 - good))
        }
    }

    /// `nil` when the example can't be run there.
    private func decide(_ commit: String, _ rates: Rates) async throws -> (isBad: Bool, TrialCount, isSure: Bool)? {
        guard let runner = try runner(at: commit) else { return nil }
        var counted = TrialCount()
        for number in 1...trials {
            guard let state = await runner.trial(number) else { break }
            counted = counted.adding(state)
            if abs(rates.logOdds(counted)) >= Self.certain { break }
        }
        guard counted.trials > 0 else { return nil }
        let odds = rates.logOdds(counted)
        return (odds > 0, counted, abs(odds) >= Self.certain || runner.isDeterministic)
    }

    private func measure(_ commit: String, upTo limit: Int) async throws -> TrialCount? {
        guard let runner = try runner(at: commit) else { return nil }
        var counted = TrialCount()
        for number in 1...limit {
            guard let state = await runner.trial(number) else { break }
            counted = counted.adding(state)
        }
        return counted.trials > 0 ? counted : nil
    }

    /// The example as it is now, with what a commit's project asks and of whom.
    private func runner(at commit: String) throws -> CommitRunner? {
        guard let folder = try BaseFiles.export(commit, of: opened.folder), FileSystem.kind(folder.path("ratchet.yaml")) != nil else { return nil }
        var there = try OpenedProject.open(context, directory: folder.root)
        var selection = RunSelection()
        selection.suites = [suite.run.suite]
        selection.target = target
        guard there.project.suites.contains(where: { $0.name == suite.run.suite }),
            let planned = there.plan(selection).suites.first
        else { return nil }
        let asked = PlannedSuite(suite: suite.suite, run: planned.run, version: planned.version, examples: [example])
        let backends = there.backends(for: Set([planned.target]).union(example.checks.targets))
        guard backends[planned.target.backend] != nil, !there.diagnostics.contains(where: { $0.severity == .error }) else { return nil }
        try OpenedProject.requireCredentials(backends)
        return CommitRunner(
            suite: asked, example: example, isDeterministic: planned.run.isDeterministic,
            caller: Caller(
                backends: backends, store: store, clock: context.clock,
                options: opened.callerOptions(concurrency: 1), interruption: Interruption()))
    }

    private struct CommitRunner {
        let suite: PlannedSuite
        let example: PlannedExample
        let isDeterministic: Bool
        let caller: Caller

        /// `nil` without an answer, or without a verdict.
        func trial(_ number: Int) async -> TrialState? {
            let exchange = await caller.call(suite.request(example.example, draw: Draw(.run, number)))
            guard case .success(let response) = exchange.result else { return nil }
            let verdict = await example.checks.evaluate(response, isReused: exchange.isCached, caller: caller)
            return verdict.state.isScored ? verdict.state : nil
        }
    }

    // MARK: History

    /// The newest recorded run before the bad commit in which the example passed.
    private func recordedGood(before last: String) throws -> String {
        for run in try store.runs(limit: 200) where run.header.state == .finished {
            guard let name = run.header.commit, let id = git.output(["rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}"]),
                id != last, git.data(["merge-base", "--is-ancestor", id, last]) != nil,
                run.header.suites.contains(where: { $0.suite == suite.run.suite })
            else { continue }
            let trials = try store.exampleTrials(run: run.header.id, suite: suite.run.suite, example: example.example.id)
                .filter { $0.key.draw.role == .run && $0.state.isScored }
            let passes = trials.count { $0.state == .passed }
            if !trials.isEmpty, passes * 2 > trials.count, trials.first?.exampleHash == example.hash {
                context.output("it passed in the run \(run.header.id), at \(short(id))\n")
                return id
            }
        }
        throw usage("no recorded run tells where \(example.example.reference) passed", help: "name a commit where it did: --good REF")
    }

    /// The commits after the first up to the last that touch the project, oldest first. What is not committed counts for
    /// nothing.
    private func commits(from first: String, to last: String) throws -> [String] {
        let recordings = opened.project.configuration.backends.values.compactMap { backend -> String? in
            if case .replay(let file) = backend.kind { file } else { nil }
        }
        let text = git.output(
            ["rev-list", "--first-parent", "--reverse", "\(first)..\(last)", "--"] + Self.paths + recordings.sorted())
        return (text ?? "").split(separator: "\n").map(String.init)
    }

    private func commit(_ name: String, option: String) throws -> String {
        guard let id = git.output(["rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}"]) else {
            throw usage("\(option): there is no commit \"\(name)\"", help: nil)
        }
        return id
    }

    private func short(_ commit: String) -> String { String(commit.prefix(7)) }

    private func usage(_ message: String, help: String?) -> DiagnosticsError {
        DiagnosticsError([Diagnostic(message, help: help, exitCode: .usage)])
    }
}

extension TrialCount {
    fileprivate func adding(_ state: TrialState) -> TrialCount {
        TrialCount(passes: passes + (state == .passed ? 1 : 0), trials: trials + 1)
    }
}
