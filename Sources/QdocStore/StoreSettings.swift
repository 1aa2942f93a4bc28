internal import CSQLite
import QdocCore

/// The version of the SQLite that is linked.
enum SQLiteVersion {
    static var current: String { unsafe String(cString: sqlite3_libversion()) }
}

/// How SQLite keeps a transaction whole.
public enum JournalMode: String, Sendable, CaseIterable {
    /// A rollback journal whose header is overwritten at each commit: unlike a deleted one it needs no sync of the directory.
    ///
    /// - Measured: 1,629 transactions a second against 1,386 with `delete` (Debian 12, SQLite 3.40.1).
    case persist
    /// A write-ahead log.
    case wal

    /// The first SQLite whose write-ahead log does not lose a reset that crosses a commit: 3.51.3.
    private static let firstSafeLog: Int32 = 3_051_003

    /// Whether a version of SQLite keeps every commit in this mode.
    ///
    /// - Parameter version: As SQLite numbers itself, 3.40.1 as 3,040,001.
    package func isSafe(withSQLite version: Int32) -> Bool {
        switch self {
        case .persist: true
        case .wal: version >= Self.firstSafeLog
        }
    }
}

/// What a connection is set to; each setting is read back, and one that did not take is an error.
public struct StoreSettings: Sendable {
    public var journalMode: JournalMode
    /// Bytes of the rollback journal that stay on the disk between transactions.
    ///
    /// Enough that a common transaction grows no file, and that there is room for it on a disk that is full.
    fileprivate static let journalSize = 1 << 20

    public init(journalMode: JournalMode = .persist) {
        self.journalMode = journalMode
    }

    /// Pragmas with the value that reading them back must give.
    private var pragmas: [(name: String, value: String, shown: SQLValue)] {
        [
            ("journal_mode", journalMode.rawValue.uppercased(), .text(journalMode.rawValue)),
            // Every commit waits for the disk.
            ("synchronous", "FULL", 2),
            ("foreign_keys", "ON", 1),
            // What is deleted is overwritten.
            ("secure_delete", "ON", 1),
            // A damaged or planted schema runs no function.
            ("trusted_schema", "OFF", 0),
            ("cell_size_check", "ON", 1),
            ("journal_size_limit", String(Self.journalSize), .integer(Int64(Self.journalSize))),
        ]
    }

    func apply(to database: Database, isNew: Bool) throws(Failure) {
        // Takes effect before the first table alone: purged pages can be given back to the disk.
        if isNew { _ = try database.rows("PRAGMA auto_vacuum = INCREMENTAL") }
        for pragma in pragmas {
            _ = try database.rows("PRAGMA \(pragma.name) = \(pragma.value)")
            let shown = try database.row("PRAGMA \(pragma.name)")?.values.first
            guard shown == pragma.shown else {
                throw StoreFailure.unavailable(database.path, "SQLite does not take \(pragma.name) = \(pragma.value)")
            }
        }
    }
}

extension Database {
    /// Runs a transaction that deletes, and leaves nothing of it on the disk: pages without use are given back, and the rollback journal,
    /// which holds what stood on them, is emptied.
    public func transactionWithoutTrace<Value>(_ body: () throws -> Value) throws -> Value {
        _ = try rows("PRAGMA journal_size_limit = 0")
        let value = try transaction(body)
        _ = try rows("PRAGMA incremental_vacuum")
        _ = try rows("PRAGMA journal_size_limit = \(StoreSettings.journalSize)")
        return value
    }
}
