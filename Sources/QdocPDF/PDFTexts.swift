internal import CPageText
import QdocCore

/// The words and rotations of a document by poppler's other interface, which parses the document again.
///
/// - Confinement: one thread.
@safe final class PDFTexts {
    private let handle: OpaquePointer
    private let bytes: SourceBytes

    /// Nil where poppler cannot open the document so.
    init?(_ bytes: SourceBytes, password: Secret?) {
        let start = unsafe bytes.start.assumingMemoryBound(to: CChar.self)
        guard let handle = unsafe qdoc_text_open(start, bytes.count, password.map { PDFOpening.bounded($0) }) else { return nil }
        unsafe self.handle = unsafe handle
        self.bytes = bytes
    }

    deinit {
        unsafe qdoc_text_close(handle)
    }

    /// Clockwise degrees that a page, from 1, is turned by.
    func rotation(of page: Int) -> Int { unsafe Int(qdoc_text_rotation(handle, Int32(page - 1))) }

    /// The words of a page in reading order.
    ///
    /// - Throws: `page_too_large`.
    func words(of page: Int) throws(Failure) -> [Word] {
        var words: UnsafePointer<qdoc_text_word>?
        var text: UnsafePointer<CChar>?
        let count = unsafe qdoc_text_words(handle, Int32(page - 1), &words, &text)
        guard count > 0, let words = unsafe words, let text = unsafe text else { return [] }
        guard count <= ContentLimits.words else {
            throw Failure(.pageTooLarge, "page \(page) has more than \(ContentLimits.words) words")
        }
        func string(_ start: Int, _ count: Int) -> String {
            unsafe String(decoding: UnsafeRawBufferPointer(start: text + start, count: count), as: UTF8.self)
        }
        return (0..<count).map { index in
            let word = unsafe words[index]
            let written = string(word.text_start, word.text_count).unicodeScalars
            return Word(
                text: Bidirectional.logical(Ligature.expand(written), firstX: word.first_x, lastX: word.last_x),
                box: Box(
                    from: Point(x: word.x, y: word.y), to: Point(x: word.x + word.width, y: word.y + word.height)),
                fontSize: word.font_size, isBold: TextStyle.isBold(string(word.font_start, word.font_count)),
                direction: TextDirection(rawValue: UInt8(truncatingIfNeeded: word.rotation & 3)) ?? .right,
                spaceAfter: word.has_space_after != 0)
        }
    }
}

/// Text that runs from right to left.
///
/// - Source: Unicode 15, blocks of the right-to-left scripts and their presentation forms; UAX #9, explicit formatting characters.
enum Bidirectional {
    static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: false
        }
    }

    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x061C: true
        default: false
        }
    }

    static func isConcerned(_ scalar: Unicode.Scalar) -> Bool { isRightToLeft(scalar) || isControl(scalar) }

    /// A word in the order it is read: some producers write right-to-left words in the order of their glyphs on paper.
    static func logical(_ word: String.UnicodeScalarView, firstX: Double, lastX: Double) -> String {
        let text = word.filter { !isControl($0) }
        let isReversed = firstX < lastX && text.contains(where: isRightToLeft)
        return isReversed ? String(String.UnicodeScalarView(text.reversed())) : String(String.UnicodeScalarView(text))
    }
}
