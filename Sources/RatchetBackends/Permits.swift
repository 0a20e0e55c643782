/// A bound on what is under way at once; those that wait are served in order.
package actor Permits {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var served = 0

    package init(_ count: Int) { free = max(count, 1) }

    package func acquire() async {
        if free > 0 {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    package func release() {
        guard served < waiting.count else {
            free += 1
            return
        }
        let next = waiting[served]
        served += 1
        // Popping from the front one by one would be quadratic.
        if served > 1024, served * 2 > waiting.count {
            waiting.removeFirst(served)
            served = 0
        }
        next.resume()
    }
}
