internal import CSystem
internal import Glibc
public import QdocCore
import QdocRuntime

/// A regular file of the user's, open for reading.
public final class SourceFile: Sendable {
    /// Bytes the file had when it was opened.
    public let byteCount: Int
    private let path: String
    private let descriptor: Descriptor
    /// Whether it can be read at any offset, and not but once from its start to its end.
    private let isSeekable: Bool

    /// What is given on standard input; `byteCount` is 0, for nobody knows how much comes.
    ///
    /// - Throws: `file_unreadable` where it is closed.
    public static func standardInput() throws(Failure) -> SourceFile {
        let number = qdoc_dup_above(STDIN_FILENO, 3)
        guard number >= 0 else { throw Failure(.fileUnreadable, "standard input cannot be read: \(SystemError.last)") }
        return SourceFile(reading: Descriptor(owning: number))
    }

    private init(reading descriptor: Descriptor) {
        self.descriptor = descriptor
        path = "standard input"
        byteCount = 0
        isSeekable = false
    }

    /// Opens a file, following links.
    ///
    /// - Parameter limit: Bytes it may have at most.
    /// - Throws: `file_not_found`, `file_unreadable` (no permission, or a folder, FIFO, socket or device), `file_empty`, `file_too_large`.
    public init(path: String, limit: Int) throws(Failure) {
        self.path = path
        isSeekable = true
        // Looked at before it is opened: opening a device can do something.
        var kind = CChar(0)
        guard unsafe qdoc_path_kind(path, &kind) == 0 else { throw SourceFile.failure(errno, path) }
        try SourceFile.check(kind, path)
        let number = unsafe qdoc_open_waitless(path)
        guard number >= 0 else { throw SourceFile.failure(errno, path) }
        descriptor = Descriptor(owning: number)
        var size: off_t = 0
        guard unsafe qdoc_file_kind(number, &kind, &size) == 0 else { throw SourceFile.failure(errno, path) }
        byteCount = Int(size)
        try SourceFile.check(kind, path)
        guard byteCount > 0 else { throw Failure(.fileEmpty, "\(path) is empty") }
        guard byteCount <= limit else { throw SourceFile.tooLarge(path, limit) }
    }

    /// Reads up to `count` bytes; none at the end.
    public func read(offset: Int, count: Int) throws(Failure) -> [UInt8] {
        errno = 0
        let bytes = isSeekable ? readFully(descriptor.number, offset: offset, count: count) : readOn(count)
        guard bytes.count == count || errno == 0 else { throw SourceFile.failure(errno, path) }
        return bytes
    }

    /// Reads on where the last call ended.
    private func readOn(_ count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = unsafe Glibc.read(descriptor.number, buffer.baseAddress?.advanced(by: filled), count - filled)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    if got == 0 { errno = 0 }
                    return
                }
                filled += got
            }
        }
    }

    /// The failure of a file over its limit.
    public static func tooLarge(_ path: String, _ limit: Int) -> Failure {
        Failure(.fileTooLarge, "\(path) has more than \(limit >> 20) MiB", remedy: "split it")
    }

    private static func check(_ kind: CChar, _ path: String) throws(Failure) {
        let what: String
        switch Character(UnicodeScalar(UInt8(bitPattern: kind))) {
        case "f": return
        case "d": what = "a folder"
        case "p": what = "a FIFO"
        case "s": what = "a socket"
        case "c": what = "a device"
        default: what = "something else"
        }
        throw Failure(.fileUnreadable, "\(path) is \(what), not a file")
    }

    private static func failure(_ number: Int32, _ path: String) -> Failure {
        switch number {
        case ENOENT, ENOTDIR: Failure(.fileNotFound, "\(path) is not there")
        default: Failure(.fileUnreadable, "\(path) cannot be read: \(SystemError(number))")
        }
    }
}

/// A copy of a source that nobody else can change: an unnamed file, handed to workers for reading only.
public final class SourceSnapshot: Sendable {
    private let writing: Descriptor

    /// For a child to write to.
    var descriptor: Descriptor { writing }

    /// Makes an empty snapshot in `TMPDIR`, or `/tmp`.
    public init() throws(Failure) {
        let directory = Environment.current.workFolder
        let number = unsafe qdoc_open_unnamed(directory)
        guard number >= 0 else { throw SourceSnapshot.failure }
        writing = Descriptor(owning: number)
    }

    /// Adds bytes at the end.
    public func append(_ bytes: [UInt8]) throws(Failure) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe write(writing.number, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SourceSnapshot.failure }
            written += count
        }
    }

    /// Opens the same file once more, for reading only.
    public func readOnly() throws(Failure) -> Descriptor {
        let number = unsafe qdoc_open("/proc/self/fd/\(writing.number)", O_RDONLY)
        guard number >= 0 else { throw SourceSnapshot.failure }
        return Descriptor(owning: number)
    }

    private static var failure: Failure {
        Failure(
            .workFileFailed, "no copy of the source can be made: \(SystemError.last)",
            remedy: "free some room in TMPDIR, or point it at another folder")
    }
}
