/// One run of a program from its start to its end: bytes go to its standard input, bytes come from its standard output.
package struct ProgramCall: Sendable {
    /// Absolute.
    package var path: String
    /// Without the program's own name.
    package var arguments: [String]
    package var input: [UInt8]
    /// Seconds after which it is killed, and all that it has started.
    package var timeLimit: Double
    /// Bytes of standard output beyond which it is killed.
    package var outputLimit: Int

    package init(path: String, arguments: [String], input: [UInt8], timeLimit: Double, outputLimit: Int = 1 << 20) {
        self.path = path
        self.arguments = arguments
        self.input = input
        self.timeLimit = timeLimit
        self.outputLimit = outputLimit
    }
}

/// What came of a program.
package struct ProgramResult: Sendable {
    package enum End: Hashable, Sendable {
        case exited(code: Int32)
        /// A signal ended it that was not ours.
        case signalled(Int32)
        case timedOut
        case wroteTooMuch
        case cancelled
        /// It could not be started: why.
        case notStarted(String)
    }

    package var end: End
    package var output: [UInt8]
    /// The last bytes of standard error.
    package var errorTail: [UInt8]

    package init(end: End, output: [UInt8] = [], errorTail: [UInt8] = []) {
        self.end = end
        self.output = output
        self.errorTail = errorTail
    }
}
