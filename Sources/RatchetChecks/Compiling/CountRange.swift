/// How many of something there may be.
package struct CountRange: Hashable, Sendable {
    package var minimum: Int?
    package var maximum: Int?

    package init(minimum: Int?, maximum: Int?) {
        self.minimum = minimum
        self.maximum = maximum
    }

    package func contains(_ count: Int) -> Bool { count >= minimum ?? .min && count <= maximum ?? .max }

    /// "at most 5", "at least 2", "2 to 5", "exactly 3".
    package var description: String {
        switch (minimum, maximum) {
        case (let minimum?, let maximum?): minimum == maximum ? "exactly \(minimum)" : "\(minimum) to \(maximum)"
        case (let minimum?, nil): "at least \(minimum)"
        case (nil, let maximum?): "at most \(maximum)"
        case (nil, nil): "any number"
        }
    }
}
