internal import CSQLite
internal import Glibc
import QdocCore
import QdocRuntime

/// SQLite's result codes in the program's envelope.
enum StoreFailure {
    /// The low byte of an extended result code.
    static func primary(_ code: Int32) -> Int32 { code & 0xFF }

    /// Whether what is on the disk is unknown from now on, so that the connection must not be used again.
    ///
    /// After a failed fsync the kernel drops what it could not write, and a second fsync says that all is well.
    static func poisons(_ code: Int32) -> Bool { primary(code) == SQLITE_IOERR }

    /// - Parameters:
    ///   - code: A result code, extended or not.
    ///   - systemError: What the system said, 0 where it said nothing.
    ///   - message: SQLite's own words; it never quotes a value that was bound.
    static func of(_ code: Int32, systemError: Int32, message: String, path: String) -> Failure {
        // A quota and a limit of the process end up as I/O errors, unlike a full disk.
        let isFull = systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG
        switch primary(code) {
        case SQLITE_FULL: return full(path)
        case SQLITE_IOERR where isFull: return full(path)
        case SQLITE_CANTOPEN where isFull: return full(path)
        case SQLITE_CORRUPT, SQLITE_NOTADB: return damaged(path, message)
        case SQLITE_BUSY, SQLITE_LOCKED:
            return Failure(.storeUnavailable, "the store \(path) is busy", remedy: "another qdoc holds it; run it again when that is done")
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH, SQLITE_IOERR, SQLITE_NOLFS:
            let cause = systemError == 0 ? message : "\(message): \(SystemError(systemError))"
            return unavailable(path, cause)
        default: return Failure(.internalError, "the store \(path) refused a statement: \(message)")
        }
    }

    static func full(_ path: String) -> Failure {
        Failure(.storeFull, "there is no room for the store \(path)", remedy: "free some room there, or name another store with --store")
    }

    static func damaged(_ path: String, _ cause: String) -> Failure {
        Failure(
            .storeDamaged, "the store \(path) is damaged or is no store of qdoc's: \(cause)",
            remedy: "move it away and keep it, or name another with --store; qdoc makes a new one")
    }

    static func unavailable(_ path: String, _ cause: String) -> Failure {
        Failure(
            .storeUnavailable, "the store \(path) cannot be used: \(cause)",
            remedy: "check the folder and its permissions, or name another store with --store")
    }
}
