import Foundation
import RatchetFiles

/// A project's files as they were at a commit, in a folder of their own, so that the ordinary readers read them.
enum BaseFiles {
    /// Beside these, files that they may name are taken along where the repository is small enough.
    private static let folders = ["prompts/", "suites/", "rubrics/", "baselines/", "overrides/"]
    private static let largestNamedFile = 1 << 20
    private static let mostNamedFiles = 5000
    private static let kept = 8

    /// Whether the project's folder holds a project at that commit.
    static func hasProject(_ commit: String, _ project: ProjectFolder) -> Bool {
        Git(folder: project.root).output(["rev-parse", "--verify", "--quiet", "--end-of-options", "\(commit):./ratchet.yaml"]) != nil
    }

    /// Whether anything but prompts, baselines, overrides and recordings is another than it was at that commit: only then
    /// can a suite be guarded by something else.
    static func guardsDiffer(_ commit: String, _ project: ProjectFolder) -> Bool {
        let git = Git(folder: project.root)
        let others = ["prompts", "baselines", "overrides", "recordings"].map { ":(exclude)\($0)" }
        return git.data(["diff", "--quiet", "--no-ext-diff", commit, "--", "."] + others) == nil
            || git.output(["ls-files", "--others", "--exclude-standard", "--", "ratchet.yaml", "suites", "rubrics"]) != nil
    }

    /// `nil` when git does not give them.
    static func export(_ commit: String, of project: ProjectFolder) throws -> ProjectFolder? {
        let git = Git(folder: project.root)
        guard let top = git.output(["rev-parse", "--show-toplevel"]) else { return nil }
        let prefix = git.output(["rev-parse", "--show-prefix"]) ?? ""
        let place = project.path(".ratchet/base/\(commit)")
        if FileSystem.kind(place) != nil { return ProjectFolder(root: place) }

        let whole = Git(folder: top)
        let tree = "\(commit):\(prefix)"
        guard let listed = whole.data(["ls-tree", "-r", "-z", "-l", "--full-tree", tree]) else { return nil }
        let paths = wanted(String(decoding: listed, as: UTF8.self))
        try FileSystem.makeFolder(project.path(".ratchet/base"))
        prune(project)
        let making = place + ".\(ProcessInfo.processInfo.processIdentifier)"
        let index = making + ".index"
        defer { try? FileManager.default.removeItem(atPath: index) }
        guard whole.data(["read-tree", tree], index: index) != nil,
            whole.data(
                ["checkout-index", "--force", "-z", "--stdin", "--prefix=\(making)/"],
                input: Data(paths.map { $0 + "\0" }.joined().utf8), index: index) != nil
        else { return nil }
        // Whole or not there: another process may be making the same.
        if rename(making, place) != 0 { try? FileManager.default.removeItem(atPath: making) }
        return FileSystem.kind(place) == nil ? nil : ProjectFolder(root: place)
    }

    /// Lines of `mode type id size TAB path`.
    private static func wanted(_ listing: String) -> [String] {
        let files = listing.split(separator: "\0").compactMap { line -> (path: String, size: Int)? in
            let parts = line.split(separator: "\t", maxSplits: 1)
            let words = parts[0].split(separator: " ", omittingEmptySubsequences: true)
            guard parts.count == 2, words.count == 4, words[1] == "blob" else { return nil }
            return (String(parts[1]), Int(words[3]) ?? 0)
        }
        let takesAll = files.count <= mostNamedFiles
        return files.filter { file in
            file.path == "ratchet.yaml" || folders.contains(where: file.path.hasPrefix)
                || takesAll && file.size <= largestNamedFile
        }.map(\.path)
    }

    /// Only the newest few are kept.
    private static func prune(_ project: ProjectFolder) {
        let root = project.path(".ratchet/base")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        func age(_ name: String) -> Date {
            (try? FileManager.default.attributesOfItem(atPath: "\(root)/\(name)")[.modificationDate]) as? Date ?? .distantPast
        }
        for name in names.sorted(by: { age($0) > age($1) }).dropFirst(kept - 1) {
            try? FileManager.default.removeItem(atPath: "\(root)/\(name)")
        }
    }
}
