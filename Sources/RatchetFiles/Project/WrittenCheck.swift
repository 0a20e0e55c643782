import RatchetCore
import RatchetJSON

/// A check that was typed and not written into a file: the same form, read by the same rules.
package enum WrittenCheck {
    /// The file name that findings about it carry.
    package static let name = "the check"

    /// - Parameter text: JSON, or a bare type such as `is_json`.
    package static func read(_ text: String, types: Set<String>) -> (check: CheckSpecification?, diagnostics: [Diagnostic]) {
        let problems = Problems(exitCode: .usage)
        let value: JSONValue
        if Name.isValid(text) {
            value = .string(text)
        } else {
            do throws(JSONSyntaxError) {
                value = try JSONValue(parsing: text)
            } catch {
                problems.error(
                    "the check is not JSON: \(error.message) (line \(error.line), column \(error.column))", at: nil,
                    help: #"write it as suites do, in quotes for the shell: '{"contains": "refund"}'"#)
                return (nil, problems.diagnostics)
            }
        }
        let place = SourceReference(file: name, .value(document: 1, .root))
        let read = CheckReader(types: types, problems: problems).read(.array([value]), at: place, allowsDrop: false)
        var taken: Set<String> = []
        return (CheckNames.assign(read.drafts, taken: &taken, problems).first, problems.diagnostics)
    }
}
