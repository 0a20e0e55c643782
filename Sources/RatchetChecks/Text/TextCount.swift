/// Counting the parts of a text.
enum TextCount {
    /// Runs of anything but White_Space.
    static func words(_ text: String) -> Int {
        var count = 0
        var isInside = false
        for scalar in text.unicodeScalars {
            let isWhitespace = isWhitespace(scalar)
            if !isWhitespace, !isInside { count += 1 }
            isInside = !isWhitespace
        }
        return count
    }

    /// Line breaks (LF, CR LF, CR, and Unicode's own) and a rest after the last one; 0 for the empty text.
    static func lines(_ text: String) -> Int {
        var count = 0
        var isInside = false
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where previous == "\r": break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                count += 1
                isInside = false
            default: isInside = true
            }
            previous = scalar
        }
        return isInside ? count + 1 : count
    }

    /// Sentence ends before whitespace or the end (those of Chinese and Japanese anywhere), and a rest without an end.
    static func sentences(_ text: String) -> Int {
        var count = 0
        var isInside = false
        var isEnding = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "。", "！", "？":
                if isInside { count += 1 }
                (isInside, isEnding) = (false, false)
            case ".", "!", "?", "…":
                isEnding = isInside
            case "\"", "'", ")", "]", "”", "’", "»", "*", "_", "`", "」", "』", "）":
                // What closes after a sentence's end belongs to the sentence.
                break
            case _ where isWhitespace(scalar):
                if isEnding { count += 1 }
                if isEnding { (isInside, isEnding) = (false, false) }
            default: (isInside, isEnding) = (true, false)
            }
        }
        return isInside ? count + 1 : count
    }

    static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80
            ? scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value) : scalar.properties.isWhitespace
    }
}
