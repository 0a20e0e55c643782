import RatchetCore

/// Splits the body of a prompt or rubric into messages, before anything is filled in.
///
/// A line that holds only `system:`, `user:`, `assistant:` or `tool:` starts a message. A body without such a line is
/// one user message. Blank lines around a message's text are not part of it.
package enum MessageSplitter {
    package struct Section: Hashable, Sendable {
        package var template: Prompt.Template
        /// The line of the file, from 1, at which the text begins.
        package var line: Int
    }

    package struct SplitError: Error, Hashable, Sendable {
        package var message: String
        package var line: Int
        package var help: String?
    }

    /// - Parameter firstLine: the line of the file at which the body begins.
    package static func split(_ body: String, firstLine: Int) throws(SplitError) -> [Section] {
        let lines = body.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let heads = lines.indices.compactMap { index in role(of: lines[index]).map { (index: index, role: $0) } }
        guard let first = heads.first else {
            guard let section = section(.user, lines[...], firstLine) else {
                throw SplitError(
                    message: "the body is empty", line: firstLine,
                    help: "write the prompt's text below the front matter")
            }
            return [section]
        }
        if let stray = section(.user, lines[..<first.index], firstLine) {
            throw SplitError(
                message: "text before the first message", line: stray.line,
                help: "put it below a line that holds only system: or user:")
        }
        var sections: [Section] = []
        for (place, head) in heads.enumerated() {
            let end = place + 1 < heads.count ? heads[place + 1].index : lines.count
            guard let section = section(head.role, lines[(head.index + 1)..<end], firstLine) else {
                throw SplitError(message: "the \(head.role.rawValue) message is empty", line: firstLine + head.index)
            }
            sections.append(section)
        }
        return sections
    }

    private static func role(of line: Substring.UTF8View) -> Message.Role? {
        let end = line.lastIndex { !isBlank($0) }
        guard let end, line[end] == UInt8(ascii: ":") else { return nil }
        return Message.Role(rawValue: String(decoding: line[..<end], as: UTF8.self))
    }

    private static func section(
        _ role: Message.Role, _ lines: ArraySlice<Substring.UTF8View>, _ firstLine: Int
    ) -> Section? {
        guard let start = lines.firstIndex(where: { !$0.allSatisfy(isBlank) }),
            let end = lines.lastIndex(where: { !$0.allSatisfy(isBlank) })
        else { return nil }
        let text = String(decoding: Array(lines[start...end].joined(separator: "\n".utf8)), as: UTF8.self)
        return Section(template: Prompt.Template(role: role, text: text), line: firstLine + start)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
