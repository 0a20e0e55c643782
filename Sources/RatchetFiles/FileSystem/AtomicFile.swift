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
        let folder = folder(of: target)
        try FileSystem.makeFolder(folder)
        var status = stat()
        let mode: mode_t? = stat(target, &status) == 0 ? status.st_mode & 0o7777 : nil
        if mode != nil, status.st_mode & S_IFMT == S_IFDIR { throw .last(EISDIR) }

        let (descriptor, temporary) = try makeTemporary(in: folder)
        var isPlaced = false
        defer { if !isPlaced { unlink(temporary) } }
        try fill(descriptor, with: bytes, mode: mode)
        guard move(temporary, target) == 0 else { throw .last() }
        isPlaced = true
        syncFolder(folder)
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

    private static func fill(_ descriptor: Int32, with bytes: [UInt8], mode: mode_t?) throws(FileSystem.Failure) {
        defer { close(descriptor) }
        try append(bytes, to: descriptor)
        if let mode, fchmod(descriptor, mode) != 0 { throw .last() }
        guard fsync(descriptor) == 0 else { throw .last() }
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
