import Foundation
import RatchetGate
import RatchetJSON
import RatchetReports

/// A decision as it is kept with its run.
struct StoredDecision: Codable {
    var decision: RunDecision
    var notes: [String]
    var command: String?

    var json: JSONValue {
        get throws {
            var object = try JSONValue(parsing: Array(JSONEncoder().encode(self))).objectValue ?? [:]
            // Lists of runs show how they ended without reading the rest.
            object["exit"] = JSONReport.exit(decision)
            return .object(object)
        }
    }

    init(_ report: RunReport) {
        decision = report.decision
        notes = report.notes
        command = report.command
    }

    init(json: JSONValue) throws {
        self = try JSONDecoder().decode(StoredDecision.self, from: Data(json.serialized(.compact).utf8))
    }
}
