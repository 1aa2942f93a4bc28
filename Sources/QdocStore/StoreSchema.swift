import QdocCore
import QdocRuntime

/// A step from one shape of the tables to the next. Steps are only ever added, and never changed once they have shipped.
public struct Migration: Sendable {
    public var name: String
    public var statements: [String]

    public init(_ name: String, _ statements: [String]) {
        self.name = name
        self.statements = statements
    }
}

/// What makes a SQLite file a store: a mark in its header and a list of migrations.
public struct StoreSchema: Sendable {
    /// Stands in the file's header, where `file` and others look.
    public var applicationID: Int32
    public var migrations: [Migration]

    public init(applicationID: Int32, migrations: [Migration]) {
        self.applicationID = applicationID
        self.migrations = migrations
    }

    /// Whether a file is new; it is not touched.
    ///
    /// - Throws: `store_damaged` of a database that is somebody else's.
    func recognize(_ database: Database) throws(Failure) -> Bool {
        // Of one moment: another process may be making the store just now.
        let row = try database.row(
            "SELECT (SELECT count(*) FROM sqlite_schema) AS tables, application_id AS id FROM pragma_application_id")
        let (id, tables) = (try row?.integer("id"), try row?.integer("tables"))
        if id == Int64(applicationID) { return false }
        guard id == 0, tables == 0 else { throw StoreFailure.damaged(database.path, "it is a database of another program") }
        return true
    }

    /// Runs the migrations that a store lacks, each in a transaction of its own: one that is broken off leaves the store as it was.
    func migrate(_ database: Database) throws(Failure) {
        do {
            for step in migrations.indices where try applied(database) <= step {
                try database.transaction {
                    // Another process may have been faster.
                    guard try applied(database) <= step else { return }
                    try apply(migrations[step], number: step + 1, to: database)
                }
            }
            _ = try applied(database)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.internalError, "a migration of the store failed: \(error)")
        }
    }

    private func apply(_ migration: Migration, number: Int, to database: Database) throws {
        if number == 1 {
            _ = try database.rows("PRAGMA application_id = \(applicationID)")
            try database.execute(
                "CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT, WITHOUT ROWID"
            )
        }
        for statement in migration.statements { try database.execute(statement) }
        try database.execute(
            "INSERT INTO migration (number, name, applied_at) VALUES (?, ?, ?)",
            [.integer(Int64(number)), .text(migration.name), .integer(WallClock.now())])
    }

    /// How many migrations a store has.
    ///
    /// - Throws: `store_unavailable` of a newer store, `store_damaged` of one with another past.
    private func applied(_ database: Database) throws -> Int {
        guard try database.row("SELECT 1 AS one FROM sqlite_schema WHERE name = 'migration'") != nil else { return 0 }
        let names = try database.rows("SELECT number, name FROM migration ORDER BY number").map { try $0.text("name") }
        guard names.count <= migrations.count else {
            throw Failure(
                .storeUnavailable, "the store \(database.path) was written by a newer qdoc",
                remedy: "use that qdoc, or name another store with --store")
        }
        guard zip(names, migrations).allSatisfy({ $0 == $1.name }) else {
            throw StoreFailure.damaged(database.path, "its migrations are not qdoc's")
        }
        return names.count
    }
}
