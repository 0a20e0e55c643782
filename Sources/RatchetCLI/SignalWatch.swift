import Dispatch
import Foundation
import RatchetCore

/// Watches for SIGINT and SIGTERM while it lives; a second signal ends the program at once.
final class SignalWatch: @unchecked Sendable {
    // The sources are made once and cancelled once; nothing else touches them.
    private let sources: [any DispatchSourceSignal]

    init(_ handler: @escaping @Sendable (RatchetCore.ExitCode) -> Void) {
        let signals: [(Int32, RatchetCore.ExitCode)] = [(SIGINT, .interrupted), (SIGTERM, .terminated)]
        sources = signals.map { signalNumber, code in
            signal(signalNumber, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: signalNumber, queue: .global())
            nonisolated(unsafe) var count = 0
            source.setEventHandler {
                count += 1
                if count > 1 { _exit(code.rawValue) }
                handler(code)
            }
            source.resume()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }
}
