import RatchetCore
import RatchetJSON

/// A Markdown file's settings in YAML between two lines of `---`, and the text below them.
package struct FrontMatter: Hashable, Sendable {
    /// `nil` when the file has none.
    package var yaml: String?
    /// The line of the file, from 1, at which the YAML begins.
    package var yamlLine: Int
    package var body: String
    package var bodyLine: Int

    /// - Returns: `nil` when the closing line is missing.
    package init?(_ text: String) {
        // By bytes: as Characters, a line break can fuse with what follows it.
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let first = lines.first, Self.isFence(first) else {
            self.init(yaml: nil, yamlLine: 1, body: text, bodyLine: 1)
            return
        }
        guard let close = lines.dropFirst().firstIndex(where: Self.isFence) else { return nil }
        self.init(
            yaml: Self.join(lines[1..<close]), yamlLine: 2, body: Self.join(lines[(close + 1)...]), bodyLine: close + 2)
    }

    private init(yaml: String?, yamlLine: Int, body: String, bodyLine: Int) {
        self.yaml = yaml
        self.yamlLine = yamlLine
        self.body = body
        self.bodyLine = bodyLine
    }

    private static func isFence(_ line: Substring.UTF8View) -> Bool {
        line.starts(with: "---".utf8) && line.dropFirst(3).allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }

    private static func join(_ lines: ArraySlice<Substring.UTF8View>) -> String {
        String(decoding: Array(lines.joined(separator: "\n".utf8)), as: UTF8.self)
    }

    /// The settings as a value; reported when they are not YAML, or when the closing line is missing.
    static func read(_ file: SourceFile, _ problems: Problems) -> (matter: FrontMatter, settings: JSONValue)? {
        guard let matter = FrontMatter(file.text) else {
            problems.error(
                "the front matter has no closing line", at: SourceReference(file: file.name),
                help: "end it with a line of ---")
            return nil
        }
        guard let yaml = matter.yaml else { return (matter, .object([:])) }
        guard let value = YAMLReader.read(yaml, file: file.name, line: matter.yamlLine, problems) else { return nil }
        return (matter, value.isNull ? .object([:]) : value)
    }
}
