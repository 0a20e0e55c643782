import RatchetCore
import RatchetGate

/// What a reader can do now, as commands to copy.
struct NextStep: Equatable {
    var purpose: String
    var command: String

    /// - Parameter isCI: A CI machine keeps neither runs nor baselines: what changes the repository is done elsewhere.
    static func after(_ report: RunReport, isCI: Bool) -> [NextStep] {
        let steps = NextSteps(report: report, isCI: isCI)
        switch report.decision.exit {
        case .passed: return steps.afterPassing
        case .regressed: return steps.afterFailing
        case .noBaseline: return steps.accepting("take this run as the baseline")
        case .stale: return [steps.look] + steps.accepting("accept anew")
        case .overrideProblem:
            return [NextStep(purpose: "mend or remove the override files named above, then", command: steps.rerun)]
        case .interrupted, .terminated, .budgetExhausted, .partial:
            return [NextStep(purpose: "resume, with the same command", command: steps.rerun)]
        case .nothingToRun: return []
        case .inconclusive where !steps.drifted.isEmpty: return [steps.look] + steps.afterDrift
        case .backendUnavailable, .inconclusive, .noCredentials:
            return [steps.look, NextStep(purpose: "ask again; what was answered is kept", command: steps.rerun)]
        case .internalError, .usage, .badInput, .cannotWrite, .badConfig: return [steps.look]
        }
    }
}

private struct NextSteps {
    let report: RunReport
    let isCI: Bool

    private var decision: RunDecision { report.decision }
    private var run: String { report.header.id }

    var look: NextStep {
        NextStep(
            purpose: "see every output and check in a page", command: "ratchet report \(ShellWord.quoted(run))")
    }

    /// Rubrics whose judge has drifted.
    var drifted: [String] {
        Set(decision.suites.flatMap { $0.judges ?? [] }.filter { $0.hasDrifted && $0.isGating }.map(\.rubric)).sorted()
    }

    var afterDrift: [NextStep] {
        [NextStep(purpose: "judge what the baseline holds with today's judge", command: "ratchet regrade --baseline")]
            + drifted.map {
                NextStep(purpose: "then keep its verdicts of today as the known ones", command: "ratchet judge canary \($0) --renew")
            } + [NextStep(purpose: "then run again", command: rerun)]
    }

    /// The command of this run as far as it can be known.
    var rerun: String { report.command ?? command(decision.suites, flags: []) }

    var afterPassing: [NextStep] {
        let suites = decision.suites
        if suites.allSatisfy({ $0.basis == .ungated }) {
            return [NextStep(purpose: "compare with the baseline", command: command(suites, flags: [], isGated: true))]
        }
        if suites.contains(where: { $0.basis == .run }) { return [look] }
        let hasNews = suites.contains { suite in
            !suite.differences.isEmpty || suite.examples.contains { $0.verdict == .new }
        }
        // A tolerated loss must not become the baseline by habit.
        let isClean = suites.allSatisfy(\.usedOverrides.isEmpty)
        let lost = suites.reduce(0) { $0 + $1.lost.count }
        let warning = lost == 0 ? "" : ", the \(lost) lost included: look at them first"
        return hasNews && isClean ? accepting("accept this run: what changed becomes the baseline\(warning)") : []
    }

    var afterFailing: [NextStep] {
        let failed = decision.suites.filter { !$0.failedRules.isEmpty }
        guard !failed.contains(where: { $0.basis == .run }) else { return [look] }
        let flags = ["--allow-regression"] + failed.flatMap(permissible) + ["--reason \"…\""]
        let permit = NextStep(
            purpose: "or permit it for a while, on record",
            command: report.command.map { ([$0] + flags).joined(separator: " ") } ?? command(failed, flags: flags))
        let isCompared = failed.contains { $0.basis != .ungated }
        return [look] + (isCompared ? [permit] + accepting("or accept the new behaviour as it is") : [])
    }

    /// Refused for a run with examples that have no answer or no verdict.
    func accepting(_ purpose: String) -> [NextStep] {
        let isComplete = decision.suites.allSatisfy { $0.counts.errored == 0 && $0.counts.unscored == 0 }
        let isCut = decision.all.contains { [.interrupted, .terminated, .budgetExhausted, .partial].contains($0) }
        guard isComplete, !isCut else {
            return [NextStep(purpose: "\(purpose): complete the run first", command: rerun)]
        }
        guard decision.suites.allSatisfy({ $0.earlyStop == nil && $0.earlyPass == nil }) else {
            return [NextStep(purpose: "\(purpose): run all of it first", command: rerun + " --no-early-stop")]
        }
        let names = Set(decision.suites.compactMap { $0.basis == .run ? nil : $0.basisName })
        let name = names.first.map { " --baseline \(ShellWord.quoted($0))" } ?? ""
        let accept = NextStep(purpose: purpose, command: "ratchet baseline accept \(ShellWord.quoted(run))\(name)")
        guard isCI else { return [accept] }
        return [NextStep(purpose: "on your own machine, first", command: rerun)]
            + [NextStep(purpose: purpose, command: "ratchet baseline accept latest\(name)")]
    }

    /// What `--allow-regression` must name so that nothing fails any more.
    private func permissible(_ suite: SuiteDecision) -> [String] {
        let groups = SuiteGroups(suite)
        let broken = suite.examples.filter { $0.override == nil && !$0.brokenRules.isEmpty }.map(\.id)
        let weakened = (suite.weakenings ?? []).filter { $0.override == nil }
        var seen: Set<String> = []
        let ids = (broken + groups.missing + weakened.compactMap(\.example)).filter { seen.insert($0).inserted }.map { id in
            decision.suites.count > 1 || id.hasPrefix("-") ? "\(suite.suite.suite)/\(id)" : id
        }
        let words = ids.prefix(3).map(ShellWord.quoted) + (ids.count > 3 ? ["ID…"] : [])
        return words + suite.permissibleWholes.map { ShellWord.quoted("\(suite.suite.suite):\($0.name)") }
    }

    private func command(_ suites: [SuiteDecision], flags: [String], isGated: Bool = false) -> String {
        var words = ["ratchet run"] + suites.map(\.suite.suite)
        let differing = suites.filter { suite in suite.differences.contains { $0.kind == .prompt } }
        if let prompt = differing.first?.suite.prompt, suites.count == 1 {
            words.append("--prompt \(ShellWord.quoted(prompt))")
        }
        let targets = Set(
            suites.filter { suite in suite.differences.contains { $0.kind == .model } }.map(\.suite.target))
        if let target = targets.first, targets.count == 1 { words.append("--target \(ShellWord.quoted(target))") }
        let trials = Set(suites.map(\.suite.trials))
        if let trials = trials.first, trials > 1 { words.append("--trials \(trials)") }
        if !isGated, suites.contains(where: { $0.basis == .ungated }) { words.append("--baseline none") }
        if let name = suites.first(where: { $0.basis == .baseline || $0.basis == .noBaseline })?.basisName {
            words.append("--baseline \(ShellWord.quoted(name))")
        }
        return (words + flags).joined(separator: " ")
    }
}

/// A word for a POSIX shell.
package enum ShellWord {
    /// The word itself where it is plain, else in single quotes; `ID` where no terminal could show it faithfully.
    package static func quoted(_ word: String) -> String {
        guard !word.isEmpty, word.utf8.count <= 120, TerminalText.plain(word, limit: 120) == word else { return "ID" }
        if word.utf8.allSatisfy(isPlain) { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_./:@%+=,-".utf8.contains(byte)
        }
    }
}
