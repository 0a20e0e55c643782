import RatchetCore
import RatchetJSON

/// Turns the checks of examples, as written, into checks that can be run, and finds everything that is wrong with them
/// before the first call.
///
/// Names and the ranges of `weight` and `threshold` were seen to by the reader of the files.
///
/// Equal specifications share one compiled check, so that a suite's regex is compiled once and not once an example.
package final class CheckCompiler {
    private let resources: CheckResources
    private var cache: [CacheKey: CompiledCheck] = [:]
    private var reported: Set<Diagnostic> = []
    private var diagnostics: [Diagnostic] = []

    /// A compiled check for any example whose check is written the same way.
    private struct CacheKey: Hashable {
        var type: String
        var options: JSONValue
        var not: Bool
        var weight: Double
        var threshold: Double?
        var of: String?
        var when: String?
        var children: [CheckSpecification]
        /// The file that names it, when it names files of its own: their names are relative to it.
        var file: String?

        init(_ specification: CheckSpecification) {
            type = specification.type
            options = specification.options
            not = specification.not
            weight = specification.weight
            threshold = specification.threshold
            of = specification.of
            when = specification.when
            children = specification.children
        }
    }

    package init(_ resources: CheckResources) { self.resources = resources }

    /// The example's checks ready to run, or what is wrong with them; a problem of a suite's check is told once, not
    /// with every example.
    package func compile(_ example: Example) -> (checks: CompiledChecks?, diagnostics: [Diagnostic]) {
        diagnostics = []
        let checks = example.checks.map(demoted)
        reportProblems(of: example, demoted: checks)
        let group = group(checks, of: example)
        if let group { reportProblems(of: group, with: example) }
        let isUsable = !diagnostics.contains { $0.severity == .error }
        let news = diagnostics.filter { reported.insert($0).inserted }
        guard let group, isUsable else { return (nil, news) }
        return (CompiledChecks(group: group, example: example), news)
    }

    // MARK: The parts of an example

    /// A check that does not gate where its judge, or one inside it, may only advise.
    private func demoted(_ specification: CheckSpecification) -> CheckSpecification {
        guard specification.gating, !specification.rubricIDs.isDisjoint(with: resources.advisoryRubrics) else { return specification }
        var specification = specification
        specification.gating = false
        return specification
    }

    private func reportProblems(of example: Example, demoted checks: [CheckSpecification]) {
        if example.checks.isEmpty {
            diagnostics.append(Diagnostic(
                at: example.source, "example `\(example.id)` has no check: it could never fail",
                help: "add `checks` to the example or to suite.yaml"))
        } else if !example.checks.contains(where: \.gating) {
            diagnostics.append(Diagnostic(
                at: example.source, "no check of example `\(example.id)` gates: it could never fail",
                help: "remove `gating: false` from one of its checks"))
        } else if !checks.contains(where: \.gating) {
            let rubrics = example.checks.filter(\.gating).reduce(into: Set()) { $0.formUnion($1.rubricIDs) }
                .intersection(resources.advisoryRubrics).sorted()
            diagnostics.append(Diagnostic(
                at: example.source,
                "no check of example `\(example.id)` may gate: the judge of \(rubrics.map { "`\($0)`" }.joined(separator: ", ")) "
                    + "agrees too little with people",
                help: "give the example a check that may, or mend the rubric and calibrate it again"))
        } else if example.passWhen != nil, !checks.contains(where: { $0.gating && $0.weight > 0 }) {
            diagnostics.append(Diagnostic(
                at: example.source, "example `\(example.id)` passes by a mean score, but all its checks weigh 0",
                help: "give one gating check a `weight` above 0"))
        }
    }

    private func reportProblems(of group: CheckGroup, with example: Example) {
        for compiled in group.checks {
            for var problem in compiled.check.problems(for: example) {
                let isOwnCheck = compiled.specification.source.file == example.source.file
                problem.source = problem.source ?? (isOwnCheck ? compiled.specification.source : example.source)
                diagnostics.append(problem)
            }
            if let nested = compiled.check as? any GroupCheck { reportProblems(of: nested.group, with: example) }
        }
    }

    private func group(_ specifications: [CheckSpecification], of example: Example) -> CheckGroup? {
        let compiled = specifications.map { compile($0, of: example) }
        let order = CheckOrder(specifications)
        diagnostics += order.diagnostics
        let checks = compiled.compactMap { $0 }
        guard checks.count == specifications.count, order.diagnostics.isEmpty else { return nil }
        return CheckGroup(checks: checks, order: order)
    }

    // MARK: One check

    private func compile(_ specification: CheckSpecification, of example: Example) -> CompiledCheck? {
        var key = CacheKey(specification)
        if let known = cache[key] { return known.renamed(specification) }
        key.file = specification.source.file
        if let known = cache[key] { return known.renamed(specification) }

        guard let made = make(specification, of: example) else { return nil }
        if made.fileHashes.isEmpty { key.file = nil }
        if !made.usesExpected { cache[key] = made }
        return made
    }

    private func make(_ specification: CheckSpecification, of example: Example) -> CompiledCheck? {
        guard let type = CheckRegistry.check(named: specification.type) else {
            diagnostics.append(Diagnostic(
                at: specification.source, "there is no check `\(Excerpt.oneLine(specification.type))`",
                help: Suggestion.help(for: specification.type, in: CheckRegistry.names)))
            return nil
        }
        var children: CheckGroup?
        let options = CheckOptions(
            specification, documentation: type.documentation, example: example, resources: resources
        ) { [unowned self] specifications in
            children = self.group(specifications, of: example)
            return children
        }
        let check = type.init(options)
        let selector = selector(of: specification)
        diagnostics += options.problems
        guard let check, !options.problems.contains(where: { $0.severity == .error }), selector.isUsable else { return nil }

        let nested = children?.checks ?? []
        let fileHashes = options.fileHashes + nested.flatMap(\.fileHashes)
        let written = specification.hash(rubrics: resources.rubrics)
        return CompiledCheck(
            specification: specification, check: check, selector: selector.selector,
            hash: fileHashes.isEmpty ? written : Digest.sha256(.strings([written] + fileHashes)), fileHashes: fileHashes,
            usesExpected: options.usesExpected || nested.contains(where: \.usesExpected))
    }

    private func selector(of specification: CheckSpecification) -> (selector: Selector?, isUsable: Bool) {
        guard let text = specification.of else { return (nil, true) }
        do throws(SelectorError) {
            return (try Selector(text), true)
        } catch {
            diagnostics.append(Diagnostic(
                at: specification.source.appending("of"), "`of`: \(error.message)", help: error.help))
            return (nil, false)
        }
    }
}
