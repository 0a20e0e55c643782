import RatchetCore
import Testing

@Suite("Shards")
struct ShardTests {
    @Test("every example is in exactly one shard, whatever the number of shards", arguments: [1, 2, 3, 7, 64, 1000])
    func partition(count: Int) throws {
        let shards = try (1...count).map { try #require(Shard(index: $0, count: count)) }
        for number in 0..<200 {
            #expect(shards.count { $0.contains(suite: "s", example: "e\(number)") } == 1)
        }
    }

    @Test("the shards of a big suite are about equally big")
    func balance() throws {
        for index in 1...8 {
            let shard = try #require(Shard(index: index, count: 8))
            let size = (0..<8000).count { shard.contains(suite: "support", example: "e\($0)") }
            // Six standard deviations of a binomial about 1,000.
            #expect(abs(size - 1000) < 180)
        }
    }

    @Test("an example's shard is the same on every machine and in every version")
    func stable() {
        let found = ["e0", "e1", "e2", "e3", "e4", "e5"].map { id in
            (1...3).first { Shard(index: $0, count: 3)?.contains(suite: "s", example: id) == true }
        }
        #expect(found == [3, 2, 2, 3, 2, 3])
    }

    @Test("what is no shard is none", arguments: ["", "1", "0/3", "4/3", "1/0", "-1/3", "1/3/5", "a/b", "1/", "/3", "1/10001"])
    func malformed(text: String) { #expect(Shard(text) == nil) }

    @Test("a shard is written as it is read")
    func text() { #expect(Shard("2/3")?.description == "2/3") }
}
