internal import Glibc
public import QdocCore

/// A binary graymap, the `P5` of Netpbm with 8 bits a pixel: how a drawn page comes to character recognition.
public struct Graymap: Sendable, Hashable {
    public let size: PixelSize
    let bytes: [UInt8]
    let start: Int

    /// Pixels of a graymap at most: what the host may order of one page.
    static let maxPixels = 100_000_000

    /// Reads the header, and looks that all pixels are there.
    ///
    /// - Throws: `damaged_file`, `page_too_large`.
    public init(bytes: [UInt8]) throws(Failure) {
        var reader = HeaderReader(bytes: bytes)
        guard bytes.starts(with: Array("P5".utf8)) else { throw Graymap.damaged("it does not begin with P5") }
        reader.offset = 2
        let numbers = [reader.number(), reader.number(), reader.number()].compactMap(\.self)
        guard numbers.count == 3, numbers[0] > 0, numbers[1] > 0 else { throw Graymap.damaged("its header states no size") }
        guard numbers[2] == 255 else { throw Graymap.damaged("it has not 8 bits a pixel") }
        guard numbers[0] <= Graymap.maxPixels / numbers[1] else {
            throw Failure(.pageTooLarge, "the graymap has \(numbers[0]) × \(numbers[1]) pixels, more than \(Graymap.maxPixels)")
        }
        size = PixelSize(width: numbers[0], height: numbers[1])
        // One byte of white space ends the header.
        start = reader.offset + 1
        guard bytes.count - start >= size.pixels else { throw Graymap.damaged("it is cut") }
        self.bytes = bytes
    }

    /// Reads a graymap from a file that is open for reading; the descriptor stays the caller's.
    ///
    /// - Throws: `file_unreadable`, and as `init(bytes:)`.
    public init(descriptor: Int32, byteCount: Int) throws(Failure) {
        guard byteCount <= Graymap.maxPixels + 256 else {
            throw Failure(.pageTooLarge, "the graymap has more than \(Graymap.maxPixels) pixels")
        }
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(0, byteCount)) { buffer, count in
            while count < byteCount {
                let got = unsafe pread(descriptor, buffer.baseAddress.map { unsafe $0 + count }, byteCount - count, off_t(count))
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else { break }
                count += got
            }
        }
        guard bytes.count == byteCount else { throw Failure(.fileUnreadable, "the graymap cannot be read to its end") }
        try self.init(bytes: bytes)
    }

    /// Row after row, without padding; 0 is black.
    var pixels: ArraySlice<UInt8> { bytes[start...] }

    private static func damaged(_ why: String) -> Failure {
        Failure(.damagedFile, "the graymap cannot be read: \(why)")
    }

    private struct HeaderReader {
        let bytes: [UInt8]
        var offset = 0

        /// The next number behind white space and comments; nil where there is none, or more than nine digits.
        mutating func number() -> Int? {
            while offset < bytes.count, isSpace(bytes[offset]) || bytes[offset] == UInt8(ascii: "#") {
                if bytes[offset] == UInt8(ascii: "#") {
                    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
                } else {
                    offset += 1
                }
            }
            let digits = bytes[offset...].prefix(10).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            offset += digits.count
            return digits.isEmpty || digits.count > 9 ? nil : digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }

        private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    }
}
