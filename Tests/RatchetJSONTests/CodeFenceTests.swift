import RatchetJSON
import Testing

@Suite("Code fences")
struct CodeFenceTests {
    @Test("CommonMark's fences: marks, info strings, nesting, containers", arguments: [
        ("```\na\n```", [["", "a\n"]]), ("~~~ js x=1 \na\n~~~", [["js x=1", "a\n"]]), ("```a`b\nx\n```", [["", ""]]), ("~~~ a`b\nx\n~~~~", [["a`b", "x\n"]]),
        ("``\na\n``", []), ("```\na\n~~~\n```", [["", "a\n~~~\n"]]), ("````md\n```\na\n```\n````\n", [["md", "```\na\n```\n"]]),
        ("```\na\n", [["", "a\n"]]), ("```", [["", ""]]), ("```\n```", [["", ""]]), ("   ```\n   a\n    b\n  ```", [["", "a\n b\n"]]), ("    ```\n    a\n    ```", []),
        ("```\na\n    ```\nb\n```", [["", "a\n    ```\nb\n"]]), ("```\na\n``` b\n```", [["", "a\n``` b\n"]]), ("```\r\na\r\n```\r\n", [["", "a\r\n"]]),
        ("> ```sql\n> a\n>\n> b\n> ```\nx", [["sql", "a\n\nb\n"]]), ("> ```\n> a\nb", [["", "a\n"]]), ("1. x\n\n   ```js\n   a\n     b\n   ```", [["js", "a\n  b\n"]]),
        ("- ```js\n  a\n  ```", [["js", "a\n"]]), ("- a\n  - b\n\n    ```js\n    c\n    ```", [["js", "c\n"]]), ("- a\n\nb\n\n    ```\n    c\n    ```", []),
        ("1. x\n   ```js\n   a\n```\nrest", [["js", "a\n"]]), ("text ```a```", []), ("```Python\na\n```\n\n~~~\nb\n~~~", [["Python", "a\n"], ["", "b\n"]]),
        ("\t```\n\tx", []), ("", []), ("é\n```é\né\n```", [["é", "é\n"]]),
    ] as [(String, [[String]])])
    func fences(_ text: String, _ expected: [[String]]) {
        #expect(CodeFence.all(in: text).map { [$0.info, $0.text(in: text)] } == expected)
    }

    @Test("Blocks and contents are told by their bytes; an open fence as open")
    func ranges() {
        let text = "é\n```js\na\n```\nb\n~~~\nc"
        let fences = CodeFence.all(in: text)
        #expect(fences.map(\.block) == [3..<15, 17..<22])
        #expect(fences.map(\.content) == [9..<11, 21..<22])
        #expect(fences.map(\.isClosed) == [true, false])
        #expect(CodeFence.all(in: "``` JSON {x}\n```").map(\.language) == ["json"])
    }

    @Test("Texts made to be slow are read in linear time", arguments: ["`", "```\n", "- ", "> ", "1. ", "~~~\n> ", "    ", "- ```\n", "> - > - ```\n"])
    func hostile(_ unit: String) {
        _ = CodeFence.all(in: String(repeating: unit, count: 300_000 / unit.utf8.count))
    }
}
