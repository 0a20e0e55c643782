/// The header fields of a request or a response: in order, repeated names allowed, looked up without regard to case.
///
///     var headers: HTTPHeaders = ["Content-Type": "application/json"]
///     headers.append("Authorization", "Bearer …")
///     headers["content-type"]  // "application/json"
package struct HTTPHeaders: Sendable {
    /// Name and value of every field, as they were given or received.
    package private(set) var fields: [(name: String, value: String)]

    package init(_ fields: [(name: String, value: String)] = []) {
        self.fields = fields
    }

    /// Adds a field behind the others, also when one of that name exists.
    package mutating func append(_ name: String, _ value: String) {
        fields.append((name, value))
    }

    /// The value of the first field called `name`.
    package subscript(name: String) -> String? {
        fields.first { Self.isSameName($0.name, name) }?.value
    }

    /// The values of all fields called `name`, in order.
    package func values(_ name: String) -> [String] {
        fields.filter { Self.isSameName($0.name, name) }.map(\.value)
    }

    /// Continues the last field's value (RFC 9112, section 5.2: a line that starts with white space).
    mutating func continueLast(with text: String) {
        guard let last = fields.popLast() else { return }
        fields.append((last.name, last.value.isEmpty ? text : last.value + " " + text))
    }

    private static func isSameName(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8) { lowercase($0) == lowercase($1) }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension HTTPHeaders: Equatable {
    package static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool {
        left.fields.elementsEqual(right.fields) { $0 == $1 }
    }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { (name: $0.0, value: $0.1) })
    }
}

extension HTTPHeaders: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The names alone: values hold keys, and keys are never printed.
    package var description: String { fields.map(\.name).joined(separator: ", ") }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["names": fields.map(\.name)]) }
}
