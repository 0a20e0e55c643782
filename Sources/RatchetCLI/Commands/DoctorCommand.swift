import ArgumentParser
import Foundation
import RatchetBackends
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetReports

/// `ratchet doctor`
struct DoctorCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at what a run needs: versions, the project, keys, and whether backends can be reached.",
        discussion: """
            Sends one request without a body and without a key to each configured server, and nothing else; --offline leaves that out. \
            Exits 0, or with the code that a run would have.
            """)

    @OptionGroup var project: ProjectOptions
    @Flag(help: "Ask no server.") var offline = false

    func run(_ context: Context) async throws -> ExitCode {
        context.output("ratchet \(Version.current)\n")
        for (name, version) in [("libcurl", CurlTransport.libraryVersion)] + CheckLibraries.versions { context.output("  \(name.padding(to: 10))\(version)\n") }
        let opened = try OpenedProject.open(context, directory: project.directory)
        context.output("project \(TerminalText.plain(opened.folder.root, limit: 300))\n")
        context.output("  files     \(files(opened))\n  database  \(database(opened))\n")
        var codes = opened.diagnostics.contains { $0.severity == .error } ? [ExitCode.badInput] : []
        if !opened.project.configuration.backends.isEmpty { context.output("backends\n") }
        for (name, backend) in opened.project.configuration.backends.sorted(by: { $0.key < $1.key }) {
            let (words, code) = await look(at: backend, opened)
            if let code { codes.append(code) }
            context.output("  \(name.padding(to: 10))\(TerminalText.plain(words, limit: 400))\n")
        }
        return ExitCode.allCases.first { codes.contains($0) } ?? .passed
    }

    private func files(_ opened: OpenedProject) -> String {
        let errors = opened.diagnostics.filter { $0.severity == .error }.count
        let examples = opened.project.suites.reduce(0) { $0 + $1.examples.count }
        let found = "\(count(opened.project.suites.count, "suite")), \(count(examples, "example"))"
        return errors == 0 ? found : "\(found); \(count(errors, "problem")): ratchet check says which"
    }

    private func database(_ opened: OpenedProject) -> String {
        let path = opened.folder.path(".ratchet/ratchet.sqlite")
        guard FileManager.default.fileExists(atPath: path) else { return "none yet; the first run makes it" }
        do {
            let newest = try opened.openStore().runs(limit: 1).first.map { "latest run \($0.header.id)" }
            return newest ?? "no run yet"
        } catch {
            return "cannot be opened: \(error)"
        }
    }

    /// What is to be said of a backend, and the code with which a run on it would end.
    private func look(at backend: BackendConfiguration, _ opened: OpenedProject) async -> (String, ExitCode?) {
        let factory = BackendFactory(
            environment: opened.context.environment, transport: opened.context.transport, folder: opened.folder, now: opened.context.clock.now)
        let (made, problems) = factory.make(backend)
        var words = [backend.kindName]
        if let problem = problems.first { return ((words + [problem.message]).joined(separator: ", "), .badInput) }
        if let variable = backend.apiKeyVariable { words.append(made?.missingCredential == nil ? "key in \(variable)" : "\(variable) is not set") }
        var code: ExitCode? = made?.missingCredential == nil ? nil : .noCredentials
        if !offline, let url = backend.baseURL {
            do {
                let answer = try await opened.context.transport.send(
                    HTTPRequest(url: url, timeouts: .init(connect: .seconds(5), firstByte: .seconds(10), total: .seconds(10)), responseBodyLimit: 1 << 20))
                words.append("\(url) answers (HTTP \(answer.status))")
            } catch {
                words.append("\(url) cannot be reached: \(error)")
                code = code ?? .backendUnavailable
            }
        }
        return (words.joined(separator: ", "), code)
    }
}
