import Testing

@Suite(
    "Reference values of fixtures/stats.json",
    .enabled(if: Fixture.isPresent, "\(Fixture.url.path) is not there; set RATCHET_SHARED"))
struct FixtureTests {
    @Test(
        "Every case comes out to its tolerance",
        arguments: try Fixture.cases())
    func everyCase(fixture: FixtureCase) throws {
        let implementation = try #require(
            FixtureTable.implementations[fixture.function], "nothing here computes \(fixture.function)")
        try implementation(fixture)
    }

    @Test("The file has every function that is computed here, and no other")
    func everyFunctionIsHere() throws {
        #expect(Set(try Fixture.cases().map(\.function)) == Set(FixtureTable.implementations.keys))
    }

    @Test("The file has at least ten cases of every function", arguments: FixtureTable.implementations.keys.sorted())
    func everyFunctionHasCases(function: String) throws {
        #expect(try Fixture.cases().count { $0.function == function } >= 10)
    }
}
