import RatchetCore

/// Answers PASS or FAIL by chance: each trial by the seed, the model, the example and the draw alone, so that a run can be
/// repeated and its trials are independent.
package struct SimulateBackend: Backend {
    private let provider: SimulatedProvider

    package init(_ provider: SimulatedProvider) { self.provider = provider }

    package func respond(to request: Request) async throws(BackendError) -> Response {
        guard case .trial(let suite, let example, _) = request.purpose else {
            throw BackendError(.malformed, "a simulated provider answers examples only, no judges and no embeddings")
        }
        let model = provider.model(request.target.model)
        let name = "\(provider.seed) \(request.target.model) \(suite)/\(example) \(request.draw)"
        guard Self.unit(name + " outage") >= model.outage else {
            throw BackendError(.status, "the simulated provider is down for this call")
        }
        let probability = (model.examples["\(suite)/\(example)"] ?? model.examples[example] ?? model.pass) * (1 - provider.drift)
        let passes = Self.unit(name) < probability
        return Response(
            output: Output(text: passes ? "PASS" : "FAIL", finishReason: "stop"), model: request.target.model,
            usage: nil, latency: nil, timeToFirstToken: nil, cost: nil)
    }

    /// A number in [0, 1) that follows from a text.
    private static func unit(_ text: String) -> Double { Double(Digest.seed(text) >> 11) * 0x1p-53 }
}
