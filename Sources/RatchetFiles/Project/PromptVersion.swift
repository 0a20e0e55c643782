/// A version of a prompt, ordered as semantic versions are (SemVer 2.0, section 11); parts that are missing count as 0.
package struct PromptVersion: Hashable, Comparable, Sendable {
    package let text: String

    package static let rule =
        "letters, digits, '.', '-', '_' and '+', beginning with a letter or digit; for example 1.2.0"

    package init(_ text: String) { self.text = text }

    /// Whether the version can be a file's name and stand behind the `@` of a reference.
    package var isValid: Bool {
        func isWord(_ byte: UInt8) -> Bool {
            (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
        }
        return text.utf8.first.map(isWord) == true && text.utf8.count <= 100
            && text.utf8.allSatisfy { isWord($0) || ".-_+".utf8.contains($0) }
    }

    package static func < (left: PromptVersion, right: PromptVersion) -> Bool {
        switch order(left.core, right.core, missing: "0") {
        case 0: break
        case let order: return order < 0
        }
        // A version with a pre-release part comes before the one without.
        switch (left.preRelease, right.preRelease) {
        case (nil, nil): break
        case (_?, nil): return true
        case (nil, _?): return false
        case (let one?, let other?):
            let order = order(one, other, missing: nil)
            if order != 0 { return order < 0 }
        }
        return left.text < right.text
    }

    private var withoutBuild: Substring { text.split(separator: "+", maxSplits: 1).first ?? "" }

    private var core: [Substring] {
        (withoutBuild.split(separator: "-", maxSplits: 1).first ?? "").split(separator: ".")
    }

    private var preRelease: [Substring]? {
        let parts = withoutBuild.split(separator: "-", maxSplits: 1)
        return parts.count == 2 ? parts[1].split(separator: ".") : nil
    }

    /// Negative, 0 or positive. Numbers by value and before words, words by their bytes.
    private static func order(_ left: [Substring], _ right: [Substring], missing: Substring?) -> Int {
        for index in 0..<max(left.count, right.count) {
            let one = index < left.count ? left[index] : missing
            let other = index < right.count ? right[index] : missing
            guard let one else { return -1 }
            guard let other else { return 1 }
            switch (Int(one), Int(other)) {
            case (let first?, let second?): if first != second { return first < second ? -1 : 1 }
            case (_?, nil): return -1
            case (nil, _?): return 1
            case (nil, nil): if one != other { return one < other ? -1 : 1 }
            }
        }
        return 0
    }
}
