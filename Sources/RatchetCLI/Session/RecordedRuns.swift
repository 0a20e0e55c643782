import RatchetCore
import RatchetFiles
import RatchetReports
import RatchetStore

/// The runs a project has recorded, by id, unambiguous beginning, or `latest`.
struct RecordedRuns {
    let folder: ProjectFolder
    let store: Store
    var project: Project?

    /// - Parameter suites: Those that are read, for what reports show of their examples; `nil` for all of them. What is wrong with
    ///   them is no reason not to show a run.
    static func open(_ context: Context, _ options: ProjectOptions, suites: [String]? = []) throws -> RecordedRuns {
        let opened = try OpenedProject.open(context, directory: options.directory, suites: suites)
        return RecordedRuns(folder: opened.folder, store: try opened.openStore(), project: suites == nil ? opened.project : nil)
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

    /// A run that is marked as running and that nobody holds was cut off: the kernel gives a lock back when its process ends.
    func state(of header: RunHeader) -> RunHeader.State {
        guard header.state == .running else { return header.state }
        let lock = try? FileLock.acquire(folder.path(".ratchet/locks/\(header.id).lock"), waiting: false)
        return lock == nil ? .running : .interrupted
    }

    /// - Parameter hasHistory: Whether it is to tell of earlier runs.
    func report(_ name: String, hasHistory: Bool = false) throws -> RunReport {
        let header = try header(name)
        if let shard = header.shard {
            throw DiagnosticsError([
                Diagnostic(
                    "the run \(header.id) is the shard \(shard.shard) of another: nothing was decided on it",
                    help: "decide on all shards with: ratchet gate FILE…", exitCode: .usage)
            ])
        }
        guard let verdict = try store.verdict(run: header.id) else {
            throw DiagnosticsError([
                Diagnostic(
                    "the run \(header.id) was never decided: it is \(state(of: header).rawValue)",
                    help: "resume it with the command that began it", exitCode: .usage)
            ])
        }
        let stored = try StoredDecision(json: verdict)
        var report = try RunConclusion.report(
            header: header, decision: stored.decision, notes: stored.notes, store: store)
        report.command = stored.command
        if let project { report.background = ProjectBackground(project: project, folder: folder, store: store).of(report, hasHistory: hasHistory) }
        return report
    }
}
