import Glibc

/// A lock between processes, held as long as this value lives and given back by the kernel when the process ends,
/// however it ends.
package final class FileLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Takes the lock named by the file `path`, which is made when it is not there.
    ///
    /// - Parameter waiting: whether to wait for another process to give it back.
    /// - Returns: `nil` when another process holds it and `waiting` is false.
    package static func acquire(_ path: String, waiting: Bool = true) throws(FileSystem.Failure) -> FileLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .last() }
        while flock(descriptor, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            close(descriptor)
            if code == EWOULDBLOCK { return nil }
            throw .last(code)
        }
        return FileLock(descriptor: descriptor)
    }
}
