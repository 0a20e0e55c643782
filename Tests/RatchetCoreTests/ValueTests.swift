import RatchetCore
import RatchetJSON
import Testing

@Suite("The values of the core")
struct ValueTests {
    @Test("a target's model is everything behind the first slash")
    func targets() {
        #expect(Target("openai/org/model:free")?.model == "org/model:free")
        for bad in ["", "openai", "/m", "openai/", "Open AI/m"] { #expect(Target(bad) == nil, "\(bad)") }
    }

    @Test("a prompt is named with its version or without")
    func prompts() {
        #expect(PromptReference("answer@1.2.0")?.version == "1.2.0")
        #expect(PromptReference("answer")?.version == nil)
        for bad in ["", "@1", "answer@", "An swer@1", "answer@1 0"] { #expect(PromptReference(bad) == nil, "\(bad)") }
    }

    @Test("draws are read as they are written")
    func draws() {
        for role in Draw.Role.allCases { #expect(Draw(Draw(role, 7).description) == Draw(role, 7)) }
        for bad in ["run/0", "run/-1", "run", "walk/1", "run/1/2"] { #expect(Draw(bad) == nil, "\(bad)") }
    }

    @Test(
        "a file name made of an id is harmless, and no two ids share one",
        arguments: ["../../etc/passwd", "", "a/b", "a b", "é", "日本語", "A", "a", "..", "\u{0}", String(repeating: "x", count: 500)])
    func slugs(id: String) {
        let slug = Name.slug(id)
        #expect(Name.isValid(slug))
        #expect(slug.count <= 49)
        #expect(slug != Name.slug(id + "."))
    }

    @Test("every exit code has a name of its own, and every code that can hold after a run its place in the order")
    func exitCodes() {
        #expect(Set(ExitCode.allCases.map(\.name)).count == ExitCode.allCases.count)
        let before: Set<ExitCode> = [.usage, .badInput, .noCredentials, .badConfig]
        #expect(Set(ExitCode.precedence).union(before) == Set(ExitCode.allCases))
        #expect(ExitCode.precedence.count == Set(ExitCode.precedence).count)
    }

    @Test("each trial is asked with a fingerprint of its own; who serves it is part of it, and not of its content")
    func fingerprints() {
        let target = Target(backend: "a", model: "m")
        let request = Request(
            target: target, messages: [Message(role: .user, content: "q")], draw: Draw(.run, 1),
            purpose: .trial(suite: "s", example: "e", prompt: nil))
        var second = request
        second.draw = Draw(.run, 2)
        #expect(request.contentFingerprint != second.contentFingerprint)
        func backend(_ kind: BackendConfiguration.Kind) -> BackendConfiguration {
            BackendConfiguration(name: "b", kind: kind, source: SourceReference(file: "ratchet.yaml"))
        }
        #expect(request.fingerprint(for: backend(.openai(baseURL: "x"))) != request.fingerprint(for: backend(.openai(baseURL: "y"))))
        // What only a user's own program is sent is part of what only that is asked.
        var other = request
        other.input = ["question": "another"]
        #expect(request.fingerprint(for: backend(.openai(baseURL: "x"))) == other.fingerprint(for: backend(.openai(baseURL: "x"))))
        let command = backend(.command(CommandService(run: ["app"])))
        #expect(request.fingerprint(for: command) != other.fingerprint(for: command))
        var elsewhere = request
        elsewhere.target = Target(backend: "b", model: "m")
        elsewhere.purpose = .trial(suite: "t", example: "f", prompt: nil)
        #expect(request.contentFingerprint == elsewhere.contentFingerprint)
    }

    @Test("an example's hash is of what reaches the model and what is wanted, not of its notes")
    func hashes() {
        var example = Example(suite: "s", id: "e", input: "q", source: SourceReference(file: "e.jsonl"))
        let hash = example.hash
        example.tags = ["billing"]
        example.metadata = ["note": 1]
        #expect(example.hash == hash)
        example.expected = "a"
        #expect(example.hash != hash)
    }

    @Test("the majority decides, a tie fails, and no trial is neither")
    func counts() {
        #expect(TrialCount(passes: 2, trials: 3).state == .passed)
        #expect(TrialCount(passes: 1, trials: 2).state == .failed)
        #expect(TrialCount().state == nil && TrialCount().rate == nil)
    }
}
