import RatchetCore
import RatchetFiles
import RatchetJSON
import Testing

@Suite("Backends of ratchet.yaml")
struct BackendReaderTests {
    private func backend(_ text: String) throws -> BackendConfiguration {
        let project = try TemporaryProject(["ratchet.yaml": "version: 1\nbackends:\n  b: {\(text)}\n"])
        let loaded = project.load()
        let problems = project.describe(loaded.diagnostics).filter { $0.contains("ratchet.yaml") }
        #expect(problems.isEmpty, "\(problems)")
        return try #require(loaded.project.configuration.backends["b"])
    }

    @Test("A provider's kind needs no address, and another one wins", arguments: [
        ("openai_responses", "https://api.openai.com/v1"), ("anthropic", "https://api.anthropic.com"),
        ("gemini", "https://generativelanguage.googleapis.com"),
    ])
    func addresses(_ kind: String, _ address: String) throws {
        let plain = try backend("kind: \(kind)")
        #expect(plain.kindName == kind && plain.baseURL == address)
        #expect(plain.isCacheable && plain.isRemote && !plain.isDeterministic)
        #expect(try backend("kind: \(kind), base_url: \"http://127.0.0.1:1/x/\"").baseURL == "http://127.0.0.1:1/x")
    }

    @Test("The keys of servers are the same for every kind", arguments: ["openai", "openai_responses", "anthropic", "gemini"])
    func sharedKeys(_ kind: String) throws {
        let backend = try backend(
            """
            kind: \(kind), base_url: "http://127.0.0.1:1", api_key_env: A_KEY, stream: false, headers: {X-Team: blue},
                timeout: {connect: 1, first_byte: 2s, total: 3m}, attempts: 2,
                limits: {requests_per_minute: 60, tokens_per_minute: 1000}
            """)
        #expect(backend.kindName == kind && backend.apiKeyVariable == "A_KEY" && !backend.streams)
        #expect(backend.headers.map(\.name) == ["X-Team"] && backend.headers.map(\.value) == ["blue"])
        #expect(backend.connectTimeout == 1 && backend.firstByteTimeout == 2 && backend.totalTimeout == 180)
        #expect(backend.maximumAttempts == 2)
        #expect(backend.limits == .init(requestsPerMinute: 60, tokensPerMinute: 1000))
    }

    @Test("Azure's api_version is a key of openai alone")
    func apiVersion() throws {
        let azure = try backend("kind: openai, base_url: \"http://x\", api_version: \"2024-10-21\"")
        #expect(azure.kind == .openai(baseURL: "http://x", apiVersion: "2024-10-21"))
        let project = try TemporaryProject(["ratchet.yaml": "version: 1\nbackends:\n  b: {kind: gemini, api_version: v1}\n"])
        #expect(project.report().contains { $0.contains(#"unknown key "api_version""#) })
    }

    @Test("A header that would hold Google's key is refused")
    func secretHeader() throws {
        let project = try TemporaryProject([
            "ratchet.yaml": "version: 1\nbackends:\n  b: {kind: gemini, headers: {X-Goog-Api-Key: x}}\n"
        ])
        #expect(project.report().contains { $0.contains(#"the header "X-Goog-Api-Key" would hold a secret"#) })
    }

    private func service(_ text: String) throws -> HTTPService? {
        guard case .http(let service) = try backend("kind: http, output: $.a, \(text)").kind else { return nil }
        return service
    }

    @Test("A service's address is taken as it is written, its slash and its query too")
    func serviceAddress() throws {
        for url in ["http://127.0.0.1:9000/ask/", "https://x.example/ask?v=2/"] {
            #expect(try service("url: \"\(url)\"")?.url == url)
        }
        let made = try backend("kind: http, output: $.a, url: \"http://x\"")
        #expect(made.kindName == "http" && made.isCacheable && made.isRemote && made.wantsInput && !made.isDeterministic)
    }

    @Test("What a service is sent and how it is read makes its identity")
    func serviceIdentity() throws {
        let plain = "kind: http, output: $.a, url: \"http://x\""
        let others = ["method: PUT", "body: {q: 1}", "error: $.e"].map { plain + ", " + $0 } + ["kind: http, output: $.b, url: \"http://x\""]
        let identities = try ([plain] + others).map { try backend($0).baseURL }
        #expect(Set(identities).count == 5)
        #expect(try backend(plain + ", attempts: 2").baseURL == identities[0])
    }

    @Test("The key's header is a name, with a word before the key where there is one", arguments: [
        ("X-Token", "X-Token", ""), ("X-Token:", "X-Token", ""), ("Authorization: Bearer", "Authorization", "Bearer "),
        ("Authorization:Basic", "Authorization", "Basic "), ("Authorization:   Token ", "Authorization", "Token "),
    ])
    func keyHeader(_ text: String, _ name: String, _ prefix: String) throws {
        let service = try service("url: \"http://x\", auth_header: \"\(text)\"")
        #expect(service?.keyHeader == name && service?.keyPrefix == prefix)
    }

    @Test("A key's header that HTTP can't carry is refused", arguments: [":", ": Bearer", "X Token", "X-Töken", #"X-Token: a\r\nX-Other: b"#])
    func badKeyHeader(_ text: String) throws {
        let project = try TemporaryProject([
            "ratchet.yaml": "version: 1\nbackends:\n  b: {kind: http, url: \"http://x\", output: $.a, auth_header: \"\(text)\"}\n"
        ])
        #expect(project.report().contains { $0.contains("this is not a header that HTTP can carry") })
    }
}
