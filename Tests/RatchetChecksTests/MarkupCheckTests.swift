import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("xml and html")
struct MarkupCheckTests {
    static let order = #"<?xml version="1.0" encoding="ISO-8859-1"?><order id="7"><item sku="a">Größe <b>M</b></item><item sku="b"> 3.50 </item><!-- c --></order>"#

    @Test("XML has to be well-formed", arguments: [
        Case(#""xml""#, order, .passed, "XML as the whole output"), Case(#""xml""#, "\n <a/> \n", .passed), Case(#""xml""#, "<a><b></a>", .failed, "Opening and ending tag mismatch"),
        Case(#""xml""#, "<a>\n<b x=1/></a>", .failed, "no well-formed XML: at line 2, AttValue"), Case(#""xml""#, "<a/><b/>", .failed), Case(#""xml""#, "text", .failed, "Start tag expected"),
        Case(#""xml""#, "<a>&nbsp;</a>", .failed, "nbsp"), Case(#""xml""#, "<a>&amp;&#xe9;</a>", .passed), Case(#""xml""#, "<a:b/>", .passed), Case(#""xml""#, "", .failed, "nothing is there"),
        Case(#""xml""#, "<a>\0</a>", .failed, "zero byte"), Case(#""xml""#, "```xml\n<a/>\n```", .failed, "XML inside a code fence: the whole output must be XML"),
        Case(#"{"xml": {"allow": "fence"}}"#, "Here:\n```xml\n<a>\n</b>\n```", .failed, "at line 4"), Case(#"{"xml": {"allow": "fence"}}"#, "```\n<a/>\n```", .passed, "in a code fence"),
        Case(#"{"xml": {}, "of": "$.x"}"#, #"{"x": "<a/>"}"#, .passed), Case(#""xml""#, "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd'><html/>", .passed),
    ])
    func wellFormed(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("Paths are XPath, with comparisons of each node's text", arguments: [
        Case(#"{"xml": "/order/item"}"#, order, .passed), Case(#"{"xml": ["/order/@id", "//b"]}"#, order, .passed), Case(#"{"xml": "//c"}"#, order, .failed, "nothing at //c"),
        Case(#"{"xml": {"paths": {"path": "//item[@sku='b']", "equals": 3.5, "min": 3, "max": 4}}}"#, order, .passed), Case(#"{"xml": {"paths": {"path": "//item", "equals": ["3.50", "Größe M"]}}}"#, order, .passed),
        Case(#"{"xml": {"paths": {"path": "//item", "equals": "3.50"}}}"#, order, .failed, #"//item (node 1 of 2) is "Größe M", wanted "3.50""#), Case(#"{"xml": {"paths": {"path": "//item", "equals": "3.50", "match": "any"}}}"#, order, .passed),
        Case(#"{"xml": {"paths": {"path": "/order/@id", "equals": {"from": "expected"}}}}"#, order, .passed, expected: "7"), Case(#"{"xml": {"paths": {"path": "//b", "equals": "m"}}}"#, order, .failed, "only upper and lower case"),
        Case(#"{"xml": {"paths": {"path": "//item/text()", "count": 2}}}"#, order, .passed), Case(#"{"xml": {"paths": {"path": "//item", "count": {"max": 1}}}}"#, order, .failed, "2 nodes at //item, wanted at most 1"),
        Case(#"{"xml": {"paths": {"path": "//error", "exists": false}}}"#, order, .passed), Case(#"{"xml": {"paths": {"path": "//b", "exists": false}}}"#, order, .failed, "wanted nothing there"),
        Case(#"{"xml": "count(//item) = 2"}"#, order, .passed), Case(#"{"xml": "count(//item) > 2"}"#, order, .failed, "is false, wanted true"), Case(#"{"xml": {"paths": {"path": "count(//item)", "max": 1}}}"#, order, .failed, #"is "2", wanted a number of at most 1"#),
        Case(#"{"xml": {"paths": {"path": "string(//b)", "regex": "^M$", "length": 1}}}"#, order, .passed), Case(#"{"xml": {"paths": {"path": "//b", "contains": ["X", "M"]}}}"#, order, .passed),
        Case(#"{"xml": {"paths": "/a:feed/a:title", "namespaces": {"a": "http://www.w3.org/2005/Atom"}}}"#, "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title></feed>", .passed),
        Case(#"{"xml": {"paths": {"path": "//a", "regex": "(x+)+$"}}}"#, "<a>\(String(repeating: "x", count: 60))!</a>", .errored, "too many steps"),
    ])
    func paths(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("Nothing is loaded or expanded, and depth and size are bounded", arguments: [
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", CheckState.failed, "declares entities"), ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", .failed, "declares entities"),
        ("<!DOCTYPE a [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]><a/>", .failed, "declares entities"), ("<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>", .failed, "declares"),
        ("<!DOCTYPE a [<!ELEMENT a ANY>]><a/>", .failed, "declares"), ("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", .passed, ""),
        (String(repeating: "<a>", count: 100_000), .errored, "given up"), ("<a>" + String(repeating: "x", count: 10_000_001) + "</a>", .errored, "larger than 10 MB"),
    ])
    func hostileXML(_ output: String, _ state: CheckState, _ reason: String) async throws {
        let result = try await Checking.result(#"{"xml": "//*"}"#, output)
        #expect(result.state == state, "\(result.reason)")
        #expect(reason.isEmpty || result.reason.contains(reason), "\(result.reason)")
        #expect(!result.reason.contains("root:"))
    }

    @Test("An XPath that takes for ever is given up")
    func endlessPath() async throws {
        let result = try await Checking.result(#"{"xml": "//*[count(//*[count(//*) > 0]) > 0]"}"#, "<a>" + String(repeating: "<b/>", count: 5_000) + "</a>")
        #expect(result.state == .errored)
        #expect(result.reason.contains("too many steps"))
    }

    @Test("HTML: an element is enough; every tag closed when that is asked for", arguments: [
        Case(#""html""#, "<p>a", .passed, "HTML as the whole output"), Case(#""html""#, "a < b", .failed, "no element"), Case(#""html""#, "<foo>", .failed, "no element"), Case(#""html""#, "<b>a</i>", .passed),
        Case(#"{"html": {"document": true}}"#, "<!doctype HTML><title>x</title>", .passed), Case(#"{"html": {"document": true}}"#, "<p>x", .failed, "no HTML document"), Case(#"{"html": {"document": true}}"#, "\n<!-- a --><HTML><p>", .passed),
        Case(#"{"html": {"well_formed": true}}"#, "<!DOCTYPE html><html><head><title>a<b</title><body><p>a<p>b<ul><li>c<li>d</ul><br><img src=x/></html>", .passed),
        Case(#"{"html": {"well_formed": true}}"#, "<div>\n<b>a</div>", .failed, "not well-formed: <b> is not closed before </div> (line 2)"), Case(#"{"html": {"well_formed": true}}"#, "<div>a", .failed, "<div> is never closed (line 1)"),
        Case(#"{"html": {"well_formed": true}}"#, "<p>a</b>", .failed, "</b> closes nothing (line 1)"), Case(#"{"html": {"well_formed": true}}"#, "<br></br>", .failed, "this element has no end tag"), Case(#"{"html": {"well_formed": true}}"#, "<div/>", .failed, "<div> is never closed"),
        Case(#"{"html": {"well_formed": true}}"#, "<svg><path d='M0'/><g/></svg><p>", .passed), Case(#"{"html": {"well_formed": true}}"#, "<b><i>a</b></i>", .failed, "<i> is not closed before </b>"), Case(#"{"html": {"well_formed": true}}"#, "<p>a<!-- <b> --></p>", .passed),
        Case(#"{"html": {"well_formed": true}}"#, "<p>a<!-- b", .failed, "a comment is never closed"), Case(#"{"html": {"well_formed": true}}"#, "<script>if (a<b && '</i>') {}</script><style>a>b{}</style>", .passed), Case(#"{"html": {"well_formed": true}}"#, "<script>x", .failed, "<script> is never closed"),
        Case(#"{"html": {"well_formed": true}}"#, "<p title='a > b' data-x=\"</p>\">c</p>", .passed), Case(#"{"html": {"well_formed": true}}"#, "<i>x</i><p title='a>b", .failed, "the tag <p> is never finished"),
        Case(#"{"html": {"well_formed": true}}"#, "<table><tr><td>a<td>b<tr><th>c</table><dl><dt>a<dd>b</dl><select><option>a<option>b</select>", .passed), Case(#"{"html": {"well_formed": true}}"#, "<P>a</p><DIV></div>", .passed),
        Case(#"{"html": {"well_formed": true, "allow": "fence"}}"#, "x\n```html\n<p>\n</b>\n```", .failed, "</b> closes nothing (line 4)"),
    ])
    func html(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("HTML's paths see the tree that HTML means", arguments: [
        ("/html/body/p", "<p>a<p>b", "2"), ("//video/source", "<video><source src=a><source src=b></video>", "2"), ("//p/wbr", "<p>a<wbr>b</p>", "1"), ("//section[p]", "<section><p>a<section><p>b</section></section>", "2"),
        ("//li[. = 'é']", "<ul><li>&eacute;<li>é</ul>", "2"), ("//tr[2]/td", "<table><tr><td>a<tr><td>b<td>c</table>", "2"), ("//a[@href]", "<meta charset=latin1><A HREF=x>y</A>", "1"), ("//div/b", "<div/><b>x</b>", "1"), ("//main//article", "<main><article>a</article></main>", "1"),
        ("//script[contains(., '<b>')]", "<script>'<b>'</script>", "1"), ("//textarea[. = '<i>x</i>']", "<textarea><i>x</i></textarea>", "1"),
    ])
    func htmlTree(_ path: String, _ output: String, _ count: String) async throws {
        let check = try JSONValue.object(["html": .object(["paths": .object(["path": .string(path), "count": JSONValue(parsing: count)])])]).serialized()
        let result = try await Checking.result(check, output)
        #expect(result.state == .passed, "\(result.reason)")
    }

    @Test("Markup made to cost time or stack is answered", arguments: [
        "<b>", "</b>", "<", "<b ", "<!--", "<p>", "<li>", "<wbr>", "<a b=\"", "<script>", "&lt;", "<b/>", "<table>", "<p><b>", "<svg>", "<![CDATA[", "</p>", "<b></i>", "<select><option>", "<title>",
    ])
    func hostile(_ unit: String) async throws {
        let text = String(repeating: unit, count: 200_000 / unit.utf8.count)
        for check in [#"{"html": {"well_formed": true, "paths": "//b"}}"#, #"{"html": "//*"}"#, #"{"xml": "//b"}"#] {
            _ = try await Checking.result(check, text)
            _ = try await Checking.result(check, "<div>" + text + "</div>")
        }
    }

    @Test("Many threads may parse at once")
    func threads() async throws {
        try await withThrowingTaskGroup(of: CheckState.self) { group in
            for _ in 0..<50 {
                group.addTask { try await Checking.result(#"{"xml": {"paths": {"path": "//item[@sku='b']", "equals": 3.5}}}"#, Self.order).state }
                group.addTask { try await Checking.result(#"{"html": {"paths": "//b", "well_formed": true}}"#, "<p>a<b>c</b>").state }
            }
            for try await state in group { #expect(state == .passed) }
        }
    }

    @Test("Options are read with care", arguments: [
        (#"{"xml": "//["}"#, "bad path"), (#"{"xml": "//a:b"}"#, "bad path"), (#"{"xml": "nosuch()"}"#, "bad path"), (#"{"xml": {"paths": [{"equals": 1}]}}"#, "/checks/0/xml/paths/0: `xml`: needs a `path`"),
        (#"{"xml": {"paths": [{"path": "//a", "equal": 1}]}}"#, "key /checks/0/xml/paths/0/equal: `xml` has no option `equal`"), (#"{"xml": {"paths": {"path": "//a", "regex": "("}}}"#, "/checks/0/xml/paths/regex"),
        (#"{"xml": {"paths": {"path": "//a", "exists": false, "count": 1}}}"#, "leaves nothing to compare"), (#"{"xml": {"paths": {"path": "//a", "min": 2, "max": 1}}}"#, "it can never hold"), (#"{"xml": {"namespaces": {"a": 1}}}"#, "an object of texts"),
        (#"{"xml": {"paths": {"path": "//a", "equals": [true]}}}"#, "a text, a number or a list"), (#"{"html": {"wellformed": true}}"#, "has no option `wellformed`"), (#"{"xml": {"paths": {"path": "//a", "equals": {"from": "expected"}}}}"#, "has none"),
    ])
    func badOptions(_ check: String, _ message: String) throws {
        let findings = try Writing.findings([check])
        #expect(findings.contains { $0.contains(message) }, "\(findings)")
    }
}
