import Foundation
import RatchetBackends
import RatchetChecks
import RatchetFiles
import RatchetJSON

extension ConformanceSuite {
    /// PCRE2's own test data: the same match and the same groups at the same places.
    static let patterns = ConformanceSuite(folder: "pcre2", title: "Regular expressions (PCRE2)") { folder in
        try CaseFiles.rows(folder).map { name, test in ConformanceCase(name) { try patternOutcome(of: test) } }
    }

    /// The options that the check `regex` has a letter for; text is always UTF.
    private static let patternFlags = [
        "utf": "", "caseless": "i", "extended": "x", "ucp": "u", "dotall": "s", "multiline": "m", "dupnames": "J",
        "extended_more": "xx", "ungreedy": "U", "no_auto_capture": "n",
    ]

    private static func patternOutcome(of test: JSONValue) throws -> ConformanceOutcome {
        var flags = ""
        for flag in test["flags"]?.arrayValue ?? [] {
            guard let letters = patternFlags[flag.stringValue ?? ""] else { return .skipped("the option \(flag.serialized()) is not offered") }
            flags += letters
        }
        let match = try PatternRegex(try test.needText("pattern"), flags: flags).firstMatch(in: try test.needText("subject"))
        guard (match != nil) == (test["match"] == true) else { return .failed(match.map { "matched \($0.text.debugDescription)" } ?? "no match") }
        guard let match, let groups = test["groups"]?.arrayValue else { return .passed }
        let ranges = [match.range] + match.captureRanges
        for (place, text) in ([match.text] + match.captures).enumerated() {
            let wanted = place < groups.count ? groups[place].arrayValue : nil
            let isSame = text == wanted?[0].stringValue && ranges[place]?.lowerBound == wanted?[1].intValue
                && ranges[place]?.upperBound == wanted?[2].intValue
            guard isSame else { return .failed("group \(place) is \(text.debugDescription), wanted \(wanted?[0].serialized() ?? "unset")") }
        }
        return .passed
    }

    /// The specification of Mustache, without partials, which prompts do not have, and without HTML's escapes, which
    /// they do not want.
    static let mustache = ConformanceSuite(folder: "mustache", title: "Mustache (specification)") { folder in
        try CaseFiles.list(folder, "json").flatMap { file in
            try (CaseFiles.json(file)["tests"]?.arrayValue ?? []).map { test in
                ConformanceCase("\(file.deletingPathExtension().lastPathComponent): \(test["name"]?.stringValue ?? "")") {
                    if test["partials"] != nil { return .skipped("prompts have no partials") }
                    let template = try MustacheTemplate(try test.needText("template"))
                    let wanted = try test.needText("expected").replacing("&quot;", with: "\"").replacing("&lt;", with: "<")
                        .replacing("&gt;", with: ">").replacing("&amp;", with: "&")
                    let found = template.render(test["data"] ?? [:])
                    return .that(found == wanted, "\(found.debugDescription), wanted \(wanted.debugDescription)")
                }
            }
        }
    }

    /// Server-sent events: the same events however the stream is split.
    static let eventStreams = ConformanceSuite(folder: "sse", title: "Server-sent events") { folder in
        try CaseFiles.rows(folder).map { name, test in
            ConformanceCase(name) {
                let chunks = try (test["chunks_b64"]?.arrayValue ?? []).map { chunk in
                    guard let data = Data(base64Encoded: chunk.stringValue ?? "") else { throw BadCase("a chunk is not in base64") }
                    return [UInt8](data)
                }
                let wanted = try (try test.need("events").arrayValue ?? []).map { event in
                    ServerSentEvent(
                        event: event["event"]?.stringValue ?? "message", data: try event.needText("data"), id: event["id"]?.stringValue ?? "")
                }
                let bytes = chunks.flatMap(\.self)
                var ways = [chunks, [bytes], bytes.map { [$0] }]
                ways += bytes.indices.map { [Array(bytes[..<$0]), [], Array(bytes[$0...])] }
                for way in ways {
                    var parser = ServerSentEventParser()
                    let found = way.flatMap { parser.feed($0) }
                    guard found == wanted else { return .failed("\(found) in \(way.count) chunks, wanted \(wanted)") }
                }
                return .passed
            }
        }
    }
}
