import QdocCore

/// Finds the pages of a TIFF by walking from directory to directory, without looking at what they describe.
///
/// - Source: TIFF 6.0, section 2; BigTIFF (libtiff), which has 8 bytes where TIFF has 2 or 4.
struct TIFFDirectories {
    /// Pages of a source, as many as of any other kind.
    static let maxPages = 10_000

    private let bytes: [UInt8]
    private let isLittle: Bool
    private let isBig: Bool

    /// - Returns: Offsets of the directories that are pages: reduced copies and masks of another page are none, unless there is nothing else.
    /// - Throws: `damaged_file` where the chain runs out of the file or in a circle, `too_many_pages`.
    static func pages(of bytes: [UInt8]) throws(Failure) -> [UInt64] {
        try TIFFDirectories(bytes).pages()
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        isLittle = bytes.first == UInt8(ascii: "I")
        isBig = bytes.count > 3 && (bytes[2] == 43 || bytes[3] == 43)
    }

    private func pages() throws(Failure) -> [UInt64] {
        var pages: [UInt64] = []
        var copies: [UInt64] = []
        var seen: Set<UInt64> = []
        var offset = try number(at: isBig ? 8 : 4, count: isBig ? 8 : 4)
        while offset != 0 {
            guard seen.insert(offset).inserted else { throw Failure(.damagedFile, "the pages of the TIFF run in a circle") }
            guard seen.count <= TIFFDirectories.maxPages else {
                throw Failure(.tooManyPages, "the TIFF has more than \(TIFFDirectories.maxPages) pages", remedy: "split it")
            }
            let countBytes: UInt64 = isBig ? 8 : 2
            let entryBytes: UInt64 = isBig ? 20 : 12
            let count = try number(at: offset, count: Int(countBytes))
            // More entries than the file has bytes: the product below cannot run over.
            guard count <= UInt64(bytes.count) else { throw TIFFDirectories.outside }
            if try isCopy(entries: offset + countBytes, count: count, entryBytes: entryBytes) {
                copies.append(offset)
            } else {
                pages.append(offset)
            }
            offset = try number(at: offset + countBytes + count * entryBytes, count: isBig ? 8 : 4)
        }
        let found = pages.isEmpty ? copies : pages
        guard !found.isEmpty else { throw Failure(.damagedFile, "the TIFF has no page") }
        return found
    }

    /// Whether tag NewSubfileType (254) has bit 0 (reduced) or bit 2 (mask). Entries are sorted by tag: it comes first where it is there.
    private func isCopy(entries: UInt64, count: UInt64, entryBytes: UInt64) throws(Failure) -> Bool {
        guard count > 0, try number(at: entries, count: 2) == 254 else { return false }
        // LONG by the specification; some writers store a SHORT, which stands first in either order of bytes.
        let isShort = try number(at: entries + 2, count: 2) == 3
        return try number(at: entries + (isBig ? 12 : 8), count: isShort ? 2 : 4) & 0b101 != 0
    }

    private static var outside: Failure { Failure(.damagedFile, "a directory of the TIFF lies outside of it") }

    private func number(at offset: UInt64, count: Int) throws(Failure) -> UInt64 {
        guard offset <= UInt64(bytes.count), count <= bytes.count - Int(offset) else { throw TIFFDirectories.outside }
        let part = bytes[Int(offset)..<Int(offset) + count]
        func join(_ value: UInt64, _ byte: UInt8) -> UInt64 { value << 8 | UInt64(byte) }
        return isLittle ? part.reversed().reduce(0, join) : part.reduce(0, join)
    }
}
