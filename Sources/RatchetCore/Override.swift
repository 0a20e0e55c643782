/// A person's recorded permission for named regressions: `overrides/<date>-<slug>.yaml`.
package struct Override: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The new behaviour is right.
        case accept
        /// A known loss, for a while.
        case tolerate
        /// Runs and reports, does not gate.
        case quarantine
    }

    /// What it permits.
    package enum Scope: Hashable, Sendable {
        case examples([String])
        case passRate
        /// What guards the suite: its policy, its rubrics, its baseline as a whole.
        case policy
        case slice(String)
        case metric(String)
    }

    package struct Binding: Hashable, Sendable {
        /// Example id to the hash of its content and gating checks.
        package var examples: [String: String]
        package var promptHash: String?
        package var target: String?
        package var baselineCommit: String?

        package init(
            examples: [String: String] = [:], promptHash: String? = nil, target: String? = nil, baselineCommit: String? = nil
        ) {
            self.examples = examples
            self.promptHash = promptHash
            self.target = target
            self.baselineCommit = baselineCommit
        }
    }

    /// The file, relative to the project.
    package var file: String
    package var suite: String
    package var scope: Scope
    package var checks: [String]
    package var kind: Kind
    package var reason: String
    /// The last day it holds, `2026-12-21`; `nil` for `accept`, which holds until the next baseline.
    package var expires: String?
    package var author: String?
    package var created: String?
    package var binding: Binding
    /// By example id, or `pass_rate`: what was seen when it was written, `5/5 -> 1/6`.
    package var observed: [String: String]
    /// Why it lacks the approval that the policy asks for.
    package var unapproved: String?

    package init(
        file: String, suite: String, scope: Scope, checks: [String] = [], kind: Kind, reason: String, expires: String?,
        author: String?, created: String?, binding: Binding, observed: [String: String]
    ) {
        self.file = file
        self.suite = suite
        self.scope = scope
        self.checks = checks
        self.kind = kind
        self.reason = reason
        self.expires = expires
        self.author = author
        self.created = created
        self.binding = binding
        self.observed = observed
    }

    package static let minimumReasonLength = 20
    /// Days.
    package static let defaultLife = 30
    package static let longestLife = 90
}
