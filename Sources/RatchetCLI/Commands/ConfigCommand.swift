import ArgumentParser
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetReports

/// `ratchet config`
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show what holds in a project, and where it is said.", subcommands: [Show.self], defaultSubcommand: Show.self)

    struct Show: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Every setting with its value; --origin says where it comes from.",
            discussion: "Keys are never among them: backends name the variables that hold them.")

        @OptionGroup var project: ProjectOptions
        @Flag(help: "File and line of each, or default.") var origin = false
        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func run(_ context: Context) async throws -> ExitCode {
            var opened = try OpenedProject.open(context, directory: project.directory)
            try opened.requireValid()
            let settings = EffectiveSettings(opened.project, opened.folder).all
            switch format {
            case .human:
                context.output(
                    TextTable.text(
                        settings.map { setting in
                            [setting.name, TerminalText.plain(setting.value.stringValue ?? setting.value.serialized(.compact), limit: 100)]
                                + (origin ? [setting.origin.map { "\($0.file):\($0.line)" } ?? "default"] : [])
                        }))
            case .json:
                let rows = settings.map { setting -> JSONValue in
                    let place: JSONValue = setting.origin.map { ["file": .string($0.file), "line": .int($0.line)] } ?? .null
                    return ["name": .string(setting.name), "value": setting.value, "origin": place]
                }
                context.output(JSONValue.object(["format": "ratchet.config/1", "settings": .array(rows)]).serialized(.compact) + "\n")
            }
            return .passed
        }
    }
}

/// The settings of a project: what its files say, and what holds where they say nothing.
private struct EffectiveSettings {
    struct Setting {
        var name: String
        var value: JSONValue
        /// `nil` for what no file says.
        var origin: (file: String, line: Int)?
    }

    private let project: Project
    private let folder: ProjectFolder
    private let locator: DiagnosticLocator

    init(_ project: Project, _ folder: ProjectFolder) {
        self.project = project
        self.folder = folder
        locator = DiagnosticLocator(folder)
    }

    var all: [Setting] {
        let configuration = project.configuration
        let file = ProjectFolder.configurationFile
        let written = read(file)
        let known: [([String], JSONValue)] = [
            (["defaults", "target"], .optional(configuration.defaults.target?.description)), (["defaults", "trials"], .int(configuration.defaults.trials)),
            (["defaults", "concurrency"], configuration.defaults.concurrency.map { .int($0) } ?? "found out"),
            (["cache", "max_age"], .double(configuration.cacheMaximumAge)), (["baseline", "output"], .bool(configuration.keepsBaselineOutputs)),
        ]
        var settings = known.map { setting($0.0, $0.1, file, written) }
        settings += policy(configuration.policy, file, written)
        for (name, members) in written["backends"]?.objectValue?.members ?? [] {
            for key in members.objectValue?.keys ?? [] {
                // Their values may be secrets.
                let isHidden = key == "headers" || key == "env"
                let value = isHidden ? .strings(members[key]?.objectValue?.keys ?? []) : members[key] ?? .null
                settings.append(setting(["backends", name, key], value, file, written))
            }
        }
        for suite in project.suites { settings += self.settings(of: suite) }
        return settings
    }

    private func policy(_ policy: GatePolicy, _ file: String, _ written: JSONValue, prefix: String = "") -> [Setting] {
        let known: [(String, JSONValue)] = [
            ("policy", .string(policy.kind.rawValue)), ("effort", .string(policy.effort.rawValue)), ("false_alarms", .double(policy.falseAlarms)),
            ("min_drop", .double(policy.minimumDrop)), ("errored_max", .double(policy.erroredMaximum)), ("unscored_max", .double(policy.unscoredMaximum)),
            ("canary", .int(policy.canaryCalls)), ("slices", written["gate"]?["slices"] ?? .array([])), ("metrics", written["gate"]?["metrics"] ?? .object([:])),
            ("overrides.max_active", .int(policy.maximumActiveOverrides)), ("overrides.flag_in_ci", .bool(policy.allowsOverrideFlagInCI)),
            ("overrides.second_person", .bool(policy.needsSecondPerson)),
        ]
        return known.map { name, value in setting(["gate"] + name.split(separator: ".").map(String.init), value, file, written, prefix: prefix) }
    }

    /// What the suite says itself: the rest is as above.
    private func settings(of suite: Suite) -> [Setting] {
        let file = "suites/\(suite.name)/suite.yaml"
        let written = read(file)
        let prefix = "suites.\(suite.name)."
        let own = (written.objectValue?.keys ?? []).filter { !["gate", "checks", "description"].contains($0) }
        return own.map { setting([$0], written[$0] ?? .null, file, written, prefix: prefix) }
            + policy(suite.policy, file, written, prefix: prefix).filter { $0.origin != nil }
    }

    private func setting(_ path: [String], _ value: JSONValue, _ file: String, _ written: JSONValue, prefix: String = "") -> Setting {
        let name = prefix + path.joined(separator: ".")
        guard path.reduce(written as JSONValue?, { $0?[$1] }) != nil else { return Setting(name: name, value: value, origin: nil) }
        let pointer = path.reduce(JSONPointer.root) { $0.appending($1) }
        let place = locator.locate(SourceReference(file: file, .key(document: 1, pointer)))
        return Setting(name: name, value: value, origin: (place.file, place.line))
    }

    private func read(_ file: String) -> JSONValue {
        guard let bytes = try? FileSystem.read(folder.path(file)) else { return .object([:]) }
        return YAMLReader.read(String(decoding: bytes, as: UTF8.self), file: file, Problems()) ?? .object([:])
    }
}
