import RatchetCore
import RatchetGate
import RatchetJSON

/// A run as one page that opens from disk: no network, no file beside it, and a policy that lets nothing run but its own script.
///
/// The page is a shell, a style, a script, and the run as JSON, one element an example, written as they are read. The script puts
/// every text into the page as text; a model's output is never markup, and never code.
package enum HTMLReport {
    package static func render(_ report: RunReport, to write: (String) throws -> Void) throws {
        let style = String(decoding: PackageResources.report_css, as: UTF8.self)
        let script = String(decoding: PackageResources.report_js, as: UTF8.self)
        let verdict = VerdictWording(report)
        let title = XMLText.content("Ratchet: \(verdict.headline), run \(report.header.id)")
        let policy =
            "default-src 'none'; style-src '\(source(style))'; script-src '\(source(script))'; img-src 'none'; base-uri 'none'; form-action 'none'"
        try write(
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <title>\(title)</title>
            <style>\(style)</style>
            </head>
            <body>
            <noscript><p>\(title). This page needs its own script to show more; ratchet runs show prints the same.</p></noscript>
            <main id="page"></main>

            """)
        let data = HTMLReportData(report: report, verdict: verdict)
        try write("<script type=\"application/json\" id=\"run\">" + text(data.head) + "</script>\n")
        try write("<script type=\"application/json\" id=\"examples\">[")
        var isFirst = true
        try data.forEachExample { example in
            try write((isFirst ? "\n" : ",\n") + text(example))
            isFirst = false
        }
        try write("\n]</script>\n<script>\(script)</script>\n</body>\n</html>\n")
    }

    /// No `<`, so that no text can end the element it stands in.
    private static func text(_ value: JSONValue) -> String { value.serialized(.compact, escaping: .html) }

    /// `sha256-…`, by which the policy names the page's own style and script.
    private static func source(_ text: String) -> String { "sha256-" + base64(Digest.hash(Array(text.utf8))) }

    /// RFC 4648, section 4.
    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 { text.append(place <= group.count ? alphabet[bits >> (18 - 6 * place) & 63] : "=") }
        }
        return text
    }
}
