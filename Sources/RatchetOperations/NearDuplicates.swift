import RatchetJSON

/// Texts that say nearly the same, found without comparing all with all.
///
/// Likeness is the Jaccard index of the texts' runs of three words, in lower case. Signatures of 64 smallest hashes (Broder 1997) are cut
/// into 16 bands of 4: texts that share a band are compared, by their signatures and then exactly. Of pairs with an index of 0.8 that misses
/// one in five thousand, of 0.5 a third. Where very many texts share a band without being alike, each is compared with the latest of them
/// only: alike ones meet again in the bands of what they alone have in common.
package struct NearDuplicates: Sendable {
    /// Texts that are alike, by their places; at least two, in order, with the least likeness that joined them.
    package struct Group: Hashable, Sendable {
        package var members: [Int]
        /// In 0...1.
        package var likeness: Double
    }

    private static let hashes = 64
    private static let bands = 16
    /// How many texts of one band another is compared with.
    private static let mostCompared = 64
    /// Below the threshold by how much an index that is estimated of two signatures is not worth an exact look: three standard deviations.
    private static let slack = 0.19

    /// - Parameter threshold: The least likeness, in 0.5...1.
    package static func groups(of texts: [String], threshold: Double) -> [Group] {
        let signatures = texts.map { signature(shingles($0)) }
        var leaders = Array(texts.indices)
        var likeness: [Int: Double] = [:]
        func leader(_ place: Int) -> Int {
            var place = place
            while leaders[place] != place {
                leaders[place] = leaders[leaders[place]]
                place = leaders[place]
            }
            return place
        }
        let rows = hashes / bands
        for band in 0..<bands {
            var buckets: [ArraySlice<UInt64>: [Int]] = [:]
            for (place, signature) in signatures.enumerated() {
                buckets[signature[band * rows..<(band + 1) * rows], default: []].append(place)
            }
            for bucket in buckets.values where bucket.count > 1 {
                // Against the first of each group in the bucket: a thousand equal texts are a thousand comparisons.
                var firsts: [Int] = []
                for place in bucket {
                    let known = firsts.suffix(mostCompared).first { first in
                        if leader(first) == leader(place) { return true }
                        guard estimate(signatures[first], signatures[place]) >= threshold - slack else { return false }
                        let index = jaccard(shingles(texts[first]), shingles(texts[place]))
                        guard index >= threshold else { return false }
                        let (low, high) = (min(leader(first), leader(place)), max(leader(first), leader(place)))
                        likeness[low] = min(likeness[low] ?? 1, likeness[high] ?? 1, index)
                        leaders[high] = low
                        return true
                    }
                    if known == nil { firsts.append(place) }
                }
            }
        }
        var groups: [Int: [Int]] = [:]
        for place in texts.indices { groups[leader(place), default: []].append(place) }
        return groups.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
            .map { Group(members: $0.value, likeness: likeness[$0.key] ?? 1) }
    }

    /// The share of hashes that are the same: the index, give or take 0.06.
    private static func estimate(_ one: [UInt64], _ other: [UInt64]) -> Double {
        var same = 0
        for place in 0..<hashes where one[place] == other[place] { same += 1 }
        return Double(same) / Double(hashes)
    }

    package static func likeness(_ one: String, _ other: String) -> Double { jaccard(shingles(one), shingles(other)) }

    private static func jaccard(_ one: Set<UInt64>, _ other: Set<UInt64>) -> Double {
        let common = one.intersection(other).count
        let all = one.count + other.count - common
        return all == 0 ? 1 : Double(common) / Double(all)
    }

    /// Hashes of all runs of three words; of fewer words, the whole.
    private static func shingles(_ text: String) -> Set<UInt64> {
        var words: [UInt64] = []
        var word: UInt64 = 0
        var isInside = false
        for scalar in text.lowercased().unicodeScalars {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                word = mix((isInside ? word : 0x9E37_79B9_7F4A_7C15) ^ UInt64(scalar.value))
                isInside = true
            } else if isInside {
                words.append(word)
                isInside = false
            }
        }
        if isInside { words.append(word) }
        guard words.count > 3 else { return [words.reduce(UInt64(words.count)) { mix($0 ^ $1) }] }
        return Set((0...(words.count - 3)).map { mix(mix(words[$0] &* 3 ^ words[$0 + 1]) &* 3 ^ words[$0 + 2]) })
    }

    private static func signature(_ shingles: Set<UInt64>) -> [UInt64] {
        var smallest = Array(repeating: UInt64.max, count: hashes)
        for shingle in shingles {
            var hash = shingle
            for place in 0..<hashes {
                hash = mix(hash &+ UInt64(place))
                if hash < smallest[place] { smallest[place] = hash }
            }
        }
        return smallest
    }

    /// The finalizer of SplitMix64 (Steele, Lea and Flood 2014).
    private static func mix(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
