import Glibc

/// The few calls to the file system that reading a project needs, with errors in words for a person.
package enum FileSystem {
    package enum Kind: Hashable, Sendable { case file, folder, other }

    /// Why a file could not be read or written.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The operating system's number for it; 0 when the file is there but not of the right kind.
        package var code: Int32
        package var description: String

        package init(code: Int32, _ description: String) {
            self.code = code
            self.description = description
        }

        static func last(_ code: Int32 = errno) -> Failure {
            let words =
                switch code {
                case ENOENT: "there is no such file"
                case EACCES, EPERM: "no permission"
                case ELOOP: "its symbolic links form a loop"
                case EISDIR: "it is a folder"
                case ENOSPC: "the disk is full"
                case EROFS: "the file system is read-only"
                default: String(cString: strerror(code))
                }
            return Failure(code: code, words)
        }

        package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    }

    /// The kind of what is at `path`, symbolic links followed; `nil` when nothing can be found there.
    package static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return kind(of: status)
    }

    private static func kind(of status: stat) -> Kind {
        switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        default: .other
        }
    }

    /// The whole content of a file. Folders, pipes and devices are refused, so that reading never hangs.
    package static func read(_ path: String) throws(Failure) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw Failure(code: EINVAL, "its name contains a NUL") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .last() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .last() }
        switch kind(of: status) {
        case .file: break
        case .folder: throw Failure(code: EISDIR, "it is a folder")
        case .other: throw Failure(code: 0, "it is not a regular file")
        }
        return try bytes(of: descriptor, expecting: Int(status.st_size))
    }

    /// The size is only a guess: files of /proc say 0, and a file can grow while it is read.
    private static func bytes(of descriptor: Int32, expecting size: Int) throws(Failure) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = max(size + 1, 4096)
        while true {
            var problem: Int32 = 0
            let piece = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
                var length = 0
                repeat { length = Glibc.read(descriptor, buffer.baseAddress, chunk) } while length < 0 && errno == EINTR
                if length < 0 { problem = errno }
                count = max(length, 0)
            }
            guard problem == 0 else { throw .last(problem) }
            if piece.isEmpty { return content }
            if content.isEmpty { content = piece } else { content += piece }
            chunk = 1 << 16
        }
    }

    /// The names in a folder without hidden ones, sorted by their bytes: the same order on every machine.
    package static func list(_ path: String) throws(Failure) -> [String] {
        guard let folder = opendir(path) else { throw .last() }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Removes one file.
    package static func remove(_ path: String) throws(Failure) {
        guard unlink(path) == 0 else { throw .last() }
    }

    /// Makes the folder and those above it.
    package static func makeFolder(_ path: String) throws(Failure) {
        if kind(path) == .folder { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeFolder(String(path[..<slash])) }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .last() }
    }

    /// The path without symbolic links, `.` and `..`; `nil` when it does not exist.
    package static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
