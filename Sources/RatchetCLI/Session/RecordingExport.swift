import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetStore

/// Writing a run's answers as a recording that a replay backend reads.
enum RecordingExport {
    /// - Returns: The number of trials; judges' answers come on top.
    @discardableResult
    static func write(run: RunHeader, store: Store, to path: String) throws -> Int {
        var writer = RecordingWriter()
        var trials = 0
        var judged: Set<String> = []
        for suite in run.suites {
            let model = Target(suite.target)?.model ?? suite.target
            try store.forEachTrial(run: run.id, suite: suite.suite) { trial in
                guard let response = trial.request.response, trial.key.draw.role != .control else { return }
                writer.addTrial(
                    suite: suite.suite, example: trial.key.example, prompt: suite.prompt.flatMap { PromptReference($0) },
                    model: model, trial: trial.key.draw.number, response: response)
                trials += 1
                for request in trial.judgeRequests {
                    guard let response = request.response, judged.insert(request.contentFingerprint).inserted else {
                        continue
                    }
                    writer.addJudgement(fingerprint: request.contentFingerprint, response: response)
                }
            }
        }
        try writer.write(to: path)
        return trials
    }
}
