import RatchetCore
import RatchetRunner

/// The files of all shards of one run: complete, of the same plan, each part once.
struct ShardSet {
    /// By index.
    let files: [ShardFile]
    /// What a reader must know of the files.
    let notes: [String]

    /// What the shards say of the whole; they all say the same.
    var description: ShardDescription { files[0].description }
    var seed: UInt64 { files[0].header.seed }

    /// - Parameter names: The files as they were named, in any order.
    /// - Throws: `DiagnosticsError` with all that is wrong: 65 for files that are no shards of one run, 5 for missing ones.
    static func read(_ names: [String], _ context: Context) throws -> ShardSet {
        var problems: [Diagnostic] = []
        var files: [ShardFile] = []
        // By name, so that it does not matter in which order they were given.
        for name in Set(names).sorted() {
            do {
                files.append(try ShardFile.read(name, at: context.absolute(name)))
            } catch let error as DiagnosticsError {
                problems += error.diagnostics
            }
        }
        let (own, foreign) = ofOneRun(files)
        problems += foreign
        var notes: [String] = []
        var parts: [Int: ShardFile] = [:]
        for file in own {
            guard let first = parts[file.shard.index] else {
                parts[file.shard.index] = file
                continue
            }
            if file.digest == first.digest {
                notes.append("\(first.name) and \(file.name) are the same shard \(file.shard), with the same trials: one was left out")
            } else {
                problems.append(
                    Diagnostic(
                        "\(file.name): it is the shard \(file.shard), as \(first.name) is, with other trials",
                        help: "keep the file of one of the two: which one must not depend on what they say"))
            }
        }
        if let count = own.first?.shard.count { problems += missing((1...count).filter { parts[$0] == nil }, of: count) }
        guard problems.isEmpty else { throw DiagnosticsError(problems) }
        return ShardSet(files: parts.sorted { $0.key < $1.key }.map(\.value), notes: notes)
    }

    /// The files that most have in common a whole with, and a finding for each of the others.
    private static func ofOneRun(_ files: [ShardFile]) -> (own: [ShardFile], foreign: [Diagnostic]) {
        let wholes = files.map { WholeIdentity($0.header, $0.description) }
        let sizes = Dictionary(grouping: wholes, by: { $0 }).mapValues(\.count)
        // Of equals the first by name.
        guard let most = sizes.values.max(), let place = wholes.firstIndex(where: { sizes[$0] == most }) else { return ([], []) }
        let others = zip(files, wholes).filter { $0.1 != wholes[place] }
        return (
            zip(files, wholes).filter { $0.1 == wholes[place] }.map(\.0),
            others.map { file, whole in
                Diagnostic(
                    "\(file.name): it is a shard of another run than \(files[place].name): \(whole.difference(from: wholes[place]))",
                    help: "name only the files of one run, all made in the same way at the same commit")
            }
        )
    }

    private static func missing(_ indices: [Int], of count: Int) -> [Diagnostic] {
        guard let first = indices.first else { return [] }
        let shown = indices.prefix(20).map(String.init).joined(separator: ", ") + (indices.count > 20 ? ", …" : "")
        return [
            Diagnostic(
                indices.count == 1 ? "the shard \(first)/\(count) is missing" : "\(indices.count) of \(count) shards are missing: \(shown)",
                help: "run it as the others were run, with --shard \(first)/\(count), and name its file as well", exitCode: .partial)
        ]
    }

    // MARK: Against the project

    /// What is wrong with the files for this project: they must be of the very run that it would make of them.
    ///
    /// - Parameter whole: What a shard run here would say of the whole.
    func problems(with whole: ShardDescription, plan: RunPlan) throws -> [Diagnostic] {
        var header = files[0].header
        header.version = Version.current
        header.suites = plan.suites.map(\.run)
        let here = WholeIdentity(header, whole)
        let there = WholeIdentity(files[0].header, description)
        guard here == there else {
            return [
                Diagnostic(
                    "these shards are not of this project as it is here: \(there.difference(from: here, place: "here"))",
                    help: "gate them in the checkout that they were run in, with the same --base")
            ]
        }
        var parts: [Int: FirstPass] = [:]
        for suite in plan.suites {
            for planned in suite.examples {
                let index = Shard.index(ofSuite: suite.run.suite, example: planned.example.id, count: description.shard.count)
                parts[index, default: FirstPass()].add(planned.example.id, of: suite.run)
            }
        }
        return try files.compactMap { file in
            let found = Set(try file.store().outcomes(run: file.run).map(\.key))
            guard file.header.state == .finished, parts[file.shard.index, default: FirstPass()].isRun(by: found) else {
                return Diagnostic("\(file.name): it does not hold what the shard \(file.shard) has to run", help: "run that shard again")
            }
            return nil
        }
    }

    /// The trials that a shard runs.
    private struct FirstPass {
        /// Those that there have to be.
        private var needed: Set<TrialKey> = []
        /// Those of which a recording may have fewer than were asked for.
        private var optional: Set<TrialKey> = []

        mutating func add(_ example: String, of suite: RunSuite) {
            for number in 1...max(suite.trials, 1) {
                let key = TrialKey(suite: suite.suite, example: example, draw: Draw(.run, number))
                if suite.isDeterministic, number > 1 { optional.insert(key) } else { needed.insert(key) }
            }
        }

        func isRun(by found: Set<TrialKey>) -> Bool { needed.isSubset(of: found) && found.subtracting(needed).isSubset(of: optional) }
    }
}
