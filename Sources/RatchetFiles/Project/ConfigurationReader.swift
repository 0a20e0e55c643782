import RatchetCore
import RatchetJSON

/// Reads `ratchet.yaml`.
struct ConfigurationReader {
    let folder: ProjectFolder
    let problems: Problems

    private static let file = ProjectFolder.configurationFile
    static let keys = ["version", "backends", "defaults", "gate", "cache", "baseline"]

    /// What the file gives, and the names of all backends in it, readable or not: one that is there but broken was
    /// reported, and is not missing as well.
    struct Result {
        var configuration: Configuration
        var backendNames: [String]
    }

    /// - Returns: `nil` when the file is missing or cannot be parsed.
    func read() -> Result? {
        let missing = "make a project here with: ratchet init"
        guard let file = SourceFile.read(Self.file, in: folder, problems, missingHelp: missing),
            let value = YAMLReader.read(file.text, file: file.name, problems)
        else { return nil }
        let source = SourceReference(file: file.name, .value(document: 1, .root))
        guard
            let reader = ObjectReader(
                value.isNull ? .object([:]) : value, at: source, as: "ratchet.yaml", keys: Self.keys, problems)
        else { return nil }
        readVersion(reader)
        var configuration = Configuration()
        configuration.backends = backends(reader)
        configuration.defaults = defaults(reader)
        if let gate = reader.value("gate") {
            configuration.policy = GatePolicyReader.read(gate, at: reader.place("gate"), over: GatePolicy(), problems)
        }
        if let cache = reader.nested("cache", as: "cache", keys: ["max_age"]), let age = cache.duration("max_age") {
            configuration.cacheMaximumAge = age
        }
        if let baseline = reader.nested("baseline", as: "baseline", keys: ["output"]),
            let keeps = baseline.bool("output")
        {
            configuration.keepsBaselineOutputs = keeps
        }
        return Result(configuration: configuration, backendNames: reader.value("backends")?.objectValue?.keys ?? [])
    }

    private func readVersion(_ reader: ObjectReader) {
        guard reader.require("version", help: "begin the file with: version: 1") else { return }
        if reader.value("version") != 1 {
            let found = reader.stringOrNumber("version").map { " \(Quoted.text($0))" } ?? ""
            reader.error(
                "version", "this is a configuration of version\(found); this program reads version 1",
                help: "write version: 1, or use the ratchet that the file was written for")
        }
    }

    private func defaults(_ reader: ObjectReader) -> Configuration.Defaults {
        var defaults = Configuration.Defaults()
        guard let section = reader.nested("defaults", as: "defaults", keys: ["target", "trials", "concurrency"])
        else { return defaults }
        defaults.target = section.target("target")
        if let trials = section.integer("trials", in: 1...1000) { defaults.trials = trials }
        if let concurrency = section.integer("concurrency", in: 1...4096) { defaults.concurrency = concurrency }
        return defaults
    }

    private func backends(_ reader: ObjectReader) -> [String: BackendConfiguration] {
        var backends: [String: BackendConfiguration] = [:]
        let place = reader.place("backends")
        for (name, value) in reader.object("backends")?.members ?? [] {
            guard Name.isValid(name) else {
                problems.error(
                    "\(Quoted.text(name)) is not a backend's name", at: place.appending(name).key, help: Name.rule)
                continue
            }
            backends[name] = BackendReader(problems: problems).read(value, name: name, at: place.appending(name))
        }
        return backends
    }
}

/// Reads one backend of `ratchet.yaml`.
struct BackendReader {
    let problems: Problems

    private static let providerKeys = [
        "kind", "base_url", "api_key_env", "stream", "headers", "timeout", "attempts", "limits",
    ]

    static let kinds: [String: [String]] = [
        "replay": ["kind", "file"],
        "openai": providerKeys + ["api_version"],
        "openai_responses": providerKeys,
        "anthropic": providerKeys,
        "gemini": providerKeys,
        "command": ["kind", "run", "mode", "env", "cwd", "timeout", "attempts"],
        "http": ["kind", "url", "method", "headers", "api_key_env", "auth_header", "body", "timeout", "attempts", "limits"]
            + HTTPService.Part.allCases.map(\.rawValue),
        "echo": ["kind"],
        "simulate": ["kind", "seed", "pass", "examples", "outage", "drift", "models"],
    ]

    func read(_ value: JSONValue, name: String, at source: SourceReference) -> BackendConfiguration? {
        let kind = value.objectValue?["kind"]?.stringValue
        guard let kind, let keys = Self.kinds[kind] else {
            reportKind(of: value, at: source)
            return nil
        }
        guard let reader = ObjectReader(value, at: source, as: "a backend of kind \(kind)", keys: keys, problems)
        else { return nil }
        switch kind {
        case "replay":
            guard reader.require("file", help: "name the recording, relative to the project"),
                let file = reader.text("file")
            else { return nil }
            return BackendConfiguration(name: name, kind: .replay(file: file), source: source)
        case "openai":
            guard reader.require("base_url", help: "for example http://127.0.0.1:8080/v1") else { return nil }
            let version = apiVersion(reader)
            return provider(reader, name: name, standard: nil) { .openai(baseURL: $0, apiVersion: version) }
        case "openai_responses":
            return provider(reader, name: name, standard: "https://api.openai.com/v1") { .openaiResponses(baseURL: $0) }
        case "anthropic":
            return provider(reader, name: name, standard: "https://api.anthropic.com") { .anthropic(baseURL: $0) }
        case "gemini":
            return provider(reader, name: name, standard: "https://generativelanguage.googleapis.com") { .gemini(baseURL: $0) }
        case "command": return command(reader, name: name)
        case "http": return http(reader, name: name)
        case "simulate": return BackendConfiguration(name: name, kind: .simulate(simulated(reader)), source: source)
        default: return BackendConfiguration(name: name, kind: .echo, source: source)
        }
    }

    private func simulated(_ reader: ObjectReader) -> SimulatedProvider {
        var provider = SimulatedProvider(other: model(reader))
        if let seed = reader.integer("seed", in: 0...Int.max) { provider.seed = UInt64(seed) }
        if let drift = reader.number("drift", in: 0...1) { provider.drift = drift }
        let place = reader.place("models")
        for (name, value) in reader.object("models")?.members ?? [] {
            let keys = ["pass", "examples", "outage"]
            guard let section = ObjectReader(value, at: place.appending(name), as: "a simulated model", keys: keys, problems) else { continue }
            provider.models[name] = model(section)
        }
        return provider
    }

    private func model(_ reader: ObjectReader) -> SimulatedProvider.Model {
        var model = SimulatedProvider.Model()
        if let pass = reader.number("pass", in: 0...1) { model.pass = pass }
        if let outage = reader.number("outage", in: 0...1) { model.outage = outage }
        for (id, value) in reader.object("examples")?.members ?? [] {
            if let probability = value.doubleValue, (0...1).contains(probability) {
                model.examples[id] = probability
            } else {
                problems.error("a pass probability is a number from 0 to 1", at: reader.place("examples").appending(id))
            }
        }
        return model
    }

    private func reportKind(of value: JSONValue, at source: SourceReference) {
        let kinds = Self.kinds.keys.sorted()
        guard let object = value.objectValue else {
            problems.error("a backend must be an object, not \(value.kind)", at: source)
            return
        }
        guard let kind = object["kind"], !kind.isNull else {
            problems.error("missing key \"kind\"", at: source, help: "kinds: " + kinds.joined(separator: ", "))
            return
        }
        guard let text = kind.stringValue else {
            problems.error("\"kind\" must be a string, not \(kind.kind)", at: source.appending("kind"))
            return
        }
        problems.error(
            "unknown kind of backend \(Quoted.text(text))", at: source.appending("kind"),
            help: Suggestion.help(for: text, among: kinds, saying: "kinds"))
    }

    /// Azure's version of the API, which is part of every address.
    private func apiVersion(_ reader: ObjectReader) -> String? {
        guard let version = reader.text("api_version") else { return nil }
        let isPlain = version.utf8.allSatisfy { ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "-") }
        if !isPlain { reader.error("api_version", "\(Quoted.text(version)) is no version", help: "for example 2024-10-21") }
        return isPlain ? version : nil
    }

    /// - Parameter standard: The address where none is given.
    private func provider(
        _ reader: ObjectReader, name: String, standard: String?, _ kind: (String) -> BackendConfiguration.Kind
    ) -> BackendConfiguration? {
        guard let url = reader.text("base_url") ?? standard else { return nil }
        var backend = BackendConfiguration(name: name, kind: kind(baseURL(url, reader)), source: reader.source)
        if let streams = reader.bool("stream") { backend.streams = streams }
        return complete(backend, reader)
    }

    private func command(_ reader: ObjectReader, name: String) -> BackendConfiguration? {
        guard reader.require("run", help: "the program and its arguments, for example [python3, app.py]"),
            let run = reader.strings("run")
        else { return nil }
        if run.isEmpty { reader.error("run", "a command needs a program") }
        var service = CommandService(run: run)
        if let mode = reader.choice("mode", CommandService.Mode.self) { service.mode = mode }
        service.environment = reader.strings("env") ?? []
        service.folder = reader.text("cwd")
        for text in run + [service.folder ?? ""] where text.utf8.contains(0) { reader.error("run", "a NUL can't be part of a command") }
        for variable in service.environment where !Self.isVariable(variable) {
            reader.error("env", "this is not the name of an environment variable", help: "write names, never values")
        }
        return complete(BackendConfiguration(name: name, kind: .command(service), source: reader.source), reader)
    }

    private func http(_ reader: ObjectReader, name: String) -> BackendConfiguration? {
        let isWhole = [
            reader.require("url", help: "for example http://127.0.0.1:9000/answer"), reader.require("output", help: "the JSONPath to the answer's text"),
        ]
        guard !isWhole.contains(false), let url = reader.text("url") else { return nil }
        var service = HTTPService(url: address(url, reader, key: "url"), body: reader.value("body") ?? ["messages": "{{messages}}"], paths: [:])
        if let method = reader.text("method") {
            if !["GET", "POST", "PUT", "PATCH"].contains(method) { reader.error("method", "a method is GET, POST, PUT or PATCH") }
            service.method = method
        }
        do throws(MustacheTemplate.SyntaxError) {
            _ = try JSONTemplate(service.body)
        } catch {
            reader.error("body", error.message, help: error.help)
        }
        for part in HTTPService.Part.allCases {
            guard let path = reader.text(part.rawValue) else { continue }
            service.paths[part] = path
            do throws(JSONPathError) {
                _ = try JSONPath(path, regex: NoRegularExpressions())
            } catch {
                reader.error(part.rawValue, "\(Quoted.text(path)) is no JSONPath: \(error.message)", help: "for example $.choices[0].text")
            }
        }
        if let header = reader.text("auth_header") { (service.keyHeader, service.keyPrefix) = keyHeader(header, reader) }
        return complete(BackendConfiguration(name: name, kind: .http(service), source: reader.source), reader)
    }

    /// The name of the header that the key is sent in, and what stands before the key: `Authorization: Bearer`.
    private func keyHeader(_ text: String, _ reader: ObjectReader) -> (name: String, prefix: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let word = parts.dropFirst().joined().split(separator: " ").joined(separator: " ")
        if !Self.isHeader(name, word) {
            reader.error("auth_header", "this is not a header that HTTP can carry", help: "for example X-Token, or Authorization: Bearer")
        }
        return (name, word.isEmpty ? "" : word + " ")
    }

    /// What backends that call something have in common.
    private func complete(_ made: BackendConfiguration, _ reader: ObjectReader) -> BackendConfiguration {
        var backend = made
        backend.apiKeyVariable = apiKeyVariable(reader)
        if let attempts = reader.integer("attempts", in: 1...20) { backend.maximumAttempts = attempts }
        backend.headers = headers(reader)
        backend.limits = limits(reader)
        if let timeout = reader.nested("timeout", as: "timeout", keys: ["connect", "first_byte", "total"]) {
            if let seconds = timeout.duration("connect") { backend.connectTimeout = seconds }
            if let seconds = timeout.duration("first_byte") { backend.firstByteTimeout = seconds }
            if let seconds = timeout.duration("total") { backend.totalTimeout = seconds }
        }
        return backend
    }

    private func limits(_ reader: ObjectReader) -> BackendConfiguration.Limits {
        let keys = ["requests_per_minute", "tokens_per_minute"]
        guard let section = reader.nested("limits", as: "limits", keys: keys) else { return .init() }
        return .init(
            requestsPerMinute: section.number(keys[0], in: 0.1...1e9), tokensPerMinute: section.number(keys[1], in: 1...1e12))
    }

    /// Without the slashes at its end, so that paths can be appended.
    private func baseURL(_ text: String, _ reader: ObjectReader) -> String {
        var url = address(text, reader, key: "base_url")
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }

    /// The address as it is written.
    private func address(_ url: String, _ reader: ObjectReader, key: String) -> String {
        let rest = ["http://", "https://"].first { url.lowercased().hasPrefix($0) }.map { url.dropFirst($0.count) }
        guard let rest, let host = rest.split(separator: "/", omittingEmptySubsequences: false).first, !host.isEmpty,
            !url.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F })
        else {
            reader.error(
                key, "\(Quoted.text(url)) is not the address of a server",
                help: "for example http://127.0.0.1:8080/v1")
            return url
        }
        if host.contains("@") {
            reader.error(
                key, "the address holds a user or password", help: "keys come from the environment: api_key_env")
        }
        return url
    }

    private func apiKeyVariable(_ reader: ObjectReader) -> String? {
        guard let variable = reader.text("api_key_env") else { return nil }
        if Self.isVariable(variable) { return variable }
        // It may be the key itself: never repeat it.
        reader.error(
            "api_key_env", "this is not the name of an environment variable",
            help: "write the variable's name, for example OPENAI_API_KEY, never the key itself")
        return nil
    }

    private static func isVariable(_ name: String) -> Bool {
        name.utf8.first.map { $0 &- UInt8(ascii: "0") >= 10 } == true
            && name.utf8.allSatisfy {
                ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "_")
            }
    }

    private func headers(_ reader: ObjectReader) -> [(name: String, value: String)] {
        guard let object = reader.object("headers") else { return [] }
        let place = reader.place("headers")
        return object.members.compactMap { name, value in
            guard let text = value.stringValue ?? value.numberValue?.literal else {
                problems.error("a header's value must be a string, not \(value.kind)", at: place.appending(name))
                return nil
            }
            guard Self.isHeader(name, text) else {
                problems.error("this is not a header that HTTP can carry", at: place.appending(name).key)
                return nil
            }
            if ["authorization", "api-key", "x-api-key", "x-goog-api-key", "cookie"].contains(name.lowercased()) {
                problems.error(
                    "the header \(Quoted.text(name)) would hold a secret", at: place.appending(name).key,
                    help: "keys come from the environment: api_key_env")
                return nil
            }
            return (name, text)
        }
    }

    private static func isHeader(_ name: String, _ value: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
            && !value.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    }
}
