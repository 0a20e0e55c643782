/// The ranks of values, equal ones sharing the mean of their places.
struct Midranks {
    /// From 1 to n, in the order of the values.
    let ranks: [Double]
    /// Σ (t³ - t) over the groups of t equal values: what the variances of rank statistics lose to ties.
    let tieCorrection: Double

    init(_ values: [Double]) {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var correction = 0.0
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            // Places start+1 ... end.
            for place in order[start..<end] { ranks[place] = Double(start + 1 + end) / 2 }
            let ties = Double(end - start)
            correction += ties * ties * ties - ties
            start = end
        }
        self.ranks = ranks
        self.tieCorrection = correction
    }
}
