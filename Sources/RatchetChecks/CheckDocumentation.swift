import RatchetJSON

/// One check's section of the reference page.
package struct CheckDocumentation: Sendable {
    package struct Option: Sendable {
        package var name: String
        /// The kind of value, as the page shows it: "text", "whole number", "`true` or `false`".
        package var kind: String
        package var summary: String

        package init(_ name: String, _ kind: String, _ summary: String) {
            self.name = name
            self.kind = kind
            self.summary = summary
        }
    }

    /// A check as it is written in a suite, with an output that passes and one that fails; a test runs all three.
    package struct Sample: Sendable {
        /// The JSON of the check.
        package var check: String
        package var passes: String
        package var fails: String

        package init(_ check: String, passes: String, fails: String) {
            self.check = check
            self.passes = passes
            self.fails = fails
        }
    }

    /// One line: what must hold.
    package var summary: String
    /// What one should know beside the options: the short form, what counts as equal, how it is counted.
    package var details: String
    package var options: [Option]
    /// The option that a value stands for which is no object: the short form.
    package var shortForm: String?
    /// The option that takes the example's `expected` when it is not given.
    package var expectedOption: String?
    /// When set, an object under the type key is a value and no list of options, unless it has one of these members.
    package var optionMarkers: [String]?
    package var samples: [Sample]

    package init(
        _ summary: String, details: String = "", options: [Option] = [], shortForm: String? = nil,
        expectedOption: String? = nil, optionMarkers: [String]? = nil, samples: [Sample]
    ) {
        self.summary = summary
        self.details = details
        self.options = options
        self.shortForm = shortForm
        self.expectedOption = expectedOption
        self.optionMarkers = optionMarkers
        self.samples = samples
    }
}
