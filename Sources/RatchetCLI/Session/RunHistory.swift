import RatchetCore
import RatchetStore

/// How the examples of a suite came out in the runs recorded here, oldest first.
struct RunHistory {
    /// By suite and example, passes of each run's scored trials, while the example was the same as it was last.
    private var counts: [String: [TrialCount]] = [:]

    init(store: Store, limit: Int) throws {
        var hashes: [String: String] = [:]
        for run in try store.runs(limit: limit) where run.header.state == .finished && run.header.parent == nil {
            for suite in run.header.suites {
                let now = try store.exampleHashes(run: run.header.id, suite: suite.suite)
                var ofRun: [String: TrialCount] = [:]
                for outcome in try store.outcomes(run: run.header.id)
                where outcome.key.suite == suite.suite && outcome.key.draw.role == .run {
                    guard case .state(let state) = outcome.result, state.isScored else { continue }
                    ofRun[outcome.key.example, default: TrialCount()].trials += 1
                    if state == .passed { ofRun[outcome.key.example, default: TrialCount()].passes += 1 }
                }
                for (example, count) in ofRun {
                    let key = "\(suite.suite)/\(example)"
                    // Newest first: an example that was edited since has no history before that.
                    guard hashes[key] == nil || hashes[key] == now[example] else { continue }
                    hashes[key] = now[example]
                    counts[key, default: []].insert(count, at: 0)
                }
            }
        }
    }

    func counts(_ suite: String, _ example: String) -> [TrialCount] { counts["\(suite)/\(example)"] ?? [] }
}
