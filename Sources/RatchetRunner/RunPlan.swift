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
            ] + suite.examples.map { planned in
                let compared = planned.baselineOutput.map { " " + Digest.short($0, length: 32) } ?? ""
                let former = planned.former.map { " formerly \(Self.text($0.checkHashes))" } ?? ""
                return "\(planned.example.id) \(planned.hash) \(Self.text(planned.checks.checkHashes))\(compared)\(former)"
            }
        }
        return Digest.sha256((parts + [baseline]).joined(separator: "\n"))
    }

    private static func text(_ hashes: [String: String]) -> String {
        hashes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    /// The plan with the outputs that the baselines hold, by suite, for the checks that compare with them. The record of
    /// an example that was changed since holds the answer to another question.
    package func comparing(with baselines: [String: Baseline]) -> RunPlan {
        var plan = self
        for place in plan.suites.indices {
            plan.suites[place].compare(with: baselines[plan.suites[place].run.suite])
        }
        return plan
    }

    /// The plan without control trials on other targets than these.
    package func keepingAccepted(_ isUsable: (Target) -> Bool) -> RunPlan {
        var plan = self
        for place in plan.suites.indices {
            plan.suites[place].accepted = plan.suites[place].accepted.filter { isUsable($0.value.target) }
        }
        return plan
    }

    /// The examples of one shard, under the whole's suites: what is said of a suite is said of all of it.
    package func part(_ shard: Shard) -> RunPlan {
        var plan = self
        plan.suites = suites.map { suite in
            PlannedSuite(
                suite: suite.suite, run: suite.run, version: suite.version,
                examples: suite.examples.filter { shard.contains(suite: suite.run.suite, example: $0.example.id) })
        }
        return plan
    }

    /// The models that checks may ask.
    package var judges: Set<Target> {
        Set(suites.flatMap { $0.examples.flatMap { $0.checks.targets.union($0.former?.targets ?? []) } })
    }

    /// Every target that may be called: those under test and the judges.
    package var targets: Set<Target> {
        judges.union(suites.flatMap { [$0.target] + $0.accepted.values.map(\.target) })
    }
}

/// One suite of a run: its examples with their compiled checks, and the version that is asked.
package struct PlannedSuite: Sendable {
    package var suite: Suite
    package var run: RunSuite
    /// What is under test.
    package var version: PlannedVersion
    /// By example, the version its record was accepted with, where that can be asked: for control trials.
    package var accepted: [String: PlannedVersion] = [:]
    package var examples: [PlannedExample]
    /// Positions in `examples` by id.
    private let places: [String: Int]

    package init(suite: Suite, run: RunSuite, version: PlannedVersion, examples: [PlannedExample]) {
        self.suite = suite
        self.run = run
        self.version = version
        self.examples = examples
        places = Dictionary(examples.enumerated().map { ($1.example.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The suite with some of its examples, as an earlier run had it.
    package func keeping(_ examples: [PlannedExample], as recorded: RunSuite) -> PlannedSuite {
        var run = recorded
        run.exampleCount = examples.count
        return PlannedSuite(suite: suite, run: run, version: version, examples: examples)
    }

    /// Sets the checks that the answers are held against as well.
    package mutating func setFormer(_ former: (PlannedExample) -> CompiledChecks?) {
        for place in examples.indices { examples[place].former = former(examples[place]) }
    }

    package var target: Target { version.target }
    package var prompt: Prompt? { version.prompt }

    /// Every target that may be called for it.
    package var targets: Set<Target> {
        var targets = Set([target] + accepted.values.map(\.target))
        for planned in examples { targets.formUnion(planned.checks.targets.union(planned.former?.targets ?? [])) }
        return targets
    }

    package func example(_ id: String) -> PlannedExample? { places[id].map { examples[$0] } }

    /// The version that a trial asks: the one under test, or for a control trial the accepted one.
    package func version(of example: Example, for draw: Draw) -> PlannedVersion {
        draw.role == .control ? accepted[example.id] ?? version : version
    }

    fileprivate mutating func compare(with baseline: Baseline?) {
        for record in baseline?.records ?? [] {
            guard let place = places[record.id], examples[place].checks.comparesWithBaseline,
                examples[place].hash == record.exampleHash
            else { continue }
            examples[place].baselineOutput = record.output
        }
    }

    /// The request of one trial. Messages are rendered when they are needed: a plan of a hundred thousand examples
    /// does not hold a hundred thousand prompts.
    package func request(_ example: Example, draw: Draw) -> Request {
        version(of: example, for: draw).request(example, draw: draw, suite: suite.name)
    }

    /// How often the model replies in one trial of it, tools left aside, and how many bytes it is sent for that, its own replies left aside.
    package func expected(of request: Request) -> (replies: Int, bytes: Int) {
        var conversation = Conversation(request.messages, tools: nil)
        var bytes = 0
        repeat { bytes += conversation.messages.reduce(0) { $0 + $1.content.utf8.count } } while conversation.goOn(after: Output(text: " "))
        return (conversation.replyCount, bytes)
    }

    /// Whether a recorded answer is one to what is asked now, so far as its messages tell.
    package func isQuestion(of request: RequestRecord, _ example: Example) -> Bool {
        Conversation(version.messages(of: example), tools: nil).isScript(of: request.messages, opening: request.opening)
    }
}

/// What answers: a prompt version, a target and parameters.
package struct PlannedVersion: Sendable {
    package var target: Target
    package var prompt: Prompt?
    package var params: JSONObject
    private let renderer: PromptRenderer?

    /// The prompt's parameters, under the suite's own.
    package init(target: Target, prompt: Prompt?, suiteParams: JSONObject) {
        self.target = target
        self.prompt = prompt
        params = prompt?.params ?? [:]
        for (key, value) in suiteParams { params[key] = value }
        // A template that does not parse was found when the project was loaded.
        renderer = prompt.flatMap { try? PromptRenderer($0.templates) }
    }

    /// The hash of everything beside messages and model that an answer depends on.
    package var paramsHash: String {
        var content: JSONObject = ["params": .object(params)]
        content["tools"] = prompt?.tools
        content["schema"] = prompt?.responseSchema
        return Digest.sha256(.object(content))
    }

    fileprivate func request(_ example: Example, draw: Draw, suite: String) -> Request {
        var request = Request(
            target: target, messages: messages(of: example), params: params(for: draw),
            tools: prompt?.tools, responseSchema: prompt?.responseSchema, draw: draw,
            purpose: .trial(suite: suite, example: example.id, prompt: prompt?.reference))
        request.input = example.input
        request.contexts = example.contexts
        return request
    }

    /// Each trial gets a seed of its own: with a shared one, trials would be one generation read several times.
    private func params(for draw: Draw) -> JSONObject {
        guard let seed = params["seed"]?.intValue else { return params }
        var params = params
        params["seed"] = .int(seed &+ draw.number &- 1)
        return params
    }

    /// A suite without a prompt sends its input as it is; loading has made sure that it can be sent.
    fileprivate func messages(of example: Example) -> [Message] {
        guard let renderer else { return PromptRenderer.messages(ofInput: example.input) ?? [] }
        return renderer.render(variables: PromptRenderer.variables(for: example)) + renderer.turns(of: example.input)
    }
}

package struct PlannedExample: Sendable {
    package let checks: CompiledChecks
    /// The example's own hash, taken once: each of its trials is recorded with it.
    package let hash: String
    /// What the baseline holds of it, where a check compares with that.
    package fileprivate(set) var baselineOutput: String?
    /// The merge base's checks of it, where they differ: the answers are held against both.
    package fileprivate(set) var former: CompiledChecks?

    package init(checks: CompiledChecks) {
        self.checks = checks
        hash = checks.example.hash
    }

    /// As its checks hold it: a plan of a hundred thousand examples has no copy of its own.
    package var example: Example { checks.example }
}
