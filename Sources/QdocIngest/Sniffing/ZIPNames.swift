import QdocCore

/// The names of the entries of a ZIP archive, as far as they stand in its first and last bytes; nothing is unpacked.
///
/// - Source: PKWARE APPNOTE 6.3.10, 4.3.7 (local headers), 4.3.12 (central directory), 4.3.16 (end).
struct ZIPNames {
    private(set) var names: [String] = []
    /// The content of the first entry where it is called `mimetype` and stored as it is (OpenDocument 1.3, part 2, 3.3).
    private(set) var mimetype: String?

    /// The last record with its longest comment.
    static let longestEnd = 22 + 65_535
    /// Entries that are looked at.
    private static let maximumNames = 2000

    init(_ bytes: SniffedBytes) {
        let head = ByteView(bytes: bytes.head)
        readLocal(head)
        readCentral(ByteView(bytes: bytes.tail ?? bytes.head))
    }

    func hold(_ prefix: String) -> Bool { names.contains { $0.hasPrefix(prefix) } }

    /// Walks the local headers from the start, as long as each says where the next one stands.
    private mutating func readLocal(_ view: ByteView) {
        var offset = 0
        while names.count < ZIPNames.maximumNames, view.holds("PK\u{3}\u{4}", at: offset),
            let flags = view.little16(offset + 6), let method = view.little16(offset + 8), let size = view.little32(offset + 18),
            let nameCount = view.little16(offset + 26), let extraCount = view.little16(offset + 28),
            let name = view.text(offset + 30, nameCount)
        {
            names.append(name)
            let content = offset + 30 + nameCount + extraCount
            if offset == 0, name == "mimetype", method == 0 { mimetype = view.text(content, min(size, 200)) }
            // Its size stands behind it: the next header's place is not known.
            guard flags & 8 == 0 else { return }
            offset = content + size
        }
    }

    /// Walks the central directory where all of it is at hand.
    private mutating func readCentral(_ view: ByteView) {
        guard let end = ZIPNames.end(of: view), let size = view.little32(end + 12) else { return }
        var offset = end - size
        while names.count < 2 * ZIPNames.maximumNames, offset < end, view.holds("PK\u{1}\u{2}", at: offset),
            let nameCount = view.little16(offset + 28), let extraCount = view.little16(offset + 30),
            let commentCount = view.little16(offset + 32), let name = view.text(offset + 46, nameCount)
        {
            names.append(name)
            offset += 46 + nameCount + extraCount + commentCount
        }
    }

    /// Where the last record stands: the last place that looks like it and whose comment fits.
    private static func end(of view: ByteView) -> Int? {
        guard view.bytes.count >= 22 else { return nil }
        let last = view.bytes.count - 22
        return (max(0, last - 65_535)...last).reversed().first { offset in
            view.bytes[offset] == 0x50 && view.holds("PK\u{5}\u{6}", at: offset)
                && view.little16(offset + 20).map { offset + 22 + $0 <= view.bytes.count } == true
        }
    }
}
