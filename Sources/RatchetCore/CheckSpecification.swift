import RatchetJSON

/// One check as it was written: its type, its options, and the keys that every check shares.
package struct CheckSpecification: Hashable, Sendable {
    package var type: String
    /// Unique in its example; the type by default.
    package var name: String
    /// The value of the type key: a scalar shorthand, an object of options, or null for a bare type.
    package var options: JSONValue
    /// Turns a pass into a failure and a failure into a pass; never touches an error.
    package var not: Bool
    package var weight: Double
    /// The least score that passes, in 0...1; `nil` leaves it to the check.
    package var threshold: Double?
    /// A check that does not gate is reported only.
    package var gating: Bool
    /// Which part of the output is looked at.
    package var of: String?
    /// The name of a check that must have passed first; else this one is not applicable.
    package var when: String?
    /// The nested checks of `all_of`, `any_of` and `none_of`.
    package var children: [CheckSpecification]
    package var source: SourceReference

    package init(
        type: String, name: String, options: JSONValue, not: Bool = false, weight: Double = 1, threshold: Double? = nil,
        gating: Bool = true, of: String? = nil, when: String? = nil, children: [CheckSpecification] = [],
        source: SourceReference
    ) {
        self.type = type
        self.name = name
        self.options = options
        self.not = not
        self.weight = weight
        self.threshold = threshold
        self.gating = gating
        self.of = of
        self.when = when
        self.children = children
        self.source = source
    }

    /// What decides the check's verdict, rubrics included; where it stands and what it is called are not part of it.
    package func hash(rubrics: [String: Rubric]) -> String { Digest.sha256(substance(rubrics: rubrics)) }

    private func substance(rubrics: [String: Rubric]) -> JSONValue {
        var content: JSONObject = ["type": .string(type), "options": children.isEmpty ? options : .null]
        if not { content["not"] = true }
        if weight != 1 { content["weight"] = .double(weight) }
        content["threshold"] = threshold.map { .double($0) }
        content["of"] = of.map { .string($0) }
        content["when"] = when.map { .string($0) }
        if !children.isEmpty { content["children"] = .array(children.map { $0.substance(rubrics: rubrics) }) }
        if let rubric = rubricID.flatMap({ rubrics[$0] }) { content["rubric"] = .string(rubric.hash) }
        return .object(content)
    }

    /// The check as a suite would write it.
    package var json: JSONValue {
        var object = JSONObject()
        object[type] = children.isEmpty ? options : .array(children.map(\.json))
        if name != type { object["name"] = .string(name) }
        if not { object["not"] = true }
        if weight != 1 { object["weight"] = .double(weight) }
        object["threshold"] = threshold.map { .double($0) }
        if !gating { object["gating"] = false }
        object["of"] = of.map { .string($0) }
        object["when"] = when.map { .string($0) }
        return options.isNull && children.isEmpty && object.count == 1 ? .string(type) : .object(object)
    }

    /// The rubric a judge check names: its shorthand value or its `rubric` option.
    package var rubricID: String? {
        Self.judgeTypes.contains(type) ? options.stringValue ?? options["rubric"]?.stringValue : nil
    }

    /// The types of checks that ask a judge.
    private static let judgeTypes: Set = ["judge", "judge_pairwise"]

    /// The rubrics of this check and of those nested in it.
    package var rubricIDs: Set<String> {
        children.reduce(into: Set([rubricID].compactMap { $0 })) { $0.formUnion($1.rubricIDs) }
    }
}
