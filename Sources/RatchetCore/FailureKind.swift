/// Why an output that failed a check nearly passed: one word by which reports group failures, and a sentence for people.
///
/// A thousand answers that are right but for a code fence around them are one cause, and not a thousand failures.
package enum FailureKind: String, Hashable, Codable, Sendable, CaseIterable {
    case letterCase = "case"
    case whitespace
    case unicodeForm = "unicode_form"
    case endPunctuation = "end_punctuation"
    case quotes
    case typography
    case punctuation
    case extraText = "extra_text"
    case codeFence = "code_fence"
    case jsonInProse = "json_in_prose"
    case numberAsText = "number_as_text"
    case percent
    case unit
    case rounding
    case decimalMark = "decimal_mark"
    case numberElsewhere = "number_elsewhere"
    case severalOptions = "several_options"
    case callOrder = "call_order"
    case extraCalls = "extra_calls"
    case extraMembers = "extra_members"
    case listOrder = "list_order"

    /// What is added to a check's reason.
    package var hint: String {
        switch self {
        case .letterCase: "only upper and lower case differ"
        case .whitespace: "only whitespace differs"
        case .unicodeForm: "it looks the same: only the Unicode spelling of accented letters differs"
        case .endPunctuation: "only punctuation at the end differs"
        case .quotes: "only quotes or Markdown marks around it differ"
        case .typography: "only quotes, dashes or spaces of another kind differ"
        case .punctuation: "only punctuation, spacing and upper and lower case differ"
        case .extraText: "the wanted text is there, with other text around it"
        case .codeFence: "the JSON is right but for the code fence around it"
        case .jsonInProse: "the JSON is there, but with other text around it"
        case .numberAsText: "the number is there, but written as a string"
        case .percent: "the number is right, but a percentage where a fraction is wanted, or the other way round"
        case .unit: "the number is right but for its unit or its power of ten"
        case .rounding: "the number is the wanted one, rounded"
        case .decimalMark: "the number is right when its comma and point are read the other way round"
        case .numberElsewhere: "the wanted number is in the answer, but is not the one that counts"
        case .severalOptions: "the wanted option is there, but others are as well"
        case .callOrder: "the wanted calls were made, but in another order"
        case .extraCalls: "the wanted calls were made, but with others among them"
        case .extraMembers: "all that is wanted is there, with further members"
        case .listOrder: "only the order of lists differs"
        }
    }

    /// What outputs of this kind have in common, as a report's heading: "right but for …".
    package var summary: String {
        switch self {
        case .letterCase: "upper and lower case"
        case .whitespace: "whitespace"
        case .unicodeForm: "Unicode spelling"
        case .endPunctuation: "punctuation at the end"
        case .quotes: "quotes or Markdown marks around it"
        case .typography: "the kind of quotes, dashes or spaces"
        case .punctuation: "punctuation"
        case .extraText: "text around it"
        case .codeFence: "a code fence around it"
        case .jsonInProse: "prose around the JSON"
        case .numberAsText: "a number written as a string"
        case .percent: "percentages in place of fractions"
        case .unit: "the unit"
        case .rounding: "rounding"
        case .decimalMark: "the decimal comma"
        case .numberElsewhere: "the place of the number"
        case .severalOptions: "the other options it names"
        case .callOrder: "the order of the calls"
        case .extraCalls: "further calls"
        case .extraMembers: "members that were not asked for"
        case .listOrder: "the order of lists"
        }
    }
}
