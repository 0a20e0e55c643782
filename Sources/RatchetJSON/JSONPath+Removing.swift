extension JSONPath {
    /// The document without the selected values: members of objects and elements of lists. The document itself cannot
    /// be taken out of itself.
    ///
    /// - Throws: when more than `budget` nodes had to be visited.
    package func removing(from document: JSONValue, budget: Int = defaultBudget) throws(JSONPathError) -> JSONValue {
        var evaluator = JSONPathEvaluator(root: document, regex: regex, budget: budget, tracksLocations: true)
        let matches = try evaluator.matches(of: query, from: document)
        guard !matches.isEmpty else { return document }
        var selection = Selection()
        for match in matches {
            if let steps = match.location?.steps, !steps.isEmpty { selection.insert(steps[...]) }
        }
        return selection.removed(from: document)
    }
}

/// Places in a document, as a tree.
private struct Selection {
    private var isSelected = false
    private var members: [[UInt8]: Selection] = [:]
    private var items: [Int: Selection] = [:]

    mutating func insert(_ steps: ArraySlice<JSONPathLocation.Step>) {
        switch steps.first {
        case nil: isSelected = true
        case .member(let key): members[Array(key.utf8), default: Selection()].insert(steps.dropFirst())
        case .item(let index): items[index, default: Selection()].insert(steps.dropFirst())
        }
    }

    func removed(from value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object) where !members.isEmpty:
            .object(JSONObject(object.compactMap { key, value in
                guard let inner = members[Array(key.utf8)] else { return (key, value) }
                return inner.isSelected ? nil : (key, inner.removed(from: value))
            }))
        case .array(let elements) where !items.isEmpty:
            .array(elements.enumerated().compactMap { index, value in
                guard let inner = items[index] else { return value }
                return inner.isSelected ? nil : inner.removed(from: value)
            })
        default: value
        }
    }
}

extension JSONPathLocation {
    fileprivate enum Step {
        case member(String)
        case item(Int)
    }

    /// From the document down.
    fileprivate var steps: [Step] {
        var steps: [Step] = []
        var location = self
        while true {
            switch location {
            case .root: return steps.reversed()
            case .item(let index, let parent):
                steps.append(.item(index))
                location = parent
            case .member(let key, let parent):
                steps.append(.member(key))
                location = parent
            }
        }
    }
}
