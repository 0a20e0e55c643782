/// Where and what a regular expression matched.
package struct PatternMatch: Sendable, Hashable {
    /// The whole match.
    package let text: String
    /// UTF-8 offsets of the match in the text.
    package let range: Range<Int>
    /// The text of groups 1, 2, …; `nil` for a group that took no part, which differs from one that matched nothing.
    package let captures: [String?]
    /// UTF-8 offsets of groups 1, 2, …
    package let captureRanges: [Range<Int>?]
    /// The named groups that took part; of groups with the same name the first of them.
    package let named: [String: String]
}

/// A pattern that does not compile.
package struct PatternError: Error, Hashable, Sendable {
    /// What is wrong, for people.
    package let message: String
    /// UTF-8 offset in the pattern near which it is wrong.
    package let offset: Int
}

extension PatternError: CustomStringConvertible {
    package var description: String { "\(message) (at offset \(offset))" }
}

/// Matching was given up, because it took too many steps or too much memory: neither a match nor none.
package struct PatternLimitError: Error, Hashable, Sendable {
    /// Which limit was reached, for people.
    package let message: String
}

extension PatternLimitError: CustomStringConvertible {
    package var description: String { message }
}
