import Foundation
import RatchetCore
import RatchetFiles
import RatchetReports

/// The report files a command asks for. They are tried before the first call is paid for, and written whole.
struct ReportFiles {
    private let files: [(kind: ReportKind, path: String)]
    /// Where the answers go, as a recording.
    let recording: String?
    private let isCI: Bool

    /// - Throws: `cannot-write` for every file that cannot be written.
    init(_ files: [(kind: ReportKind, path: String)], recording: String? = nil, isCI: Bool) throws {
        self.files = files
        self.recording = recording
        self.isCI = isCI
        try Self.requireWritable(files.map(\.path) + (recording.map { [$0] } ?? []))
    }

    /// - Throws: `cannot-write` for every file that cannot be written.
    static func requireWritable(_ paths: [String]) throws {
        let problems = paths.compactMap { path -> Diagnostic? in
            let folder = (path as NSString).deletingLastPathComponent
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            if exists, isFolder.boolValue { return Diagnostic("\(path) is a folder", exitCode: .cannotWrite) }
            return FileManager.default.isWritableFile(atPath: exists ? path : folder)
                ? nil : Diagnostic("\(path) cannot be written", exitCode: .cannotWrite)
        }
        if !problems.isEmpty { throw DiagnosticsError(problems) }
    }

    /// Writes them all; what went wrong, in words, when something did.
    func write(_ report: RunReport) -> String? {
        var problems: [String] = []
        for file in files {
            do {
                var text = ""
                try render(report, file.kind) { text += $0 }
                try AtomicFile.write(Array(text.utf8), to: file.path)
            } catch {
                problems.append("the report \(file.path) could not be written: \(error)")
            }
        }
        return problems.isEmpty ? nil : problems.joined(separator: "; ")
    }

    private func render(_ report: RunReport, _ kind: ReportKind, to write: (String) -> Void) throws {
        switch kind {
        case .json: try JSONReport.render(report, to: write)
        case .text: try TerminalReport(color: false, width: 100, isCI: isCI).render(report, to: write)
        case .md: try MarkdownReport.render(report, isCI: isCI, to: write)
        case .junit: try JUnitReport.render(report, to: write)
        }
    }
}
