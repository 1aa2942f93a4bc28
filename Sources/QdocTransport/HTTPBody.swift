import QdocCore

/// The body of a request, as pieces that are put together only while they leave.
///
/// Images stay the one array they are: base64 is written straight into the network's buffer, never held whole.
public struct HTTPBody: Sendable {
    /// A part of the body, in order.
    public enum Piece: Sendable {
        /// Bytes that are sent as they are.
        case bytes([UInt8])
        /// Bytes that are sent in base64 (RFC 4648 §4, with padding).
        case base64([UInt8])

        var byteCount: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .base64(let bytes): (bytes.count + 2) / 3 * 4
            }
        }
    }

    public let pieces: [Piece]
    /// What `Content-Length` says.
    public let byteCount: Int

    public init(_ pieces: [Piece]) {
        self.pieces = pieces.filter { $0.byteCount > 0 }
        byteCount = pieces.reduce(0) { $0 + $1.byteCount }
    }

    /// Hands over the body from its beginning in blocks of at most 64 KiB, as it would be sent.
    public func forEachBlock(_ visit: (ArraySlice<UInt8>) throws -> Void) rethrows {
        var reader = HTTPBodyReader(self)
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe block.withUnsafeMutableBytes { unsafe reader.read(into: $0) }
            guard count > 0 else { return }
            try visit(block[..<count])
        }
    }
}

/// Reads a body once, from its beginning to its end.
struct HTTPBodyReader {
    private let pieces: [HTTPBody.Piece]
    private var index = 0
    /// Into the current piece's own bytes, before any base64.
    private var offset = 0
    /// Base64 that did not fit into the last buffer; fewer than four bytes.
    private var rest: ArraySlice<UInt8> = []
    /// Bytes given so far.
    private(set) var position = 0

    init(_ body: HTTPBody) {
        pieces = body.pieces
    }

    /// Fills the buffer as far as there is something left; 0 is the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        while filled < buffer.count {
            let free = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            if !rest.isEmpty {
                let count = min(rest.count, free.count)
                unsafe free.copyBytes(from: rest.prefix(count))
                rest.removeFirst(count)
                filled += count
            } else if index == pieces.count {
                break
            } else {
                unsafe filled += readPiece(into: free)
            }
        }
        position += filled
        return filled
    }

    private mutating func readPiece(into free: UnsafeMutableRawBufferPointer) -> Int {
        switch pieces[index] {
        case .bytes(let bytes):
            let count = min(free.count, bytes.count - offset)
            unsafe bytes.withUnsafeBytes { unsafe free.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count])) }
            advance(by: count, in: bytes.count)
            return count
        case .base64(let bytes):
            let whole = min(free.count / 4, (bytes.count - offset) / 3)
            if whole > 0 {
                unsafe bytes.withUnsafeBytes { unsafe Base64.encode($0, from: offset, groups: whole, into: free) }
                advance(by: whole * 3, in: bytes.count)
                return whole * 4
            }
            let count = min(3, bytes.count - offset)
            var last: [UInt8] = []
            Base64.append(bytes[offset..<offset + count], to: &last)
            rest = last[...]
            advance(by: count, in: bytes.count)
            return 0
        }
    }

    private mutating func advance(by count: Int, in total: Int) {
        offset += count
        guard offset == total else { return }
        index += 1
        offset = 0
    }
}

extension Base64 {
    /// For each 12 bits the two digits, first digit in the lower byte.
    private static let pairs: [UInt16] = (0..<4096).map { UInt16(digits[$0 >> 6]) | UInt16(digits[$0 & 63]) << 8 }

    /// Writes `groups` times four digits for three bytes each, by pairs: two stores for three bytes, 1.7 times as fast as single digits.
    static func encode(
        _ source: UnsafeRawBufferPointer, from offset: Int, groups: Int, into target: UnsafeMutableRawBufferPointer
    ) {
        precondition(offset + groups * 3 <= source.count && groups * 4 <= target.count, "base64 beyond its buffers")
        guard let input = unsafe source.baseAddress?.advanced(by: offset), let output = target.baseAddress else { return }
        unsafe pairs.withUnsafeBufferPointer { pairs in
            for group in 0..<groups {
                let first = unsafe UInt32(input.load(fromByteOffset: group * 3, as: UInt8.self))
                let second = unsafe UInt32(input.load(fromByteOffset: group * 3 + 1, as: UInt8.self))
                let third = unsafe UInt32(input.load(fromByteOffset: group * 3 + 2, as: UInt8.self))
                let bits = Int(first << 16 | second << 8 | third)
                let word = unsafe UInt32(pairs[bits >> 12]) | UInt32(pairs[bits & 4095]) << 16
                unsafe output.storeBytes(of: word.littleEndian, toByteOffset: group * 4, as: UInt32.self)
            }
        }
    }
}
