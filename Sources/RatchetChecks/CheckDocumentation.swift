import RatchetCore
import RatchetJSON

/// One check's section of the reference page.
package struct CheckDocumentation: Sendable {
    /// The part of the reference page that a check belongs to, in the order of the page.
    package enum Family: String, Sendable, CaseIterable {
        case text = "Text"
        case numberAndChoice = "Number and choice"
        case similarity = "Similarity"
        case structure = "Structure"
        case toolUse = "Tool use"
        case costAndSpeed = "Cost and speed"
        case people = "People"
        case modelGraded = "Model-graded"
        case openEnd = "Open end"
        case logic = "Logic"
    }

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

    /// A check as it is written in a suite, with an answer that passes and one that fails; a test runs all three.
    package struct Sample: Sendable {
        /// The JSON of the check.
        package var check: String
        package var passes: Response
        package var fails: Response
        /// The JSON of the example's `expected`, where the check takes what is wanted from there.
        package var expected: String?

        package init(_ check: String, expected: String? = nil, passes: String, fails: String) {
            self.init(
                check, expected: expected, passes: Response(output: Output(text: passes)),
                fails: Response(output: Output(text: fails)))
        }

        /// For checks of tool calls, tokens, times and costs.
        package init(_ check: String, expected: String? = nil, passes: Response, fails: Response) {
            self.check = check
            self.expected = expected
            self.passes = passes
            self.fails = fails
        }
    }

    package var family: Family
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
        _ family: Family, _ summary: String, details: String = "", options: [Option] = [], shortForm: String? = nil,
        expectedOption: String? = nil, optionMarkers: [String]? = nil, samples: [Sample]
    ) {
        self.family = family
        self.summary = summary
        self.details = details
        self.options = options
        self.shortForm = shortForm
        self.expectedOption = expectedOption
        self.optionMarkers = optionMarkers
        self.samples = samples
    }
}
