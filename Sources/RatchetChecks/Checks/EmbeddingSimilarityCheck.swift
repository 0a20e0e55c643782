import RatchetCore
import RatchetJSON

/// `embedding_similarity`: the output means about the same as the wanted text, by the angle of their embeddings.
package struct EmbeddingSimilarityCheck: Check {
    package static let type = "embedding_similarity"
    package static let documentation = CheckDocumentation(
        .similarity, "The output is close in meaning to the wanted text, or to one of several, by the cosine of their embeddings.",
        details: """
            The score is the cosine of the angle between the two embeddings: 1 for the same direction, 0 for nothing in \
            common (a negative cosine counts as 0). Of several wanted texts the closest counts. It passes at 0.75 and above \
            unless `threshold` says otherwise; what is close differs much between models, so look at some scores first. \
            Embeddings come from a backend with OpenAI's `/embeddings`, on the same way as answers of judges: cached, \
            recorded, retried, and counted apart from the model under test. A text that equals the wanted one needs no \
            call. When the backend gives no embedding the check is `errored`.
            """,
        options: [
            .init("model", "backend/model", "who makes the embeddings, for example `openai/text-embedding-3-small`"),
            .init("value", "text or list of texts", "what is wanted; the example's `expected` by default"),
            .init("dimensions", "whole number", "asks the model for vectors of this length; some models can"),
        ],
        shortForm: "model", expectedOption: "value",
        samples: [
            .init(
                #"{"embedding_similarity": "openai/text-embedding-3-small"}"#,
                expected: #""Your refund arrives on Friday.""#, passes: "Your refund arrives this Friday.",
                fails: "I do not know.")
        ])

    /// The least cosine that passes when no threshold is given.
    private static let presetThreshold = 0.75

    private let model: Target
    private let wanted: [String]
    private let params: JSONObject
    private let threshold: Double

    package init?(_ options: CheckOptions) {
        if options.value("model") == nil {
            options.report("needs a `model` that makes embeddings", help: #"for example {"embedding_similarity": "openai/text-embedding-3-small"}"#)
        }
        let dimensions = options.value("dimensions")
        if let dimensions, (dimensions.intValue ?? 0) < 1 {
            options.reportWrongKind("dimensions", dimensions, wanted: "a whole number of at least 1")
        }
        let model = options.target("model")
        guard let wanted = options.wantedTexts("value") else { return nil }
        if wanted.contains(where: { TrimmedText.of($0).isEmpty }) {
            options.report("the empty text has no embedding", at: "value")
            return nil
        }
        guard let model else { return nil }
        self.model = model
        self.wanted = wanted
        params = dimensions.map { ["dimensions": $0] } ?? [:]
        threshold = options.specification.threshold ?? Self.presetThreshold
    }

    /// The output, and each wanted text.
    package var calledModels: [Target] { Array(repeating: model, count: 1 + wanted.count) }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        if TrimmedText.of(input.text).isEmpty { return .lacking("the output is empty: it has no embedding") }
        if wanted.contains(where: { TextForm.areIdentical($0, input.text) }) {
            return .passed("the output is the wanted text")
        }
        let exchanges = await exchanges(for: [input.text] + wanted, input)
        var outcome = outcome(of: exchanges)
        outcome.exchanges = exchanges
        return outcome
    }

    private func exchanges(for texts: [String], _ input: CheckInput) async -> [Exchange] {
        await withTaskGroup(of: (Int, Exchange).self) { group in
            for (position, text) in texts.enumerated() {
                // A vector is a vector: asking again would not give another one, so there is one draw only.
                let request = Request(
                    target: model, messages: [Message(role: .user, content: text)], params: params, draw: Draw(.judge, 1),
                    purpose: .embedding(check: input.checkName))
                group.addTask { (position, await input.caller.call(request)) }
            }
            var exchanges: [(Int, Exchange)] = []
            for await exchange in group { exchanges.append(exchange) }
            return exchanges.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// - Parameter exchanges: that of the output, and those of the wanted texts in their order.
    private func outcome(of exchanges: [Exchange]) -> CheckOutcome {
        var vectors: [Embedding] = []
        for exchange in exchanges {
            switch exchange.result {
            case .failure(let error): return .errored("\(model) gave no embedding: \(Excerpt.oneLine(error.message))")
            case .success(let response):
                guard let vector = Embedding(response.output.text) else {
                    return .errored("\(model) gave no embedding, but \(Excerpt.quoted(response.output.text))")
                }
                vectors.append(vector)
            }
        }
        var best: (cosine: Double, text: String)?
        for (vector, text) in zip(vectors.dropFirst(), wanted) {
            guard vector.length == vectors[0].length else {
                return .errored("\(model) gave embeddings of \(vectors[0].length) and \(vector.length) numbers, which cannot be compared")
            }
            guard let cosine = vectors[0].cosine(to: vector) else {
                return .errored("\(model) gave an embedding of nothing but zeros, which has no direction")
            }
            if cosine > best?.cosine ?? -.infinity { best = (cosine, text) }
        }
        guard let best else { return .errored("there was nothing to compare") }
        // A cosine that is the threshold but for the last bit must not fail.
        let passes = best.cosine + 1e-9 >= threshold
        let reason = "cosine similarity \(CompiledCheck.shown(best.cosine)) to \(Excerpt.quoted(best.text)), wanted at least \(CompiledCheck.shown(threshold))"
        return CheckOutcome(state: passes ? .passed : .failed, score: min(max(best.cosine, 0), 1), reason: reason)
    }
}

/// A text's embedding.
struct Embedding: Sendable {
    private let numbers: [Double]

    /// Reads a JSON list of finite numbers.
    init?(_ text: String) {
        guard let list = (try? JSONValue(parsing: text))?.arrayValue, !list.isEmpty else { return nil }
        numbers = list.compactMap { $0.doubleValue.flatMap { $0.isFinite ? $0 : nil } }
        guard numbers.count == list.count else { return nil }
    }

    var length: Int { numbers.count }

    /// The cosine of the angle between two vectors of the same length; `nil` when one of them is zero.
    func cosine(to other: Embedding) -> Double? {
        guard let own = direction, let others = other.direction else { return nil }
        return zip(own, others).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The vector of length 1. Its numbers are brought near 1 first, so that no square is too large or too small.
    private var direction: [Double]? {
        let largest = numbers.reduce(0) { max($0, abs($1)) }
        guard largest > 0 else { return nil }
        let scaled = numbers.map { $0 / largest }
        let norm = scaled.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return scaled.map { $0 / norm }
    }
}
