import RatchetCore
import RatchetJSON

/// Anthropic's Message Batches API.
struct AnthropicBatches: BatchService {
    let client: BatchClient<AnthropicMessages>

    private static let path = "/v1/messages/batches"

    func submit(_ requests: [(id: String, request: Request)], key: String) async throws(BackendError) -> String {
        let list = requests.map { id, request -> JSONValue in
            ["custom_id": .string(id), "params": client.dialect.body(request, streams: false)]
        }
        let json = try await client.call("POST", Self.path, body: ["requests": .array(list)])
        guard let id = json["id"]?.stringValue else { throw ProviderError.malformed("the answer has no id", Array(json.serialized(.compact).utf8)) }
        return id
    }

    func status(of batch: String) async throws(BackendError) -> BatchStatus {
        let json = try await client.call("GET", "\(Self.path)/\(batch)")
        let counts = json["request_counts"]
        func count(_ key: String) -> Int { counts?[key]?.intValue ?? 0 }
        let ended = count("succeeded") + count("errored") + count("canceled") + count("expired")
        let state: BatchStatus.State
        if json["processing_status"]?.stringValue != "ended" {
            state = .running
        } else if count("canceled") > 0 {
            state = .broken("cancelled")
        } else if count("expired") > 0 {
            state = .broken("expired")
        } else {
            state = .completed
        }
        return BatchStatus(state: state, answered: count("succeeded"), total: ended + count("processing"))
    }

    /// The address that the answer names for them may be on another host: a key goes to the configured one alone.
    func results(
        of batch: String, request: (String) -> Request?, _ body: (String, Result<Response, BackendError>) throws -> Void
    ) async throws {
        try JSONValue.forEachLine(of: try await client.send("GET", "\(Self.path)/\(batch)/results")) { line in
            guard let id = line["custom_id"]?.stringValue, let request = request(id), let result = line["result"] else { return }
            if result["type"]?.stringValue == "succeeded", let message = result["message"] {
                try body(id, client.response(message, to: request))
            } else {
                let error = ProviderError(json: result["error"] ?? result)
                try body(id, .failure(BackendError(.status, error.message.isEmpty ? result["type"]?.stringValue ?? "no answer" : error.message)))
            }
        }
    }

    func cancel(_ batch: String) async throws(BackendError) { _ = try await client.send("POST", "\(Self.path)/\(batch)/cancel") }
}
