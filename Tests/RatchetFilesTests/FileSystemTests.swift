import Foundation
import RatchetCore
import RatchetFiles
import RatchetJSON
import Testing

@Suite("Writing files")
struct FileSystemTests {
    @Test("A file is replaced whole, keeps its mode, and leaves nothing beside it")
    func replace() throws {
        let project = try TemporaryProject(["a/x": "old"])
        let path = project.folder.path("a/x")
        chmod(path, 0o640)
        try AtomicFile.write("new", to: path)
        #expect(try project.read("a/x") == "new")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o640)
        #expect(try FileManager.default.contentsOfDirectory(atPath: project.folder.path("a")) == ["x"])
    }

    @Test("Missing folders are made")
    func folders() throws {
        let project = try TemporaryProject()
        try AtomicFile.write("x", to: project.folder.path("a/b/c"))
        #expect(try project.read("a/b/c") == "x")
    }

    @Test("A link stays a link, and the file it leads to is written", arguments: [true, false])
    func links(targetExists: Bool) throws {
        let project = try TemporaryProject(["real/other": "x"])
        if targetExists { try project.write("old", "real/file") }
        try FileManager.default.createSymbolicLink(
            atPath: project.folder.path("link"), withDestinationPath: "real/file")
        try AtomicFile.write("new", to: project.folder.path("link"))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: project.folder.path("link")) == "real/file")
        #expect(try project.read("real/file") == "new")
    }

    @Test("A loop of links and a folder are refused, and nothing is left behind")
    func refused() throws {
        let project = try TemporaryProject(["folder/x": ""])
        try FileManager.default.createSymbolicLink(atPath: project.folder.path("loop"), withDestinationPath: "loop")
        #expect(throws: FileSystem.Failure.self) { try AtomicFile.write("x", to: project.folder.path("loop")) }
        #expect(throws: FileSystem.Failure.self) { try AtomicFile.write("x", to: project.folder.path("folder")) }
        #expect(throws: FileSystem.Failure.self) { try AtomicFile.write("x", to: project.folder.path("folder/x/y")) }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: project.folder.root).sorted() == ["folder", "loop"])
    }

    @Test("Readers see the old content or the new one, never a part")
    func never() async throws {
        let project = try TemporaryProject()
        let path = project.folder.path("x")
        let contents = ["a", "b"].map { String(repeating: $0, count: 100_000) }
        try AtomicFile.write(contents[0], to: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for content in contents {
                group.addTask { for _ in 0..<20 { try AtomicFile.write(content, to: path) } }
            }
            group.addTask {
                for _ in 0..<200 {
                    let read = String(decoding: try FileSystem.read(path), as: UTF8.self)
                    #expect(contents.contains(read))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("A lock is held by one at a time")
    func lock() throws {
        let project = try TemporaryProject()
        let path = project.folder.path("lock")
        var first = try FileLock.acquire(path)
        #expect(first != nil)
        #expect(try FileLock.acquire(path, waiting: false) == nil)
        first = nil
        #expect(try FileLock.acquire(path, waiting: false) != nil)
    }

    @Test("An example is written to a file of its own, and never over another")
    func example() throws {
        let project = try TemporaryProject.sound()
        let row: JSONValue = ["id": "../../etc/passwd\n", "input": ["shop": "s", "question": "q"]]
        let path = try ExampleFile.add(suite: "support", example: row, in: project.folder)
        #expect(path.hasPrefix("suites/support/added/etc-passwd-"))
        #expect(project.load().diagnostics.isEmpty)
        #expect(project.load().project.suites.first?.examples.last?.id == "../../etc/passwd\n")
        #expect(throws: FileSystem.Failure.self) {
            try ExampleFile.add(suite: "support", example: row, in: project.folder)
        }
        #expect(throws: FileSystem.Failure.self) {
            try ExampleFile.add(suite: "../x", example: row, in: project.folder)
        }
    }

    @Test(
        "The nearest word is suggested, and none that is far",
        arguments: [
            ("chekcs", "checks"), ("Checks", "checks"), ("must-pass", "must_pass"), ("expcted", "expected"),
            ("xyz", nil), ("", nil),
            (String(repeating: "x", count: 10_000), nil),
        ] as [(String, String?)])
    func suggestions(_ word: String, _ expected: String?) {
        #expect(Suggestion.nearest(to: word, among: ["checks", "must_pass", "expected", "input"]) == expected)
    }

    @Test("A message cannot drive a terminal")
    func terminal() throws {
        let project = try TemporaryProject.sound([
            "suites/support/a.jsonl": "{\"id\":\"x\\u001b[2J\",\"input\":{},\"\\u001b]0;evil\":1}"
        ])
        #expect(!project.report().joined().contains("\u{1B}"))
    }
}

@Suite("Sensitive text")
struct SensitiveTextTests {
    @Test(
        "What looks like a secret or personal data is found",
        arguments: [
            ("my key is sk-proj-a8Bd9x7QmZ2Lp4Tn6Vw1Rk3", .apiKey),
            ("OPENAI_API_KEY=sk-a8Bd9x7QmZ2Lp4Tn6Vw1Rk3", .apiKey),
            ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", .apiKey), ("AKIAIOSFODNN7EXAMPLE", .apiKey),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N", .apiKey),
            ("-----BEGIN RSA PRIVATE KEY-----\nMII", .privateKey),
            ("Authorization: Bearer abcdef0123456789ABCD", .bearerToken),
            ("password: hunter2-x9", .password), ("db_password=correcthorse1", .password),
            ("token Zx81Kq0vT5pLw3Rb9Yd7Jm2NsUaE", .highEntropy),
            ("mail jane.doe@acme-corp.de please", .email), ("call +49 170 1234567 now", .phone),
            ("(415) 555-2671", .phone), ("415-555-2671", .phone),
            ("card 4111 1111 1111 1111.", .card), ("5500005555555559", .card),
            ("IBAN DE89 3704 0044 0532 0130 00", .bankAccount), ("GB82WEST12345698765432", .bankAccount),
        ] as [(String, SensitiveText.Kind)])
    func found(_ text: String, _ kind: SensitiveText.Kind) {
        #expect(SensitiveText.findings(in: text).map(\.kind) == [kind])
    }

    @Test(
        "Ordinary text is left alone",
        arguments: [
            "Where is my order #123456?", "The total is 12.50 EUR on 2026-11-21 at 10:30.", "user@example.com",
            "4111 1111 1111 1112",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "550e8400-e29b-41d4-a716-446655440000",
            "https://example.org/path/to/a/very/long/Address/with/Many/Parts/2026", "the bearer of this letter", "sk-",
            "password reset",
            "InternationalizationConfigurationFactory", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13", "3.14159265358979",
            "@mention me@ @", "", "RFC 2606",
        ])
    func leftAlone(_ text: String) {
        #expect(SensitiveText.findings(in: text).isEmpty, "\(SensitiveText.findings(in: text))")
    }

    @Test("A finding says where it is, and shows no more than its beginning")
    func place() throws {
        let finding = try #require(
            SensitiveText.findings(in: ["input": ["a", "write to jane.doe@acme.de"]] as JSONValue).first)
        #expect(finding.pointer.description == "/input/1")
        #expect(finding.excerpt == "jane…")
        #expect(finding.offset == 9)
    }
}
