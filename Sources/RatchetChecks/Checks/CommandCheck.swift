import RatchetCore
import RatchetJSON

/// `command`: a program of one's own decides.
package struct CommandCheck: Check {
    package static let type = "command"
    package static let documentation = CheckDocumentation(
        .openEnd, "A program of your own passes the output.",
        details: """
            The program is run once for each output. It is named relative to the project (`./checks/my-check`), or without \
            a slash, and is then looked for in `PATH`. There is no shell: arguments are handed over as they are. It runs \
            in the project's folder.

            On standard input it gets one line with a JSON object: `format` (`ratchet.command/1`; keys may be added, and \
            none is taken away), `suite`, `id`, `input`, `expected` (or null), `contexts`, `metadata`, `output` (the text, \
            or what `of` selected), `tool_calls` (a list of `{"id", "name", "arguments", "result"}`), `finish_reason` (or \
            null), and `config`, which is the option of that name (or null).

            On standard output it answers with one JSON object: `passed` (true or false), `score` (0 to 1), `reason` (a \
            text). One of `passed` and `score` must be there: without `passed` only a score of 1 passes, unless \
            `threshold` asks for less; without `score` it is 1 or 0. Other keys are not looked at. Any other end is \
            `errored` and never `failed`: another exit code than 0, an answer that is not such an object or is larger than \
            1 MB, or one that does not come in time. The end of what it wrote to standard error is then part of the \
            reason, and also when the check fails.

            It sees the environment without the variables that hold the keys of backends (`api_key_env` in ratchet.yaml). \
            When it ends or has to be ended, all that it started in its process group is killed. As many programs run at \
            once as there are processors.

            The content of the program, of arguments that name files of the project, and of `files` is part of the check: \
            when it changes, records of this check are not comparable any more. Programs found in `PATH` are part of it by \
            name only.
            """,
        options: [
            .init("run", "text or list of texts", "the program, and its arguments"),
            .init("timeout", "time", "how long it may take: `500ms`, `30s`, `2m`, or a number of seconds; 10 seconds by default, an hour at most"),
            .init("config", "JSON", "handed to the program as it is"),
            .init("files", "list of paths", "further files whose content decides, relative to the project"),
        ],
        shortForm: "run",
        samples: [
            .init(#"{"command": ["./checks/no-todo"]}"#, passes: "It is done.", fails: "TODO: ask the customer.")
        ])

    private static let longestTime = 3600.0

    private let program: String
    /// As it was written, for reasons.
    private let name: String
    private let arguments: [String]
    private let config: JSONValue
    private let timeLimit: Double
    private let run: CheckResources.ProgramRunner

    package init?(_ options: CheckOptions) {
        timeLimit = Self.timeLimit(options)
        config = options.value("config") ?? .null
        run = options.resources.programs.run
        Self.readFiles(options)
        guard let words = Self.words(options), let name = words.first else { return nil }
        guard let program = Self.program(name, options) else { return nil }
        self.program = program
        self.name = name
        arguments = Array(words.dropFirst())
        for argument in arguments { options.hashFileIfThere(argument) }
    }

    private static func words(_ options: CheckOptions) -> [String]? {
        guard let value = options.value("run") else {
            options.report("needs a program", help: #"for example {"command": ["./checks/my-check", "--strict"]}"#)
            return nil
        }
        let items = value.arrayValue ?? [value]
        let words = items.compactMap(\.stringValue)
        guard words.count == items.count, let name = words.first, !name.isEmpty else {
            options.reportWrongKind("run", items.first { $0.stringValue == nil } ?? value, wanted: "a program and its arguments, as a list of texts")
            return nil
        }
        if words.contains(where: { $0.utf8.contains(0) }) {
            options.report("`run` holds a NUL, which no argument can", at: "run")
            return nil
        }
        if value.stringValue != nil, name.contains(where: \.isWhitespace) {
            options.report(
                "there is no shell that would take \(Excerpt.quoted(name)) apart", at: "run",
                help: "write a list: the program, then each argument")
            return nil
        }
        return words
    }

    private static func program(_ name: String, _ options: CheckOptions) -> String? {
        let programs = options.resources.programs
        guard name.utf8.contains(UInt8(ascii: "/")) else {
            if let path = programs.find(name) { return path }
            options.report(
                "there is no program \(Excerpt.quoted(name)) in PATH", at: "run",
                help: "a program of the project is named with its folder: ./checks/\(Excerpt.oneLine(name))")
            return nil
        }
        if name.hasPrefix("/") {
            options.report(
                "\(Excerpt.quoted(name)) lies outside the project", at: "run",
                help: "name a program of the system without its folder, so that PATH finds it on every machine")
            return nil
        }
        guard let path = options.hashFile(name, at: "run") else { return nil }
        if programs.isExecutable(path) { return path }
        options.report("\(Excerpt.quoted(name)) is not executable", at: "run", help: "run: chmod +x \(Excerpt.oneLine(name))")
        return nil
    }

    private static func readFiles(_ options: CheckOptions) {
        guard let value = options.value("files") else { return }
        for element in value.arrayValue ?? [value] {
            if let path = element.stringValue {
                _ = options.hashFile(path, at: "files")
            } else {
                options.reportWrongKind("files", element, wanted: "a list of paths")
            }
        }
    }

    private static func timeLimit(_ options: CheckOptions) -> Double {
        guard let value = options.value("timeout") else { return 10 }
        let seconds = value.doubleValue ?? value.stringValue.flatMap(DurationText.seconds)
        if let seconds, seconds > 0, seconds <= longestTime { return seconds }
        options.report(
            "`timeout` wants a time above 0 and up to an hour, found \(JSONPathCheck.shown(value))", at: "timeout",
            help: "write 500ms, 30s or 2m, or a number of seconds")
        return 10
    }

    package var takesTime: Bool { true }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let text = question(input).serialized(.compact) + "\n"
        let result = await run(
            ProgramCall(path: program, arguments: arguments, input: Array(text.utf8), timeLimit: timeLimit))
        return CommandAnswer(result, name: name, timeLimit: timeLimit).outcome
    }

    private func question(_ input: CheckInput) -> JSONValue {
        let (example, output) = (input.example, input.response.output)
        return [
            "format": "ratchet.command/1", "suite": .string(example.suite), "id": .string(example.id), "input": example.input,
            "expected": example.expected ?? .null, "contexts": .array(example.contexts), "metadata": .object(example.metadata),
            "output": .string(input.text), "tool_calls": .array(output.toolCalls.map(\.json)),
            "finish_reason": .optional(output.finishReason), "config": config,
        ]
    }
}

/// What a program said of an output.
private struct CommandAnswer {
    private let result: ProgramResult
    private let name: String
    private let timeLimit: Double

    init(_ result: ProgramResult, name: String, timeLimit: Double) {
        self.result = result
        self.name = Excerpt.oneLine(name)
        self.timeLimit = timeLimit
    }

    var outcome: CheckOutcome {
        switch result.end {
        case .exited(code: 0): return read()
        case .exited(let code): return errored("ended with exit code \(code)")
        case .signalled(let signal): return errored("was ended by signal \(signal)")
        case .timedOut: return errored("took longer than \(CompiledCheck.shown(timeLimit)) s and was stopped")
        case .wroteTooMuch: return errored("wrote too much to standard output and was stopped")
        case .cancelled: return .errored("\(name) was stopped, since the run was")
        case .notStarted(let reason): return .errored("\(name) could not be started: \(reason)")
        }
    }

    private func errored(_ words: String) -> CheckOutcome { .errored("\(name) \(words)\(errorTail)") }

    private var errorTail: String {
        let text = TrimmedText.of(String(decoding: result.errorTail, as: UTF8.self))
        guard !text.isEmpty else { return "" }
        let tail = String(String.UnicodeScalarView(text.unicodeScalars.suffix(400)))
        return "; it said on standard error: \(tail.utf8.count < text.utf8.count ? "…" : "")\(Excerpt.oneLine(tail))"
    }

    private func read() -> CheckOutcome {
        let answer: JSONValue
        do throws(JSONSyntaxError) {
            answer = try JSONValue(parsing: result.output, options: .lenient)
        } catch {
            let said = result.output.isEmpty ? "nothing" : Excerpt.quoted(String(decoding: result.output, as: UTF8.self))
            return errored("answered \(said), wanted one JSON object with `passed` or `score`")
        }
        guard answer.objectValue != nil else {
            return errored("answered \(JSONPathCheck.shown(answer)), wanted an object with `passed` or `score`")
        }
        let (passed, score) = (present(answer["passed"]), present(answer["score"]))
        if let passed, passed.boolValue == nil { return errored("answered `passed` \(JSONPathCheck.shown(passed)), wanted true or false") }
        if let score, !(0...1).contains(score.doubleValue ?? -1) {
            return errored("answered `score` \(JSONPathCheck.shown(score)), wanted a number from 0 to 1")
        }
        guard let passes = passed?.boolValue ?? score.map({ $0.doubleValue == 1 }) else {
            return errored("answered \(JSONPathCheck.shown(answer)), which has neither `passed` nor `score`")
        }
        let said = answer["reason"]?.stringValue ?? ""
        let reason = said.isEmpty ? "\(name) says that it \(passes ? "passes" : "fails")" : "\(name): \(Excerpt.cut(said, limit: 600))"
        return CheckOutcome(
            state: passes ? .passed : .failed, score: score?.doubleValue ?? (passes ? 1 : 0),
            reason: passes ? reason : reason + errorTail)
    }

    private func present(_ value: JSONValue?) -> JSONValue? { value?.isNull == true ? nil : value }
}
