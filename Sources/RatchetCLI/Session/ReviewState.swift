import Foundation
import RatchetCore
import RatchetFiles

/// What a person has decided of a run's flips so far: kept after every answer, so that a review that is cut off goes on.
struct ReviewState: Codable, Sendable {
    enum Action: String, Codable, Sendable {
        /// The new behaviour is right.
        case accept
        /// A known loss, for a while.
        case tolerate
        /// Runs and reports, and does not gate.
        case quarantine
        /// Its check is wrong: noted for `regrade`.
        case doubt
        case skip

        var kind: Override.Kind? {
            switch self {
            case .accept: .accept
            case .tolerate: .tolerate
            case .quarantine: .quarantine
            case .doubt, .skip: nil
            }
        }
    }

    struct Decision: Codable, Sendable, Equatable {
        /// `suite/id`, or `suite:pass_rate` and the like.
        var name: String
        var action: Action
        var reason: String?
        var expires: String?
    }

    /// In the order in which they were given.
    var decisions: [Decision] = []

    /// Permissions with the same words, to be written together; in the order of their first.
    var permissions: [RunConclusion.Permission] {
        var found: [RunConclusion.Permission] = []
        for decision in decisions {
            guard let kind = decision.action.kind, let reason = decision.reason else { continue }
            if let place = found.firstIndex(where: { $0.kind == kind && $0.reason == reason && $0.expires == decision.expires }) {
                found[place].names.append(decision.name)
            } else {
                found.append(.init(names: [decision.name], reason: reason, kind: kind, expires: decision.expires))
            }
        }
        return found
    }

    var doubted: [String] { decisions.filter { $0.action == .doubt }.map(\.name) }

    static func path(_ folder: ProjectFolder, run: String) -> String { folder.path(".ratchet/reviews/\(run).json") }

    /// Empty where there is none that can be read.
    static func read(_ folder: ProjectFolder, run: String) -> ReviewState {
        guard let bytes = try? FileSystem.read(path(folder, run: run)) else { return ReviewState() }
        return (try? JSONDecoder().decode(ReviewState.self, from: Data(bytes))) ?? ReviewState()
    }

    func keep(_ folder: ProjectFolder, run: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        try AtomicFile.write([UInt8](encoder.encode(self)), to: Self.path(folder, run: run))
    }
}
