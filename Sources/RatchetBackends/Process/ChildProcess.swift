import CSpawn
import Glibc

/// A child process in a process group of its own, with pipes to its standard streams.
///
/// It inherits nothing but its three streams: no other file descriptor, no blocked or ignored signal, and no
/// environment but the given one. Whoever spawns it reads, writes and closes the pipes, and must `reap()` it in the end.
package struct ChildProcess: Sendable {
    /// Why a program could not be started, in words.
    package struct SpawnFailure: Error, Hashable, Sendable {
        package var reason: String
    }

    package enum End: Hashable, Sendable {
        case exited(code: Int32)
        case signalled(Int32)
    }

    package let id: pid_t
    /// Our ends of the pipes: they do not block.
    package let input: Int32
    package let output: Int32
    package let error: Int32

    /// - Parameters:
    ///   - path: Absolute; no shell and no search.
    ///   - arguments: Without the program's own name. No text here may hold a NUL.
    ///   - folder: The working directory.
    package static func spawn(
        _ path: String, arguments: [String], environment: [String: String], folder: String
    ) throws(SpawnFailure) -> ChildProcess {
        let input = try Pipe()
        defer { input.closeReading() }
        let output: Pipe
        let error: Pipe
        do throws(SpawnFailure) {
            output = try Pipe()
        } catch {
            input.closeWriting()
            throw error
        }
        defer { output.closeWriting() }
        do throws(SpawnFailure) {
            error = try Pipe()
        } catch let failure {
            input.closeWriting()
            output.closeReading()
            throw failure
        }
        defer { error.closeWriting() }
        do throws(SpawnFailure) {
            let id = try start(
                path, [path] + arguments, environment.map { "\($0.key)=\($0.value)" }, folder,
                streams: [input.reading, output.writing, error.writing])
            for descriptor in [input.writing, output.reading, error.reading] {
                _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            }
            return ChildProcess(id: id, input: input.writing, output: output.reading, error: error.reading)
        } catch let failure {
            input.closeWriting()
            output.closeReading()
            error.closeReading()
            throw failure
        }
    }

    private static func start(
        _ path: String, _ arguments: [String], _ environment: [String], _ folder: String, streams: [Int32]
    ) throws(SpawnFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, descriptor) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
        }
        posix_spawn_file_actions_addchdir_np(&actions, folder)
        // All of ours are closed by exec; this is for those that libraries opened otherwise.
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var argumentList: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var environmentList: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for text in argumentList + environmentList { free(text) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, path, &actions, &attributes, &argumentList, &environmentList)
        guard code == 0 else { throw SpawnFailure(reason: words(code)) }
        return id
    }

    private static func words(_ code: Int32) -> String {
        switch code {
        case ENOENT: "there is no such program, or none that its `#!` line names"
        case ENOEXEC: "it is no program: a script begins with a `#!` line"
        case EACCES: "it is not executable"
        case E2BIG: "its arguments and environment are too long"
        case EMFILE, ENFILE: "too many files are open"
        default: String(cString: strerror(code))
        }
    }

    /// Whether the process has ended; it is not reaped by this, so its group still bears its name.
    package var hasEnded: Bool {
        var information = siginfo_t()
        let result = waitid(P_PID, id_t(id), &information, WEXITED | WNOHANG | WNOWAIT)
        return result != 0 || information.si_signo == SIGCHLD
    }

    /// Kills the process and all that it has started and that has not left its group. Only before `reap()`: later the
    /// group's name may be another's.
    package func killGroup() { kill(-id, SIGKILL) }

    /// Waits for the end of the process and takes it out of the system's table.
    package func reap() -> End {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            if errno != EINTR { return .exited(code: -1) }
        }
        let signal = status & 0x7F
        return signal == 0 ? .exited(code: status >> 8 & 0xFF) : .signalled(signal)
    }
}

/// Both ends are closed by exec, and neither has a number of a standard stream: the child's copies are made from them.
private struct Pipe {
    let reading: Int32
    let writing: Int32

    init() throws(ChildProcess.SpawnFailure) {
        var ends: [Int32] = [0, 0]
        guard pipe2(&ends, O_CLOEXEC) == 0 else {
            throw ChildProcess.SpawnFailure(reason: String(cString: strerror(errno)))
        }
        for place in ends.indices where ends[place] < 3 {
            let moved = fcntl(ends[place], F_DUPFD_CLOEXEC, 3)
            close(ends[place])
            ends[place] = moved
        }
        (reading, writing) = (ends[0], ends[1])
    }

    func closeReading() { close(reading) }
    func closeWriting() { close(writing) }
}
