extension Schema {
    /// Calls of tools and their results among the messages, where a conversation began, and all cached answers of one trace.
    static let version6 = """
        ALTER TABLE message ADD COLUMN toolCalls TEXT;
        ALTER TABLE message ADD COLUMN toolCallID TEXT;
        ALTER TABLE request ADD COLUMN opening INTEGER;
        CREATE INDEX cache_trace ON cache (traceID);
        """
}
