import RatchetCore

/// What reports may show beside what was recorded of a run: its examples as they stand in the project, what was accepted
/// before, and earlier runs. All of it may be missing: a report is complete without.
package struct ReportBackground: Sendable {
    /// One earlier run of a suite.
    package struct PastRun: Hashable, Sendable {
        package var id: String
        /// Seconds since 1970.
        package var started: Double
        package var target: String
        package var prompt: String?
        /// In 0...1.
        package var passRate: Double
        /// The exit code's name.
        package var exit: String

        package init(id: String, started: Double, target: String, prompt: String?, passRate: Double, exit: String) {
            self.id = id
            self.started = started
            self.target = target
            self.prompt = prompt
            self.passRate = passRate
            self.exit = exit
        }
    }

    /// Where the project lies in its repository, with a slash at the end: CI systems name files from there.
    package var folderInRepository = ""
    /// An example as it stands now, by suite and id.
    package var example: @Sendable (_ suite: String, _ id: String) -> Example? = { _, _ in nil }
    /// The output that was accepted for it, or the other run's.
    package var acceptedOutput: @Sendable (_ suite: String, _ id: String) throws -> String? = { _, _ in nil }
    /// What the accepted run came to, by suite.
    package var metricsBefore: [String: RunMetrics] = [:]
    /// Earlier runs by suite, oldest first.
    package var history: [String: [PastRun]] = [:]

    package init() {}

    /// The file and the line of an example; where it is gone, its suite's file.
    func place(_ suite: String, _ id: String?) -> (file: String, line: Int) {
        guard let source = id.flatMap({ example(suite, $0)?.source }) else { return ("suites/\(suite)/suite.yaml", 1) }
        return (source.file, source.line)
    }
}
