import RatchetCore
import RatchetJSON

/// `xml`: the output is well-formed XML.
package struct XMLCheck: Check {
    package static let type = "xml"
    package static let documentation = CheckDocumentation(
        .structure, "The output is well-formed XML, with the wanted values at paths.",
        details: """
            \(MarkupRules.pathDetails)

            Names with a namespace need a prefix in paths, which `namespaces` makes known: the default namespace of a document \
            has no prefix by itself. Nothing is loaded from anywhere. A document type that declares entities, elements or \
            attributes fails.
            """,
        options: [MarkupRules.pathsOption, .init("namespaces", "object", "prefixes for paths, with the URIs they stand for"), FormatBlock.option(default: .whole)],
        shortForm: "paths",
        samples: [
            .init(#""xml""#, passes: "<a><b/></a>", fails: "<a><b></a>"),
            .init(
                #"{"xml": {"paths": ["/order/@id", {"path": "//item/price", "min": 0, "count": 2}]}}"#,
                passes: "<order id='7'><item><price>3</price></item><item><price>0.5</price></item></order>",
                fails: "<order id='7'><item><price>free</price></item></order>"),
        ])

    private let rules: MarkupRules

    package init?(_ options: CheckOptions) {
        var namespaces: [String: String] = [:]
        if let value = options.value("namespaces") {
            let object = value.objectValue
            for (prefix, uri) in object?.members ?? [] { namespaces[prefix] = uri.stringValue }
            if namespaces.count != object?.count { options.report("`namespaces` wants an object of texts", at: "namespaces") }
        }
        guard let rules = MarkupRules(options, namespaces: namespaces) else { return nil }
        self.rules = rules
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        rules.evaluate(input, name: "XML", languages: ["xml", "xhtml", "svg", "rss", "atom", "xsd", "xslt", "plist"]) { block throws(MarkupDocument.Failure) in
            (try MarkupDocument.xml(block.text), nil)
        }
    }
}

/// `html`: the output is HTML.
package struct HTMLCheck: Check {
    package static let type = "html"
    package static let documentation = CheckDocumentation(
        .structure, "The output is HTML, with the wanted values at paths.",
        details: """
            HTML puts up with almost everything, so by itself this asks only for one element that HTML knows. `well_formed` \
            also asks that every tag be closed, in the right order, but for those that HTML lets one leave out (`</p>`, `</li>`, \
            `</td>`, …) and elements without content (`<br>`, `<img>`, …). \(MarkupRules.pathDetails) Names of elements are in \
            small letters; the document has `html` and `body`, be they written or not.
            """,
        options: [
            MarkupRules.pathsOption,
            .init("well_formed", "true or false", "every tag has to be closed, in the right order; false by default"),
            .init("document", "true or false", "it has to be a whole document, beginning with `<!DOCTYPE html>` or `<html>`; false by default"),
            FormatBlock.option(default: .whole),
        ],
        shortForm: "paths",
        samples: [
            .init(#"{"html": {"well_formed": true}}"#, passes: "<ul><li>a<li>b</ul><br>", fails: "<div><b>a</div>"),
            .init(#"{"html": {"paths": {"path": "//a/@href", "regex": "^https:"}}}"#, passes: "<p>See <a href=https://example.com>this</a>", fails: "<a href='/x'>x</a>"),
        ])

    private let rules: MarkupRules
    private let mustBeWellFormed: Bool
    private let mustBeDocument: Bool

    package init?(_ options: CheckOptions) {
        mustBeWellFormed = options.flag("well_formed", default: false)
        mustBeDocument = options.flag("document", default: false)
        guard let rules = MarkupRules(options, namespaces: [:]) else { return nil }
        self.rules = rules
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        rules.evaluate(input, name: "HTML", languages: ["html", "xhtml", "htm"]) { block throws(MarkupDocument.Failure) in
            let (document, tags) = try MarkupDocument.html(block.text)
            return (document, objection(to: tags, in: block))
        }
    }

    private func objection(to tags: HTMLTags, in block: FormatBlock) -> String? {
        guard tags.hasElement else { return "no HTML: there is no element in \(Excerpt.quoted(block.text))" }
        if mustBeDocument, !tags.isDocument { return "no HTML document: it begins with neither <!DOCTYPE html> nor <html>" }
        guard mustBeWellFormed, !tags.problems.isEmpty else { return nil }
        let shown = tags.problems.prefix(3).map { "\(Excerpt.oneLine($0.message)) (line \($0.line + block.lineOffset))" }
        return "not well-formed: \(shown.joined(separator: "; "))\(tags.problems.count > 3 ? "; and more" : "")"
    }
}

/// What `xml` and `html` share.
struct MarkupRules: Sendable {
    static let pathDetails = """
        A path is XPath 1.0: `/a/b` and `//b`, `[@id='3']`, `text()`, `count(//b) > 2`. It must select something, or be true. \
        Beside `path`, an object may have `exists` (false: there must be nothing), `count`, and comparisons for the text of \
        each selected node, without space at its ends: `equals`, `contains`, `regex` (of several any one will do), `min` and \
        `max` (as a number), `length`; with `match: any` one node that satisfies them is enough.
        """
    static let pathsOption = CheckDocumentation.Option("paths", "XPath, object, or list of them", "what has to be where")

    private let paths: [MarkupPath]
    private let allowed: FormatBlock.Location

    init?(_ options: CheckOptions, namespaces: [String: String]) {
        allowed = options.choice("allow", default: .whole)
        paths = options.parts("paths", MarkupPath.documentation) { MarkupPath($0, namespaces: namespaces) }
        if !options.problems.isEmpty { return nil }
    }

    /// - Parameter parse: The document of a block, and what is wrong with it.
    func evaluate(
        _ input: CheckInput, name: String, languages: Set<String>,
        parse: (FormatBlock) throws(MarkupDocument.Failure) -> (document: MarkupDocument, objection: String?)
    ) -> CheckOutcome {
        guard let block = FormatBlock.find(in: input.subject, languages: languages) else {
            return .lacking("no \(name): the code fences of the output are for other languages")
        }
        guard !block.isBlank else { return .lacking("no \(name): nothing is there \(block.place)") }
        do throws(MarkupDocument.Failure) {
            let (document, objection) = try parse(block)
            var outcome = objection.map { CheckOutcome.failed($0) }
            for path in paths where outcome == nil { outcome = try path.objection(in: document) }
            return block.outcome(of: outcome ?? .passed("\(name) \(block.place)"), allowed: allowed, name: name)
        } catch {
            let line = error.line.map { " at line \($0 + block.lineOffset)" } ?? ""
            if error.isLimit { return .errored("the \(name) was given up\(line): \(Excerpt.oneLine(error.message))") }
            let reason = "no well-formed \(name):\(line.isEmpty ? "" : line + ",") \(Excerpt.oneLine(error.message)), in \(Excerpt.quoted(block.text, limit: 100))"
            return block.outcome(of: .failed(reason), allowed: allowed, name: name)
        }
    }
}
