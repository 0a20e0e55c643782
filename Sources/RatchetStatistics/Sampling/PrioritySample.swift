/// A sample of fixed size from a stream of unknown length, in which what weighs more is kept more often.
///
/// Priority sampling (Duffield, Lund and Thorup 2007): each element gets the key w/u from its weight w and a random u
/// in (0, 1]; the k largest keys are kept. With τ the next largest, each kept one was kept with probability
/// π = min(1, w/τ), for use with `InclusionWeights`. Equal weights give a simple random sample.
package struct PrioritySample<Element: Sendable>: Sendable {
    /// An element that was kept, and with what probability.
    package struct Kept: Sendable {
        package let element: Element
        package let inclusionProbability: Double
    }

    private struct Entry: Sendable {
        let element: Element
        let weight: Double
        let key: Double
        let arrival: Int

        /// Of equal keys the later goes first.
        func isBefore(_ other: Entry) -> Bool { (key, -arrival) < (other.key, -other.arrival) }
    }

    package let size: Int
    /// A binary heap of the size + 1 largest keys, the smallest first.
    private var heap: [Entry] = []
    private var arrivals = 0

    /// `nil` unless size >= 1.
    package init?(size: Int) {
        guard size >= 1, size < Int.max else { return nil }
        self.size = size
    }

    /// - Parameters:
    ///   - weight: how much the element is wanted; ignored unless finite and above 0.
    ///   - uniform: u, drawn for this element alone, such as the hash of its id; ignored unless in (0, 1].
    package mutating func add(_ element: Element, weight: Double = 1, uniform: Double) {
        guard weight > 0, weight.isFinite, uniform > 0, uniform <= 1 else { return }
        arrivals += 1
        let entry = Entry(element: element, weight: weight, key: weight / uniform, arrival: arrivals)
        if heap.count <= size {
            heap.append(entry)
            siftUp()
        } else if heap[0].isBefore(entry) {
            heap[0] = entry
            siftDown()
        }
    }

    /// What is kept so far, in the order it came.
    package var kept: [Kept] {
        guard heap.count > size else { return inOrder(heap).map { Kept(element: $0.element, inclusionProbability: 1) } }
        let threshold = heap[0].key
        return inOrder(Array(heap.dropFirst())).map {
            Kept(element: $0.element, inclusionProbability: min(1, $0.weight / threshold))
        }
    }

    private func inOrder(_ entries: [Entry]) -> [Entry] { entries.sorted { $0.arrival < $1.arrival } }

    private mutating func siftUp() {
        var place = heap.count - 1
        while place > 0, heap[place].isBefore(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func siftDown() {
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            if least == place { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
