import Foundation

/// A public test suite, which tells from its cases whether our code does what a standard says.
package struct ConformanceSuite: Sendable {
    /// The name of the folder with its cases.
    package let folder: String
    package let title: String
    /// Reads the cases that a folder has; what cannot be read is a failing case.
    package let cases: @Sendable (URL) throws -> [ConformanceCase]

    /// All suites, each run through the code that users run.
    package static let all: [ConformanceSuite] = [
        .jsonParsing, .utf8, .jsonPointer, .jsonPath, .jsonSchema, .patterns, .mustache, .eventStreams, .naughtyStrings,
    ]

    /// Runs every case of a folder.
    package func run(in folder: URL) async -> ConformanceTally {
        var tally = ConformanceTally()
        do {
            for example in try cases(folder) { await tally.add(example) }
        } catch {
            tally.failures.append((title, "the cases cannot be read: \(error)"))
        }
        return tally
    }
}

package enum ConformanceOutcome: Hashable, Sendable {
    case passed
    /// With what was found and what was wanted.
    case failed(String)
    /// With the reason.
    case skipped(String)

    static func that(_ holds: Bool, _ failure: @autoclosure () -> String) -> ConformanceOutcome {
        holds ? .passed : .failed(failure())
    }
}

/// One case of a suite.
package struct ConformanceCase: Sendable, CustomStringConvertible {
    package let name: String
    /// What comes of it; an error that is thrown is a failure.
    package let outcome: @Sendable () async throws -> ConformanceOutcome

    package init(_ name: String, _ outcome: @escaping @Sendable () async throws -> ConformanceOutcome) {
        self.name = name
        self.outcome = outcome
    }

    package var description: String { name }
}

/// What came of a suite's cases.
package struct ConformanceTally: Sendable {
    package var passed = 0
    package var failures: [(name: String, reason: String)] = []
    package var skipped: [(name: String, reason: String)] = []

    package init() {}

    package var total: Int { passed + failures.count + skipped.count }

    package mutating func add(_ example: ConformanceCase) async {
        do {
            switch try await example.outcome() {
            case .passed: passed += 1
            case .failed(let reason): failures.append((example.name, reason))
            case .skipped(let reason): skipped.append((example.name, reason))
            }
        } catch {
            failures.append((example.name, "\(error)"))
        }
    }
}

/// A file of cases that is not as its suite has them.
struct BadCase: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Reading the files of suites.
enum CaseFiles {
    /// The files of a folder with that ending, by name; none for a folder that is not there.
    static func list(_ folder: URL, _ ending: String) -> [URL] {
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == ending }.sorted { $0.path < $1.path }
    }

    static func bytes(_ file: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: file)) }
}
