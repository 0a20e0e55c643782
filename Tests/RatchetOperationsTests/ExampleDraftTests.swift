import RatchetCore
import RatchetJSON
import RatchetOperations
import Testing

@Suite("Examples in the making")
struct ExampleDraftTests {
    private func amended(_ change: (inout ExampleDraft.Amendments) -> Void) -> ExampleDraft {
        var draft = ExampleDraft(input: "Where is my refund for order 7?", today: "2026-11-22")
        var amendments = ExampleDraft.Amendments()
        change(&amendments)
        draft.amend(amendments)
        return draft
    }

    @Test("an expectation without a check is checked by contains; a check that was given stands")
    func checks() {
        #expect(amended { $0.expected = "in the post" }.content["checks"] == ["contains"])
        let both = amended {
            $0.expected = "in the post"
            $0.checks = ["equals"]
        }
        #expect(both.content["checks"] == ["equals"])
        #expect(amended { _ in }.content["checks"] == nil)
    }

    @Test("an id is made of the input's words and its hash, the same one each time")
    func ids() {
        #expect(amended { _ in }.id.hasPrefix("where-is-my-refund-for"))
        #expect(amended { _ in }.id == amended { _ in }.id)
        #expect(amended { $0.id = "mine" }.id == "mine")
        var hidden = amended { _ in }
        hidden.hideInputInID()
        #expect(hidden.id.hasPrefix("example-"))
        var own = amended { $0.id = "mine" }
        own.hideInputInID()
        #expect(own.id == "mine")
    }

    @Test("the file has its keys in the usual order")
    func order() {
        let draft = amended {
            $0.tags = ["billing"]
            $0.knownFailing = "no tool yet"
            $0.expected = "x"
        }
        #expect(draft.json.objectValue?.keys == ["id", "input", "expected", "checks", "tags", "known_failing", "source"])
    }
}
