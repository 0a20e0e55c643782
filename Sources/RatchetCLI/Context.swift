import Foundation
import RatchetBackends
import RatchetCore
import RatchetFiles
import RatchetReports
import RatchetRunner

/// The only seam to the outside: clock, environment, terminal, standard streams and network.
struct Context: Sendable {
    /// What was typed, without the program's name.
    var arguments: [String] = []
    var environment: [String: String]
    var workingDirectory: String
    var clock: RunClock
    /// Writes to standard output: results.
    var output: @Sendable (String) -> Void
    /// Writes to standard error: progress, warnings and errors.
    var error: @Sendable (String) -> Void
    /// Everything on standard input.
    var standardInput: @Sendable () -> [UInt8]
    /// The next line on standard input, for questions on a terminal.
    var readLine: @Sendable () -> String? = { Swift.readLine() }
    /// The next key on a terminal, for questions that one letter answers. Empty for a key that types nothing; `nil` at the end.
    var readKey: @Sendable () -> String? = { Keyboard.next() }
    var isOutputTerminal: Bool
    var isErrorTerminal: Bool
    var isInputTerminal: Bool
    /// Columns of the terminal, as wide as it is now.
    var width: Int { measuredWidth() }
    var measuredWidth: @Sendable () -> Int
    var transport: any HTTPTransport
    /// Calls its argument on SIGINT and SIGTERM for as long as the returned value lives.
    var onSignal: @Sendable (@escaping @Sendable (RatchetCore.ExitCode) -> Void) -> AnyObject

    /// The code of the first write to standard output that failed, other than for a reader that went away.
    var outputFailure = Lock<Int32?>(nil)

    /// What was typed, as it can be typed again.
    var command: String { (["ratchet"] + arguments.map(ShellWord.quoted)).joined(separator: " ") }

    /// Continuous integration says so in `CI`.
    var isCI: Bool {
        guard let value = environment["CI"]?.lowercased() else { return false }
        return !["", "0", "false", "no"].contains(value)
    }

    /// The first of these that says something: `NO_COLOR` (not empty: none), `CLICOLOR_FORCE` (neither empty nor 0: colours),
    /// `CLICOLOR=0` (none), `TERM=dumb` (none), and whether standard output is a terminal.
    var usesColor: Bool {
        if !environment["NO_COLOR", default: ""].isEmpty { return false }
        if !["", "0"].contains(environment["CLICOLOR_FORCE", default: ""]) { return true }
        if environment["CLICOLOR"] == "0" || environment["TERM"] == "dumb" { return false }
        return isOutputTerminal
    }

    /// Today in UTC, `2026-11-22`.
    var today: String { Self.day(clock.now()) }

    static func day(_ seconds: Double) -> String { String(timestamp(seconds).prefix(10)) }

    /// `2026-11-22T10:15:00Z`.
    static func timestamp(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(.iso8601)
    }

    /// A path as the user gave it, made absolute.
    func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : workingDirectory + "/" + path
    }

    /// Prints every finding, and gives the exit code the first error asks for.
    func report(_ problems: DiagnosticsError, folder: ProjectFolder) -> RatchetCore.ExitCode {
        let locator = DiagnosticLocator(folder)
        for diagnostic in locator.sorted(problems.diagnostics) { error(locator.describe(diagnostic) + "\n") }
        let errors = problems.diagnostics.filter { $0.severity == .error }
        if errors.count > 1 { error("\(errors.count) problems\n") }
        return exitCode(of: errors)
    }

    /// Prints a run's report in the form that was asked for.
    func show(_ report: RunReport, _ format: OutputFormat) throws {
        switch format {
        case .human:
            // Whole, so that progress on the other stream cannot come in between.
            var text = ""
            try TerminalReport(color: usesColor, width: width, isCI: isCI).render(report) { text += $0 }
            output(text)
        case .json: try JSONReport.render(report, to: output)
        }
    }

    /// Asks for a yes.
    ///
    /// - Throws: A usage finding where nobody can be asked.
    func confirm(_ question: String) throws -> Bool {
        guard isInputTerminal, isErrorTerminal else {
            throw DiagnosticsError([Diagnostic(question, help: "there is no terminal to ask on: add --yes", exitCode: .usage)])
        }
        error(question + " [y/N] ")
        return readLine()?.lowercased().hasPrefix("y") ?? false
    }

    /// Asks what one key answers, and shows the key. `nil` at the end of input.
    func askKey(_ question: String) -> Character? {
        error(question)
        guard let key = readKey()?.lowercased() else { return nil }
        error((key.first.map(String.init) ?? "") + "\n")
        return key.first ?? " "
    }

    /// Bad configuration outweighs bad input: nothing else can be trusted before it is mended.
    func exitCode(of errors: [Diagnostic]) -> RatchetCore.ExitCode {
        let codes = errors.map(\.exitCode)
        let order: [RatchetCore.ExitCode] = [.usage, .badConfig, .badInput]
        return order.first(where: codes.contains) ?? codes.first ?? .passed
    }
}

extension Context {
    /// - Throws: `HTTPError` when the network layer cannot be started.
    static func standard() throws -> Context {
        let environment = ProcessInfo.processInfo.environment
        let failure = Lock<Int32?>(nil)
        return Context(
            environment: environment,
            workingDirectory: FileManager.default.currentDirectoryPath, clock: .system,
            output: { text in
                let code = write(text, to: 1)
                if code != 0, code != EPIPE { failure.update { $0 = $0 ?? code } }
            }, error: { text in _ = write(text, to: 2) },
            standardInput: { Array(FileHandle.standardInput.readDataToEndOfFile()) },
            isOutputTerminal: isatty(1) == 1, isErrorTerminal: isatty(2) == 1, isInputTerminal: isatty(0) == 1,
            measuredWidth: { terminalWidth() }, transport: try CurlTransport(configuration: .init(environment: environment)), onSignal: { SignalWatch($0) }, outputFailure: failure)
    }

    /// Writes all of it.
    ///
    /// - Returns: 0, or why it could not be written.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return errno }
            rest = rest.dropFirst(written)
        }
        return 0
    }

    private static func terminalWidth() -> Int {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0 || ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
        else { return 80 }
        return Int(size.ws_col)
    }
}

extension RunClock {
    static let system = RunClock(
        now: { Date().timeIntervalSince1970 },
        monotonic: {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        },
        sleep: { try await Task.sleep(for: .seconds($0)) })
}
