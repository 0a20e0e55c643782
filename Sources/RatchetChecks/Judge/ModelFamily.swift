import RatchetCore

/// Who made a model, as far as its name tells: a judge favours answers of its own family (self-preference).
package enum ModelFamily {
    /// The beginnings of model names, and those who make them.
    private static let makers: [(names: [String], maker: String)] = [
        (["gpt", "chatgpt", "o1", "o3", "o4", "davinci", "text-davinci"], "OpenAI"), (["claude"], "Anthropic"),
        (["gemini", "gemma", "palm"], "Google"), (["llama", "meta-llama", "codellama"], "Meta"),
        (["mistral", "mixtral", "ministral", "magistral", "codestral", "devstral", "pixtral"], "Mistral"),
        (["qwen", "qwq"], "Alibaba"), (["deepseek"], "DeepSeek"), (["command", "aya"], "Cohere"), (["grok"], "xAI"),
        (["phi"], "Microsoft"), (["nova", "titan"], "Amazon"), (["smollm"], "Hugging Face"), (["glm", "chatglm"], "Zhipu"),
        (["kimi", "moonshot"], "Moonshot"), (["granite"], "IBM"), (["nemotron"], "NVIDIA"),
    ]

    /// `nil` where the name tells nothing.
    package static func maker(of model: String) -> String? {
        // `meta-llama/Llama-3-70b`, `us.anthropic.claude-3-5-sonnet`
        let name = model.lowercased().split(separator: "/").last.map(String.init) ?? ""
        let parts = [name] + name.split(separator: ".").map(String.init)
        for (names, maker) in makers where parts.contains(where: { part in names.contains { begins(part, with: $0) } }) {
            return maker
        }
        return nil
    }

    /// `o1-mini` and `gpt4o` begin so, `o1x` and `phin` do not: after a short name no letter may follow.
    private static func begins(_ text: String, with name: String) -> Bool {
        guard text.hasPrefix(name) else { return false }
        guard name.utf8.count <= 3, name != "gpt", let next = text.dropFirst(name.count).unicodeScalars.first else { return true }
        return !("a"..."z").contains(next)
    }
}

extension CompiledChecks {
    /// Rubrics whose judge is the model under test without leave, and a warning of those whose judge is of its family.
    ///
    /// - Parameter isSameServer: whether two backends are one server under two names.
    package func dependentJudges(
        target: Target, isSameServer: (_ one: String, _ other: String) -> Bool
    ) -> [Diagnostic] {
        rubrics.filter { !$0.allowsSelfJudging }.compactMap { rubric in
            let judge = rubric.judge
            let place = rubric.source.appending("judge")
            if judge.model == target.model, judge.backend == target.backend || isSameServer(judge.backend, target.backend) {
                return Diagnostic(
                    at: place, "rubric `\(rubric.id)` asks \(judge), the model under test, to judge itself",
                    help: "name another judge, or write allow_self: true into the rubric")
            }
            guard let maker = ModelFamily.maker(of: judge.model), maker == ModelFamily.maker(of: target.model) else { return nil }
            return Diagnostic(
                .warning, at: place,
                "the judge \(judge) of rubric `\(rubric.id)` and the model under test, \(target), are both made by \(maker): "
                    + "judges favour their own family",
                help: "take a judge of another family, or calibrate this one on the answers of both")
        }
    }
}
