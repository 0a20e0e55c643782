import Foundation
import RatchetStatistics
import Testing

/// One reference case of `fixtures/stats.json` in the shared data (60-digit arithmetic, rounded once).
struct FixtureCase: Decodable, Sendable, CustomTestStringConvertible {
    struct Tolerance: Decodable, Sendable {
        let rel: Double
        let abs: Double
    }

    let id: String
    let function: String
    let inputs: [String: FixtureValue]
    let expected: [String: FixtureValue]
    let tolerance: Tolerance

    var testDescription: String { id }

    func number(_ name: String) throws -> Double { try #require(inputs[name]?.number, "\(id): number \(name)") }
    func integer(_ name: String) throws -> Int { Int(try number(name)) }
    func numbers(_ name: String) throws -> [Double] { try list(name).compactMap(\.number) }
    func integers(_ name: String) throws -> [Int] { try numbers(name).map { Int($0) } }
    func optionalNumber(_ name: String) -> Double? { inputs[name]?.number }
    func rows(_ name: String) throws -> [[Int]] {
        try list(name).map { ($0.list ?? []).compactMap(\.number).map { Int($0) } }
    }
    func strings(_ name: String) throws -> [String] { try list(name).compactMap(\.string) }
    func bool(_ name: String) throws -> Bool {
        try #require(inputs[name]?.bool as Bool?, "\(id): true or false \(name)")
    }
    func string(_ name: String) throws -> String { try #require(inputs[name]?.string, "\(id): text \(name)") }
    func count(_ passes: String, of trials: String) throws -> PassCount {
        try #require(PassCount(passes: try integer(passes), trials: try integer(trials)), "\(id)")
    }
    func counts(_ passes: String, of trials: String) throws -> [PassCount] {
        try zip(try integers(passes), try integers(trials)).map {
            try #require(PassCount(passes: $0, trials: $1), "\(id)")
        }
    }

    private func list(_ name: String) throws -> [FixtureValue] {
        try #require(inputs[name]?.list, "\(id): list \(name)")
    }

    /// The keys "estimate", "lower" and "upper" of an interval, or with another name for the estimate.
    func check(_ interval: ConfidenceInterval?, estimate: String = "estimate", and others: [String: Double?] = [:]) {
        let limits = [estimate: interval?.estimate, "lower": interval?.low, "upper": interval?.high]
        check(limits.merging(others) { $1 })
    }

    /// Checks every expected value and that none is left out. `nil` means undefined.
    func check(_ got: [String: Double?], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(Set(got.keys) == Set(expected.keys), "\(id)", sourceLocation: sourceLocation)
        for (name, value) in got {
            switch (value, expected[name]) {
            case (nil, .null): break
            case (let value?, .number(let wanted)): check(value, wanted, name, sourceLocation)
            default:
                Issue.record(
                    "\(id) \(name): got \(String(describing: value)), want \(String(describing: expected[name]))",
                    sourceLocation: sourceLocation)
            }
        }
    }

    func check(list got: [Double], named name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let wanted = expected[name]?.list?.compactMap(\.number) ?? []
        #expect(got.count == wanted.count, "\(id) \(name)", sourceLocation: sourceLocation)
        for (index, pair) in zip(got, wanted).enumerated() {
            check(pair.0, pair.1, "\(name)[\(index)]", sourceLocation)
        }
    }

    private func check(_ got: Double, _ wanted: Double, _ name: String, _ sourceLocation: SourceLocation) {
        #expect(
            Swift.abs(got - wanted) <= tolerance.abs + tolerance.rel * Swift.abs(wanted),
            "\(id) \(name): got \(got), want \(wanted)", sourceLocation: sourceLocation)
    }
}

enum FixtureValue: Decodable, Sendable {
    case null
    case number(Double)
    case string(String)
    case bool(Bool)
    case list([FixtureValue])
    /// What no function under test takes.
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let string = try? container.decode(String.self) {
            self = .string(string)
        } else if let list = try? container.decode([FixtureValue].self) {
            self = .list(list)
        } else {
            self = .other
        }
    }

    var number: Double? { if case .number(let value) = self { value } else { nil } }
    var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    var string: String? { if case .string(let value) = self { value } else { nil } }
    var list: [FixtureValue]? { if case .list(let value) = self { value } else { nil } }
}

enum Fixture {
    /// `$RATCHET_SHARED`, else `shared` next to the package.
    static let url: URL = {
        let folder =
            ProcessInfo.processInfo.environment["RATCHET_SHARED"].map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../../shared").standardized
        return folder.appendingPathComponent("fixtures/stats.json")
    }()

    static let isPresent = FileManager.default.fileExists(atPath: url.path)

    static func cases() throws -> [FixtureCase] { isPresent ? try all.get() : [] }

    private struct Content: Decodable {
        let cases: [FixtureCase]
    }

    private static let all: Result<[FixtureCase], any Error> = Result {
        try JSONDecoder().decode(Content.self, from: Data(contentsOf: url)).cases
    }
}
