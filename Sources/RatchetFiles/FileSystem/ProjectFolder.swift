/// The folder of a user's project: the one that holds `ratchet.yaml`.
package struct ProjectFolder: Hashable, Sendable {
    package static let configurationFile = "ratchet.yaml"

    /// An absolute path without symbolic links, or the path as given when it does not exist.
    package let root: String

    package init(root: String) {
        self.root = FileSystem.realPath(root) ?? root
    }

    /// The nearest folder with a `ratchet.yaml`, from `folder` upwards.
    package static func find(from folder: String) -> ProjectFolder? {
        guard var current = FileSystem.realPath(folder) else { return nil }
        while true {
            let candidate = current == "/" ? "/" + configurationFile : current + "/" + configurationFile
            if FileSystem.kind(candidate) == .file { return ProjectFolder(root: current) }
            guard current != "/", let slash = current.lastIndex(of: "/") else { return nil }
            current = slash == current.startIndex ? "/" : String(current[..<slash])
        }
    }

    /// Where a file of the project lies; an absolute path stays as it is.
    package func path(_ relative: String) -> String {
        relative.hasPrefix("/") ? relative : root == "/" ? "/" + relative : root + "/" + relative
    }

    /// The file as the user would name it: relative to the project, when it lies in it.
    package func relative(_ path: String) -> String {
        let prefix = root == "/" ? "/" : root + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    /// The names in one of the project's folders, sorted; none when it is not there.
    package func list(_ relative: String) -> [String] { (try? FileSystem.list(path(relative))) ?? [] }
}
