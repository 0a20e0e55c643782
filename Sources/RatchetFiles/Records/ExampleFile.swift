import Glibc
import RatchetCore
import RatchetJSON

/// Examples added one by one, a file each, so that two branches never conflict.
package enum ExampleFile {
    /// Where an added example lies, relative to the project.
    package static func path(suite: String, id: String) -> String {
        "\(SuiteReader.folderName)/\(suite)/added/\(Name.slug(id)).jsonl"
    }

    /// Writes an example to a file of its own.
    ///
    /// - Parameter example: an object with an `id`; `ProjectLoader.load(adding:)` tells beforehand what is wrong with it.
    /// - Returns: the path, relative to the project.
    /// - Throws: `EEXIST` when the file is there already; nothing is ever overwritten.
    package static func add(
        suite: String, example: JSONValue, in folder: ProjectFolder
    ) throws(FileSystem.Failure) -> String {
        guard Name.isValid(suite), let id = example.objectValue?["id"]?.stringValue, !id.isEmpty else {
            throw FileSystem.Failure(code: EINVAL, "an example needs a suite and an id")
        }
        let path = path(suite: suite, id: id)
        try AtomicFile.create(Array((example.serialized() + "\n").utf8), at: folder.path(path))
        return path
    }
}

/// An example that is not written yet, to be judged as if it were.
package struct NewExample: Sendable {
    package var suite: String
    package var row: JSONValue

    package init(suite: String, row: JSONValue) {
        self.suite = suite
        self.row = row
    }

    /// Where it would lie.
    package var source: SourceReference {
        let id = row.objectValue?["id"]?.stringValue ?? ""
        return SourceReference(file: ExampleFile.path(suite: suite, id: id), .value(document: 1, .root))
    }
}
