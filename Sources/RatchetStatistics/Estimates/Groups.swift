/// Values that belong together.
package enum Groups {
    /// The sum of each group's values, in the order the groups first appear; `nil` when the lists differ in length.
    package static func sums<Group: Hashable>(_ values: [Double], by groups: [Group]) -> [Double]? {
        guard values.count == groups.count else { return nil }
        var places: [Group: Int] = [:]
        var sums: [Double] = []
        for (value, group) in zip(values, groups) {
            if let place = places[group] {
                sums[place] += value
            } else {
                places[group] = sums.count
                sums.append(value)
            }
        }
        return sums
    }
}
