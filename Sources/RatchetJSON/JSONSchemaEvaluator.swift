/// Applies a compiled schema to one value.
///
/// Values are in `JSONSchemaEvaluator+Values.swift`, arrays and objects in `+Containers.swift`, keywords that combine
/// schemas in `+Applicators.swift`.
struct JSONSchemaEvaluator {
    typealias Words = JSONSchemaWords

    /// How deep schemas may apply schemas. Parsed values are at most 512 deep, with several schemas for each level.
    static let maximumDepth = 6000
    /// As deep as any thread's stack allows; what goes deeper is done again on a large one.
    private static let ordinaryDepth = 250
    /// How many schemas one validation may apply. Alternatives within alternatives multiply with the depth of the
    /// value, and the value comes from a model.
    static let maximumSteps = 5_000_000
    /// The same for the words about a value that is known to be invalid.
    static let maximumWordySteps = 200_000

    let program: JSONSchemaProgram
    let violationLimit: Int
    /// Whether violations are to be worded; without, the first one ends the work.
    var isCollecting: Bool
    var violations: [JSONSchemaViolation] = []
    /// The way to the value at hand; kept only while collecting.
    var path: [JSONSchemaStep] = []
    /// The resources that led to the schema at hand, for dynamic references.
    var scope: [Int] = []
    private var depth = 0
    private var depthLimit = ordinaryDepth
    private var steps = 0
    private let stepLimit: Int
    /// How many explanations of failed alternatives are being looked for inside of one another.
    var explanations = 0
    /// Set once the work was given up; then no value counts as valid.
    private var isExhausted = false
    private var isValid = false

    /// - Parameter violationLimit: how many violations to look for; 0 to know only whether there is one.
    private init(program: JSONSchemaProgram, violationLimit: Int) {
        self.program = program
        self.violationLimit = violationLimit
        isCollecting = violationLimit > 0
        stepLimit = isCollecting ? Self.maximumWordySteps : Self.maximumSteps
    }

    /// Validates `value` against the program's root.
    static func run(
        _ program: JSONSchemaProgram, _ value: JSONValue, violationLimit: Int
    ) -> (isValid: Bool, violations: [JSONSchemaViolation]) {
        // Most values are valid: look first, and find words only for what is not.
        let verdict = finished(program, value, violationLimit: 0)
        guard !verdict.isValid, violationLimit > 0 else { return (verdict.isValid, []) }
        let wordy = verdict.isExhausted ? verdict : finished(program, value, violationLimit: violationLimit)
        // Words that were found in time are right; only their list may be shorter than it could be.
        guard verdict.isExhausted || (wordy.isExhausted && wordy.violations.isEmpty) else { return (false, wordy.violations) }
        // That the value is invalid is known in the second case, but not why.
        let surrender = JSONSchemaViolation(
            instance: .root, keyword: "", schema: program.nodes[program.root].location,
            message: verdict.isExhausted ? JSONSchemaViolation.surrender : "does not satisfy the schema")
        return (false, [surrender])
    }

    /// The evaluator after its work, which is done on a large stack where the ordinary one might not do.
    private static func finished(
        _ program: JSONSchemaProgram, _ value: JSONValue, violationLimit: Int
    ) -> JSONSchemaEvaluator {
        @Sendable func finished(depthLimit: Int) -> JSONSchemaEvaluator {
            var evaluator = JSONSchemaEvaluator(program: program, violationLimit: violationLimit)
            evaluator.depthLimit = depthLimit
            var marks: JSONSchemaMarks?
            let isValid = evaluator.evaluate(program.root, value, marks: &marks)
            evaluator.isValid = isValid && !evaluator.isExhausted
            return evaluator
        }
        let evaluator = finished(depthLimit: ordinaryDepth)
        guard evaluator.isExhausted, evaluator.steps <= evaluator.stepLimit else { return evaluator }
        return LargeStack.run { finished(depthLimit: maximumDepth) } ?? evaluator
    }

    /// Whether `value` satisfies the schema `index`.
    ///
    /// - Parameter outer: where to note what was evaluated, if that matters to somebody; untouched by a failure.
    mutating func evaluate(_ index: Int, _ value: JSONValue, marks outer: inout JSONSchemaMarks?) -> Bool {
        steps += 1
        guard !isExhausted, depth < depthLimit, steps <= stepLimit else {
            isExhausted = true
            return false
        }
        let node = program.nodes[index]
        depth += 1
        defer { depth -= 1 }
        guard !node.keywords.isNever else { return fail(node, "", "nothing is allowed here") }
        let entersResource = program.isDynamic && scope.last != node.resource
        if entersResource { scope.append(node.resource) }
        defer { if entersResource { scope.removeLast() } }
        guard outer != nil || node.keywords.needsMarks else {
            var none: JSONSchemaMarks?
            return check(node, value, marks: &none)
        }
        var marks: JSONSchemaMarks? = JSONSchemaMarks()
        guard check(node, value, marks: &marks), checkUnevaluated(node, value, marks: &marks) else { return false }
        if let marks { outer?.merge(marks) }
        return true
    }

    private mutating func check(
        _ node: JSONSchemaNode, _ value: JSONValue, marks: inout JSONSchemaMarks?
    ) -> Bool {
        var isValid = checkType(node, value)
        guard isValid || isCollecting else { return false }
        for keyword in node.keywords.values where !check(keyword, node, value) {
            guard isCollecting else { return false }
            isValid = false
        }
        switch value {
        case .number(let number):
            for keyword in node.keywords.numbers where !check(keyword, node, number) {
                guard isCollecting else { return false }
                isValid = false
            }
        case .string(let text):
            for keyword in node.keywords.strings where !check(keyword, node, text) {
                guard isCollecting else { return false }
                isValid = false
            }
        case .array(let items):
            for keyword in node.keywords.arrays where !check(keyword, node, items, marks: &marks) {
                guard isCollecting else { return false }
                isValid = false
            }
        case .object(let object):
            for keyword in node.keywords.objects where !check(keyword, node, object, value, marks: &marks) {
                guard isCollecting else { return false }
                isValid = false
            }
        case .null, .bool: break
        }
        for applicator in node.keywords.applicators where !apply(applicator, node, value, marks: &marks) {
            guard isCollecting else { return false }
            isValid = false
        }
        return isValid
    }

    /// Whether the pattern is found; when that cannot be known, neither can anything else.
    mutating func isMatch(_ regex: any JSONRegex, _ text: String) -> Bool {
        guard let isMatch = regex.matches(text) else {
            isExhausted = true
            return false
        }
        return isMatch
    }

    // MARK: Violations

    /// Notes a violation, when they are wanted; always `false`.
    mutating func fail(
        _ node: JSONSchemaNode, _ keyword: String, _ message: @autoclosure () -> String, at step: JSONSchemaStep? = nil
    ) -> Bool {
        guard isCollecting, violations.count < violationLimit else { return false }
        let instance = JSONPointer(tokens: path.map(\.token) + (step.map { [$0.token] } ?? []))
        violations.append(
            JSONSchemaViolation(
                instance: instance, keyword: keyword,
                schema: keyword.isEmpty ? node.location : "\(node.location)/\(JSONPointer.escaped(keyword))",
                message: message()))
        // Enough is enough: from here on only the verdict counts.
        if violations.count >= violationLimit { isCollecting = false }
        return false
    }

    /// Evaluates a schema for an item or a member of the value at hand.
    mutating func evaluate(_ index: Int, _ value: JSONValue, at step: @autoclosure () -> JSONSchemaStep) -> Bool {
        var none: JSONSchemaMarks?
        guard isCollecting else { return evaluate(index, value, marks: &none) }
        path.append(step())
        defer { path.removeLast() }
        return evaluate(index, value, marks: &none)
    }

    /// Evaluates a schema whose failure is no violation by itself.
    mutating func holds(_ index: Int, _ value: JSONValue, marks: inout JSONSchemaMarks?) -> Bool {
        let wasCollecting = isCollecting
        isCollecting = false
        defer { isCollecting = wasCollecting }
        return evaluate(index, value, marks: &marks)
    }
}

/// Which items or properties of one value were looked at by other keywords than `unevaluated…`.
struct JSONSchemaMarks: Sendable {
    private var isAll = false
    /// By place; shorter than the value where the rest was not looked at.
    private var places: [Bool] = []

    mutating func mark(_ place: Int) {
        if places.count <= place { places.append(contentsOf: repeatElement(false, count: place + 1 - places.count)) }
        places[place] = true
    }

    mutating func markAll() { isAll = true }

    func contains(_ place: Int) -> Bool { isAll || (place < places.count && places[place]) }

    mutating func merge(_ other: JSONSchemaMarks) {
        isAll = isAll || other.isAll
        for (place, isMarked) in other.places.enumerated() where isMarked { mark(place) }
    }
}

/// One step from a value into it.
enum JSONSchemaStep: Sendable {
    case key(String)
    case index(Int)

    /// As in a JSON Pointer.
    fileprivate var token: String {
        switch self {
        case .key(let key): key
        case .index(let index): String(index)
        }
    }
}
