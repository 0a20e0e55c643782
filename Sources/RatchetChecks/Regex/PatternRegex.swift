import CPCRE2

/// A compiled regular expression in the dialect of PCRE2 (Perl's), JIT compiled, matching Unicode text.
///
/// One instance may be used by any number of threads at once. Matching is bounded (`Limits`): a pattern that
/// backtracks catastrophically ends with an error and not with a hang.
package final class PatternRegex: Sendable {
    /// What one match may use before it is given up.
    package enum Limits {
        /// Steps of backtracking.
        package static let steps: UInt32 = 10_000_000
        /// Nested backtracking points, where there is no JIT.
        package static let depth: UInt32 = 100_000
        /// KiB of heap, where there is no JIT.
        package static let heap: UInt32 = 64 * 1024
        /// Bytes of the stack used by JIT code when the first 32 KiB on the thread's own stack are not enough.
        static let jitStack = (first: 256 * 1024, most: 8 * 1024 * 1024)
    }

    // PCRE2 only reads both while matching (pcre2api, "Multithreading").
    private nonisolated(unsafe) let code: OpaquePointer
    private nonisolated(unsafe) let context: OpaquePointer?
    package let groupCount: Int
    /// The named groups, by name.
    package let groupNames: [(name: String, group: Int)]

    /// - Parameter flags: any of `i` (case does not matter), `m` (`^` and `$` at line ends too), `s` (`.` matches line
    ///   breaks), `x` (spaces and comments in the pattern; `xx` also inside classes), `u` (`\d`, `\w`, `\b` and POSIX
    ///   classes by Unicode properties), `U` (quantifiers are lazy), `n` (only named groups capture), `J` (names may
    ///   repeat).
    /// - Throws: for a pattern that does not compile and for an unknown flag.
    package convenience init(_ pattern: String, flags: String = "") throws(PatternError) {
        try self.init(pattern, options: try Self.options(of: flags))
    }

    /// - Parameters:
    ///   - options: `PCRE2_…` options beside `PCRE2_UTF`.
    ///   - extraOptions: `PCRE2_EXTRA_…` options.
    init(_ pattern: String, options: UInt32, extraOptions: UInt32 = 0) throws(PatternError) {
        let compileContext = pcre2_compile_context_create_8(nil)
        defer { pcre2_compile_context_free_8(compileContext) }
        // Whatever the library was built with.
        pcre2_set_newline_8(compileContext, UInt32(PCRE2_NEWLINE_LF))
        pcre2_set_bsr_8(compileContext, UInt32(PCRE2_BSR_UNICODE))
        pcre2_set_compile_extra_options_8(compileContext, extraOptions)

        var errorCode: Int32 = 0
        var errorOffset = 0
        var text = pattern
        let compiled = text.withUTF8 { bytes in
            pcre2_compile_8(
                bytes.baseAddress, bytes.count, options | PCRE2_UTF | PCRE2_NO_UTF_CHECK, &errorCode, &errorOffset,
                compileContext)
        }
        guard let compiled else { throw PatternError(message: pcreMessage(errorCode), offset: errorOffset) }
        code = compiled
        // Without JIT (not built in, or memory that may not be executed) matching is slower and otherwise the same.
        _ = pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)

        context = pcre2_match_context_create_8(nil)
        pcre2_set_match_limit_8(context, Limits.steps)
        pcre2_set_depth_limit_8(context, Limits.depth)
        pcre2_set_heap_limit_8(context, Limits.heap)

        var count: UInt32 = 0
        _ = pcre2_pattern_info_8(compiled, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
        groupCount = Int(count)
        groupNames = Self.groupNames(of: compiled)
    }

    deinit {
        pcre2_match_context_free_8(context)
        pcre2_code_free_8(code)
    }

    /// Whether the pattern is found anywhere in `text`.
    package func matches(_ text: String) throws(PatternLimitError) -> Bool {
        // One pair of offsets is enough to know.
        let data = pcre2_match_data_create_8(1, nil)
        defer { pcre2_match_data_free_8(data) }
        var text = text
        let status = text.withUTF8 { match(in: $0, from: 0, options: 0, data) }
        return try Self.isMatch(status)
    }

    /// The leftmost match in `text`.
    package func firstMatch(in text: String) throws(PatternLimitError) -> PatternMatch? {
        let data = pcre2_match_data_create_from_pattern_8(code, nil)
        defer { pcre2_match_data_free_8(data) }
        var text = text
        let (status, found) = text.withUTF8 { bytes in
            let status = match(in: bytes, from: 0, options: 0, data)
            return (status, status >= 0 ? patternMatch(from: data, in: bytes) : nil)
        }
        return try Self.isMatch(status) ? found : nil
    }

    /// All matches in `text` from left to right that do not overlap; an empty match may follow another match.
    package func allMatches(in text: String) throws(PatternLimitError) -> [PatternMatch] {
        let data = pcre2_match_data_create_from_pattern_8(code, nil)
        defer { pcre2_match_data_free_8(data) }
        var text = text
        let (status, found) = text.withUTF8 { allMatches(in: $0, data) }
        _ = try Self.isMatch(status)
        return found
    }

    /// The last of the matches that `allMatches` would give, without keeping the others.
    package func lastMatch(in text: String) throws(PatternLimitError) -> PatternMatch? {
        let data = pcre2_match_data_create_from_pattern_8(code, nil)
        defer { pcre2_match_data_free_8(data) }
        var text = text
        let (status, found) = text.withUTF8 { bytes in
            var last: (start: Int, options: UInt32)?
            let status = walk(in: bytes, data) { start, options in
                last = (start, options)
                return true
            }
            guard status == PCRE2_ERROR_NOMATCH, let last else { return (status, PatternMatch?.none) }
            let again = match(in: bytes, from: last.start, options: last.options, data)
            return (again, again >= 0 ? patternMatch(from: data, in: bytes) : nil)
        }
        return try Self.isMatch(status) ? found : nil
    }

    /// - Returns: the status that ended the search, and the matches before it.
    private func allMatches(
        in bytes: UnsafeBufferPointer<UInt8>, _ data: OpaquePointer?
    ) -> (Int32, [PatternMatch]) {
        var found: [PatternMatch] = []
        let status = walk(in: bytes, data) { _, _ in
            guard let next = patternMatch(from: data, in: bytes) else { return false }
            found.append(next)
            return true
        }
        return (status, found)
    }

    /// Finds one match after the other, until `visit` returns `false`; it is told where the search for the match began,
    /// and with which options.
    ///
    /// - Returns: the status that ended the search.
    private func walk(
        in bytes: UnsafeBufferPointer<UInt8>, _ data: OpaquePointer?, _ visit: (_ start: Int, _ options: UInt32) -> Bool
    ) -> Int32 {
        guard let offsets = pcre2_get_ovector_pointer_8(data) else { return PCRE2_ERROR_NOMEMORY }
        var start = 0
        var options: UInt32 = 0
        while start <= bytes.count {
            let status = match(in: bytes, from: start, options: options, data)
            if status >= 0 {
                guard visit(start, options) else { return status }
                let (lower, upper) = (Int(offsets[0]), Int(offsets[1]))
                // After an empty match: one that is not, at the same place, else go on one character further.
                options = lower >= upper ? PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0
                start = max(start, upper)
            } else if status == PCRE2_ERROR_NOMATCH, options != 0 {
                options = 0
                start += 1
                while start < bytes.count, bytes[start] & 0xC0 == 0x80 { start += 1 }
            } else {
                return status
            }
        }
        return PCRE2_ERROR_NOMATCH
    }

    private func match(
        in bytes: UnsafeBufferPointer<UInt8>, from start: Int, options: UInt32, _ data: OpaquePointer?
    ) -> Int32 {
        // Swift's strings are valid UTF-8.
        let options = options | PCRE2_NO_UTF_CHECK
        let status = pcre2_match_8(code, bytes.baseAddress, bytes.count, start, options, data, context)
        guard status == PCRE2_ERROR_JIT_STACKLIMIT else { return status }

        let roomyContext = pcre2_match_context_copy_8(context)
        let stack = pcre2_jit_stack_create_8(Limits.jitStack.first, Limits.jitStack.most, nil)
        defer {
            pcre2_match_context_free_8(roomyContext)
            pcre2_jit_stack_free_8(stack)
        }
        pcre2_jit_stack_assign_8(roomyContext, nil, UnsafeMutableRawPointer(stack))
        return pcre2_match_8(code, bytes.baseAddress, bytes.count, start, options, data, roomyContext)
    }

    private func patternMatch(from data: OpaquePointer?, in bytes: UnsafeBufferPointer<UInt8>) -> PatternMatch? {
        guard let offsets = pcre2_get_ovector_pointer_8(data) else { return nil }
        let ranges = (0...groupCount).map { group -> Range<Int>? in
            // PCRE2_UNSET is the largest size_t, -1 as an Int.
            let (start, end) = (Int(offsets[2 * group]), Int(offsets[2 * group + 1]))
            return start >= 0 && end <= bytes.count ? min(start, end)..<end : nil
        }
        let texts = ranges.map { range in
            range.map { String(decoding: UnsafeBufferPointer(rebasing: bytes[$0]), as: UTF8.self) }
        }
        guard let range = ranges.first ?? nil, let text = texts.first ?? nil else { return nil }
        var named: [String: String] = [:]
        for (name, group) in groupNames where named[name] == nil { named[name] = texts[group] }
        return PatternMatch(
            text: text, range: range, captures: Array(texts.dropFirst()), captureRanges: Array(ranges.dropFirst()),
            named: named)
    }

    /// - Parameter status: what `pcre2_match` returned.
    private static func isMatch(_ status: Int32) throws(PatternLimitError) -> Bool {
        if status >= 0 { return true }
        if status == PCRE2_ERROR_NOMATCH { return false }
        throw PatternLimitError(message: pcreMessage(status))
    }
}

extension PatternRegex {
    private static func options(of flags: String) throws(PatternError) -> UInt32 {
        var options: UInt32 = 0
        for flag in flags.unicodeScalars {
            switch flag {
            case "i": options |= PCRE2_CASELESS
            case "m": options |= PCRE2_MULTILINE
            case "s": options |= PCRE2_DOTALL
            case "x" where options & PCRE2_EXTENDED != 0: options |= PCRE2_EXTENDED_MORE
            case "x": options |= PCRE2_EXTENDED
            case "u": options |= PCRE2_UCP
            case "U": options |= PCRE2_UNGREEDY
            case "n": options |= PCRE2_NO_AUTO_CAPTURE
            case "J": options |= PCRE2_DUPNAMES
            default:
                throw PatternError(message: "unknown flag '\(flag)'; there are i, m, s, x, u, U, n and J", offset: 0)
            }
        }
        return options
    }

    private static func groupNames(of code: OpaquePointer) -> [(name: String, group: Int)] {
        var count: UInt32 = 0
        var entrySize: UInt32 = 0
        var table: UnsafePointer<UInt8>?
        _ = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
        _ = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &entrySize)
        _ = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
        guard let table else { return [] }
        return (0..<Int(count)).map { place in
            // Two bytes of group number, then the name up to a zero.
            let entry = table + place * Int(entrySize)
            return (String(cString: entry + 2), Int(entry[0]) << 8 | Int(entry[1]))
        }
    }
}

/// What PCRE2 says about an error code.
private func pcreMessage(_ code: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(code, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
}
