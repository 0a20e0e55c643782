import ArgumentParser
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetReports

/// `ratchet schema`
struct SchemaCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print a JSON Schema: of a project's files, for editors, or of the JSON report.",
        discussion: """
            Editors with the YAML language server take it from a first line: # yaml-language-server: $schema=./suite.schema.json
            """)

    enum Subject: String, ExpressibleByArgument, CaseIterable {
        case run, example, override
        case suite = "suite.yaml"
        case configuration = "ratchet.yaml"
    }

    @Argument(help: "run, example, override, suite.yaml or ratchet.yaml.") var subject: Subject

    func run(_ context: Context) async throws -> ExitCode {
        context.output(Self.schema(subject).serialized(.pretty) + "\n")
        return .passed
    }

    static func schema(_ subject: Subject) -> JSONValue {
        guard let file = FileSchema(rawValue: subject.rawValue) else { return RunSchema.schema }
        return file.schema(checks: CheckRegistry.types.map { ($0.type, $0.documentation.summary) })
    }
}
