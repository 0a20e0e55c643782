import RatchetCore
import RatchetFiles

/// Plays a recording. Trials of any draw are taken in their order; one that is not there is no error of the backend but
/// the end of the recording.
package struct ReplayBackend: Backend {
    private let recording: Recording

    package init(_ recording: Recording) { self.recording = recording }

    package func respond(to request: Request) async throws(BackendError) -> Response {
        switch request.purpose {
        case .trial(let suite, let example, let prompt):
            let ordinal = request.draw.number
            if let answer = recording.trial(
                suite: suite, example: example, prompt: prompt, model: request.target.model, ordinal: ordinal)
            {
                return answer.response
            }
            throw BackendError(
                .noFurtherRecording,
                ordinal == 1
                    ? "the recording has no answer of \(request.target.model) to \(suite)/\(example)"
                        + (prompt.map { " with \($0)" } ?? "")
                    : "the recording has no trial \(ordinal) of \(suite)/\(example)")
        case .judge(let rubric):
            if let answer = recording.judge(fingerprint: request.contentFingerprint) { return answer.response }
            throw BackendError(
                .noFurtherRecording,
                "the recording has no answer of the judge \(request.target.model) with \(rubric) to this output "
                    + "(fingerprint \(request.contentFingerprint))")
        case .embedding(let check):
            if let answer = recording.judge(fingerprint: request.contentFingerprint) { return answer.response }
            throw BackendError(
                .noFurtherRecording,
                "the recording has no embedding of \(request.target.model) for \(check) of this text "
                    + "(fingerprint \(request.contentFingerprint))")
        }
    }
}
