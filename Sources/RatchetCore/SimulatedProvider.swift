/// A provider whose truth is known: for trying a gate, a policy or a suite's strength before real calls are paid.
package struct SimulatedProvider: Hashable, Sendable {
    /// How one model answers.
    package struct Model: Hashable, Sendable {
        /// The probability that an answer passes, and by example where it differs; in 0...1.
        package var pass: Double
        package var examples: [String: Double]
        /// The share of calls that get no answer.
        package var outage: Double

        package init(pass: Double = 0.9, examples: [String: Double] = [:], outage: Double = 0) {
            self.pass = pass
            self.examples = examples
            self.outage = outage
        }
    }

    package var seed: UInt64
    /// By name; every other model answers as `other`.
    package var models: [String: Model]
    package var other: Model
    /// The share of passes that every model has lost since: the provider changed.
    package var drift: Double

    package init(seed: UInt64 = 1, models: [String: Model] = [:], other: Model = Model(), drift: Double = 0) {
        self.seed = seed
        self.models = models
        self.other = other
        self.drift = drift
    }

    package func model(_ name: String) -> Model { models[name] ?? other }

    /// What distinguishes its answers from those of another: part of every fingerprint.
    package var identity: String {
        func text(_ model: Model) -> String {
            "\(model.pass) \(model.outage) " + model.examples.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        }
        let parts = ["\(seed) \(drift)", text(other)] + models.sorted { $0.key < $1.key }.map { "\($0.key): \(text($0.value))" }
        return "simulate:" + Digest.short(parts.joined(separator: "\n"))
    }
}
