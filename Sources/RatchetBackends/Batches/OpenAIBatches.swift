import RatchetCore
import RatchetJSON

/// OpenAI's Batch API: a file of requests goes up, a file of answers comes down.
struct OpenAIBatches<Dialect: ProviderDialect>: BatchService {
    let client: BatchClient<Dialect>
    /// What each line asks: `/v1/chat/completions` or `/v1/responses`.
    let endpoint: String

    func submit(_ requests: [(id: String, request: Request)], key: String) async throws(BackendError) -> String {
        var lines: [UInt8] = []
        for (id, request) in requests {
            let line: JSONValue = [
                "custom_id": .string(id), "method": "POST", "url": .string(endpoint),
                "body": client.dialect.body(request, streams: false),
            ]
            line.append(to: &lines)
            lines.append(UInt8(ascii: "\n"))
        }
        let file = try await upload(lines)
        let batch = try await client.call(
            "POST", "/batches",
            body: [
                "input_file_id": .string(file), "endpoint": .string(endpoint), "completion_window": "24h",
                "metadata": ["ratchet": .string(key)],
            ])
        return try id(of: batch)
    }

    private func upload(_ lines: [UInt8]) async throws(BackendError) -> String {
        // No line of JSON begins with dashes, so the boundary is in none.
        let boundary = "ratchet-\(Digest.short(String(decoding: lines.prefix(1000), as: UTF8.self), length: 16))"
        var body = Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n".utf8)
        body += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"batch.jsonl\"\r\n".utf8)
        body += Array("Content-Type: application/jsonl\r\n\r\n".utf8)
        body += lines
        body += Array("\r\n--\(boundary)--\r\n".utf8)
        let content = HTTPContent(type: "multipart/form-data; boundary=\(boundary)", bytes: body)
        return try id(of: ProviderError.json(try await client.send("POST", "/files", content)))
    }

    private func id(of json: JSONValue) throws(BackendError) -> String {
        guard let id = json["id"]?.stringValue else { throw ProviderError.malformed("the answer has no id", Array(json.serialized(.compact).utf8)) }
        return id
    }

    /// The errors that it names are those of the whole batch, so they are no error of this call.
    private func batch(_ id: String) async throws(BackendError) -> JSONValue {
        try ProviderError.parsed(try await client.send("GET", "/batches/\(id)"))
    }

    func status(of batch: String) async throws(BackendError) -> BatchStatus {
        let json = try await self.batch(batch)
        let word = json["status"]?.stringValue ?? "unknown"
        let state: BatchStatus.State
        switch word {
        case "completed": state = .completed
        case "failed", "expired", "cancelled":
            let why = json["errors"]?["data"]?.arrayValue?.first?["message"]?.stringValue.map { ": " + ProviderError.excerpt(Array($0.utf8)) }
            state = .broken(word + (why ?? ""))
        default: state = .running
        }
        return BatchStatus(
            state: state, answered: json["request_counts"]?["completed"]?.intValue ?? 0, total: json["request_counts"]?["total"]?.intValue ?? 0)
    }

    func results(
        of batch: String, request: (String) -> Request?, _ body: (String, Result<Response, BackendError>) throws -> Void
    ) async throws {
        let json = try await self.batch(batch)
        for file in [json["output_file_id"], json["error_file_id"]].compactMap({ $0?.stringValue }) {
            try JSONValue.forEachLine(of: try await client.send("GET", "/files/\(file)/content")) { line in
                guard let id = line["custom_id"]?.stringValue, let request = request(id) else { return }
                try body(id, result(line, request))
            }
        }
    }

    private func result(_ line: JSONValue, _ request: Request) -> Result<Response, BackendError> {
        guard let answer = line["response"]?["body"], (200..<300).contains(line["response"]?["status_code"]?.intValue ?? 0) else {
            let error = ProviderError(json: line["response"]?["body"] ?? line)
            return .failure(BackendError(.status, status: line["response"]?["status_code"]?.intValue, error.message))
        }
        return client.response(answer, to: request)
    }

    func cancel(_ batch: String) async throws(BackendError) { _ = try await client.send("POST", "/batches/\(batch)/cancel") }
}
