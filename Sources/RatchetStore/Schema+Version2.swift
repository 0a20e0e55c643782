extension Schema {
    /// Why a failed check nearly passed, where it did.
    static let version2 = "ALTER TABLE score ADD COLUMN failureKind TEXT"
}
