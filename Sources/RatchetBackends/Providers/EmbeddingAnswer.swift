import RatchetCore
import RatchetJSON

/// The embedding of one text: `{"data": [{"embedding": [0.1, …]}], "model", "usage"}`.
struct EmbeddingAnswer {
    /// A list of numbers, with the digits that the server wrote.
    var vector: JSONValue
    var model: String?
    /// Embeddings have input tokens only.
    var usage: Usage?

    /// - Throws: A `malformed` error with the beginning of what came instead.
    init(body: [UInt8]) throws(BackendError) {
        let json = try ProviderError.json(body)
        guard let data = json["data"]?.arrayValue, data.count == 1, let embedding = data[0]["embedding"] else {
            throw BackendError(.malformed, "the answer has no embedding: \(ProviderError.excerpt(body))")
        }
        guard let numbers = embedding.arrayValue, !numbers.isEmpty, numbers.allSatisfy({ $0.numberValue != nil }) else {
            throw BackendError(.malformed, "the embedding is no list of numbers: \(ProviderError.excerpt(body))")
        }
        vector = embedding
        model = json["model"]?.stringValue
        usage = ChatCompletions.usage(json)
    }
}
