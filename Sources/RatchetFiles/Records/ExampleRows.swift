import RatchetCore
import RatchetJSON

/// Rows of a suite's files, taken out or put together, byte for byte as somebody wrote them.
package struct ExampleRows: Sendable {
    let folder: ProjectFolder

    package init(_ folder: ProjectFolder) { self.folder = folder }

    /// Takes the rows of these examples out of their files; a file that has no other row is removed.
    ///
    /// - Returns: The files that changed.
    package func remove(_ examples: [Example]) throws(FileSystem.Failure) -> [String] {
        let byFile = Dictionary(grouping: examples, by: \.source.file)
        for (file, examples) in byFile.sorted(by: { $0.key < $1.key }) {
            let lines = Set(examples.map(\.source.line))
            var kept: [UInt8] = []
            var isEmpty = true
            for (place, line) in try FileSystem.read(folder.path(file)).split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
            where !lines.contains(place + 1) {
                if !kept.isEmpty { kept.append(0x0A) }
                kept += line
                if line.contains(where: { $0 > 0x20 }) { isEmpty = false }
            }
            if isEmpty { try FileSystem.remove(folder.path(file)) } else { try AtomicFile.write(kept, to: folder.path(file)) }
        }
        return byFile.keys.sorted()
    }

    /// Moves the examples that lie in files of their own into `examples.jsonl`, by id, after what is there.
    ///
    /// The whole is written before the single files go: whatever happens in between, nothing is lost, and `check` names what is there twice.
    ///
    /// - Returns: The ids that were moved.
    package func compact(_ suite: Suite) throws(FileSystem.Failure) -> [String] {
        let prefix = "suites/\(suite.name)/added/"
        let added = suite.examples.filter { $0.source.file.hasPrefix(prefix) }.sorted { $0.id < $1.id }
        guard !added.isEmpty else { return [] }
        let path = folder.path("suites/\(suite.name)/examples.jsonl")
        var bytes = FileSystem.kind(path) == nil ? [] : try FileSystem.read(path)
        if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
        var files: [String: [ArraySlice<UInt8>]] = [:]
        for example in added {
            let file = example.source.file
            if files[file] == nil { files[file] = try FileSystem.read(folder.path(file)).split(separator: 0x0A, omittingEmptySubsequences: false) }
            guard let lines = files[file], lines.indices.contains(example.source.line - 1) else { continue }
            bytes += lines[example.source.line - 1] + [0x0A]
        }
        try AtomicFile.write(bytes, to: path)
        for file in files.keys { try FileSystem.remove(folder.path(file)) }
        return added.map(\.id)
    }
}
