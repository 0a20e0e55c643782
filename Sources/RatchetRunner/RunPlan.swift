import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON

/// Everything a run will do, before the first call: a pure value that can be printed and hashed.
package struct RunPlan: Sendable {
    package var suites: [PlannedSuite]
    /// Whether flags deselected examples.
    package var isPartial: Bool

    package init(suites: [PlannedSuite], isPartial: Bool) {
        self.suites = suites
        self.isPartial = isPartial
    }

    /// The number of trials of the first pass.
    package var plannedTrials: Int { suites.reduce(0) { $0 + $1.examples.count * $1.run.trials } }

    /// What the command asks for, as one hash: an interrupted run with the same key is resumed.
    package func key(baseline: String) -> String {
        let parts = suites.flatMap { suite -> [String] in
            [
                suite.run.suite, suite.run.target, suite.run.promptHash ?? "", suite.run.paramsHash,
                String(suite.run.trials),
            ] + suite.examples.map { "\($0.example.id) \($0.hash) \(Self.text($0.checks.checkHashes))" }
        }
        return Digest.sha256((parts + [baseline]).joined(separator: "\n"))
    }

    private static func text(_ hashes: [String: String]) -> String {
        hashes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    /// Every target that may be called: those under test, and those that checks call.
    package var targets: Set<Target> {
        Set(suites.map(\.target)).union(suites.flatMap { $0.examples.flatMap { Array($0.checks.targets) } })
    }
}

/// One suite of a run: its examples with their rendered messages and compiled checks.
package struct PlannedSuite: Sendable {
    package var suite: Suite
    package var run: RunSuite
    package var target: Target
    package var prompt: Prompt?
    package var params: JSONObject
    package var examples: [PlannedExample]
    /// Positions in `examples` by id.
    private let places: [String: Int]
    private let renderer: PromptRenderer?

    package init(
        suite: Suite, run: RunSuite, target: Target, prompt: Prompt?, params: JSONObject, examples: [PlannedExample],
        renderer: PromptRenderer?
    ) {
        self.suite = suite
        self.run = run
        self.target = target
        self.prompt = prompt
        self.params = params
        self.examples = examples
        self.renderer = renderer
        places = Dictionary(examples.enumerated().map { ($1.example.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func example(_ id: String) -> PlannedExample? { places[id].map { examples[$0] } }

    /// The request of one trial. Messages are rendered when they are needed: a plan of a hundred thousand examples
    /// does not hold a hundred thousand prompts.
    package func request(_ example: Example, draw: Draw) -> Request {
        Request(
            target: target, messages: messages(example), params: params(for: draw),
            tools: prompt?.tools, responseSchema: prompt?.responseSchema, draw: draw,
            purpose: .trial(suite: suite.name, example: example.id, prompt: prompt?.reference))
    }

    /// Each trial gets a seed of its own: with a shared one, trials would be one generation read several times.
    private func params(for draw: Draw) -> JSONObject {
        guard let seed = params["seed"]?.intValue else { return params }
        var params = params
        params["seed"] = .int(seed &+ draw.number &- 1)
        return params
    }

    /// A suite without a prompt sends its input as it is; loading has made sure that it can be sent.
    private func messages(_ example: Example) -> [Message] {
        guard let renderer else { return PromptRenderer.messages(ofInput: example.input) ?? [] }
        return renderer.render(variables: PromptRenderer.variables(for: example))
    }
}

package struct PlannedExample: Sendable {
    package let example: Example
    package let checks: CompiledChecks
    /// The example's own hash, taken once: each of its trials is recorded with it.
    package let hash: String

    package init(example: Example, checks: CompiledChecks) {
        self.example = example
        self.checks = checks
        hash = example.hash
    }
}
