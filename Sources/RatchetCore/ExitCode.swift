/// Every exit code of the program: the table of `ratchet help exit-codes`, the documentation and the JSON output all come
/// from here.
package enum ExitCode: Int32, CaseIterable, Codable, Sendable {
    case passed = 0
    case internalError = 1
    case nothingToRun = 4
    case partial = 5
    case usage = 64
    case badInput = 65
    case noBaseline = 66
    case backendUnavailable = 69
    case cannotWrite = 73
    case budgetExhausted = 75
    case noCredentials = 77
    case badConfig = 78
    case regressed = 100
    case inconclusive = 101
    case stale = 102
    case overrideProblem = 103
    case interrupted = 130
    case terminated = 143

    /// The name that JSON and reports use.
    package var name: String {
        switch self {
        case .passed: "passed"
        case .internalError: "internal"
        case .nothingToRun: "nothing-to-run"
        case .partial: "partial"
        case .usage: "usage"
        case .badInput: "bad-input"
        case .noBaseline: "no-baseline"
        case .backendUnavailable: "backend-unavailable"
        case .cannotWrite: "cannot-write"
        case .budgetExhausted: "budget-exhausted"
        case .noCredentials: "no-credentials"
        case .badConfig: "bad-config"
        case .regressed: "regressed"
        case .inconclusive: "inconclusive"
        case .stale: "stale"
        case .overrideProblem: "override-problem"
        case .interrupted: "interrupted"
        case .terminated: "terminated"
        }
    }

    package var meaning: String {
        switch self {
        case .passed: "no regression without a valid override"
        case .internalError: "a bug in ratchet; please report it"
        case .nothingToRun: "nothing was selected, or nothing was checked"
        case .partial: "a shard or a resumed part of the run is missing"
        case .usage: "bad arguments"
        case .badInput: "a suite, prompt, rubric, baseline, recording or override file is invalid"
        case .noBaseline: "the run was shown, but there is no baseline to compare it with"
        case .backendUnavailable: "more examples got no answer than the policy's errored_max allows, after retries"
        case .cannotWrite: "an asked-for report could not be written"
        case .budgetExhausted: "the money, time or call budget ended the run; the same command continues it"
        case .noCredentials: "a key is missing or was refused"
        case .badConfig: "ratchet.yaml is invalid, or asks for another version"
        case .regressed: "at least one regression without a valid override"
        case .inconclusive: "more examples are unscored than unscored_max allows, a must-pass example is undecided, or a judge has drifted"
        case .stale: "fewer than half of the recorded examples are comparable, or trials of the accepted version show that the provider changed; accept a new baseline"
        case .overrideProblem: "an override is expired, unused, malformed or out of scope"
        case .interrupted: "stopped by Ctrl-C (SIGINT); the same command resumes the run"
        case .terminated: "stopped by SIGTERM; the same command resumes the run"
        }
    }

    /// As `git bisect run` wants it: 0 for good, 1 for bad, 125 for a commit that can't be tested; an interruption ends the
    /// search.
    package var forBisect: Int32 {
        switch self {
        case .passed: 0
        case .regressed: 1
        case .interrupted, .terminated: rawValue
        default: 125
        }
    }

    /// After a run several codes can hold at once; the first in this order is the one the program exits with.
    package static let precedence: [ExitCode] = [
        .internalError, .interrupted, .terminated, .regressed, .backendUnavailable, .budgetExhausted, .overrideProblem,
        .stale, .inconclusive, .noBaseline, .partial, .nothingToRun, .cannotWrite, .passed,
    ]
}
