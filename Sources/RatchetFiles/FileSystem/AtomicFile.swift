import Glibc

/// Writes a file whole or not at all.
package enum AtomicFile {
    /// Replaces the content of `path`: written to a temporary file beside it, flushed to the disk, then renamed over it.
    ///
    /// A reader sees the old content or the new one, whatever happens in between. The file keeps its mode; of a symbolic
    /// link the file it leads to is replaced and the link stays. Missing folders are made.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileSystem.Failure) {
        var status = stat()
        if stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
            // A device or a pipe is written to, never replaced.
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .last() }
            defer { close(descriptor) }
            return try append(bytes, to: descriptor)
        }
        try place(bytes, at: target(of: path)) { temporary, target in rename(temporary, target) }
    }

    package static func write(_ text: String, to path: String) throws(FileSystem.Failure) {
        try write(Array(text.utf8), to: path)
    }

    /// The same for a text that comes in pieces, so that none of any size has to be in memory: when `body` throws, the file
    /// stays as it was.
    package static func write(to path: String, _ body: (_ write: (String) throws -> Void) throws -> Void) throws {
        var status = stat()
        if stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileSystem.Failure.last() }
            defer { close(descriptor) }
            return try stream(to: descriptor, body)
        }
        let replacement = try Replacement(of: target(of: path))
        do { try stream(to: replacement.descriptor, body) } catch {
            replacement.discard()
            throw error
        }
        try replacement.finish { temporary, target in rename(temporary, target) }
    }

    private static func stream(to descriptor: Int32, _ body: (_ write: (String) throws -> Void) throws -> Void) throws {
        var waiting: [UInt8] = []
        try body { text in
            waiting += text.utf8
            guard waiting.count >= 1 << 16 else { return }
            try append(waiting, to: descriptor)
            waiting.removeAll(keepingCapacity: true)
        }
        try append(waiting, to: descriptor)
    }

    /// Writes a new file, and fails with `EEXIST` when there is already one.
    package static func create(_ bytes: [UInt8], at path: String) throws(FileSystem.Failure) {
        // A hard link, unlike a rename, never replaces what is there.
        try place(bytes, at: path) { temporary, target in
            let result = link(temporary, target)
            let code = errno
            // Some file systems have no hard links.
            if result != 0, code == EPERM || code == EOPNOTSUPP, access(target, F_OK) != 0 {
                return rename(temporary, target)
            }
            unlink(temporary)
            errno = code
            return result
        }
    }

    /// Where a write to `path` has to go: the end of its symbolic links, also when that file is not there yet.
    private static func target(of path: String) throws(FileSystem.Failure) -> String {
        var path = path
        for _ in 0..<40 {
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return path }
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
            let length = readlink(path, &buffer, Int(PATH_MAX))
            guard length >= 0 else { throw .last() }
            let destination = String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            path = destination.hasPrefix("/") ? destination : folder(of: path) + "/" + destination
        }
        throw .last(ELOOP)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func place(
        _ bytes: [UInt8], at target: String, by move: (String, String) -> Int32
    ) throws(FileSystem.Failure) {
        let replacement = try Replacement(of: target)
        do throws(FileSystem.Failure) { try append(bytes, to: replacement.descriptor) } catch {
            replacement.discard()
            throw error
        }
        try replacement.finish(by: move)
    }

    /// A file that is written beside the one it is to replace.
    private struct Replacement {
        let descriptor: Int32
        private let target: String
        private let folder: String
        private let temporary: String
        private let mode: mode_t?

        init(of target: String) throws(FileSystem.Failure) {
            self.target = target
            folder = AtomicFile.folder(of: target)
            try FileSystem.makeFolder(folder)
            var status = stat()
            mode = stat(target, &status) == 0 ? status.st_mode & 0o7777 : nil
            if mode != nil, status.st_mode & S_IFMT == S_IFDIR { throw .last(EISDIR) }
            (descriptor, temporary) = try AtomicFile.makeTemporary(in: folder)
        }

        /// Flushes it to the disk and puts it in its place.
        func finish(by move: (String, String) -> Int32) throws(FileSystem.Failure) {
            var code: Int32 = 0
            if let mode, fchmod(descriptor, mode) != 0 { code = errno }
            if code == 0, fsync(descriptor) != 0 { code = errno }
            close(descriptor)
            if code == 0, move(temporary, target) != 0 { code = errno }
            guard code == 0 else {
                unlink(temporary)
                throw .last(code)
            }
            AtomicFile.syncFolder(folder)
        }

        func discard() {
            close(descriptor)
            unlink(temporary)
        }
    }

    /// A new file that no other process has, with the mode the user's umask gives.
    private static func makeTemporary(in folder: String) throws(FileSystem.Failure) -> (Int32, String) {
        for _ in 0..<100 {
            let path = folder + "/.ratchet-" + String(UInt64.random(in: .min ... .max), radix: 36) + ".tmp"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor >= 0 { return (descriptor, path) }
            if errno != EEXIST { throw .last() }
        }
        throw .last(EEXIST)
    }

    private static func append(_ bytes: [UInt8], to descriptor: Int32) throws(FileSystem.Failure) {
        var problem: Int32 = 0
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let length = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
                if length > 0 {
                    done += length
                } else if errno != EINTR {
                    problem = errno
                    break
                }
            }
        }
        if problem != 0 { throw .last(problem) }
    }

    /// Makes the rename itself durable; file systems that cannot do it are left alone.
    private static func syncFolder(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
