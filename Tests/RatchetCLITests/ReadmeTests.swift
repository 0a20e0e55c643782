import Foundation
import Testing

@Suite("The README")
struct ReadmeTests {
    /// A command of a console block, and the lines that the README shows below it; `…` stands for anything.
    private struct Step {
        var command: String
        var shown: [String] = []
    }

    @Test("what its first five minutes show is what the program prints")
    func firstFiveMinutes() throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = String(decoding: try Data(contentsOf: root.appendingPathComponent("README.md")), as: UTF8.self)
        let steps = Self.steps(of: "The first five minutes", in: readme)
        #expect(steps.count >= 7)

        let workspace = try Workspace()
        let script = steps.enumerated().map { index, step in
            let command = step.command.replacingOccurrences(of: "/tmp/first", with: workspace.root.path + "/first")
                .replacingOccurrences(of: "$PWD/.build/debug", with: Workspace.program.deletingLastPathComponent().path)
            return "exec >\(workspace.root.path)/out.\(index) 2>&1\n\(command)"
        }
        try workspace.write("script.sh", script.joined(separator: "\n"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = [workspace.root.appendingPathComponent("script.sh").path]
        process.currentDirectoryURL = workspace.root
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": workspace.root.path]
        try process.run()
        process.waitUntilExit()

        for (index, step) in steps.enumerated() {
            var rest = try workspace.read("out.\(index)").split(separator: "\n").map(String.init)[...]
            for line in step.shown where line != "…" && !line.isEmpty {
                let place = rest.firstIndex { $0.trimmingCharacters(in: .whitespaces) == line.trimmingCharacters(in: .whitespaces) }
                #expect(place != nil, "\(step.command) does not print: \(line)")
                if let place { rest = rest[(place + 1)...] }
            }
        }
    }

    private static func steps(of section: String, in text: String) -> [Step] {
        var steps: [Step] = []
        var isInSection = false
        var isInBlock = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("## ") { isInSection = line == "## \(section)" }
            guard isInSection else { continue }
            if line.hasPrefix("```") {
                isInBlock = line == "```console"
            } else if isInBlock, line.hasPrefix("$ ") {
                steps.append(Step(command: String(line.dropFirst(2))))
            } else if isInBlock, !steps.isEmpty {
                steps[steps.count - 1].shown.append(line)
            }
        }
        return steps
    }
}
