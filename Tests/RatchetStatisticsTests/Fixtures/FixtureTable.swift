/// What computes each function of the fixture file, by the name it has there.
enum FixtureTable {
    typealias Implementation = @Sendable (FixtureCase) throws -> Void

    static let implementations: [String: Implementation] = [distributions, estimates, tests, agreement, evidence]
        .reduce(into: [:]) { $0.merge($1) { first, _ in first } }
}
