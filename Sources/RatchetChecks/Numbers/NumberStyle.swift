/// How numbers are written: which mark is the decimal one, and whether `3/4` is a fraction.
struct NumberStyle: Hashable, Sendable {
    var hasDecimalComma = false
    var readsFractions = true

    /// The decimal mark.
    var point: UInt8 { hasDecimalComma ? UInt8(ascii: ",") : UInt8(ascii: ".") }
    private var otherMark: UInt8 { hasDecimalComma ? UInt8(ascii: ".") : UInt8(ascii: ",") }

    static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "'"), UInt8(ascii: "_"), NumberText.groupingSpace: true
        default: false
        }
    }

    /// What digits with separators between them mean as one number; `nil` when they are none.
    ///
    /// A notation that can only be the other one (`1.234,5` among decimal points) is read as such.
    func digits(_ bytes: [UInt8], _ run: Range<Int>) -> NumberToken.Digits? {
        let marks = Marks(bytes, run)
        guard marks.count > 0 else { return NumberToken.Digits(range: run, isPlain: true) }
        let isUniform = marks.isUniform
        // 1,234.5 and 12.5
        if marks.last == point, marks.count == 1 || marks.isUniformBeforeLast && marks.first != point,
            hasValidGroups(bytes, run.lowerBound..<marks.lastPlace, mark: marks.count == 1 ? nil : marks.first)
        {
            return NumberToken.Digits(range: run, point: marks.lastPlace)
        }
        // 1,234 and 1'234
        if isUniform, marks.first != point, hasValidGroups(bytes, run, mark: marks.first) { return NumberToken.Digits(range: run) }
        // 1.234.567
        if isUniform, marks.first == point, marks.count > 1, hasValidGroups(bytes, run, mark: marks.first) {
            return NumberToken.Digits(range: run)
        }
        // 1.234,5
        if marks.count > 1, marks.last == otherMark, marks.isUniformBeforeLast, marks.first != otherMark,
            hasValidGroups(bytes, run.lowerBound..<marks.lastPlace, mark: marks.first)
        {
            return NumberToken.Digits(range: run, point: marks.lastPlace)
        }
        // 3.14 among decimal commas: a point separates no list.
        if hasDecimalComma, marks.count == 1, marks.last == UInt8(ascii: ".") {
            return NumberToken.Digits(range: run, point: marks.lastPlace)
        }
        return nil
    }

    /// Whether digits may be the first group of a grouped number.
    func mayGroup(_ bytes: [UInt8], _ group: Range<Int>) -> Bool {
        group.count <= 3 && bytes[group.lowerBound] != UInt8(ascii: "0")
    }

    /// Groups of three after a first of one to three, or as in India (`12,34,567`); of any size between underscores.
    private func hasValidGroups(_ bytes: [UInt8], _ range: Range<Int>, mark: UInt8?) -> Bool {
        guard let mark else { return true }
        if mark == UInt8(ascii: "_") { return true }
        var group = 0
        var groups = 0
        var areThrees = true
        var areTwos = true
        for place in range {
            if bytes[place] != mark {
                group += 1
                continue
            }
            if groups == 0 {
                guard mayGroup(bytes, place - group..<place) else { return false }
                areTwos = group <= 2
            } else {
                areThrees = areThrees && group == 3
                areTwos = areTwos && group == 2
            }
            groups += 1
            group = 0
        }
        let isIndian = areTwos && groups > 1 && mark == UInt8(ascii: ",")
        return group == 3 && (areThrees || isIndian)
    }

    /// The separators of a run, in one pass.
    private struct Marks {
        var count = 0
        var first: UInt8 = 0
        var last: UInt8 = 0
        var lastPlace = 0
        var isUniform = true
        var isUniformBeforeLast = true

        init(_ bytes: [UInt8], _ run: Range<Int>) {
            for place in run where !isDigit(bytes[place]) {
                if count == 0 { first = bytes[place] }
                isUniformBeforeLast = isUniform
                isUniform = isUniform && bytes[place] == first
                (last, lastPlace) = (bytes[place], place)
                count += 1
            }
        }
    }
}
