import Foundation
import RatchetJSON
import Testing

/// A temporary project on which the built program is run, as a user would.
final class Workspace: Sendable {
    let root: URL

    struct Result {
        var code: Int32
        var output: String
        var error: String

        /// The one JSON object on standard output.
        var json: JSONValue {
            get throws { try JSONValue(parsing: output) }
        }
    }

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("ratchet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// A project with one suite `s` of the given example lines, replaying the given recording.
    convenience init(
        examples: [String], recording: [String] = [], suite: String = "description: a suite\n",
        configuration: String? = nil
    ) throws {
        self.init(try Self.made())
        try write("ratchet.yaml", configuration ?? Self.configuration)
        try write("suites/s/suite.yaml", suite)
        try write("suites/s/examples.jsonl", examples.map { $0 + "\n" }.joined())
        try write("recording.jsonl", recording.map { $0 + "\n" }.joined())
    }

    private init(_ root: URL) { self.root = root }

    private static func made() throws -> URL {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("ratchet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        return root
    }

    static let configuration = """
        version: 1
        backends:
          recorded: {kind: replay, file: recording.jsonl}
        defaults: {target: recorded/m}

        """

    func write(_ path: String, _ text: String) throws {
        let url = root.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func read(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: root.appendingPathComponent(path)), as: UTF8.self)
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(at: root.appendingPathComponent(path)) }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path) }

    /// Runs the program in the project's folder.
    @discardableResult
    func ratchet(
        _ arguments: String..., input: String? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        try ratchet(arguments, input: input, environment: environment)
    }

    @discardableResult
    func ratchet(
        _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        try run(Self.program.path, arguments, input: input, environment: environment)
    }

    /// Runs any program there.
    func run(
        _ program: String, _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = root
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": root.path, "LANG": "C.UTF-8"].merging(environment) { $1 }
        let output = root.appendingPathComponent(".output-\(UUID().uuidString)")
        let error = root.appendingPathComponent(".error-\(UUID().uuidString)")
        defer {
            try? FileManager.default.removeItem(at: output)
            try? FileManager.default.removeItem(at: error)
        }
        // Files and not pipes: a large report must not block on a reader that waits for the other stream.
        for file in [output, error] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: error)
        if let input {
            let pipe = Pipe()
            process.standardInput = pipe
            try process.run()
            pipe.fileHandleForWriting.write(Data(input.utf8))
            try pipe.fileHandleForWriting.close()
        } else {
            process.standardInput = FileHandle.nullDevice
            try process.run()
        }
        process.waitUntilExit()
        return Result(
            code: process.terminationStatus, output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            error: String(decoding: try Data(contentsOf: error), as: UTF8.self))
    }

    /// The program that this package built, beside the test bundle.
    static let program: URL = {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL ?? Bundle.main.bundleURL
        let beside = bundle.deletingLastPathComponent().appendingPathComponent("ratchet")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("ratchet")
    }()
}

extension JSONValue {
    /// The members along a path of keys and places.
    subscript(path: String) -> JSONValue? {
        path.split(separator: ".").reduce(self as JSONValue?) { value, step in
            if let place = Int(step) {
                guard let list = value?.arrayValue, list.indices.contains(place) else { return nil }
                return list[place]
            }
            return value?.objectValue?[String(step)]
        }
    }

    var texts: [String] { arrayValue?.compactMap(\.stringValue) ?? [] }
}
