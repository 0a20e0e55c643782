/// p-values adjusted for having tested several things at once, in the order they came: reject where the adjusted value
/// is at most the level.
package enum MultipleTesting {
    /// Holm 1979, step down: max over j <= k of min(1, (m - j + 1) p_(j)).
    ///
    /// Bounds the chance of even one false rejection, under any dependence; what gates.
    /// - Returns: `nil` with a value outside [0, 1].
    package static func holm(_ pValues: [Double]) -> [Double]? {
        adjusted(pValues) { sorted in
            var largest = 0.0
            return sorted.enumerated().map { place, p in
                largest = max(largest, min(1, Double(sorted.count - place) * p))
                return largest
            }
        }
    }

    /// Benjamini and Hochberg 1995, step up: min over j >= k of min(1, m p_(j) / j).
    ///
    /// Bounds the expected share of false rejections among all, for independent tests; what is only shown.
    /// - Returns: `nil` with a value outside [0, 1].
    package static func benjaminiHochberg(_ pValues: [Double]) -> [Double]? {
        adjusted(pValues) { sorted in
            var smallest = 1.0
            return sorted.enumerated().reversed().map { place, p in
                smallest = min(smallest, Double(sorted.count) * p / Double(place + 1))
                return smallest
            }.reversed()
        }
    }

    private static func adjusted(_ pValues: [Double], by adjust: ([Double]) -> [Double]) -> [Double]? {
        guard pValues.allSatisfy({ (0...1).contains($0) }) else { return nil }
        let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
        var result = pValues
        for (place, value) in zip(order, adjust(order.map { pValues[$0] })) { result[place] = value }
        return result
    }
}
