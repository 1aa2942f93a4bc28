import QdocCore

/// Sets a plain text line by line, as it is written: wrapped where a line is too long, a form feed beginning a page.
struct PlainLayout {
    /// UTF-8.
    private let text: [UInt8]
    private var offset = 0
    private var y = 0.0
    private var isFresh = false

    /// A longer line is set as several: pango's time grows faster than the length of a paragraph.
    private static let maximumLine = 4096

    init(_ text: [UInt8]) {
        self.text = text
    }

    /// Sets a few lines more; tells whether the text is at its end.
    mutating func proceed(on pages: LaidPages) throws(Failure) -> Bool {
        if pages.pageCount == 0 { try turn(pages) }
        for _ in 0..<64 {
            guard offset < text.count else { return true }
            try line(on: pages)
        }
        return offset >= text.count
    }

    private mutating func turn(_ pages: LaidPages) throws(Failure) {
        try pages.begin(LaidPages.portrait)
        y = LaidPages.margin
    }

    private mutating func line(on pages: LaidPages) throws(Failure) {
        let start = offset
        var end = start
        while end < text.count, !PlainLayout.isEnd(text[end]), end - start < PlainLayout.maximumLine { end += 1 }
        if end < text.count, !PlainLayout.isEnd(text[end]) {
            end = cut(start, end)
            offset = end
        } else {
            offset = after(end)
        }
        let line = text[start..<end]
        let width = LaidPages.portrait.width - 2 * LaidPages.margin
        let count = line.isEmpty ? 1 : pages.lay(PlainLayout.printable(line), width: width)
        var first = 0
        while first < count {
            var room = Int((LaidPages.portrait.height - LaidPages.margin - y) / pages.pitch)
            if room < 1 {
                try turn(pages)
                room = Int((LaidPages.portrait.height - LaidPages.margin - y) / pages.pitch)
            }
            let last = min(count, first + room)
            if !line.isEmpty { pages.draw(first..<last, x: LaidPages.margin, y: y) }
            y += Double(last - first) * pages.pitch
            first = last
        }
        if end < text.count, text[end] == 0x0C, offset < text.count { try turn(pages) }
    }

    private static func isEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D || byte == 0x0C }

    private func after(_ end: Int) -> Int {
        guard end < text.count else { return end }
        return text[end] == 0x0D && end + 1 < text.count && text[end + 1] == 0x0A ? end + 2 : end + 1
    }

    /// Where a long line is cut: after a blank, or between two characters.
    private func cut(_ start: Int, _ end: Int) -> Int {
        if let blank = text[(end - PlainLayout.maximumLine / 4)..<end].lastIndex(of: 0x20) { return blank + 1 }
        var cut = end
        while cut > start + 1, text[cut] & 0xC0 == 0x80 { cut -= 1 }
        return cut
    }

    /// Without control characters, which have no shape.
    private static func printable(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } ? ArraySlice(line.filter { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) : line
    }
}
