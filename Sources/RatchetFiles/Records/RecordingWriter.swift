import RatchetCore
import RatchetJSON

/// Writes recordings that `Recording` reads.
package struct RecordingWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// - Parameter trial: the trial's number in the recording, from 1.
    package mutating func addTrial(
        suite: String, example: String, prompt: PromptReference?, model: String, trial: Int, response: Response
    ) {
        var object: JSONObject = ["suite": .string(suite), "example": .string(example)]
        object["prompt"] = prompt.map { .string($0.description) }
        object["model"] = .string(model)
        object["trial"] = .int(trial)
        add(object, response)
    }

    /// - Parameter fingerprint: `Request.contentFingerprint` of the judge's call.
    package mutating func addJudgement(fingerprint: String, response: Response) {
        add(["fingerprint": .string(fingerprint)], response)
    }

    /// Replaces the file whole.
    package func write(to path: String) throws(FileSystem.Failure) { try AtomicFile.write(bytes, to: path) }

    private mutating func add(_ object: JSONObject, _ response: Response) {
        var object = object
        AnswerReader.append(response, to: &object)
        JSONValue.object(object).append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
    }
}
