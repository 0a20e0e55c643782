import RatchetCore
import RatchetFiles
import RatchetReports
import RatchetStore

/// The runs a project has recorded, by id, unambiguous beginning, or `latest`.
struct RecordedRuns {
    let folder: ProjectFolder
    let store: Store

    static func open(_ context: Context, _ options: ProjectOptions) throws -> RecordedRuns {
        let opened = try OpenedProject.open(context, directory: options.directory, suites: [])
        return RecordedRuns(folder: opened.folder, store: try opened.openStore())
    }

    /// - Throws: A usage finding for a name that names no run, or several.
    func header(_ name: String) throws -> RunHeader {
        do {
            let id = try store.resolve(name)
            if let header = try store.run(id) { return header }
        } catch {
            throw DiagnosticsError([Diagnostic("\(error)", exitCode: .usage)])
        }
        throw DiagnosticsError([Diagnostic("there is no run \"\(name)\"", exitCode: .usage)])
    }

    func report(_ name: String) throws -> RunReport {
        let header = try header(name)
        guard let verdict = try store.verdict(run: header.id) else {
            throw DiagnosticsError([
                Diagnostic(
                    "the run \(header.id) was never decided: it is \(header.state.rawValue)",
                    help: "resume it with the command that began it", exitCode: .usage)
            ])
        }
        let stored = try StoredDecision(json: verdict)
        return try RunConclusion.report(header: header, decision: stored.decision, notes: stored.notes, store: store)
    }
}
