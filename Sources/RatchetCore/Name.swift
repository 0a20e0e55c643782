/// Names of suites, prompts, rubrics, backends and baselines: `[a-z0-9][a-z0-9_-]*`, so that they are safe as file names.
package enum Name {
    package static let rule = "small letters, digits, '-' and '_', beginning with a letter or digit"

    package static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetterOrDigit(first) else { return false }
        return name.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    /// A file name made from any text: a readable slug and a short hash, so that no two ids share a file and no path
    /// can be smuggled in.
    package static func slug(_ text: String) -> String {
        var slug = ""
        for scalar in text.lowercased().unicodeScalars where slug.utf8.count < 40 {
            if let byte = UInt8(exactly: scalar.value), isLetterOrDigit(byte) {
                slug.unicodeScalars.append(scalar)
            } else if !slug.isEmpty, slug.last != "-" {
                slug.append("-")
            }
        }
        while slug.last == "-" { slug.removeLast() }
        return (slug.isEmpty ? "example" : slug) + "-" + Digest.short(text)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
