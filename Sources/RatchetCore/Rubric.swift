import RatchetJSON

/// A versioned judge prompt: what is asked, on which scale, and which model is asked.
package struct Rubric: Sendable {
    package enum Scale: Hashable, Sendable {
        case passFail
        /// Label to score in 0...1, in the order written.
        case labels([Label])
        /// A whole-number scale with a description for some of its points.
        case anchored(minimum: Int, maximum: Int, anchors: [Int: String])
        /// Which of two answers is better, asked in both orders.
        case pairwise
    }

    package struct Label: Hashable, Sendable {
        package var name: String
        package var score: Double
        package init(name: String, score: Double) {
            self.name = name
            self.score = score
        }
    }

    package var id: String
    package var version: String?
    package var judge: Target
    package var scale: Scale
    /// The least score that passes, in 0...1.
    package var threshold: Double
    /// How many times the judge is asked; the majority decides. Odd.
    package var votes: Int
    package var params: JSONObject
    package var templates: [Prompt.Template]
    /// Allows the judge to be the model under test.
    package var allowsSelfJudging: Bool
    /// SHA-256 of the file's content: judge model, scale and words together.
    package var hash: String
    package var source: SourceReference

    package init(
        id: String, version: String?, judge: Target, scale: Scale, threshold: Double, votes: Int, params: JSONObject,
        templates: [Prompt.Template], allowsSelfJudging: Bool, hash: String, source: SourceReference
    ) {
        self.id = id
        self.version = version
        self.judge = judge
        self.scale = scale
        self.threshold = threshold
        self.votes = votes
        self.params = params
        self.templates = templates
        self.allowsSelfJudging = allowsSelfJudging
        self.hash = hash
        self.source = source
    }

    /// The calls that one verdict takes: one a vote, two where both orders are asked.
    package var callsPerVerdict: Int { votes * (scale == .pairwise ? 2 : 1) }

    /// `helpful@3`, or the id alone.
    package var name: String { version.map { "\(id)@\($0)" } ?? id }
}
