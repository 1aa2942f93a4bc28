internal import CSystem
internal import Glibc
public import QdocCore
import Synchronization

/// A file without a name that grows at its end and is read back by range; it vanishes with the process.
///
/// What a run knows of its pages lies here instead of in memory, so that memory does not grow with the page count.
public final class WorkFile: Sendable {
    /// A part of the file.
    public struct Range: Sendable, Hashable {
        public let offset: Int
        public let count: Int
    }

    private let descriptor: Int32
    private let end = Mutex(0)

    /// Opens an unnamed file in `TMPDIR`, or `/tmp`.
    public init() throws(Failure) {
        let directory = Environment.current.workFolder
        descriptor = unsafe qdoc_open_unnamed(directory)
        guard descriptor >= 0 else {
            throw Failure(
                .workFileFailed, "no work file can be made in \(directory): \(SystemError.last)",
                remedy: "free some room there or point TMPDIR at another folder")
        }
    }

    deinit {
        close(descriptor)
    }

    /// Appends bytes; safe from any thread.
    public func append(_ bytes: [UInt8]) throws(Failure) -> Range {
        let offset = end.withLock { end in
            defer { end += bytes.count }
            return end
        }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe pwrite(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written, offset + written)
            }
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                throw Failure(.workFileFailed, "the work file cannot be written: \(SystemError.last)", remedy: "free some room in TMPDIR")
            }
            written += count
        }
        return Range(offset: offset, count: bytes.count)
    }

    /// Reads a range back.
    public func read(_ range: Range) throws(Failure) -> [UInt8] {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
            while initialized < range.count {
                let count = unsafe pread(
                    descriptor, buffer.baseAddress?.advanced(by: initialized), range.count - initialized, range.offset + initialized)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                initialized += count
            }
        }
        guard bytes.count == range.count else {
            throw Failure(.workFileFailed, "the work file cannot be read back: \(SystemError.last)")
        }
        return bytes
    }
}
