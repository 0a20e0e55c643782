import RatchetCore

/// What `ratchet help` knows beside commands.
enum HelpTopic: String, CaseIterable {
    case exitCodes = "exit-codes"
    case checks, suite, gate, environment

    var text: String {
        switch self {
        case .exitCodes: HelpCommand.exitCodes
        case .checks: Self.checksText
        case .suite: Self.suiteText
        case .gate: Self.gateText
        case .environment: Self.environmentText
        }
    }

    private static var checksText: String {
        """
            A check is a name ("is_json"), or an object with one type and the keys that all share:

              {"contains": "refund", "name": "says-refund", "not": false, "weight": 1, "threshold": 0.8, "gating": true,
               "of": "$.answer", "when": "is_json"}

            \(ChecksCommand.List.families)

            ratchet checks show NAME says what one wants; ratchet checks try CHECK < FILE tries one.

            """
    }

    private static let suiteText = """
        A suite is a folder: suites/<suite>/suite.yaml, and examples, one a line, in any number of *.jsonl beside it.

          suite.yaml   prompt, target, params, checks for every example, gate
          an example   {"id": "…", "input": "…", "expected": "…", "checks": ["contains"], "tags": ["billing"]}

        Keys of an example: id and input, and if wanted expected, contexts, tools, checks, tags, group, must_pass, known_failing, pass_when,
        metadata, source. The id is the join key of runs, baselines and overrides, and never changes. An example drops a check of its suite
        by {"drop": "name"}. Unknown keys are errors.

        ratchet suite add makes an example of a failure; ratchet check finds what is wrong; ratchet power says what a suite can see.

        """

    private static let gateText = """
        Examples are compared one by one with their records in the baseline of the merge base. What was lost is asked again until the
        evidence is certain or gone, beside trials of the accepted version; the pass rate is tested as a whole. An unchanged system fails at
        most one run in a hundred, whatever the size of the suite.

          policy: statistical (default) or strict: every lost example fails
          must_pass, known_failing   of single examples
          slices, metrics            what else may not fall, or rise

        A loss that is meant is permitted on record: ratchet run --allow-regression ID --reason TEXT, or ratchet override add; or accepted:
        ratchet baseline accept. An outage proves nothing: errored examples are never green, and never a regression.

        """

    /// What is read of the environment, besides the keys that ratchet.yaml names.
    static let variables: [(String, String)] = [
        ("CI", "neither empty, 0, false nor no: unused overrides are errors, and next steps are those of a machine that forgets"),
        ("NO_COLOR", "not empty: no colours"), ("CLICOLOR_FORCE", "neither empty nor 0: colours even where standard output is no terminal"),
        ("CLICOLOR", "0: no colours"), ("TERM", "dumb: no colours, and progress in plain lines"),
        ("HTTPS_PROXY, HTTP_PROXY, NO_PROXY", "proxies, as curl reads them"),
        ("SSL_CERT_FILE, CURL_CA_BUNDLE", "the certificates to trust, where not the system's"),
        ("GITHUB_*, CI_*, BUILDKITE_*, …", "the branch a change is held against, and which shard this machine is"),
    ]

    private static var environmentText: String {
        let lines = variables.map { "  \($0.0)\n      \($0.1)" }.joined(separator: "\n")
        return """
            What ratchet reads of the environment:

            \(lines)

            Keys are read from the variables that ratchet.yaml names (api_key_env), when a call is made; they are not stored, logged or printed.
            Colours: NO_COLOR before CLICOLOR_FORCE before CLICOLOR before TERM before whether standard output is a terminal.

            """
    }
}
