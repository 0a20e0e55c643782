import RatchetCore
import RatchetFiles

/// One way to a model. A backend makes one attempt at one request; retries, cache and limits lie above it.
package protocol Backend: Sendable {
    /// - Throws: `BackendError`, which says whether trying again may help.
    func respond(to request: Request) async throws(BackendError) -> Response
}

/// A backend with its configuration and the way it is retried.
package struct ConfiguredBackend: Sendable {
    package var configuration: BackendConfiguration
    package var backend: any Backend
    package var retries: RetryPolicy
    /// What is wrong when the configuration names a key that the environment does not have.
    package var missingCredential: String?
    /// Where requests that may wait are sent; `nil` where the provider has no such thing.
    package var batches: (any BatchService)?

    package init(
        configuration: BackendConfiguration, backend: any Backend, retries: RetryPolicy = RetryPolicy(),
        missingCredential: String? = nil
    ) {
        self.configuration = configuration
        self.backend = backend
        self.retries = retries
        self.missingCredential = missingCredential
    }
}

/// Makes backends of their configuration: the one place that knows all kinds.
package struct BackendFactory: Sendable {
    private let environment: [String: String]
    private let transport: any HTTPTransport
    private let now: @Sendable () -> Double
    private let folder: ProjectFolder

    /// - Parameters:
    ///   - environment: Where keys are looked up by the names that the configuration gives.
    ///   - now: Seconds since 1970, for servers that name a time to come back at.
    ///   - folder: Where the files that the configuration names are.
    package init(
        environment: [String: String], transport: any HTTPTransport, folder: ProjectFolder,
        now: @escaping @Sendable () -> Double
    ) {
        self.environment = environment
        self.transport = transport
        self.now = now
        self.folder = folder
    }

    /// The backend, and what is wrong with the files it reads.
    package func make(_ configuration: BackendConfiguration) -> (ConfiguredBackend?, [Diagnostic]) {
        switch configuration.kind {
        case .echo:
            return (ConfiguredBackend(configuration: configuration, backend: EchoBackend()), [])
        case .simulate(let provider):
            return (ConfiguredBackend(configuration: configuration, backend: SimulateBackend(provider)), [])
        case .replay(let file):
            let (recording, problems) = Recording.read(file, in: folder)
            let backend = recording.map { ConfiguredBackend(configuration: configuration, backend: ReplayBackend($0)) }
            return (backend, problems)
        case .openai(let baseURL, let version):
            let dialect = ChatCompletions(apiVersion: version)
            var backend = provider(configuration) { ProviderBackend(dialect, baseURL: baseURL, client: $0) }
            // Azure's batches name deployments: that is another API.
            if version == nil {
                backend?.batches = OpenAIBatches(
                    client: batchClient(configuration, dialect, baseURL), endpoint: "/v1/chat/completions")
            }
            return (backend, [])
        case .openaiResponses(let baseURL):
            var backend = provider(configuration) { ProviderBackend(OpenAIResponses(), baseURL: baseURL, client: $0) }
            backend?.batches = OpenAIBatches(client: batchClient(configuration, OpenAIResponses(), baseURL), endpoint: "/v1/responses")
            return (backend, [])
        case .anthropic(let baseURL):
            var backend = provider(configuration) { ProviderBackend(AnthropicMessages(), baseURL: baseURL, client: $0) }
            backend?.batches = AnthropicBatches(client: batchClient(configuration, AnthropicMessages(), baseURL))
            return (backend, [])
        case .gemini(let baseURL):
            return (provider(configuration) { ProviderBackend(GeminiContent(), baseURL: baseURL, client: $0) }, [])
        case .http(let service):
            // Templates and paths that can't be compiled were reported by the configuration's reader.
            return (provider(configuration) { try? HTTPServiceBackend(service, client: $0) }, [])
        case .command(let service):
            return command(service, configuration)
        }
    }

    private func batchClient<Dialect: ProviderDialect>(
        _ configuration: BackendConfiguration, _ dialect: Dialect, _ baseURL: String
    ) -> BatchClient<Dialect> {
        BatchClient(dialect, baseURL: baseURL, client: client(configuration, key: configuration.apiKeyVariable.flatMap { environment[$0] }))
    }

    private func client(_ configuration: BackendConfiguration, key: String?) -> ProviderClient {
        ProviderClient(configuration: configuration, key: key, transport: transport, now: now)
    }

    /// What every program needs of the environment; all else is named.
    private static let inherited = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"]

    private func command(_ service: CommandService, _ configuration: BackendConfiguration) -> (ConfiguredBackend?, [Diagnostic]) {
        let name = service.run.first ?? ""
        let path = name.contains("/") ? folder.path(name) : ProgramLookup.find(name, path: environment["PATH"])
        guard let path, ProgramLookup.isExecutable(path) else {
            let place = configuration.source.appending("run").appending(0)
            return (
                nil, [
                    Diagnostic(
                        .error, at: place, "there is no program \"\(name)\"",
                        help: name.contains("/") ? "relative to the project, and executable" : "it is looked for in PATH", exitCode: .badConfig)
                ]
            )
        }
        let missing = service.environment.filter { environment[$0]?.isEmpty ?? true }
        var visible: [String: String] = [:]
        for name in Self.inherited + service.environment { visible[name] = environment[name] }
        let backend = CommandBackend(
            service, path: path, environment: visible, folder: service.folder.map(folder.path) ?? folder.root,
            timeLimit: configuration.totalTimeout)
        return (
            ConfiguredBackend(
                configuration: configuration, backend: backend, retries: RetryPolicy(maximumAttempts: configuration.maximumAttempts),
                missingCredential: missing.first.map { "the backend \"\(configuration.name)\" needs \($0), which is not set" }), []
        )
    }

    private func provider(
        _ configuration: BackendConfiguration, _ make: (ProviderClient) -> (any Backend)?
    ) -> ConfiguredBackend? {
        let key = configuration.apiKeyVariable.flatMap { environment[$0] }.flatMap { $0.isEmpty ? nil : $0 }
        let missing = configuration.apiKeyVariable.flatMap { Self.problem(with: key, variable: $0, configuration.name) }
        guard let backend = make(client(configuration, key: key)) else { return nil }
        return ConfiguredBackend(
            configuration: configuration, backend: backend, retries: RetryPolicy(maximumAttempts: configuration.maximumAttempts), missingCredential: missing)
    }

    /// What is wrong with a key, without a character of it.
    private static func problem(with key: String?, variable: String, _ backend: String) -> String? {
        guard let key else { return "the backend \"\(backend)\" needs a key in \(variable), which is not set" }
        let isUsable = key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return isUsable ? nil : "the key in \(variable) holds a blank, a line break or another character that no key has"
    }
}
