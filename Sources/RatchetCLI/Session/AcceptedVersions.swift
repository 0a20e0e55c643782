import RatchetCore
import RatchetFiles
import RatchetRunner

/// The versions that a baseline's records were accepted with, as far as they can be asked today: the prompt by its
/// hash, from the project or from what was kept beside the baseline, on the same target and with the same parameters.
struct AcceptedVersions {
    private let opened: OpenedProject
    private let suite: PlannedSuite
    private var known: [Key: PlannedVersion?] = [:]

    private struct Key: Hashable {
        var prompt: String?
        var hash: String?
        var target: String
        var params: String
    }

    static func plan(_ plan: RunPlan, with baselines: [String: Baseline], in opened: OpenedProject) -> RunPlan {
        var plan = plan
        for place in plan.suites.indices {
            guard let baseline = baselines[plan.suites[place].run.suite] else { continue }
            var versions = AcceptedVersions(opened: opened, suite: plan.suites[place])
            for record in baseline.records where plan.suites[place].example(record.id) != nil {
                plan.suites[place].accepted[record.id] = versions.version(of: record)
            }
        }
        return plan
    }

    private init(opened: OpenedProject, suite: PlannedSuite) {
        self.opened = opened
        self.suite = suite
    }

    private mutating func version(of record: BaselineRecord) -> PlannedVersion? {
        let key = Key(prompt: record.prompt, hash: record.promptHash, target: record.target, params: record.paramsHash)
        if let version = known[key] { return version }
        let version = find(key)
        known[key] = .some(version)
        return version
    }

    private func find(_ key: Key) -> PlannedVersion? {
        guard let target = Target(key.target), let backend = opened.project.configuration.backend(target.backend),
            !backend.isDeterministic
        else { return nil }
        var prompt: Prompt?
        if let hash = key.hash {
            guard let reference = key.prompt.flatMap({ PromptReference($0) }),
                let found = kept(reference, hash: hash)
            else { return nil }
            prompt = found
        }
        let version = PlannedVersion(target: target, prompt: prompt, suiteParams: suite.suite.params)
        return version.paramsHash == key.params ? version : nil
    }

    private func kept(_ reference: PromptReference, hash: String) -> Prompt? {
        if let prompt = opened.project.prompts[reference.id]?.first(where: { $0.hash == hash }) { return prompt }
        // A kept prompt that cannot be read is as if it had not been kept: control trials are a help, not a condition.
        let prompt = BaselineFile(opened.folder).storedPrompt(reference, hash: hash).prompt
        return prompt?.hash == hash ? prompt : nil
    }
}
