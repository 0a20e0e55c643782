import RatchetCore

/// The labels of suites, by what they are about.
struct LabelIndex: Sendable {
    private let labels: [String: [HumanLabel.Subject: [HumanLabel]]]

    init(_ suites: [Suite]) {
        labels = Dictionary(
            suites.map { ($0.name, Dictionary(grouping: $0.labels, by: \.subject)) }, uniquingKeysWith: { first, _ in first })
    }

    func labels(_ suite: String, _ subject: HumanLabel.Subject) -> [HumanLabel] { labels[suite]?[subject] ?? [] }
}
