import RatchetCore

/// Gives checks their names, and checks the names they use.
enum CheckNames {
    /// A check without a name is called as its type, the second one `contains-2`, and so on in the order written.
    ///
    /// - Parameter taken: names that are in use already; the new ones are added.
    static func assign(
        _ drafts: [CheckReader.Draft], taken: inout Set<String>, _ problems: Problems
    ) -> [CheckSpecification] {
        for draft in drafts where draft.isNamed && !taken.insert(draft.check.name).inserted {
            problems.error(
                "two checks are named \(Quoted.text(draft.check.name))", at: draft.check.source,
                help: "give one of them another \"name\", or drop the suite's")
        }
        var numbers: [String: Int] = [:]
        return drafts.map { draft in
            var check = draft.check
            guard !draft.isNamed else { return check }
            var number = numbers[check.type, default: 0]
            repeat {
                number += 1
                check.name = number == 1 ? check.type : "\(check.type)-\(number)"
            } while !taken.insert(check.name).inserted
            numbers[check.type] = number
            return check
        }
    }

    /// Reports each `when` that names no check, or leads back to its own.
    static func validateConditions(
        _ checks: [CheckSpecification], only own: ArraySlice<CheckSpecification>, _ problems: Problems
    ) {
        guard own.contains(where: { $0.when != nil }) else { return }
        let conditions = Dictionary(checks.map { ($0.name, $0.when) }, uniquingKeysWith: { first, _ in first })
        // Names that lead to an end; so does everything that leads to one of them.
        var endings: Set<String> = []
        for check in own {
            guard let when = check.when else { continue }
            guard conditions[when] != nil else {
                problems.error(
                    "\"when\" names no check of this example: \(Quoted.text(when))", at: check.source.appending("when"),
                    help: Suggestion.help(for: when, among: checks.map(\.name), saying: "checks"))
                continue
            }
            var path: Set = [check.name]
            var next: String? = when
            while let name = next, !endings.contains(name) {
                guard path.insert(name).inserted else {
                    problems.error(
                        "the check \(Quoted.text(check.name)) waits for itself", at: check.source.appending("when"))
                    // The others of the same circle are no news.
                    return
                }
                next = conditions[name] ?? nil
            }
            endings.formUnion(path)
        }
    }
}
