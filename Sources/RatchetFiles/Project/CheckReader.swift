import RatchetCore
import RatchetJSON

/// Reads lists of checks as suites and examples write them.
struct CheckReader {
    static let commonKeys = ["name", "not", "weight", "threshold", "gating", "of", "when"]
    static let groups: Set<String> = ["all_of", "any_of", "none_of"]

    let types: Set<String>
    let problems: Problems

    /// A check as it was written, before checks without a name get theirs.
    struct Draft {
        var check: CheckSpecification
        var isNamed: Bool
    }

    struct Drop {
        var name: String
        var source: SourceReference
    }

    /// - Parameter allowsDrop: whether `{"drop": "name"}` may take away a check of the suite.
    func read(
        _ value: JSONValue, at source: SourceReference, allowsDrop: Bool
    ) -> (drafts: [Draft], drops: [Drop]) {
        guard let list = value.arrayValue else {
            problems.error("\"checks\" must be a list, not \(value.kind)", at: source, help: "write [\"contains\"]")
            return ([], [])
        }
        var drafts: [Draft] = []
        var drops: [Drop] = []
        for (index, element) in list.enumerated() {
            let place = source.appending(index)
            if let name = element.objectValue?["drop"], !types.contains("drop") {
                if let drop = drop(name, of: element, at: place, isAllowed: allowsDrop) { drops.append(drop) }
            } else if let draft = check(element, at: place, isNested: false) {
                drafts.append(draft)
            }
        }
        return (drafts, drops)
    }

    private func drop(_ name: JSONValue, of element: JSONValue, at place: SourceReference, isAllowed: Bool) -> Drop? {
        guard isAllowed else {
            problems.error("only an example can drop a check", at: place)
            return nil
        }
        guard element.objectValue?.count == 1, let name = name.stringValue else {
            problems.error("a drop is written {\"drop\": \"name of a check of the suite\"}", at: place)
            return nil
        }
        return Drop(name: name, source: place.appending("drop"))
    }

    private func check(_ value: JSONValue, at place: SourceReference, isNested: Bool) -> Draft? {
        if let type = value.stringValue {
            guard isKnown(type, at: place) else { return nil }
            if Self.groups.contains(type) {
                problems.error("\(Quoted.text(type)) needs a list of checks", at: place)
                return nil
            }
            return Draft(
                check: CheckSpecification(type: type, name: type, options: .null, source: place), isNamed: false)
        }
        guard let object = value.objectValue else {
            problems.error("a check must be a string or an object, not \(value.kind)", at: place)
            return nil
        }
        if let inner = object["not"], inner.boolValue == nil, !object.keys.contains(where: types.contains) {
            return negated(inner, object, at: place, isNested: isNested)
        }
        guard let type = type(of: object, at: place) else { return nil }
        let options = object[type] ?? .null
        var check = CheckSpecification(type: type, name: type, options: options, source: place)
        if Self.groups.contains(type) {
            guard let children = children(options, type, at: place.appending(type)) else { return nil }
            check.children = children
        }
        return withCommonKeys(check, object, at: place, isNested: isNested, typeKey: type)
    }

    /// The one key that is no common key. Everything else is a slip, and reported as the likeliest one.
    private func type(of object: JSONObject, at place: SourceReference) -> String? {
        let others = object.keys.filter { !Self.commonKeys.contains($0) }
        let known = others.filter(types.contains)
        switch (known.count, others.count) {
        case (1, 1): return known.first
        case (0, 0):
            problems.error("a check needs its type", at: place, help: "for example {\"contains\": \"text\"}")
            return nil
        case (0, _):
            for key in others { _ = isKnown(key, at: place.appending(key).key) }
            return nil
        case (1, _):
            for key in others where !types.contains(key) {
                problems.error(
                    "unknown key \(Quoted.text(key))", at: place.appending(key).key,
                    help: Suggestion.help(for: key, among: Self.commonKeys, saying: "keys beside a check's type"))
            }
            return known.first
        default:
            problems.error(
                "a check has one type, found \(Quoted.alternatives(known).replacingLast("or", with: "and"))", at: place,
                help: "write a check for each, or put them into {\"all_of\": […]}")
            return nil
        }
    }

    private func isKnown(_ type: String, at place: SourceReference) -> Bool {
        if types.contains(type) { return true }
        problems.error(
            "unknown check type \(Quoted.text(type))", at: place,
            help: Suggestion.help(
                for: type, among: types.sorted() + Self.commonKeys, saying: "types"))
        return false
    }

    private func children(_ value: JSONValue, _ type: String, at place: SourceReference) -> [CheckSpecification]? {
        guard let list = value.arrayValue, !list.isEmpty else {
            let found = value.arrayValue == nil ? value.kind : "an empty one"
            problems.error("\(Quoted.text(type)) needs a list of checks, not \(found)", at: place)
            return nil
        }
        let drafts = list.enumerated().compactMap { check($1, at: place.appending($0), isNested: true) }
        var taken: Set<String> = []
        return drafts.count == list.count ? CheckNames.assign(drafts, taken: &taken, problems) : nil
    }

    /// `{"not": {"contains": "x"}}`: the check inside, turned round; keys beside the `not` win over those inside.
    private func negated(_ inner: JSONValue, _ object: JSONObject, at place: SourceReference, isNested: Bool) -> Draft?
    {
        for key in object.keys where !Self.commonKeys.contains(key) {
            problems.error(
                "unknown key \(Quoted.text(key))", at: place.appending(key).key,
                help: Suggestion.help(for: key, among: types.sorted() + Self.commonKeys, saying: "keys beside \"not\""))
        }
        guard inner.stringValue != nil || inner.objectValue != nil else {
            problems.error("\"not\" must be true, false or a check, not \(inner.kind)", at: place.appending("not"))
            return nil
        }
        guard var draft = check(inner, at: place.appending("not"), isNested: isNested) else { return nil }
        draft.check.not.toggle()
        var outer = object
        outer["not"] = nil
        guard let read = withCommonKeys(draft.check, outer, at: place, isNested: isNested, typeKey: nil) else {
            return nil
        }
        return Draft(check: read.check, isNamed: draft.isNamed || read.isNamed)
    }

    private func withCommonKeys(
        _ check: CheckSpecification, _ object: JSONObject, at place: SourceReference, isNested: Bool, typeKey: String?
    ) -> Draft? {
        var draft = Draft(check: check, isNamed: false)
        guard object.count > (typeKey == nil ? 0 : 1) else { return draft }
        // Unknown keys are reported above, in the words of checks.
        guard let reader = ObjectReader(.object(object), at: place, as: "a check", keys: object.keys, problems)
        else { return nil }
        if let name = reader.text("name") {
            draft = Draft(check: check, isNamed: true)
            draft.check.name = name
        }
        if let not = reader.bool("not") { draft.check.not = not }
        if let weight = reader.number("weight", in: 0...1_000_000) { draft.check.weight = weight }
        if let threshold = reader.number("threshold", in: 0...1) { draft.check.threshold = threshold }
        if let of = reader.text("of") { draft.check.of = of }
        if let gating = reader.bool("gating") { draft.check.gating = gating }
        if let when = reader.text("when") { draft.check.when = when }
        if isNested {
            for key in ["gating", "when"] where reader.value(key) != nil {
                reader.error(key, "\(Quoted.text(key)) has no meaning inside a group", help: "put it beside the group")
            }
        }
        return draft
    }
}

extension String {
    /// "a, b or c" as "a, b and c".
    fileprivate func replacingLast(_ word: String, with other: String) -> String {
        guard let range = self.range(of: " \(word) ", options: .backwards) else { return self }
        return replacingCharacters(in: range, with: " \(other) ")
    }
}
