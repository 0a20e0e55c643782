import Glibc
import RatchetFiles

/// Finding programs, as a shell would, but without one.
package enum ProgramLookup {
    /// The absolute path of the first executable file of that name in the folders of `PATH`.
    ///
    /// - Parameter name: Without a slash.
    package static func find(_ name: String, path: String?) -> String? {
        let folders = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
        // Relative folders would depend on where somebody stands.
        return folders.filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }.first(where: isExecutable)
    }

    package static func isExecutable(_ path: String) -> Bool {
        FileSystem.kind(path) == .file && access(path, X_OK) == 0
    }
}
