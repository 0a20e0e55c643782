import Foundation

/// A headless Chromium that is spoken to by the DevTools protocol over two pipes: no port is opened.
///
/// Not safe to be used by several tests at once; a suite that shares one is serialized.
package final class Browser: @unchecked Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// The program, where there is one.
    package static let program: String? = ["chromium", "chromium-browser", "google-chrome"]
        .flatMap { name in ["/usr/bin/", "/usr/local/bin/"].map { $0 + name } }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    private let process = Process()
    private let folder: URL
    private let requests: FileHandle
    private let answers: FileHandle
    private var waiting = Data()
    private var number = 0
    private var session: String?
    /// What the page's console and its exceptions said since the page was opened.
    package private(set) var complaints: [String] = []

    package init() throws {
        guard let program = Self.program else { throw Failure(description: "there is no Chromium") }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("browser-\(UUID().uuidString)")
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let paths = ["in", "out"].map { folder.appendingPathComponent($0).path }
        for path in paths where mkfifo(path, 0o600) != 0 { throw Failure(description: "no pipe could be made") }
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", "exec \"$0\" \"$@\" 3<\"$IN\" 4>\"$OUT\"", program, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
            "--no-first-run", "--disable-extensions", "--disable-background-networking", "--user-data-dir=\(folder.path)/profile", "about:blank",
        ]
        process.environment = ["IN": paths[0], "OUT": paths[1], "HOME": folder.path, "PATH": "/usr/bin:/bin"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // Opened as the child opens its ends, in the same order.
        guard let requests = FileHandle(forWritingAtPath: paths[0]), let answers = FileHandle(forReadingAtPath: paths[1]) else {
            throw Failure(description: "the pipes could not be opened")
        }
        (self.requests, self.answers) = (requests, answers)
    }

    deinit {
        try? requests.close()
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Opens a page and waits until it is loaded.
    package func open(_ url: String, width: Int = 1200, height: Int = 900) throws {
        complaints = []
        session = nil
        let target = try call("Target.createTarget", ["url": "about:blank", "width": width, "height": height, "newWindow": true])["targetId"] as? String ?? ""
        session = try call("Target.attachToTarget", ["targetId": target, "flatten": true])["sessionId"] as? String
        for domain in ["Page", "Runtime", "Log", "Network"] { try call("\(domain).enable", [:]) }
        try call("Page.navigate", ["url": url])
        try waitForEvent("Page.loadEventFired")
    }

    /// The value of an expression in the page.
    @discardableResult
    package func evaluate(_ expression: String) throws -> Any? {
        let answer = try call("Runtime.evaluate", ["expression": expression, "returnByValue": true, "awaitPromise": true])
        if let problem = answer["exceptionDetails"] { throw Failure(description: "\(problem)") }
        return (answer["result"] as? [String: Any])?["value"]
    }

    package func press(_ key: String, text: String? = nil) throws {
        var down: [String: Any] = ["type": "keyDown", "key": key]
        down["text"] = text ?? (key.count == 1 ? key : nil)
        try call("Input.dispatchKeyEvent", down)
        try call("Input.dispatchKeyEvent", ["type": "keyUp", "key": key])
    }

    /// The page as PDF.
    package func print() throws -> Data {
        Data(base64Encoded: try call("Page.printToPDF", [:])["data"] as? String ?? "") ?? Data()
    }

    /// - Returns: The result of a command.
    @discardableResult
    package func call(_ method: String, _ parameters: [String: Any]) throws -> [String: Any] {
        number += 1
        let own = number
        var message: [String: Any] = ["id": own, "method": method, "params": parameters]
        message["sessionId"] = session
        try requests.write(contentsOf: JSONSerialization.data(withJSONObject: message) + [0])
        while true {
            let answer = try next()
            guard answer["id"] as? Int == own else { continue }
            if let error = answer["error"] { throw Failure(description: "\(method): \(error)") }
            return answer["result"] as? [String: Any] ?? [:]
        }
    }

    private func waitForEvent(_ name: String) throws {
        while try next()["method"] as? String != name {}
    }

    private func next() throws -> [String: Any] {
        while true {
            if let end = waiting.firstIndex(of: 0) {
                let message = try JSONSerialization.jsonObject(with: waiting[..<end]) as? [String: Any] ?? [:]
                waiting = waiting[waiting.index(after: end)...].isEmpty ? Data() : Data(waiting[waiting.index(after: end)...])
                note(message)
                return message
            }
            let piece = answers.availableData
            guard !piece.isEmpty else { throw Failure(description: "the browser has ended") }
            waiting += piece
        }
    }

    private func note(_ message: [String: Any]) {
        switch message["method"] as? String {
        case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded": complaints.append("\(message["params"] ?? "")")
        case "Network.requestWillBeSent":
            let url = ((message["params"] as? [String: Any])?["request"] as? [String: Any])?["url"] as? String ?? ""
            if !url.hasPrefix("file:"), !url.hasPrefix("data:"), !url.hasPrefix("about:") { complaints.append("asked the network for \(url)") }
        default: break
        }
    }
}
