extension Schema {
    /// Tokens read from and written to a provider's prompt cache, and tokens of reasoning: parts of `inputTokens` and
    /// `outputTokens`.
    static let version3 = ["request", "cache"].flatMap { table in
        ["cachedTokens", "cacheWriteTokens", "reasoningTokens"].map { "ALTER TABLE \(table) ADD COLUMN \($0) INTEGER;" }
    }.joined(separator: "\n")
}
