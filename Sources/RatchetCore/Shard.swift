/// One of the parts that a run is cut into, so that several machines can share it.
///
/// An example belongs to a shard by its suite and its id alone: another example more or less moves none of the others, and
/// no two machines have to talk.
package struct Shard: Hashable, Sendable, Codable, CustomStringConvertible {
    /// 1 to `count`.
    package let index: Int
    package let count: Int

    /// As many as anybody will start, and few enough that a slip such as `1/20261122` is found.
    package static let mostShards = 10_000

    package init?(index: Int, count: Int) {
        guard (1...Self.mostShards).contains(count), (1...count).contains(index) else { return nil }
        self.index = index
        self.count = count
    }

    /// `2/4`
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1] else { return nil }
        self.init(index: index, count: count)
    }

    package var description: String { "\(index)/\(count)" }

    package func contains(suite: String, example: String) -> Bool {
        Self.index(ofSuite: suite, example: example, count: count) == index
    }

    /// Which of `count` shards an example is in; `count` must not be 0.
    package static func index(ofSuite suite: String, example: String, count: Int) -> Int {
        Int(Digest.seed("\(suite)/\(example)") % UInt64(count)) + 1
    }
}

/// What a shard's run says of the whole that it is a part of: by this it is known which shards belong together.
package struct ShardDescription: Hashable, Sendable, Codable {
    package var shard: Shard
    package var selection: RunSelection
    /// `--baseline`
    package var baseline: String?
    /// By suite, the hash of the baseline that the whole is held against.
    package var baselineHashes: [String: String]
    /// The full id of the commit that was checked out.
    package var commit: String?
    /// The full id of the commit that the change is held against; `nil` for the working tree's own files.
    package var base: String?
    /// The plan key of the whole.
    package var planKey: String
    /// The hash of all that its trials say, once they are in a file.
    package var digest: String?

    package init(
        shard: Shard, selection: RunSelection, baseline: String?, baselineHashes: [String: String], commit: String?, base: String?,
        planKey: String
    ) {
        self.shard = shard
        self.selection = selection
        self.baseline = baseline
        self.baselineHashes = baselineHashes
        self.commit = commit
        self.base = base
        self.planKey = planKey
    }

    /// The seed of every shard of the same plan at the same commit: they agree on it without talking.
    package var seed: UInt64 { Digest.seed("\(planKey) \(commit ?? "")") }
}
