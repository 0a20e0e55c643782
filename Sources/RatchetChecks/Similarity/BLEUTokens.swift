/// Words as WMT's `mteval-v13a` finds them: the tokenizer `13a`, sacrebleu's default (Post 2018).
enum BLEUTokens {
    static func tokens(_ text: String) -> [[UInt8]] {
        var bytes = PythonText.withoutTrailingSpace(text)
        bytes = replacing("<skipped>", with: "", in: bytes)
        bytes = replacing("-\n", with: "", in: bytes)
        bytes = replacing("\n", with: " ", in: bytes)
        for (entity, character) in [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")] {
            bytes = replacing(entity, with: character, in: bytes)
        }
        bytes = [space] + bytes + [space]
        bytes = separatingSymbols(bytes)
        bytes = separating(bytes, isFirst: { !isDigit($0) }, isSecond: isStop, marksSecond: true)
        bytes = separating(bytes, isFirst: isStop, isSecond: { !isDigit($0) }, marksSecond: false)
        bytes = separating(bytes, isFirst: isDigit, isSecond: { $0 == UInt8(ascii: "-") }, marksSecond: true)
        return PythonText.split(bytes).map { Array(bytes[$0]) }
    }

    private static let space = UInt8(ascii: " ")

    private static func isStop(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") }

    /// Spaces around symbols: `[\{-\~\[-\` -\&\(-\+\:-\@\/]`.
    private static func separatingSymbols(_ bytes: [UInt8]) -> [UInt8] {
        var separated: [UInt8] = []
        separated.reserveCapacity(bytes.count + bytes.count / 4)
        for byte in bytes {
            switch byte {
            case 0x7B...0x7E, 0x5B...0x60, 0x20...0x26, 0x28...0x2B, 0x3A...0x40, 0x2F: separated += [space, byte, space]
            default: separated.append(byte)
            }
        }
        return separated
    }

    /// A pair of bytes with spaces around one of them, pairs taken from left to right without overlap: `\1 \2 ` when the
    /// second is marked, ` \1 \2` when the first is.
    private static func separating(
        _ bytes: [UInt8], isFirst: (UInt8) -> Bool, isSecond: (UInt8) -> Bool, marksSecond: Bool
    ) -> [UInt8] {
        var separated: [UInt8] = []
        separated.reserveCapacity(bytes.count + bytes.count / 8)
        var place = 0
        while place < bytes.count {
            if place + 1 < bytes.count, isFirst(bytes[place]), isSecond(bytes[place + 1]) {
                separated += marksSecond
                    ? [bytes[place], space, bytes[place + 1], space] : [space, bytes[place], space, bytes[place + 1]]
                place += 2
            } else {
                separated.append(bytes[place])
                place += 1
            }
        }
        return separated
    }

    private static func replacing(_ word: String, with replacement: String, in bytes: [UInt8]) -> [UInt8] {
        let word = Array(word.utf8)
        guard let first = word.first, bytes.contains(first) else { return bytes }
        var replaced: [UInt8] = []
        replaced.reserveCapacity(bytes.count)
        var place = 0
        while place < bytes.count {
            if bytes[place] == first, bytes[place...].starts(with: word) {
                replaced.append(contentsOf: replacement.utf8)
                place += word.count
            } else {
                replaced.append(bytes[place])
                place += 1
            }
        }
        return replaced
    }
}
