import Foundation
import RatchetJSON
import TestSupport
import Testing

@Suite("Reports from the command line")
struct ReportTests {
    private static func workspace() throws -> Workspace {
        let workspace = try Workspace(
            examples: (1...6).map { #"{"id":"e\#($0)","input":"q\#($0)","tags":["t"],"checks":[{"contains":"yes"}]}"# },
            recording: (1...6).map { #"{"example":"e\#($0)","output":"yes, of course"}"# })
        #expect(try workspace.ratchet("run", "--baseline", "none").code == 0)
        #expect(try workspace.ratchet("baseline", "accept").code == 0)
        try workspace.write(
            "recording.jsonl", (1...6).map { #"{"example":"e\#($0)","output":"\#($0 == 2 ? "<script>no</script>" : "yes, of course")"}"# + "\n" }.joined())
        return workspace
    }

    @Test("Every kind is written by the run, and by ratchet report later, which asks nothing")
    func kinds() throws {
        let workspace = try Self.workspace()
        try workspace.write("suites/s/suite.yaml", "gate: {policy: strict}\n")
        let kinds = ["html", "md", "summary", "junit", "json", "csv", "gitlab", "sarif", "text"]
        let run = try workspace.ratchet(["run"] + kinds.flatMap { ["--report", "\($0)=a.\($0)"] } + ["--report", "github"])
        #expect(run.code == 100)
        #expect(run.error.contains("::error file=suites/s/examples.jsonl,line=2,title="))
        try workspace.remove("recording.jsonl")
        let later = try workspace.ratchet(["report"] + kinds.flatMap { ["--report", "\($0)=b.\($0)"] })
        #expect(later.code == 0, "\(later.error)")
        for kind in kinds { #expect(try workspace.read("a.\(kind)") == workspace.read("b.\(kind)"), "\(kind)") }
        let page = try workspace.read("a.html")
        #expect(page.contains("yes, of course") && !page.contains("<script>no"))
        #expect(try workspace.read("a.csv").contains("s,e2,regressed,failed,1/1,0/1"))
    }

    @Test("A report that cannot be written ends the command before anything runs")
    func unwritable() throws {
        let workspace = try Self.workspace()
        let result = try workspace.ratchet("run", "--report", "html=nowhere/a.html")
        #expect(result.code == 73)
        #expect(!workspace.exists("nowhere"))
    }

    @Test("Annotations name files from the root of the repository, where the project is a folder of it; a report can go to standard output")
    func inRepository() throws {
        let workspace = try Workspace()
        try workspace.write("evals/ratchet.yaml", Workspace.configuration)
        try workspace.write("evals/suites/s/suite.yaml", "description: a suite\n")
        try workspace.write("evals/suites/s/examples.jsonl", #"{"id":"a","input":"q","checks":[{"contains":"yes"}],"must_pass":"always"}"# + "\n")
        try workspace.write("evals/recording.jsonl", #"{"example":"a","output":"no"}"# + "\n")
        try workspace.git("init", "--quiet")
        try workspace.commit()
        let run = try workspace.ratchet("run", "--project", "evals", "--baseline", "none", "--report", "github", "--report", "gitlab=-")
        #expect(run.code == 100)
        #expect(run.error.contains("::error file=evals/suites/s/examples.jsonl,line=1,"))
        #expect(run.output.contains("\"path\":\"evals/suites/s/examples.jsonl\""))
    }

    @Test("A comparison that asks models tries its report before the first call")
    func liveComparison() throws {
        let server = try LoopbackServer { _ in .json(#"{"choices":[{"message":{"role":"assistant","content":"yes"}}]}"#) }
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"q","checks":[{"contains":"yes"}]}"#],
            configuration: "version: 1\nbackends:\n  api: {kind: openai, base_url: \"\(server.url)/v1\", stream: false}\ndefaults: {target: api/m}\n")
        let result = try workspace.ratchet("compare", "--target", "api/m", "--target", "api/n", "--report", "html=nowhere/a.html")
        #expect(result.code == 73)
        #expect(server.requests.isEmpty)
        #expect(try workspace.ratchet("compare", "--target", "api/m", "--target", "api/n", "--report", "html=a.html").code != 73)
        #expect(workspace.exists("a.html"))
    }

    @Test("show prints one example in full, of the latest run by default")
    func show() throws {
        let workspace = try Self.workspace()
        #expect(try workspace.ratchet("run").code != 1)
        let shown = try workspace.ratchet("show", "s/e2")
        #expect(shown.code == 0)
        #expect(shown.output.contains("accepted output -> run/1"))
        #expect(shown.output.contains("failed  contains"))
        #expect(shown.output.contains("ratchet run s --only e2"))
        #expect(try workspace.ratchet("show", "latest", "e2", "--format", "json").json["id"] == "e2")
        #expect(try workspace.ratchet("show", "latest", "nothing").code == 64)
        #expect(try workspace.ratchet("show").output.contains("q1") == false)
    }
}
