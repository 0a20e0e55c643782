import RatchetFiles
import RatchetJSON
import Testing

@Suite("JSON templates")
struct JSONTemplateTests {
    private static let variables: JSONObject = ["name": "A \"B\"", "n": 1.5, "order": ["id": 7], "list": ["x", "y"], "nothing": .null]

    @Test(
        "a string that is one variable is its value; any other is text",
        arguments: [
            ("{{n}}", 1.5), ("{{ n }}", 1.5), ("{{{n}}}", 1.5), ("{{order}}", ["id": 7]), ("{{order.id}}", 7), ("{{nothing}}", .null),
            ("{{missing}}", .null), ("{{missing.deeper}}", .null), (" {{n}}", " 1.5"), ("{{name}}{{n}}", "A \"B\"1.5"),
            ("{{#list}}{{.}};{{/list}}", "x;y;"), ("plain", "plain"), ("}} {", "}} {"), ("{{! a word }}", ""), (3, 3), (.null, .null),
            (["{{n}}", ["k": "{{name}}"]], [1.5, ["k": "A \"B\""]]),
        ] as [(JSONValue, JSONValue)])
    func values(template: JSONValue, wanted: JSONValue) throws {
        #expect(try JSONTemplate(template).render(Self.variables) == wanted)
    }

    @Test("a template that is none is refused, wherever it stands", arguments: ["{{#open}}", "{{", "{{/shut}}"])
    func invalid(text: String) {
        #expect(throws: MustacheTemplate.SyntaxError.self) { try JSONTemplate(["a": [["b": .string(text)]]]) }
    }
}
