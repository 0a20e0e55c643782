import Foundation
import Synchronization

@testable import RatchetCLI

/// A terminal with somebody at it: what was written, and the lines that are still to be typed.
final class ScriptedTerminal: Sendable {
    private let text = Mutex("")
    private let lines: Mutex<[String]>

    init(_ lines: [String]) { self.lines = Mutex(lines) }

    var written: String { text.withLock { $0 } }

    func context(_ root: URL? = nil) throws -> Context {
        var context = try Context.standard()
        if let root { context.workingDirectory = root.path }
        context.output = { text in self.text.withLock { $0 += text } }
        context.error = context.output
        context.readLine = { self.lines.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
        context.readKey = context.readLine
        context.isInputTerminal = true
        context.isOutputTerminal = true
        return context
    }
}
