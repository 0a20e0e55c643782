import ArgumentParser
import RatchetBackends
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetReports
import RatchetStore

/// `ratchet batches`
struct BatchesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batches", abstract: "Batches that were sent to providers by run --batch.", subcommands: [List.self, Cancel.self],
        defaultSubcommand: List.self)

    struct List: ContextCommand {
        static let configuration = CommandConfiguration(abstract: "List the batches, the oldest first.")

        @OptionGroup var project: ProjectOptions
        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func run(_ context: Context) async throws -> RatchetCore.ExitCode {
            let batches = try OpenedProject.open(context, directory: project.directory).openStore().batches()
            switch format {
            case .human:
                let rows = batches.map { [$0.id, "\($0.backend)/\($0.model)", String($0.requests), Context.day($0.submitted), $0.state.rawValue] }
                context.output(batches.isEmpty ? "no batch was sent\n" : TextTable.text([["batch", "target", "requests", "sent", "state"]] + rows))
            case .json:
                let list = batches.map { batch -> JSONValue in
                    [
                        "id": .string(batch.id), "target": .string("\(batch.backend)/\(batch.model)"), "requests": .int(batch.requests),
                        "submitted": .double(batch.submitted), "state": .string(batch.state.rawValue),
                    ]
                }
                context.output((["format": "ratchet-batches/1", "batches": .array(list)] as JSONValue).serialized(.compact) + "\n")
            }
            return .passed
        }
    }

    struct Cancel: ContextCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give up batches that wait at a provider.",
            discussion: "What they have answered by then may be charged. The run asks for all of it again.")

        @OptionGroup var project: ProjectOptions
        @Argument(help: "Ids of batches; all that wait by default.") var ids: [String] = []

        func run(_ context: Context) async throws -> RatchetCore.ExitCode {
            var opened = try OpenedProject.open(context, directory: project.directory)
            let store = try opened.openStore()
            let waiting = try store.batches().filter { $0.state == .waiting }
            let unknown = ids.filter { id in !waiting.contains { $0.id == id } }
            guard unknown.isEmpty else {
                throw DiagnosticsError(
                    unknown.map { Diagnostic("no batch \(Quoted.text($0)) waits", help: "ratchet batches lists them", exitCode: .badInput) })
            }
            let wanted = waiting.filter { ids.isEmpty || ids.contains($0.id) }
            let backends = opened.backends(for: Set(wanted.map { Target(backend: $0.backend, model: $0.model) }))
            for var batch in wanted {
                // One that the provider has lost, or whose backend is gone, must not wait for ever.
                do throws(BackendError) {
                    try await backends[batch.backend]?.batches?.cancel(batch.id)
                } catch {
                    context.error("warning: \(batch.backend) did not cancel \(batch.id): \(error.message)\n")
                }
                batch.state = .cancelled
                try store.save(batch)
                context.output("given up: \(batch.id), \(count(batch.requests, "request"))\n")
            }
            if wanted.isEmpty { context.output("no batch waits\n") }
            return .passed
        }
    }
}
