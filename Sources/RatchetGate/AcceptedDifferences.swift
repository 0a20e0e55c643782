import RatchetCore

extension SuiteGate {
    /// What differs from the accepted run, each as most records have it.
    var differences: [Difference] {
        let records = input.examples.compactMap(\.record) + input.missing
        guard !records.isEmpty else { return [] }
        var found: [Difference] = []
        func compare(_ kind: Difference.Kind, _ old: String?, _ new: String?, shown: (String, String)? = nil) {
            guard old != new else { return }
            found.append(Difference(kind: kind, before: shown?.0 ?? old ?? "none", now: shown?.1 ?? new ?? "none"))
        }
        let common = Self.mostCommon(records.map { [$0.prompt, $0.promptHash, $0.target, $0.paramsHash] })
        guard common.count == 4 else { return [] }
        let names = (common[0] ?? "none", input.suite.prompt ?? "none")
        compare(
            .prompt, common[1], input.suite.promptHash,
            shown: names.0 == names.1 ? (names.0, "\(names.1), edited under the same version") : names)
        compare(.model, common[2], input.suite.target)
        compare(.parameters, common[3], input.suite.paramsHash, shown: ("as accepted", "changed"))
        let changed = input.examples.filter(\.hasOtherChecks).count
        if changed > 0 {
            let examples = "\(changed) example\(changed == 1 ? "" : "s")"
            found.append(Difference(kind: .checks, before: "as accepted", now: "changed for \(examples)"))
        }
        return found
    }

    private static func mostCommon(_ values: [[String?]]) -> [String?] {
        let counts = values.reduce(into: [[String?]: Int]()) { $0[$1, default: 0] += 1 }
        let best = counts.max { ($0.value, $1.key.map { $0 ?? "" }.joined()) < ($1.value, $0.key.map { $0 ?? "" }.joined()) }
        return best?.key ?? []
    }
}
