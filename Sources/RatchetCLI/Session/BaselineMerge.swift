import Foundation
import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetReports

/// Merges the bytes of three baseline files, wherever they come from.
struct BaselineMerge {
    let context: Context

    func files(base: String, ours: String, theirs: String, output: String) throws -> ExitCode {
        let (left, right) = (try bytes(ours), try bytes(theirs))
        // Git gives an empty file where both sides added theirs.
        let old = (try? FileSystem.read(base)).flatMap { $0.isEmpty ? nil : $0 }
        guard let suite = BaselineFile.suite(of: left) ?? BaselineFile.suite(of: right) else {
            throw DiagnosticsError([
                Diagnostic(.error, at: SourceReference(file: ours), "this is no baseline: its first line is not the header", exitCode: .badInput)
            ])
        }
        return try merge(suite: suite, name: nil, (base, old), (ours, left), (theirs, right), to: output)
    }

    /// The conflict's three sides as git keeps them.
    func conflict(in folder: ProjectFolder, suite: String, name: String?) throws -> ExitCode {
        let path = BaselineFile.path(suite: suite, name: name)
        let git = Git(folder: folder.root)
        let sides = (1...3).map { git.data(["show", ":\($0):./\(path)"]).map(Array.init) }
        guard let ours = sides[1], let theirs = sides[2] else {
            throw DiagnosticsError([
                Diagnostic(
                    "\(path) is not in conflict: there is nothing to merge", help: "git status shows what is", exitCode: .usage)
            ])
        }
        let code = try merge(
            suite: suite, name: name, (path, sides[0]), ("\(path) (ours)", ours), ("\(path) (theirs)", theirs), to: folder.path(path))
        if code == .passed { context.output("then: git add \(path)\n") }
        return code
    }

    private func merge(
        suite: String, name: String?, _ base: (file: String, bytes: [UInt8]?), _ ours: (file: String, bytes: [UInt8]),
        _ theirs: (file: String, bytes: [UInt8]), to path: String
    ) throws -> ExitCode {
        let sides = [base, (ours.file, ours.bytes), (theirs.file, theirs.bytes)].map { side in
            side.bytes.map { BaselineFile.read($0, file: side.file, suite: suite, name: name) }
        }
        let problems = sides.compactMap { $0?.diagnostics }.joined().filter { $0.severity == .error }
        guard problems.isEmpty, let left = sides[1]?.baseline, let right = sides[2]?.baseline else {
            throw DiagnosticsError(Array(problems))
        }
        let result = BaselineMerging.merge(base: sides[0]?.baseline, ours: left, theirs: right)
        try AtomicFile.write(BaselineFile.bytes(of: result.baseline, writer: "ratchet \(Version.current)"), to: path)
        context.output(
            "merged \(suite): \(count(result.baseline.records.count, "record")), \(result.united.count) with trials of both sides, "
                + "\(result.stale.count) stale\n")
        if !result.stale.isEmpty {
            let names = result.stale.prefix(10).map { TerminalText.plain($0, limit: 60) }.joined(separator: ", ")
            context.output(
                "both sides changed what these depend on, so they must pass or be accepted anew: "
                    + "\(names)\(result.stale.count > 10 ? ", …" : "")\n")
        }
        return .passed
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        do throws(FileSystem.Failure) {
            return try FileSystem.read(path)
        } catch {
            throw DiagnosticsError([Diagnostic("\(path) can't be read: \(error)", exitCode: .badInput)])
        }
    }
}
