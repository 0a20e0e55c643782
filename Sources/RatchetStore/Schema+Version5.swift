extension Schema {
    /// What a shard's run says of the whole, as a JSON text.
    static let version5 = "ALTER TABLE run ADD COLUMN shard TEXT;"
}
