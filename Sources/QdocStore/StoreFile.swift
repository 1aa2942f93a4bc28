internal import CSystem
internal import Glibc
public import QdocCore
import QdocRuntime

/// The file of a store, before SQLite opens it.
///
/// Never opened once it is there: SQLite's locks are the process's, and closing any descriptor of the file would drop them.
public enum StoreFile {
    /// Makes the folder (mode 700) and an empty file (mode 600) where they are not there; takes the file's permissions from others.
    static func prepare(_ path: String) throws(Failure) {
        try makeFolder(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ".", for: path)
        let descriptor = unsafe qdoc_open(path, O_RDWR | O_CREAT | O_EXCL)
        if descriptor >= 0 {
            close(descriptor)
            return
        }
        guard errno == EEXIST else { throw failure(path, SystemError.last) }
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreFailure.unavailable(path, "it is no regular file")
        }
        if status.st_mode & 0o077 != 0, unsafe chmod(path, 0o600) != 0 { throw failure(path, SystemError.last) }
    }

    /// Makes a folder for the user alone, and those above it.
    ///
    /// - Throws: `store_unavailable`, `store_full`.
    public static func makeFolder(_ folder: String, for path: String) throws(Failure) {
        guard !folder.isEmpty, !Files.isFolder(folder) else { return }
        if let slash = folder.lastIndex(of: "/") { try makeFolder(String(folder[..<slash]), for: path) }
        guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw failure(path, SystemError.last) }
    }

    /// Checks that the disk of a store has room.
    ///
    /// - Throws: `store_full` where fewer bytes are free, `store_unavailable` where nobody can tell.
    public static func checkFreeSpace(_ bytes: Int64, for path: String) throws(Failure) {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { throw failure(path, SystemError.last) }
        let (free, overflows) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        guard overflows || free >= UInt64(bytes) else { throw StoreFailure.full(path) }
    }

    static func failure(_ path: String, _ error: SystemError) -> Failure {
        error.number == ENOSPC || error.number == EDQUOT ? StoreFailure.full(path) : StoreFailure.unavailable(path, "\(error)")
    }
}
