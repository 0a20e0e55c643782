import Foundation
import RatchetCore
import RatchetJSON

/// The texts of the columns that hold JSON, and the values they stand for.
enum JSONColumn {
    static func value(_ text: String) throws -> JSONValue {
        do { return try JSONValue(parsing: text) } catch { throw StoreError.unreadable("a JSON text", text) }
    }

    static func text(_ object: JSONObject) -> String {
        object.isEmpty ? "{}" : JSONValue.object(object).serialized(.compact)
    }

    static func object(_ text: String) throws -> JSONObject {
        if text == "{}" { return [:] }
        guard let object = try value(text).objectValue else { throw StoreError.unreadable("a JSON object", text) }
        return object
    }

    static func text(_ strings: [String]) -> String { text(strings, JSONValue.string) }

    static func strings(_ text: String) throws -> [String] { try list(text, \.stringValue) }

    static func text(_ calls: [ToolCall]) -> String { text(calls, \.json) }

    /// Exactly the calls that were stored; `ToolCall(json:)` would also parse arguments that were kept as text.
    static func toolCalls(_ text: String) throws -> [ToolCall] {
        try list(text) { json in
            guard let object = json.objectValue, let name = object["name"]?.stringValue,
                let arguments = object["arguments"]
            else { return nil }
            return ToolCall(id: object["id"]?.stringValue, name: name, arguments: arguments, result: object["result"])
        }
    }

    static func text(_ attempts: [Attempt]) -> String {
        text(attempts) { attempt in
            var object: JSONObject = ["duration": .double(attempt.duration), "waited": .double(attempt.waited)]
            object["status"] = attempt.status.map { .int($0) }
            object["problem"] = attempt.problem.map { .string($0) }
            return .object(object)
        }
    }

    static func attempts(_ text: String) throws -> [Attempt] {
        try list(text) { json in
            guard let object = json.objectValue else { return nil }
            return Attempt(
                status: object["status"]?.intValue, duration: object["duration"]?.doubleValue ?? 0,
                waited: object["waited"]?.doubleValue ?? 0, problem: object["problem"]?.stringValue)
        }
    }

    static func text(_ shard: ShardDescription?) throws -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try shard.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
    }

    static func shard(_ text: String) throws -> ShardDescription {
        do {
            return try JSONDecoder().decode(ShardDescription.self, from: Data(text.utf8))
        } catch {
            throw StoreError.unreadable("what a shard says of its run", text)
        }
    }

    private static func text<Element>(_ elements: [Element], _ json: (Element) -> JSONValue) -> String {
        elements.isEmpty ? "[]" : JSONValue.array(elements.map(json)).serialized(.compact)
    }

    private static func list<Element>(_ text: String, _ element: (JSONValue) -> Element?) throws -> [Element] {
        if text == "[]" { return [] }
        guard let array = try value(text).arrayValue else { throw StoreError.unreadable("a JSON list", text) }
        return try array.map { json in
            guard let element = element(json) else { throw StoreError.unreadable("an element of a list", text) }
            return element
        }
    }
}
