import Foundation
import RatchetJSON
import TestSupport
import Testing

@Suite("Conformance: parsing")
struct ParsingConformanceTests {
    private static let suite = SharedData.url("conformance/json-test-suite")
    private static let utf8Cases = SharedData.url("conformance/utf8/cases.jsonl")

    private static func files(_ folder: String) -> [String] {
        guard let suite else { return [] }
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: suite.appendingPathComponent(folder).path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { "\(folder)/\($0)" }
    }

    private static func bytes(of file: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: try #require(suite).appendingPathComponent(file)))
    }

    @Test(
        "JSONTestSuite: y_ parses, n_ is refused, i_ does either without harm", .enabled(if: suite != nil),
        arguments: files("test_parsing"))
    func parsing(_ file: String) throws {
        let bytes = try Self.bytes(of: file)
        let name = file.split(separator: "/").last ?? ""
        // The suite leaves repeated keys to the parser; rejecting them is our default.
        let value = try? JSONValue(parsing: bytes, options: .lastKeyWins)
        switch name.prefix(2) {
        case "y_":
            let value = try #require(value)
            #expect(try JSONValue(parsing: value.serialized()) == value)
        case "n_": #expect(value == nil)
        default: break
        }
    }

    @Test(
        "JSONTestSuite: what parses keeps its value", .enabled(if: suite != nil), arguments: files("test_transform"))
    func transform(_ file: String) throws {
        guard let value = try? JSONValue(parsing: try Self.bytes(of: file), options: .lenient) else {
            // Only texts that are not UTF-8 may be refused.
            #expect(String(validating: try Self.bytes(of: file), as: UTF8.self) == nil)
            return
        }
        #expect(try JSONValue(parsing: value.serialized()) == value)
        for style in [JSONStyle.compact, .pretty, .canonical] {
            #expect(try JSONValue(parsing: value.serialized(style)) == value)
        }
    }

    @Test("utf8tests: a string parses exactly when its bytes are UTF-8", .enabled(if: utf8Cases != nil))
    func utf8() throws {
        let lines = try String(contentsOf: try #require(Self.utf8Cases), encoding: .utf8).split(separator: "\n")
        #expect(lines.count > 100)
        for line in lines {
            let test = try JSONValue(parsing: line)
            let hex = try #require(test["hex"]?.stringValue)
            let raw = stride(from: 0, to: hex.utf8.count, by: 2).compactMap { start in
                UInt8(hex.dropFirst(start).prefix(2), radix: 16)
            }
            // Control characters must be escaped in JSON, whether or not they are UTF-8.
            let shown = raw.filter { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }
            let value = try? JSONValue(parsing: [0x22] + shown + [0x22])
            #expect((value != nil) == (test["valid"]?.boolValue == true), "\(test["id"]?.serialized() ?? "")")
            if let value { #expect(Array((value.stringValue ?? "").utf8) == shown) }
            let escaped = try? JSONValue(parsing: Array("\"\\n".utf8) + shown + [0x22])
            #expect((escaped != nil) == (value != nil))
        }
    }
}
