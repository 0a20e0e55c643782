import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetReports
import RatchetStore

/// What a project and its store know beside a run: for its reports.
struct ProjectBackground {
    let project: Project
    let folder: ProjectFolder
    let store: Store

    /// How many earlier runs of a suite are shown.
    private static let pastRuns = 20

    /// - Parameters:
    ///   - baselines: What the run was compared with, where that is at hand; else the suites' own baselines are read.
    ///   - hasHistory: Whether earlier runs are wanted: their decisions have to be read for that.
    func of(_ report: RunReport, baselines: [String: Baseline]? = nil, hasHistory: Bool = false) -> ReportBackground {
        var background = ReportBackground()
        background.folderInRepository = Git(folder: folder.root).output(["rev-parse", "--show-prefix"]) ?? ""
        let wanted = Set(report.decision.suites.map(\.suite.suite))
        let examples = Dictionary(
            project.suites.filter { wanted.contains($0.name) }.map { ($0.name, Index($0.examples, by: \.id)) }, uniquingKeysWith: { first, _ in first })
        background.example = { examples[$0]?[$1] }
        var records: [String: Index<BaselineRecord>] = [:]
        for suite in report.decision.suites where suite.basis == .baseline {
            let name = suite.suite.suite
            guard let baseline = if let baselines { baselines[name] } else { read(suite) } else { continue }
            // A record of this very run is what came of it, and nothing that it was compared with.
            let before = baseline.records.filter { record in record.batches.contains { $0.run != report.header.id } }
            records[name] = Index(before, by: \.id)
            if let run = before.lazy.compactMap({ $0.batches.last { $0.run != report.header.id }?.run }).first {
                background.metricsBefore[name] = try? store.metrics(run: run, suite: name)
            }
        }
        let others = Dictionary(
            report.decision.suites.compactMap { suite in suite.basis == .run ? suite.basisName.map { (suite.suite.suite, $0) } : nil },
            uniquingKeysWith: { first, _ in first }
        ).filter { (try? store.run($0.value)) != nil }
        for (name, run) in others { background.metricsBefore[name] = try? store.metrics(run: run, suite: name) }
        background.acceptedOutput = { [records, store] suite, id in
            if let record = records[suite]?[id] { return record.output }
            guard let run = others[suite] else { return nil }
            return try store.exampleTrials(run: run, suite: suite, example: id).first { $0.key.draw.role == .run }?.request.output
        }
        if hasHistory { background.history = history(wanted, until: report.header) }
        return background
    }

    private func read(_ suite: SuiteDecision) -> Baseline? {
        BaselineFile(folder).read(suite: suite.suite.suite, name: suite.basisName).baseline
    }

    private func history(_ suites: Set<String>, until header: RunHeader) -> [String: [ReportBackground.PastRun]] {
        var past: [String: [ReportBackground.PastRun]] = [:]
        for run in (try? store.runs(limit: Self.pastRuns * 3)) ?? [] where run.header.started <= header.started && run.header.id != header.id {
            let missing = run.header.suites.contains { suites.contains($0.suite) && past[$0.suite, default: []].count < Self.pastRuns }
            guard missing, !run.header.isPartial, let exit = run.exit?["name"]?.stringValue, let verdict = try? store.verdict(run: run.header.id)
            else { continue }
            // Of a decision only this is read, as it lies there: making the whole of it anew takes far longer.
            for decided in verdict["decision"]?["suites"]?.arrayValue ?? [] {
                guard let name = decided["suite"]?["suite"]?.stringValue, suites.contains(name), let rate = decided["passRate"]?["value"]?.doubleValue,
                    let suite = run.header.suites.first(where: { $0.suite == name }), past[name, default: []].count < Self.pastRuns
                else { continue }
                past[name, default: []].append(
                    ReportBackground.PastRun(
                        id: run.header.id, started: run.header.started, target: suite.target, prompt: suite.prompt, passRate: rate, exit: exit))
            }
        }
        return past.mapValues { $0.reversed() }
    }
}

/// Elements by id, found without a second copy of them.
private struct Index<Element: Sendable>: Sendable {
    private let elements: [Element]
    private let places: [String: Int]

    init(_ elements: [Element], by id: (Element) -> String) {
        self.elements = elements
        places = Dictionary(elements.enumerated().map { (id($1), $0) }, uniquingKeysWith: { first, _ in first })
    }

    subscript(id: String) -> Element? { places[id].map { elements[$0] } }
}
