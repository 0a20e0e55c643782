import RatchetCore
import RatchetJSON

/// Collects what is wrong with files, so that all of it is reported at once.
package final class Problems {
    package private(set) var diagnostics: [Diagnostic] = []
    /// The exit code that problems of these files ask for.
    package let exitCode: ExitCode

    package init(exitCode: ExitCode = .badInput) { self.exitCode = exitCode }

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    package func error(_ message: String, at source: SourceReference?, help: String? = nil) {
        diagnostics.append(Diagnostic(.error, at: source, message, help: help, exitCode: exitCode))
    }

    package func warning(_ message: String, at source: SourceReference?, help: String? = nil) {
        diagnostics.append(Diagnostic(.warning, at: source, message, help: help, exitCode: exitCode))
    }

    package func add(_ more: [Diagnostic]) { diagnostics += more }
}

/// Text of a user's file inside a message.
package enum Quoted {
    /// The text in double quotes, shortened, with control characters escaped: no terminal can be driven by a file's name.
    package static func text(_ text: String) -> String {
        let limit = 80
        let scalars = text.unicodeScalars
        guard scalars.count > limit else { return JSONValue.string(text).serialized() }
        return JSONValue.string(String(String.UnicodeScalarView(scalars.prefix(limit))) + "…").serialized()
    }

    /// "a", "b" or "c".
    package static func alternatives(_ texts: [String]) -> String {
        let quoted = texts.map(text)
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " or " + last
    }
}
