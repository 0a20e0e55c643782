import RatchetCore

/// A text file of the project, read whole and fit to be parsed: UTF-8, no byte order mark, lines that end in LF.
package struct SourceFile {
    /// The file as the user would name it.
    package var name: String
    package var bytes: [UInt8]

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads `name`, and reports what every parser would stumble over.
    ///
    /// A byte order mark and CR LF are reported and then taken away, so that everything else that is wrong with the file
    /// is found in the same go.
    ///
    /// - Returns: `nil` when there is nothing to parse.
    package static func read(
        _ name: String, in folder: ProjectFolder, _ problems: Problems, missingHelp: String? = nil
    ) -> SourceFile? {
        do throws(FileSystem.Failure) {
            let bytes = try FileSystem.read(folder.path(name))
            return check(bytes, name, problems)
        } catch {
            problems.error(
                "cannot read \(Quoted.text(name)): \(error)", at: SourceReference(file: name),
                help: error.isMissing ? missingHelp : nil)
            return nil
        }
    }

    /// The same for content that is already in memory.
    package static func check(_ bytes: [UInt8], _ name: String, _ problems: Problems) -> SourceFile? {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            problems.error(
                "the file starts with a UTF-16 byte order mark", at: SourceReference(file: name),
                help: "save it as UTF-8")
            return nil
        }
        if bytes.starts(with: "version https://git-lfs.github.com/spec/".utf8) {
            problems.error(
                "this is a Git LFS pointer, not the file itself", at: SourceReference(file: name),
                help: "run: git lfs pull")
            return nil
        }
        var bytes = bytes
        if bytes.starts(with: TextPosition.byteOrderMark) {
            bytes.removeFirst(3)
            problems.error(
                "the file starts with a byte order mark (U+FEFF)", at: SourceReference(file: name),
                help: "save it as UTF-8 without BOM")
        }
        if let offset = invalidByte(in: bytes) {
            let (line, column) = TextPosition.lineAndColumn(of: offset, in: bytes)
            let byte = String(bytes[offset], radix: 16, uppercase: true)
            problems.error(
                "the byte 0x\(byte) is not valid UTF-8", at: SourceReference(file: name, line: line, column: column),
                help: "save the file as UTF-8")
            return nil
        }
        return SourceFile(name: name, bytes: withoutCarriageReturns(bytes, name, problems))
    }

    private static func invalidByte(in bytes: [UInt8]) -> Int? {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }

    private static func withoutCarriageReturns(_ bytes: [UInt8], _ name: String, _ problems: Problems) -> [UInt8] {
        let carriageReturn = UInt8(ascii: "\r")
        guard bytes.contains(carriageReturn) else { return bytes }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var first: Int?
        for (index, byte) in bytes.enumerated() {
            if byte == carriageReturn, index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") {
                first = first ?? index
            } else {
                kept.append(byte)
            }
        }
        if let first {
            let (line, column) = TextPosition.lineAndColumn(of: first, in: bytes)
            problems.error(
                "the line ends in CR LF", at: SourceReference(file: name, line: line, column: column),
                help: "save the file with LF line ends (git: text eol=lf in .gitattributes; or: sed -i 's/\\r$//' FILE)"
            )
        }
        return kept
    }
}

/// Places in a text as people count them: from 1, columns in Unicode scalars.
package enum TextPosition {
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    package static func lineAndColumn(of offset: Int, in bytes: some Collection<UInt8>) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return (line, column)
    }
}
