/// The page a terminal report is set on: its width, and colours where they were asked for.
struct TerminalLayout {
    enum Tone { case bold, red, green, yellow, faint }

    let color: Bool
    let width: Int

    init(color: Bool, width: Int) {
        self.color = color
        self.width = max(width, 40)
    }

    func toned(_ text: String, _ tones: Tone...) -> String { toned(text, tones) }

    private func toned(_ text: String, _ tones: [Tone]) -> String {
        guard color, !tones.isEmpty, !text.isEmpty else { return text }
        let codes = tones.map { tone in
            switch tone {
            case .bold: "1"
            case .faint: "2"
            case .red: "31"
            case .green: "32"
            case .yellow: "33"
            }
        }
        return "\u{1B}[\(codes.joined(separator: ";"))m\(text)\u{1B}[0m"
    }

    /// Sets segments that must not be broken one after the other, and breaks the line between them.
    func packed(_ segments: [String], separator: String, indent: Int, hanging: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for (place, segment) in segments.enumerated() {
            let piece = place + 1 < segments.count ? segment + separator : segment
            let visible = TerminalText.columns(segment) + (separator.first == "," && place + 1 < segments.count ? 1 : 0)
            if !line.isEmpty, TerminalText.columns(line) + visible > width {
                lines.append(trimmed(line))
                line = ""
            }
            if line.isEmpty {
                // No line may begin with what a CI system takes for a command.
                line = spaces(lines.isEmpty ? indent : hanging) + (segment.hasPrefix("::") ? "\\" : "")
            }
            line += piece
        }
        if !line.isEmpty { lines.append(trimmed(line)) }
        return lines
    }

    /// Words of ours, broken at spaces, but not inside an interval's brackets.
    func wrapped(_ text: String, indent: Int, hanging: Int) -> [String] {
        var words: [String] = []
        for word in text.split(separator: " ") {
            if let last = words.last, last.hasPrefix("["), !last.contains("]") {
                words[words.count - 1] += " " + word
            } else {
                words.append(String(word))
            }
        }
        return packed(words, separator: " ", indent: indent, hanging: hanging)
    }

    /// A heading in a tone, and a remark of ours behind it.
    func headed(_ heading: String, _ remark: String, indent: Int, _ tones: Tone...) -> [String] {
        let lines = wrapped(remark.isEmpty ? heading : "\(heading): \(remark)", indent: indent, hanging: indent + 2)
        guard let first = lines.first else { return [] }
        let start = spaces(indent) + heading
        guard first.hasPrefix(start) else { return lines.map { toned($0, tones) } }
        return [spaces(indent) + toned(heading, tones) + first.dropFirst(start.count)] + lines.dropFirst()
    }

    /// A word in a column of its own, and beside it words of ours, broken at spaces.
    func labelled(_ label: String, _ text: String, indent: Int, column: Int) -> [String] {
        let lines = wrapped(text, indent: indent + column, hanging: indent + column)
        let padded = spaces(indent) + label.padded(to: column - 1) + " "
        guard let first = lines.first else { return [trimmed(padded)] }
        return [padded + first.dropFirst(indent + column)] + lines.dropFirst()
    }

    /// Someone else's text on one line, cut at the page's width.
    func quoted(_ text: String, indent: Int, label: String = "") -> String {
        let room = max(width - indent - TerminalText.columns(label), 20)
        return spaces(indent) + label + TerminalText.plain(text, limit: room)
    }

    func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }

    private func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}

extension String {
    /// With spaces behind it up to a number of columns.
    func padded(to columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - TerminalText.columns(self)))
    }
}
