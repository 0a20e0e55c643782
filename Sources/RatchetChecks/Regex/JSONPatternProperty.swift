/// A Unicode property as ECMA-262 (tables 67 to 70) names it, in the words of PCRE2.
struct JSONPatternProperty {
    /// PCRE2's name.
    let name: String
    /// Whether PCRE2 only names the opposite.
    var isComplement = false

    /// - Parameter written: what stands in the braces: `Lu`, `Letter`, `gc=Lu`, `Script=Greek`, `White_Space`.
    init?(_ written: String, isIRegexp: Bool) {
        let parts = written.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let property = parts.first, let value = parts.last, !value.isEmpty else { return nil }
        if isIRegexp {
            // Only general categories, by their short names.
            guard parts.count == 1, value != "L&", Self.categories.values.contains(value) else { return nil }
            name = value
            return
        }
        switch (parts.count, property) {
        case (1, "Assigned"): (name, isComplement) = ("Cn", true)
        case (1, _): name = Self.categories[value] ?? value
        case (_, "General_Category"), (_, "gc"): name = Self.categories[value] ?? value
        case (_, "Script"), (_, "sc"): name = "sc:\(value)"
        case (_, "Script_Extensions"), (_, "scx"): name = "scx:\(value)"
        default: return nil
        }
    }

    /// General categories by their long names and aliases (PropertyValueAliases.txt).
    private static let categories = [
        "Cased_Letter": "L&", "LC": "L&", "Close_Punctuation": "Pe", "Connector_Punctuation": "Pc", "Control": "Cc",
        "cntrl": "Cc", "Currency_Symbol": "Sc", "Dash_Punctuation": "Pd", "Decimal_Number": "Nd", "digit": "Nd",
        "Enclosing_Mark": "Me", "Final_Punctuation": "Pf", "Format": "Cf", "Initial_Punctuation": "Pi", "Letter": "L",
        "Letter_Number": "Nl", "Line_Separator": "Zl", "Lowercase_Letter": "Ll", "Mark": "M", "Combining_Mark": "M",
        "Math_Symbol": "Sm", "Modifier_Letter": "Lm", "Modifier_Symbol": "Sk", "Nonspacing_Mark": "Mn", "Number": "N",
        "Open_Punctuation": "Ps", "Other": "C", "Other_Letter": "Lo", "Other_Number": "No", "Other_Punctuation": "Po",
        "Other_Symbol": "So", "Paragraph_Separator": "Zp", "Private_Use": "Co", "Punctuation": "P", "punct": "P",
        "Separator": "Z", "Space_Separator": "Zs", "Spacing_Mark": "Mc", "Surrogate": "Cs", "Symbol": "S",
        "Titlecase_Letter": "Lt", "Unassigned": "Cn", "Uppercase_Letter": "Lu",
    ]
}
