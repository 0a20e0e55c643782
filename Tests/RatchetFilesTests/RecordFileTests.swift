import RatchetCore
import RatchetFiles
import RatchetJSON
import Testing

@Suite("Baselines")
struct BaselineFileTests {
    private static func record(_ id: String, output: String? = "Your refund …") -> BaselineRecord {
        BaselineRecord(
            id: id, exampleHash: "sha256:e", checks: ["b": "sha256:2", "a": "sha256:1"], prompt: "answer@1.2.0",
            promptHash: "sha256:p",
            target: "openai/gpt-4o-mini", paramsHash: "sha256:q",
            batches: [
                BaselineBatch(
                    id: "b-3f2a", date: "2026-11-20", commit: "4c1d2e0", kind: .planned, passes: 4, trials: 5,
                    passesByCheck: ["a": 5, "b": 4])
            ], output: output)
    }

    @Test("The file is exactly as the design shows it")
    func layout() {
        let baseline = Baseline(suite: "support", records: [Self.record("b"), Self.record("a", output: nil)])
        let text = String(decoding: BaselineFile.bytes(of: baseline, writer: "ratchet 0.1.0"), as: UTF8.self)
        let rest =
            #""example":"sha256:e","checks":{"a":"sha256:1","b":"sha256:2"},"prompt":"answer@1.2.0","prompt_hash":"sha256:p","target":"openai/gpt-4o-mini","params":"sha256:q","batches":[{"id":"b-3f2a","date":"2026-11-20","commit":"4c1d2e0","kind":"planned","passes":4,"trials":5,"by_check":{"a":5,"b":4}}]"#
        #expect(
            text
                == #"{"format":"ratchet.baseline/1","suite":"support","written_by":"ratchet 0.1.0","on_conflict":"run: ratchet baseline merge"}"#
                + "\n\n" + #"{"id":"a","# + rest + "}\n\n" + #"{"id":"b","# + rest + #","output":"Your refund …"}"#
                + "\n")
    }

    @Test("What is written is read as the same, whatever the ids are", arguments: [nil, "release"])
    func roundTrip(name: String?) throws {
        let project = try TemporaryProject()
        let ids = try ["plain", "../../x", "a\nb", "\u{2028}", "é", "😀"] + NaughtyStrings.all().filter { !$0.isEmpty }
        let unique = Dictionary(ids.map { ($0, Self.record($0, output: $0)) }, uniquingKeysWith: { first, _ in first })
        let baseline = Baseline(suite: "support", name: name, records: Array(unique.values))
        let file = BaselineFile(project.folder)
        #expect(
            try file.write(baseline, writer: "w")
                == (name == nil ? "baselines/support.jsonl" : "baselines/support.release.jsonl"))
        #expect(file.all().map(\.suite) == ["support"])
        #expect(file.all().map(\.name) == [name])
        let (read, diagnostics) = file.read(suite: "support", name: name)
        #expect(diagnostics.isEmpty, "\(project.describe(diagnostics).prefix(3))")
        #expect(read?.records == baseline.records)
    }

    @Test("A baseline that is not there is no problem")
    func missing() throws {
        let (baseline, diagnostics) = BaselineFile(try TemporaryProject().folder).read(suite: "s")
        #expect(baseline == nil)
        #expect(diagnostics.isEmpty)
    }

    private static let header = #"{"format":"ratchet.baseline/1","suite":"s","written_by":"w"}"#
    private static let batch = #"{"id":"b","date":"2026-11-20","kind":"planned","passes":1,"trials":1,"by_check":{}}"#
    private static func row(_ id: String, batch: String = batch) -> String {
        #"{"id":"\#(id)","example":"e","checks":{},"target":"a/b","params":"p","batches":[\#(batch)]}"#
    }

    @Test(
        "What is malformed is reported where it stands",
        arguments: [
            ("", ":1:1: error: the file is empty"), ("{}", ":1:1: error: the first line must be the header"),
            (#"{"format":"ratchet.baseline/2","suite":"s"}"#, ":1:1: error: the first line must be the header"),
            (
                #"{"format":"ratchet.baseline/1","suite":"t"}"#,
                #":1:40: error: this is the baseline of the suite "t", not of "s""#
            ),
            (header + "\n\n" + row("a") + "\n\n" + row("a"), #":5:7: error: the record "a" is there twice"#),
            (
                header + "\n<<<<<<< HEAD\n" + row("a") + "\n=======\n>>>>>>> x\n",
                ":2:1: error: the file holds a merge conflict\n  help: run: ratchet baseline merge"
            ),
            (header + "\n{\"id\":", ":2:7: error: "),
            (header + "\n" + #"{"id":"a"}"#, #":2:1: error: missing key "example""#),
            (
                header + "\n"
                    + row("a", batch: #"{"id":"b","date":"20.11.2026","kind":"planned","passes":1,"trials":1}"#),
                #":2:93: error: "20.11.2026" is not a day"#
            ),
            (
                header + "\n"
                    + row("a", batch: #"{"id":"b","date":"2026-11-20","kind":"planned","passes":2,"trials":1}"#),
                #": error: "passes" must be a whole number from 0 to 1, not 2"#
            ),
            (
                header + "\n"
                    + row("a", batch: #"{"id":"b","date":"2026-11-20","kind":"spare","passes":1,"trials":1}"#),
                #": error: "kind" must be "planned" or "control""#
            ),
            (header + "\n" + row("a", batch: ""), #": error: a record needs at least one batch"#),
            (header + "\n" + #"{"idd":1}"#, #":2:2: error: unknown key "idd""#),
        ])
    func malformed(_ content: String, _ expected: String) throws {
        let project = try TemporaryProject(["baselines/s.jsonl": content])
        let (baseline, diagnostics) = BaselineFile(project.folder).read(suite: "s")
        let report = project.describe(diagnostics)
        #expect(baseline == nil)
        #expect(report.contains { $0.contains("baselines/s.jsonl" + expected) || $0.contains(expected) }, "\(report)")
        #expect(diagnostics.allSatisfy { $0.exitCode == .badInput })
    }

    @Test("Aggregates and accepted prompts are kept beside it")
    func companions() throws {
        let project = try TemporaryProject.sound()
        let file = BaselineFile(project.folder)
        try file.writeMetrics(["pass_rate": 0.5], suite: "support")
        #expect(file.readMetrics(suite: "support").metrics == ["pass_rate": 0.5])
        let prompt = try #require(project.load().project.prompts["answer"]?.first)
        try file.store(prompt)
        #expect(try project.read(BaselineFile.promptPath(hash: prompt.hash)) == prompt.content)
        let (stored, diagnostics) = file.storedPrompt(prompt.reference, hash: prompt.hash)
        #expect(diagnostics.isEmpty)
        #expect(stored?.hash == prompt.hash)
        #expect(stored?.templates == prompt.templates)
    }
}

@Suite("Overrides")
struct OverrideFileTests {
    private static func override(
        _ scope: Override.Scope = .examples(["refund-late"]), reason: String = "Legal asked for the shorter text"
    ) -> Override {
        Override(
            file: "", suite: "support", scope: scope, checks: ["tone"], kind: .tolerate, reason: reason,
            expires: "2026-12-21",
            author: "A. Person <a@example.com>", created: "2026-11-21",
            binding: .init(
                examples: ["refund-late": "sha256:1"], promptHash: "sha256:2", target: "openai/gpt-4o-mini",
                baselineCommit: "1234567"),
            observed: ["refund-late": "5/5 -> 1/6"])
    }

    @Test(
        "What is written is read as the same",
        arguments: [
            .examples(["refund-late", "a: b", "*", "yes", "7", "é\n"]), .passRate, .slice("billing"),
            .metric("cost_usd"),
        ] as [Override.Scope])
    func roundTrip(_ scope: Override.Scope) throws {
        let project = try TemporaryProject()
        let file = OverrideFile(project.folder)
        var override = Self.override(scope)
        override.binding.examples["*"] = "sha256:3"
        let path = try file.write(override)
        #expect(path.hasPrefix("overrides/2026-11-21-legal-asked-for-the-shorter-text"))
        override.file = path
        let (read, diagnostics) = file.readAll()
        #expect(diagnostics.isEmpty, "\(project.describe(diagnostics))")
        #expect(read == [override])
    }

    @Test("Two overrides of one name get two files")
    func names() throws {
        let project = try TemporaryProject()
        let file = OverrideFile(project.folder)
        #expect(try file.write(Self.override()) != file.write(Self.override()))
        #expect(file.readAll().overrides.count == 2)
    }

    @Test("The design's own example is read")
    func design() throws {
        let yaml = """
            # overrides/2026-11-21-shorter-refund-tone.yaml
            version: 1
            suite: support
            examples: [refund-late-7f3a]        # explicit ids, no globs
            checks: [tone]                      # optional
            kind: tolerate                      # accept | tolerate | quarantine
            reason: "Legal asked for the shorter text; tone rubric follows in #412"
            expires: 2026-12-21
            bound_to: {examples: {refund-late-7f3a: "sha256:…"}, prompt: "sha256:…", target: openai/gpt-4o-mini, baseline_commit: 4c1d2e0}
            observed: {refund-late-7f3a: "5/5 -> 1/6"}
            """
        let project = try TemporaryProject(["overrides/2026-11-21-shorter-refund-tone.yaml": yaml])
        let (overrides, diagnostics) = OverrideFile(project.folder).readAll()
        #expect(diagnostics.isEmpty, "\(project.describe(diagnostics))")
        #expect(overrides.first?.created == "2026-11-21")
        #expect(overrides.first?.binding.baselineCommit == "4c1d2e0")
    }

    private static let sound = [
        "version": "1", "suite": "support", "examples": "[a]", "kind": "tolerate",
        "reason": "Legal asked for the shorter text",
        "expires": "2026-12-21", "created": "2026-11-21",
    ]

    @Test(
        "What is malformed is an override problem, where it stands",
        arguments: [
            (["reason": "too short"], ": error: a reason has at least 20 characters, this has 9"),
            (["reason": "todo - fix later, later, later"], "is a placeholder, not a reason"),
            (["reason": "xxxxxxxxxxxxxxxxxxxxxxxxxx"], "is a placeholder, not a reason"),
            (["expires": ""], "error: missing key \"expires\""), (["expires": "soon"], "error: \"soon\" is not a day"),
            (["expires": "2027-02-20"], "error: it holds for 91 days, 90 are allowed"),
            (["expires": "2026-11-01"], "it expires before it was created"),
            (["created": ""], "error: missing key \"created\""),
            (["examples": "[\"refund-*\"]"], "error: \"refund-*\" is a pattern"),
            (["examples": "[]"], "must name at least one example"),
            (["examples": ""], "an override names exactly one of"),
            (
                ["slice": "billing"],
                "an override names exactly one of examples, aggregate, slice or metric, found examples and slice"
            ),
            (["kind": "ignore"], "error: \"kind\" must be \"accept\", \"tolerate\" or \"quarantine\", not \"ignore\""),
            (["version": "2"], "this program reads overrides of version 1"),
            (["suite": "No Suite"], "is not a suite's name"),
            (["expire": "2026-12-21"], "error: unknown key \"expire\"\n  help: did you mean \"expires\"?"),
            (["suite": "[1"], "error: bad YAML"),
        ])
    func malformed(_ changes: [String: String], _ expected: String) throws {
        let lines = Self.sound.merging(changes) { _, new in new }.sorted { $0.key < $1.key }.map {
            "\($0.key): \($0.value)"
        }
        let project = try TemporaryProject(["overrides/x.yaml": lines.joined(separator: "\n")])
        let (overrides, diagnostics) = OverrideFile(project.folder).readAll()
        let report = project.describe(diagnostics)
        #expect(overrides.isEmpty)
        #expect(report.contains { $0.contains(expected) }, "\(report)")
        #expect(diagnostics.allSatisfy { $0.exitCode == .overrideProblem && $0.source?.file == "overrides/x.yaml" })
    }

    @Test(
        "accept needs no expiry, and any real reason is a reason",
        arguments: [
            "Legal asked for the shorter text", "The new tone was agreed with support in #412",
            "Kunden wollen kürzere Antworten",
            "利用者から短い回答を求められたため、承認しました。",
        ])
    func reasons(_ reason: String) { #expect(OverrideReason.problem(with: reason) == nil) }

    @Test("Days are counted by the calendar")
    func days() throws {
        #expect(CalendarDay("1970-01-01")?.number == 0)
        #expect(CalendarDay("2000-03-01")?.number == 11017)
        #expect(try #require(CalendarDay("2028-03-01")).number - #require(CalendarDay("2028-02-28")).number == 2)
        for bad in ["2026-02-29", "2026-13-01", "2026-1-1", "", "2026-00-10", "20261121", "+026-01-01", "2026-11-31"] {
            #expect(CalendarDay(bad) == nil, "\(bad)")
        }
    }
}
