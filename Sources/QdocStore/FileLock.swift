internal import CSystem
internal import Glibc
public import QdocCore
import QdocRuntime

/// A file that says that its maker lives: locked as long as the process does, whatever ends it.
///
/// The lock is the kernel's (`flock`), so a process that was killed holds nothing, and one that was stopped still does.
public final class FileLock: Sendable {
    /// What became of an attempt to take somebody else's lock.
    public enum Attempt: Sendable {
        /// Its maker is gone; the lock is the caller's now.
        case taken(FileLock)
        /// Its maker lives.
        case held
        /// There is no such file.
        case absent
    }

    private let path: String
    private let descriptor: Int32

    private init(_ path: String, _ descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Makes a file that was not there and locks it.
    ///
    /// - Returns: Nil where somebody took it in the moment between; make another.
    /// - Throws: `store_unavailable`, `store_full`.
    public static func make(_ path: String) throws(Failure) -> FileLock? {
        let descriptor = unsafe qdoc_open(path, O_RDWR | O_CREAT | O_EXCL)
        guard descriptor >= 0 else { throw StoreFile.failure(path, SystemError.last) }
        let lock = FileLock(path, descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
        var status = stat()
        // One that looked for dead makers may have found it unlocked, and removed it.
        guard unsafe fstat(descriptor, &status) == 0, status.st_nlink > 0 else { return nil }
        return lock
    }

    /// Tries to lock a file that is there, without waiting.
    public static func attempt(_ path: String) -> Attempt {
        let descriptor = unsafe qdoc_open(path, O_RDWR)
        guard descriptor >= 0 else { return errno == ENOENT ? .absent : .held }
        let lock = FileLock(path, descriptor)
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? .taken(lock) : .held
    }

    /// Removes the file, while the lock is held.
    public func remove() {
        unsafe unlink(path)
    }

    /// Lets go of the lock as the end of the process does.
    package func release() {
        flock(descriptor, LOCK_UN)
    }

    /// What stands before an ending in the names of a folder.
    public static func names(in folder: String, ending: String) -> [String] {
        Files.names(in: folder).filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }
    }
}
