import RatchetCore
import RatchetJSON
import Synchronization

/// One question to a judge: asked in the strictest form that its backend takes, and once more when the answer is of no
/// use.
struct JudgeQuestion: Sendable {
    enum Answer: Sendable {
        case answer(JudgeAnswer)
        /// The judge said something, but no usable verdict: its words.
        case unusable(String)
        /// The backend gave no answer: why.
        case unanswered(String)
    }

    let rubric: Rubric
    let messages: [Message]
    let form: JudgeForm
    let caller: any ModelCaller

    /// - Parameters:
    ///   - number: the draw of the question.
    ///   - further: the draw with which it is asked again: by the same one the cache would give the same answer.
    func ask(draw number: Int, again further: Int) async -> (answer: Answer, exchanges: [Exchange]) {
        let first = await call(draw: number)
        let answer = answer(in: first)
        guard case .unusable = answer else { return (answer, first) }
        let second = await call(draw: further)
        let again = self.answer(in: second)
        if case .answer = again { return (again, first + second) }
        return (answer, first + second)
    }

    private func answer(in exchanges: [Exchange]) -> Answer {
        switch exchanges.last?.result {
        case .failure(let error): .unanswered(error.message)
        case .success(let response):
            JudgeAnswer(response.output, scale: rubric.scale).map { .answer($0) } ?? .unusable(Self.words(response.output))
        case nil: .unanswered("nothing was asked")
        }
    }

    private static func words(_ output: Output) -> String {
        let end = output.isCutOff ? ", cut off (finish reason `\(output.finishReason ?? "")`)" : ""
        return Excerpt.quoted(output.text, limit: 400) + end
    }

    // MARK: Forms

    /// The exchange that answered comes last; before it those that were refused for their form. When every form is
    /// refused, the first refusal is what there is.
    private func call(draw number: Int) async -> [Exchange] {
        let preferred = form.known
        let first = await caller.call(request(draw: number, preferred))
        guard let refusal = first.refusal else { return [first] }
        for looser in preferred.looser(after: refusal, than: rubric.params) {
            let next = await caller.call(request(draw: number, looser))
            if next.refusal != nil { continue }
            // Of a recording each line may have been made in another form.
            if refusal.kind == .noFurtherRecording { return [next] }
            if case .success = next.result { form.remember(looser) }
            return [first, next]
        }
        return [first]
    }

    private func request(draw number: Int, _ form: JudgeForm.Form) -> Request {
        var params = rubric.params
        if form.dropsTemperature { params["temperature"] = nil }
        return Request(
            target: rubric.judge, messages: messages, params: params,
            responseSchema: form.dropsSchema ? nil : rubric.scale.answerSchema, draw: Draw(.judge, number),
            purpose: .judge(rubric: rubric.id))
    }
}

/// What a judge's backend has refused: the form of the answer (`response_format`), or a temperature of 0. It is left out
/// from then on. A rubric's other parameters are sent as they are written.
final class JudgeForm: Sendable {
    struct Form: Hashable, Sendable {
        var dropsSchema = false
        var dropsTemperature = false

        /// The forms to try after a refusal, the most likely first.
        func looser(after refusal: BackendError, than params: JSONObject) -> [Form] {
            let hasTemperature = params["temperature"]?.doubleValue == 0 && !dropsTemperature
            let withoutSchema = Form(dropsSchema: true, dropsTemperature: dropsTemperature)
            let withoutTemperature = Form(dropsSchema: dropsSchema, dropsTemperature: true)
            let bare = Form(dropsSchema: true, dropsTemperature: true)
            var forms: [Form] = []
            if refusal.message.lowercased().contains("temperature"), hasTemperature {
                forms = [withoutTemperature, bare]
            } else {
                forms = [withoutSchema] + (hasTemperature ? [bare] : [])
            }
            return forms.filter { $0 != self }
        }
    }

    private let form = Mutex(Form())

    var known: Form { form.withLock { $0 } }

    func remember(_ found: Form) {
        form.withLock {
            $0.dropsSchema = $0.dropsSchema || found.dropsSchema
            $0.dropsTemperature = $0.dropsTemperature || found.dropsTemperature
        }
    }
}

extension Exchange {
    /// The refusal of a request for what it says or asks for; trouble of the network, of keys and limits is none.
    fileprivate var refusal: BackendError? {
        guard case .failure(let error) = result else { return nil }
        if error.kind == .noFurtherRecording { return error }
        guard error.kind == .status, let status = error.status else { return nil }
        if [400, 404, 415, 422, 501].contains(status) { return error }
        // Some servers fail over a grammar that they cannot make of the schema.
        let words = error.message.lowercased()
        return status >= 500 && ["schema", "grammar", "response_format"].contains(where: words.contains) ? error : nil
    }
}

extension Output {
    /// Whether the backend stopped it at the limit of its length, in the words of the several APIs.
    var isCutOff: Bool { ["length", "max_tokens", "max_output_tokens", "model_length"].contains(finishReason?.lowercased() ?? "") }
}
