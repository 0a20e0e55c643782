import RatchetCore
import RatchetFiles
import RatchetJSON

/// Any service that takes JSON and answers with JSON, by a template of what is sent and paths into what comes.
struct HTTPServiceBackend: Backend {
    private let service: HTTPService
    private let client: ProviderClient
    private let template: JSONTemplate
    private let paths: [HTTPService.Part: JSONPath]

    /// - Throws: What is wrong with a template or a path; the configuration's reader has found it before.
    init(_ service: HTTPService, client: ProviderClient) throws {
        self.service = service
        self.client = client
        template = try JSONTemplate(service.body)
        paths = try service.paths.mapValues { try JSONPath($0, regex: NoRegularExpressions()) }
    }

    func respond(to request: Request) async throws(BackendError) -> Response {
        do throws(BackendError) {
            return client.redacted(try await answer(to: request))
        } catch {
            throw client.redacted(error)
        }
    }

    private func answer(to request: Request) async throws(BackendError) -> Response {
        var headers: HTTPHeaders = [:]
        if let key = client.key { headers.append(service.keyHeader, service.keyPrefix + key) }
        let response = try await client.send(
            template.render(Self.variables(request)), to: service.url, method: service.method, headers: headers)
        let json = try ProviderError.parsed(response.body)
        if let error = value(.error, json), error != false, error.stringValue != "" {
            let words = error.stringValue ?? error.serialized(.compact)
            throw BackendError(.status, status: response.status, "the service reported: \(ProviderError.excerpt(Array(words.utf8)))")
        }
        let calls = (value(.toolCalls, json)?.arrayValue ?? []).compactMap { ToolCall(json: $0) }
        guard let output = value(.output, json) ?? (calls.isEmpty ? nil : .string("")) else {
            throw ProviderError.malformed("the answer has nothing at \(service.paths[.output] ?? "$")", response.body)
        }
        var answer = Response(
            output: Output(
                text: output.stringValue ?? output.serialized(.compact), toolCalls: calls, finishReason: value(.finishReason, json)?.stringValue),
            model: value(.model, json)?.stringValue,
            usage: Usage(
                inputTokens: value(.inputTokens, json)?.intValue, outputTokens: value(.outputTokens, json)?.intValue
            ).ifKnown, latency: response.timing.finished.inMilliseconds, cost: value(.costUSD, json)?.doubleValue)
        answer.contextIDs = value(.contexts, json)?.arrayValue.map { $0.compactMap { $0["id"]?.stringValue ?? $0.stringValue } }
        return answer
    }

    /// The first value at the part's path; null is none. Several of an output are one text, for services that answer in pieces.
    private func value(_ part: HTTPService.Part, _ json: JSONValue) -> JSONValue? {
        guard let values = try? paths[part]?.values(in: json).filter({ !$0.isNull }), let first = values.first else { return nil }
        if part == .output, values.count > 1 {
            return .string(values.map { $0.stringValue ?? $0.serialized(.compact) }.joined())
        }
        if part == .contexts || part == .toolCalls, first.arrayValue == nil { return .array(values) }
        return first
    }

    /// What templates can name: the members of the example's input, and what follows, which wins.
    private static func variables(_ request: Request) -> JSONObject {
        var variables = request.input?.objectValue ?? [:]
        func text(_ role: Message.Role) -> JSONValue {
            .string(request.messages.filter { $0.role == role }.map(\.content).joined(separator: "\n\n"))
        }
        variables["input"] = request.input ?? .null
        variables["contexts"] = .array(request.contexts)
        variables["messages"] = .array(request.messages.map(\.json))
        variables["prompt"] = .string(request.messages.map(\.content).joined(separator: "\n\n"))
        variables["system"] = text(.system)
        variables["user"] = text(.user)
        variables["model"] = .string(request.target.model)
        variables["params"] = .object(request.params)
        variables["tools"] = request.tools ?? .null
        variables["schema"] = request.responseSchema ?? .null
        return variables
    }
}
