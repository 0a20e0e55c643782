import RatchetJSON

/// One finding about a file or an argument, written for the person who has to mend it.
package struct Diagnostic: Error, Hashable, Sendable {
    package enum Severity: String, Sendable { case error, warning }

    package var severity: Severity
    package var source: SourceReference?
    /// What is wrong, in one line.
    package var message: String
    /// What to do about it, in one line.
    package var help: String?
    /// The exit code this finding asks for when it stops the program.
    package var exitCode: ExitCode

    package init(
        _ severity: Severity = .error, at source: SourceReference? = nil, _ message: String, help: String? = nil,
        exitCode: ExitCode = .badInput
    ) {
        self.severity = severity
        self.source = source
        self.message = message
        self.help = help
        self.exitCode = exitCode
    }

    /// An error that is at no place of a file.
    package init(_ message: String, help: String? = nil, exitCode: ExitCode = .badInput) {
        self.init(.error, message, help: help, exitCode: exitCode)
    }
}

/// All findings that stop a command; it is thrown once, with every problem in it.
package struct DiagnosticsError: Error, Sendable {
    package var diagnostics: [Diagnostic]
    package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}

/// A place in a file. A value is named by its pointer, and only turned into line and column when somebody reads it:
/// reading a hundred thousand good examples then costs nothing for positions.
package struct SourceReference: Hashable, Sendable {
    package enum Place: Hashable, Sendable {
        /// A position that is already known; both are counted from 1, the column in Unicode scalars.
        case position(line: Int, column: Int)
        /// A value inside the document that begins at `line` (a row of a JSONL file, or a whole YAML or JSON file).
        case value(document: Int, JSONPointer)
        /// The same for the key of a member.
        case key(document: Int, JSONPointer)
    }

    /// The file as the user would name it: relative to the project's folder.
    package var file: String
    package var place: Place

    package init(file: String, _ place: Place) {
        self.file = file
        self.place = place
    }

    package init(file: String, line: Int = 1, column: Int = 1) {
        self.init(file: file, .position(line: line, column: column))
    }

    /// The place of the member or element `token` of the value this names.
    package func appending(_ token: String) -> SourceReference { moving { $0.appending(token) } }
    package func appending(_ index: Int) -> SourceReference { moving { $0.appending(index) } }

    /// The same place, meaning the key and not the value beside it.
    package var key: SourceReference {
        if case .value(let document, let pointer) = place { SourceReference(file: file, .key(document: document, pointer)) }
        else { self }
    }

    /// Counted from 1; of a value, the line at which its document begins.
    package var line: Int {
        switch place {
        case .position(let line, _): line
        case .value(let document, _), .key(let document, _): document
        }
    }

    /// The whole of the document that this place is in.
    package var document: SourceReference {
        switch place {
        case .position: self
        case .value(let document, _), .key(let document, _):
            SourceReference(file: file, .value(document: document, .root))
        }
    }

    private func moving(_ move: (JSONPointer) -> JSONPointer) -> SourceReference {
        switch place {
        case .position: self
        case .value(let document, let pointer), .key(let document, let pointer):
            SourceReference(file: file, .value(document: document, move(pointer)))
        }
    }
}
