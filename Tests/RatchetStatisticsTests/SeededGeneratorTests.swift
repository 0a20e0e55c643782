@testable import RatchetStatistics
import Testing

@Suite("Seeded random generator")
struct SeededGeneratorTests {
    @Test("SplitMix64 gives the published numbers of seed 1234567")
    func splitMix() {
        var generator = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ]
        #expect(expected.map { _ in generator.next() } == expected)
    }

    @Test("xoshiro256** gives the published numbers of state 1, 2, 3, 4")
    func xoshiro() throws {
        var generator = try #require(SeededGenerator(state: (1, 2, 3, 4)))
        let expected: [UInt64] = [
            11_520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360, 607_988_272_756_665_600,
            16_172_922_978_634_559_625, 8_476_171_486_693_032_832, 10_595_114_339_597_558_777,
            2_904_607_092_377_533_576,
        ]
        #expect(expected.map { _ in generator.next() } == expected)
        #expect(SeededGenerator(state: (0, 0, 0, 0)) == nil)
    }

    @Test("The order that follows from a seed never changes: recorded runs are repeated by it")
    func goldenOrders() {
        var seed42 = SeededGenerator(seed: 42)
        #expect(
            seed42.shuffled(Array(0..<20))
                == [0, 19, 3, 18, 5, 4, 8, 17, 2, 13, 6, 9, 14, 10, 11, 16, 15, 12, 7, 1])
        var seed0 = SeededGenerator(seed: 0)
        #expect(seed0.shuffled(Array(0..<10)) == [7, 8, 3, 1, 5, 4, 2, 0, 9, 6])
    }

    @Test("Bounded draws reject rather than favour: a bound that rejects half of all numbers")
    func rejection() {
        var generator = SeededGenerator(seed: 2026)
        let bound: UInt64 = (1 << 63) + 1
        let expected: [UInt64] = [
            7_494_076_726_437_113_709, 8_242_693_786_546_385_793, 7_489_703_595_329_264_997, 7_275_240_644_462_229_668,
        ]
        #expect(expected.map { _ in generator.next(below: bound) } == expected)
    }

    @Test("Bounded draws stay below the bound and reach every number", arguments: [1, 2, 7, 100] as [UInt64])
    func bounds(bound: UInt64) {
        var generator = SeededGenerator(seed: bound)
        let drawn = Set((0..<2_000).map { _ in generator.next(below: bound) })
        #expect(drawn == Set(0..<bound))
    }

    @Test("Shuffling keeps every element; nothing and one stay as they are", arguments: [0, 1, 2, 500])
    func permutation(count: Int) {
        var generator = SeededGenerator(seed: 5)
        #expect(generator.shuffled(Array(0..<count)).sorted() == Array(0..<count))
    }

    @Test("Every order of three is equally likely")
    func uniformOrders() {
        var generator = SeededGenerator(seed: 11)
        var counts: [[Int]: Int] = [:]
        for _ in 0..<6_000 { counts[generator.shuffled([1, 2, 3]), default: 0] += 1 }
        // Six orders, 1,000 expected each, standard deviation 29.
        #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1_000) < 130 })
    }
}
