import RatchetCore

/// Which differences between two texts do not count: the options of `equals`.
struct TextLenience: Sendable {
    /// Which Unicode spellings of a text are the same (Unicode Standard Annex #15).
    enum Normalization: String, CaseIterable, Sendable {
        /// Code point by code point.
        case none
        /// Canonical equivalence: `é` may be one code point or two.
        case nfc
        /// Also compatibility: full-width letters, ligatures, no-break spaces and superscripts are their plain forms.
        case nfkc
    }

    enum Whitespace: Sendable {
        case counts
        /// Every run is one space, and none is at the ends.
        case asOneSpace
        case ignored
    }

    var trims: Bool
    var ignoresCase: Bool
    var normalization: Normalization
    var whitespace: Whitespace
    var ignoresPunctuation: Bool

    static let documentation: [CheckDocumentation.Option] = [
        .init("trim", "`true` or `false`", "removes whitespace at both ends first; `true` by default"),
        .init("ignore_case", "`true` or `false`", "takes upper and lower case as the same; `false` by default"),
        .init(
            "ignore_whitespace", "`true`, `false` or `all`",
            "`true` takes every run of whitespace as one space, `all` leaves whitespace out altogether; `false` by default"),
        .init(
            "ignore_punctuation", "`true` or `false`",
            "leaves out Unicode's punctuation and backticks, and takes runs of whitespace as one space; `false` by default"),
        .init(
            "normalize", "`none`, `nfc` or `nfkc`",
            """
            which Unicode spellings are the same. `none` (the default) compares code points. With `nfc` an accented letter may \
            be one code point or two. `nfkc` also takes full-width letters, ligatures, no-break spaces and superscripts as \
            their plain forms
            """),
    ]

    init(_ options: CheckOptions) {
        trims = options.flag("trim", default: true)
        ignoresCase = options.flag("ignore_case", default: false)
        normalization = options.choice("normalize", default: .none)
        ignoresPunctuation = options.flag("ignore_punctuation", default: false)
        whitespace = Self.whitespace(options)
        if ignoresPunctuation, whitespace == .counts { whitespace = .asOneSpace }
    }

    private static func whitespace(_ options: CheckOptions) -> Whitespace {
        guard let value = options.value("ignore_whitespace") else { return .counts }
        if value == "all" { return .ignored }
        if let flag = value.boolValue { return flag ? .asOneSpace : .counts }
        options.report("`ignore_whitespace` wants true, false or \"all\", found \(value.kind)", at: "ignore_whitespace")
        return .counts
    }

    /// The text without what does not count; two texts are compared in this form, by `areSame`.
    func form(of text: String) -> String {
        var form = normalization == .nfkc ? TextForm.compatible(text) : text
        if ignoresPunctuation { form = TextForm.withoutPunctuation(form) }
        switch whitespace {
        case .counts: if trims { form = TrimmedText.of(form) }
        case .asOneSpace: form = TextForm.collapsed(form)
        case .ignored: form = form.scalars { !$0.properties.isWhitespace }
        }
        return ignoresCase ? TextForm.folded(form) : form
    }

    /// Swift's own `==` compares by canonical equivalence, however the two are normalised.
    func areSame(_ left: String, _ right: String) -> Bool {
        normalization == .none ? TextForm.areIdentical(left, right) : left == right
    }
}
