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
            var example: String?
            var number = 0
            let model = Target(suite.target)?.model ?? suite.target
            try store.forEachTrial(run: run.id, suite: suite.suite) { trial in
                guard let response = trial.request.response, trial.key.draw.role != .control else { return }
                // Numbered anew: a run's own trials and those bought for a record may bear the same numbers.
                number = example == trial.key.example ? number + 1 : 1
                example = trial.key.example
                writer.addTrial(
                    suite: suite.suite, example: trial.key.example, prompt: suite.prompt.flatMap { PromptReference($0) },
                    model: model, trial: number, response: response)
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
