import Foundation
import RatchetGate
import RatchetJSON

/// A decision as it is kept with its run.
struct StoredDecision: Codable {
    var decision: RunDecision
    var notes: [String]

    var json: JSONValue {
        get throws { try JSONValue(parsing: Array(JSONEncoder().encode(self))) }
    }

    init(decision: RunDecision, notes: [String]) {
        self.decision = decision
        self.notes = notes
    }

    init(json: JSONValue) throws {
        self = try JSONDecoder().decode(StoredDecision.self, from: Data(json.serialized(.compact).utf8))
    }
}
