/// Requests that were sent to a provider together, to be answered later for less.
package struct Batch: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        /// At the provider.
        case waiting
        /// What it answered is in the cache.
        case taken
        /// Given up by a person.
        case cancelled
    }

    /// The provider's.
    package var id: String
    /// The backend's name in `ratchet.yaml`.
    package var backend: String
    package var model: String
    /// `RunPlan.key` of the run that it is for.
    package var planKey: String
    /// Seconds since 1970.
    package var submitted: Double
    package var requests: Int
    package var state: State

    package init(id: String, backend: String, model: String, planKey: String, submitted: Double, requests: Int, state: State = .waiting) {
        self.id = id
        self.backend = backend
        self.model = model
        self.planKey = planKey
        self.submitted = submitted
        self.requests = requests
        self.state = state
    }
}
