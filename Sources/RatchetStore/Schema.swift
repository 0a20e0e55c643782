import GRDB

/// The database's schema, as the list of steps that lead to it.
///
/// A migration that was released is never edited: a user's database has been through it. A change of the schema is a
/// new migration at the end of the list, with the next number in its name.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 runs, trials, requests and cache") { try $0.execute(sql: version1) }
        migrator.registerMigration("2 failure kinds and regraded runs") { try $0.execute(sql: version2) }
        migrator.registerMigration("3 parts of the token counts") { try $0.execute(sql: version3) }
        migrator.registerMigration("4 calls at once") { try $0.execute(sql: version4) }
        migrator.registerMigration("5 shards") { try $0.execute(sql: version5) }
        migrator.registerMigration("6 conversations") { try $0.execute(sql: version6) }
        migrator.registerMigration("7 batches") { try $0.execute(sql: version7) }
        return migrator
    }
}
