internal import Glibc
import QdocCore

/// The bytes of a document, at a fixed address for as long as this object lives, with room for an update behind them.
///
/// A file is mapped, not read: the lanes of one source share its pages, and the host holds the file so that it cannot be cut. Room that is
/// not used takes no memory.
@safe final class SourceBytes {
    let start: UnsafeRawPointer
    let count: Int
    /// Where an update stands; the bytes between the document and it are zero.
    let updateOffset: Int
    private let isMapped: Bool
    private static let room = ContentUpdate.maximumBytes + ContentUpdate.tableBytes
    private static let pageBytes = 4096

    init(descriptor: Int32, byteCount: Int) throws(Failure) {
        guard byteCount > 0 else { throw Failure(.fileEmpty, "the file is empty") }
        let end = (byteCount + SourceBytes.pageBytes - 1) / SourceBytes.pageBytes * SourceBytes.pageBytes
        unsafe start = UnsafeRawPointer(try SourceBytes.reserve(end + SourceBytes.room))
        (count, updateOffset, isMapped) = (byteCount, end, true)
        guard
            unsafe mmap(UnsafeMutableRawPointer(mutating: start), byteCount, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0)
                != MAP_FAILED
        else { throw Failure(.fileUnreadable, "the file cannot be mapped") }
    }

    /// Copies bytes.
    init(_ bytes: [UInt8]) throws(Failure) {
        guard !bytes.isEmpty else { throw Failure(.fileEmpty, "the file is empty") }
        let end = (bytes.count + SourceBytes.pageBytes - 1) / SourceBytes.pageBytes * SourceBytes.pageBytes
        let copy = unsafe try SourceBytes.reserve(end + SourceBytes.room)
        unsafe UnsafeMutableRawBufferPointer(start: copy, count: bytes.count).copyBytes(from: bytes)
        unsafe start = UnsafeRawPointer(copy)
        (count, updateOffset, isMapped) = (bytes.count, end, false)
    }

    private static func reserve(_ count: Int) throws(Failure) -> UnsafeMutableRawPointer {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let map = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, flags, -1, 0), unsafe map != MAP_FAILED else {
            throw Failure(.decodeLimit, "the file needs more memory than a worker has")
        }
        return unsafe map
    }

    /// Puts an update behind the document, in the place of one that was there, which nobody may read any more.
    ///
    /// - Returns: Bytes of both; nil where there is no room.
    func put(_ update: [UInt8]) -> Int? {
        guard update.count <= SourceBytes.room else { return nil }
        let place = unsafe UnsafeMutableRawPointer(mutating: start + updateOffset)
        _ = unsafe madvise(place, SourceBytes.room, MADV_DONTNEED)
        unsafe UnsafeMutableRawBufferPointer(start: place, count: update.count).copyBytes(from: update)
        return updateOffset + update.count
    }

    /// Where the last table of cross-references stands, as the end of the document says; nil where nothing like one stands there.
    var crossReferences: Int? {
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
        guard unsafe bytes.prefix(5).elementsEqual("%PDF-".utf8) else { return nil }
        // Source: ISO 32000-2, 7.5.5; readers look for the mark in the last 1,024 bytes.
        let mark = Array("startxref".utf8)
        let tail = unsafe Array(bytes.suffix(1024))
        guard let place = (0...max(0, tail.count - mark.count)).last(where: { tail[$0...].starts(with: mark) }) else { return nil }
        let digits = tail[(place + mark.count)...].drop { [0x20, 0x0D, 0x0A].contains($0) }.prefix { (0x30...0x39).contains($0) }
        guard let offset = Int(String(decoding: digits, as: UTF8.self)), (1..<count).contains(offset) else { return nil }
        let first = unsafe bytes[offset]
        return first == UInt8(ascii: "x") || (0x30...0x39).contains(first) ? offset : nil
    }

    /// Gives the pages of a mapping back to the system, so that memory does not grow with what was read; they come back when needed.
    func forget() {
        guard isMapped else { return }
        _ = unsafe madvise(UnsafeMutableRawPointer(mutating: start), count, MADV_DONTNEED)
    }

    deinit {
        _ = unsafe munmap(UnsafeMutableRawPointer(mutating: start), updateOffset + SourceBytes.room)
    }
}
