import RatchetJSON

/// A whole project as loading gives it: validated as far as files alone can tell.
package struct Project: Sendable {
    package var configuration: Configuration
    /// Whether ratchet.yaml could be read at all.
    package var isConfigured = true
    /// By id, versions in ascending order.
    package var prompts: [String: [Prompt]]
    package var suites: [Suite]
    package var rubrics: [String: Rubric]
    /// How well the rubrics' judges agree with people, where that was measured: by rubric, outdated ones included.
    package var calibrations: [String: JudgeCalibration] = [:]

    package init(configuration: Configuration, prompts: [String: [Prompt]], suites: [Suite], rubrics: [String: Rubric]) {
        self.configuration = configuration
        self.prompts = prompts
        self.suites = suites
        self.rubrics = rubrics
    }

    /// The prompt of that id and version; without a version, the highest.
    package func prompt(_ reference: PromptReference) -> Prompt? {
        let versions = prompts[reference.id] ?? []
        guard let version = reference.version else { return versions.last }
        return versions.first { $0.version == version }
    }
}

/// A folder of examples with one `suite.yaml`.
package struct Suite: Sendable {
    package var name: String
    package var prompt: PromptReference?
    package var target: Target?
    /// Sampling parameters of this suite; they win over the prompt's.
    package var params: JSONObject
    package var policy: GatePolicy
    package var examples: [Example]
    /// What people said of outputs.
    package var labels: [HumanLabel] = []
    package var source: SourceReference

    package init(
        name: String, prompt: PromptReference?, target: Target?, params: JSONObject, policy: GatePolicy, examples: [Example],
        source: SourceReference
    ) {
        self.name = name
        self.prompt = prompt
        self.target = target
        self.params = params
        self.policy = policy
        self.examples = examples
        self.source = source
    }
}

/// `ratchet.yaml`: behaviour, never secrets.
package struct Configuration: Sendable {
    package var backends: [String: BackendConfiguration]
    package var defaults: Defaults
    package var policy: GatePolicy
    /// Seconds for which a cached answer is evidence.
    package var cacheMaximumAge: Double
    /// What models cost: the program's list, and the project's own before it.
    package var prices = PriceList()
    /// Whether `baseline accept` keeps the first trial's output in the record.
    package var keepsBaselineOutputs: Bool

    package init(
        backends: [String: BackendConfiguration] = [:], defaults: Defaults = Defaults(), policy: GatePolicy = GatePolicy(),
        cacheMaximumAge: Double = 86_400, keepsBaselineOutputs: Bool = true
    ) {
        self.backends = backends
        self.defaults = defaults
        self.policy = policy
        self.cacheMaximumAge = cacheMaximumAge
        self.keepsBaselineOutputs = keepsBaselineOutputs
    }

    /// The backend of that name; `echo` is there without being named.
    package func backend(_ name: String) -> BackendConfiguration? {
        if let configured = backends[name] { return configured }
        return name == "echo"
            ? BackendConfiguration(name: "echo", kind: .echo, source: SourceReference(file: "ratchet.yaml")) : nil
    }

    /// The names that targets can begin with.
    package var backendNames: Set<String> { Set(backends.keys).union(["echo"]) }

    package struct Defaults: Sendable {
        package var target: Target?
        package var trials: Int
        /// Calls in flight at once to one account; `nil` finds out what it takes.
        package var concurrency: Int?

        package init(target: Target? = nil, trials: Int = 1, concurrency: Int? = nil) {
            self.target = target
            self.trials = trials
            self.concurrency = concurrency
        }
    }
}

/// How to reach one backend. A key is named by its environment variable and read only when a call is made.
package struct BackendConfiguration: Sendable {
    package enum Kind: Hashable, Sendable {
        /// Recorded outputs from a file, named relative to the project.
        case replay(file: String)
        /// A server that speaks OpenAI's chat completions; with a version it is Azure's.
        case openai(baseURL: String, apiVersion: String? = nil)
        /// OpenAI's Responses API.
        case openaiResponses(baseURL: String)
        /// Anthropic's Messages API.
        case anthropic(baseURL: String)
        /// Google's generateContent.
        case gemini(baseURL: String)
        /// The user's own program.
        case command(CommandService)
        /// Any JSON service.
        case http(HTTPService)
        /// Answers with the rendered prompt, for trying checks.
        case echo
        /// Answers by chance, for trying the gate.
        case simulate(SimulatedProvider)
    }

    package var name: String
    package var kind: Kind
    package var apiKeyVariable: String?
    /// Streams the answer, which is how time to first token is measured.
    package var streams: Bool
    package var limits = Limits()
    package var headers: [(name: String, value: String)]
    /// Seconds.
    package var connectTimeout: Double
    package var firstByteTimeout: Double
    package var totalTimeout: Double
    /// Attempts for one request, the first included.
    package var maximumAttempts: Int
    package var source: SourceReference

    package init(name: String, kind: Kind, source: SourceReference) {
        self.name = name
        self.kind = kind
        self.source = source
        apiKeyVariable = nil
        streams = true
        headers = []
        connectTimeout = 10
        firstByteTimeout = 120
        totalTimeout = 600
        maximumAttempts = 6
    }

    /// What the provider takes a minute, where that is stated.
    package struct Limits: Hashable, Sendable {
        package var requestsPerMinute: Double?
        package var tokensPerMinute: Double?

        package init(requestsPerMinute: Double? = nil, tokensPerMinute: Double? = nil) {
            self.requestsPerMinute = requestsPerMinute
            self.tokensPerMinute = tokensPerMinute
        }
    }

    /// What a provider counts calls by: an address with a key. Backends that share both share its limits.
    package var account: String { "\(baseURL ?? name) \(apiKeyVariable ?? "")" }

    /// The word of the configuration and of the fingerprint.
    package var kindName: String {
        switch kind {
        case .replay: "replay"
        case .openai: "openai"
        case .openaiResponses: "openai_responses"
        case .anthropic: "anthropic"
        case .gemini: "gemini"
        case .command: "command"
        case .http: "http"
        case .echo: "echo"
        case .simulate: "simulate"
        }
    }

    package var baseURL: String? {
        switch kind {
        case .openai(let url, let version): version.map { "\(url)?api-version=\($0)" } ?? url
        case .openaiResponses(let url), .anthropic(let url), .gemini(let url): url
        case .simulate(let provider): provider.identity
        case .command(let service): service.identity
        case .http(let service): service.identity
        case .replay, .echo: nil
        }
    }

    /// Whether its answers are worth keeping: they were paid for. A simulated answer depends on the example, which no
    /// request holds.
    package var isCacheable: Bool {
        switch kind {
        case .openai, .openaiResponses, .anthropic, .gemini, .http: true
        // A program may have a memory, and finds its contexts anew.
        case .replay, .echo, .simulate, .command: false
        }
    }

    /// Whether it is sent what the example gives, beside messages.
    package var wantsInput: Bool {
        switch kind {
        case .command, .http: true
        case .openai, .openaiResponses, .anthropic, .gemini, .replay, .echo, .simulate: false
        }
    }

    /// Whether asking leaves this machine.
    package var isRemote: Bool {
        switch kind {
        case .openai, .openaiResponses, .anthropic, .gemini, .http, .command: true
        case .replay, .echo, .simulate: false
        }
    }

    /// The same request always gets the same answer, at no cost: nothing to cache, and no fresh evidence in asking
    /// again with the same draw.
    package var isDeterministic: Bool {
        switch kind {
        case .replay, .echo: true
        case .openai, .openaiResponses, .anthropic, .gemini, .http, .command, .simulate: false
        }
    }
}
