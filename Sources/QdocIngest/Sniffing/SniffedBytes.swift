/// What is looked at to tell what a file holds: its first and its last bytes.
struct SniffedBytes {
    /// From the start.
    let head: [UInt8]
    /// Up to the end; nil where they were not kept (`needsTail`).
    let tail: [UInt8]?
    /// Whether the head is all there is.
    let isWhole: Bool

    /// Enough of a text to tell its encoding and its columns.
    static let headBytes = 1 << 16
    /// The list of contents of a ZIP archive with its last record: 64 KiB of it, some 700 names, and the longest comment.
    static let tailBytes = (1 << 16) + ZIPNames.longestEnd

    init(head: [UInt8], tail: [UInt8]? = nil, isWhole: Bool) {
        self.head = Array(head.prefix(SniffedBytes.headBytes))
        self.tail = tail.map { Array($0.suffix(SniffedBytes.tailBytes)) }
        self.isWhole = isWhole && head.count <= SniffedBytes.headBytes
    }

    /// Whether a file that begins so cannot be told without its end.
    static func needsTail(_ head: [UInt8]) -> Bool { head.starts(with: "PK\u{3}\u{4}".utf8) }
}

/// Bytes at offsets, nil where there are none.
struct ByteView {
    let bytes: [UInt8]

    func little16(_ offset: Int) -> Int? {
        guard offset >= 0, offset + 2 <= bytes.count else { return nil }
        return Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
    }

    func little32(_ offset: Int) -> Int? {
        guard let low = little16(offset), let high = little16(offset + 2) else { return nil }
        return low | high << 16
    }

    func text(_ offset: Int, _ count: Int) -> String? {
        guard offset >= 0, count >= 0, count <= bytes.count, offset <= bytes.count - count else { return nil }
        return String(decoding: bytes[offset..<(offset + count)], as: UTF8.self)
    }

    func holds(_ mark: String, at offset: Int) -> Bool {
        offset >= 0 && offset <= bytes.count && bytes[offset...].starts(with: mark.utf8)
    }
}
