import RatchetCore
import RatchetJSON

/// Where in an output a text of some format stands: as the whole of it, or in a code fence.
struct FormatBlock: Sendable {
    /// Where it may stand: the option `allow` of the checks of formats other than JSON.
    enum Location: String, CaseIterable, Sendable {
        case whole, fence
    }

    let text: String
    let location: Location
    /// How many lines of the output are before it.
    let lineOffset: Int

    static func option(default preset: Location) -> CheckDocumentation.Option {
        let (whole, fence) = preset == .whole ? (" (the default)", "") : ("", " (the default)")
        return .init(
            "allow", "`whole` or `fence`",
            "where it may stand: only as the whole output\(whole), or also in the first code fence that names its language, or none\(fence)")
    }

    /// The block of an output, be it allowed there or not; `nil` when there are fences, and all are for other languages.
    init?(in text: String, languages: Set<String>) {
        var named: CodeFence?
        var unnamed: CodeFence?
        var isWhole = true
        CodeFence.forEach(in: text) { fence in
            isWhole = false
            if languages.contains(fence.language) { named = fence }
            if unnamed == nil, fence.info.isEmpty { unnamed = fence }
            return named == nil
        }
        if let fence = named ?? unnamed {
            self.text = fence.text(in: text)
            location = .fence
            lineOffset = text.utf8.prefix(fence.content.lowerBound).reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        } else if isWhole {
            (self.text, location, lineOffset) = (text, .whole, 0)
        } else {
            return nil
        }
    }

    private init(whole text: String) { (self.text, location, lineOffset) = (text, .whole, 0) }

    /// What is to be looked at in a subject: a value that `of` selected is taken as it is.
    static func find(in subject: Subject, languages: Set<String>) -> FormatBlock? {
        subject.value == nil ? FormatBlock(in: subject.text, languages: languages) : FormatBlock(whole: subject.text)
    }

    /// Whether there is nothing but white space in it.
    var isBlank: Bool { !text.utf8.contains { $0 > 0x20 } }

    /// Where it is, in words.
    var place: String { location == .fence ? "in a code fence" : "as the whole output" }

    /// Holds a rule's outcome against the place: what is right in a fence, where none is allowed, is a near miss.
    func outcome(of rule: CheckOutcome, allowed: Location, name: String) -> CheckOutcome {
        guard location == .fence, allowed == .whole else { return rule }
        let objection = "\(name) inside a code fence: the whole output must be \(name)"
        switch rule.state {
        case .passed: return .failed(objection, failureKind: .codeFence)
        case .failed: return .failed("\(objection); and \(rule.reason)")
        case .errored, .unscored, .notApplicable: return rule
        }
    }
}
