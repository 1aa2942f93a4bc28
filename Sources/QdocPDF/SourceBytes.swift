internal import Glibc
import QdocCore

/// The bytes of a document, at a fixed address for as long as this object lives.
///
/// A file is mapped, not read: the lanes of one source share its pages, and the host holds the file so that it cannot be cut.
@safe final class SourceBytes {
    let start: UnsafeRawPointer
    let count: Int
    private let isMapped: Bool

    init(descriptor: Int32, byteCount: Int) throws(Failure) {
        guard byteCount > 0 else { throw Failure(.fileEmpty, "the file is empty") }
        guard let map = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), unsafe map != MAP_FAILED else {
            throw Failure(.fileUnreadable, "the file cannot be mapped")
        }
        unsafe start = UnsafeRawPointer(map)
        count = byteCount
        isMapped = true
    }

    /// Copies bytes.
    init(_ bytes: [UInt8]) throws(Failure) {
        guard !bytes.isEmpty else { throw Failure(.fileEmpty, "the file is empty") }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        unsafe copy.copyBytes(from: bytes)
        guard let address = copy.baseAddress else { throw Failure(.fileEmpty, "the file is empty") }
        unsafe start = UnsafeRawPointer(address)
        count = bytes.count
        isMapped = false
    }

    /// Gives the pages of a mapping back to the system, so that memory does not grow with what was read; they come back when needed.
    func forget() {
        guard isMapped else { return }
        _ = unsafe madvise(UnsafeMutableRawPointer(mutating: start), count, MADV_DONTNEED)
    }

    deinit {
        if isMapped {
            _ = unsafe munmap(UnsafeMutableRawPointer(mutating: start), count)
        } else {
            unsafe start.deallocate()
        }
    }
}
