internal import CSQLite
public import QdocCore

/// One connection to a store: a SQLite file of qdoc's own, whose every commit is on the disk when it returns.
///
/// - Confinement: Made, used and freed on one thread at a time; SQLite takes no lock of its own. `DatabaseLane` gives it a thread.
@safe public final class Database {
    /// Statements that stay prepared. The program has some dozens; more are a fault, not a reason to grow.
    private static let cachedStatements = 200

    public let path: String
    private var handle: OpaquePointer?
    private var statements: [String: Statement] = [:]
    /// Why the connection is used no more.
    private var poison: Failure?

    /// Opens a store and brings it to the newest of the schema's migrations; makes it, and its folder, where it is not there.
    ///
    /// The file is for its owner alone (mode 600).
    ///
    /// - Parameter busyTimeout: Milliseconds to wait for another process's transaction.
    /// - Throws: `store_unavailable`, `store_damaged`, `store_full`.
    public init(_ path: String, schema: StoreSchema, settings: StoreSettings = StoreSettings(), busyTimeout: Int32 = 30_000) throws(Failure)
    {
        self.path = path
        guard settings.journalMode.isSafe(withSQLite: sqlite3_libversion_number()) else {
            throw StoreFailure.unavailable(path, "SQLite \(SQLiteVersion.current) may lose data in write-ahead mode")
        }
        try StoreFile.prepare(path)
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        unsafe handle = opened
        guard code == SQLITE_OK else {
            let failure = failure(code)
            shut()
            throw failure
        }
        unsafe sqlite3_extended_result_codes(opened, 1)
        unsafe sqlite3_busy_timeout(opened, busyTimeout)
        do throws(Failure) {
            let isNew = try schema.recognize(self)
            try settings.apply(to: self, isNew: isNew)
            try schema.migrate(self)
        } catch {
            shut()
            throw error
        }
    }

    deinit {
        shut()
    }

    /// Ends the connection; every later call is refused with `store_unavailable`.
    public func close() {
        if poison == nil { poison = StoreFailure.unavailable(path, "it was closed") }
        shut()
    }

    /// Runs a statement that changes something.
    ///
    /// - Returns: How many rows it inserted, updated or deleted.
    @discardableResult
    public func execute(_ sql: String, _ values: [SQLValue] = []) throws(Failure) -> Int {
        _ = try rows(sql, values)
        return Int(unsafe sqlite3_changes64(handle))
    }

    /// Runs a query and gives all of its rows: limit what may become long.
    public func rows(_ sql: String, _ values: [SQLValue] = []) throws(Failure) -> [SQLRow] {
        let statement = try prepared(sql)
        var code = statement.bind(values)
        var rows: [SQLRow] = []
        if code == SQLITE_OK {
            code = statement.step()
            while code == SQLITE_ROW {
                rows.append(SQLRow(columns: statement.columns, values: statement.row(), path: path))
                code = statement.step()
            }
        }
        guard code == SQLITE_DONE else {
            let failure = failure(code)
            statement.reset()
            throw failure
        }
        statement.reset()
        return rows
    }

    /// Runs a query and gives its first row.
    public func row(_ sql: String, _ values: [SQLValue] = []) throws(Failure) -> SQLRow? {
        try rows(sql, values).first
    }

    /// Runs work as one transaction: all of it is on the disk when this returns, none of it where it throws.
    ///
    /// The right to write is taken at once, so that what is read inside still holds when it is written.
    ///
    /// A commit that fails for an input or output error ends the connection for good, and is never tried again: what the disk holds then is
    /// known to nobody until the file is opened anew.
    public func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        try execute("BEGIN IMMEDIATE")
        do {
            let value = try body()
            try execute("COMMIT")
            return value
        } catch {
            rollBack()
            throw error
        }
    }

    private func rollBack() {
        // SQLite rolls back by itself on some failures; a connection that is shut has left the rest to the next one that opens the file.
        guard let handle = unsafe handle, unsafe sqlite3_get_autocommit(handle) == 0 else { return }
        do throws(Failure) {
            try execute("ROLLBACK")
        } catch {
            if poison == nil { poison = error }
            shut()
        }
    }

    private func prepared(_ sql: String) throws(Failure) -> Statement {
        if let poison { throw poison }
        if let statement = statements[sql] { return statement }
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared = unsafe prepared else { throw failure(code == SQLITE_OK ? SQLITE_ERROR : code) }
        if statements.count >= Self.cachedStatements { statements.removeAll() }
        let statement = unsafe Statement(prepared)
        statements[sql] = statement
        return statement
    }

    /// Says what failed just now, and ends the connection where it must not be used again.
    private func failure(_ code: Int32) -> Failure {
        let message = unsafe sqlite3_errmsg(handle).map { unsafe String(cString: $0) } ?? "SQLite says \(code)"
        let failure = StoreFailure.of(code, systemError: unsafe sqlite3_system_errno(handle), message: message, path: path)
        if StoreFailure.poisons(code) { poison(with: failure) }
        return failure
    }

    /// Ends the connection for a failure that every later call repeats.
    package func poison(with failure: Failure) {
        poison = failure
        shut()
    }

    private func shut() {
        statements.removeAll()
        // A statement that is in use keeps the connection until it is let go.
        unsafe sqlite3_close_v2(handle)
        unsafe handle = nil
    }
}
