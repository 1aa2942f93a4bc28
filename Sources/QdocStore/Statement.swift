internal import CSQLite

/// A prepared statement. One thread.
@safe final class Statement {
    private let handle: OpaquePointer
    let columns: [String]

    /// Takes over a statement that SQLite prepared.
    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
        let count = unsafe sqlite3_column_count(handle)
        columns = (0..<count).map { index in unsafe sqlite3_column_name(handle, index).map { unsafe String(cString: $0) } ?? "" }
    }

    deinit {
        unsafe sqlite3_finalize(handle)
    }

    /// Binds values to the places from the first on.
    ///
    /// - Returns: SQLite's result code.
    func bind(_ values: [SQLValue]) -> Int32 {
        guard unsafe sqlite3_bind_parameter_count(handle) == Int32(values.count) else { return SQLITE_RANGE }
        for (index, value) in values.enumerated() {
            let code = bind(value, at: Int32(index) + 1)
            guard code == SQLITE_OK else { return code }
        }
        return SQLITE_OK
    }

    private func bind(_ value: SQLValue, at place: Int32) -> Int32 {
        switch value {
        case .null: return unsafe sqlite3_bind_null(handle, place)
        case .integer(let number): return unsafe sqlite3_bind_int64(handle, place, number)
        case .text(var text):
            return text.withUTF8 { buffer in
                guard let count = Int32(exactly: buffer.count) else { return SQLITE_TOOBIG }
                return unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
                    // An empty buffer may have no address, which would bind null.
                    guard let base = characters.baseAddress else { return unsafe qdoc_sqlite_bind_text(handle, place, "", 0) }
                    return unsafe qdoc_sqlite_bind_text(handle, place, base, count)
                }
            }
        case .blob(let bytes):
            guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
            guard count > 0 else { return unsafe sqlite3_bind_zeroblob(handle, place, 0) }
            return unsafe bytes.withUnsafeBytes { unsafe qdoc_sqlite_bind_blob(handle, place, $0.baseAddress, count) }
        }
    }

    /// Runs to the next row.
    ///
    /// - Returns: `SQLITE_ROW`, `SQLITE_DONE`, or what failed.
    func step() -> Int32 { unsafe sqlite3_step(handle) }

    /// Gives the row that `step` came to.
    func row() -> [SQLValue] {
        (0..<Int32(columns.count)).map(value)
    }

    private func value(at index: Int32) -> SQLValue {
        switch unsafe sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(handle, index))
        case SQLITE_TEXT:
            guard let start = unsafe sqlite3_column_text(handle, index) else { return .text("") }
            let count = Int(unsafe sqlite3_column_bytes(handle, index))
            return .text(unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            guard let start = unsafe sqlite3_column_blob(handle, index) else { return .blob([]) }
            let count = Int(unsafe sqlite3_column_bytes(handle, index))
            return .blob(unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default: return .null
        }
    }

    /// Makes the statement ready to be run again; forgets what was bound.
    func reset() {
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
    }
}
