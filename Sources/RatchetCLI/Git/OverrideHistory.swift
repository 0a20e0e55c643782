import Foundation
import RatchetFiles
import RatchetReports

/// The life of override files, newest event first: added, changed, removed.
struct OverrideHistory {
    private struct Event {
        var day: String
        var commit: String
        var author: String
        var subject: String
        var change: String
        var file: String
        var reason: String?
    }

    private let events: [Event]

    /// `nil` where git keeps no history.
    init?(folder: ProjectFolder) {
        let git = Git(folder: folder.root)
        guard git.output(["rev-parse", "--verify", "--quiet", "HEAD"]) != nil,
            let data = git.data([
                "log", "--no-renames", "--relative", "--name-status", "--date=short",
                "--format=%x01%h%x02%ad%x02%an <%ae>%x02%s", "--", "overrides",
            ])
        else { return nil }
        var found: [Event] = []
        for entry in String(decoding: data, as: UTF8.self).split(separator: "\u{1}") {
            let lines = entry.split(separator: "\n", omittingEmptySubsequences: true)
            let head = (lines.first ?? "").split(separator: "\u{2}", omittingEmptySubsequences: false).map(String.init)
            guard head.count == 4 else { continue }
            for line in lines.dropFirst() {
                let parts = line.split(separator: "\t").map(String.init)
                guard parts.count == 2, parts[1].hasSuffix(".yaml") else { continue }
                let at = parts[0] == "D" ? "\(head[0])^" : head[0]
                let text = git.output(["show", "\(at):./\(parts[1])"])
                let reason = text?.split(separator: "\n").first { $0.hasPrefix("reason:") }.map { String($0.dropFirst(7)) }
                found.append(
                    Event(
                        day: head[1], commit: head[0], author: head[2], subject: head[3],
                        change: parts[0] == "A" ? "added" : parts[0] == "D" ? "removed" : "changed", file: parts[1],
                        reason: reason?.trimmingCharacters(in: CharacterSet(charactersIn: " \"'"))))
            }
        }
        events = found
    }

    var text: String {
        if events.isEmpty { return "no override was ever committed\n" }
        return events.map { event in
            "\(event.day)  \(event.change.padding(toLength: 7, withPad: " ", startingAt: 0))  \(TerminalText.plain(event.file, limit: 120))\n"
                + "  by \(TerminalText.plain(event.author, limit: 80)) in \(event.commit): \(TerminalText.plain(event.subject, limit: 120))\n"
                + (event.reason.map { "  reason: \(TerminalText.plain($0, limit: 200))\n" } ?? "")
        }.joined()
    }
}
