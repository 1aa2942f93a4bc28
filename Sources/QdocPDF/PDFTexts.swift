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
    /// - Parameter unit: Points of a unit of the page.
    /// - Throws: `page_too_large`.
    func words(of page: Int, unit: Double) throws(Failure) -> [Word] {
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
        let read = (0..<count).map { index in
            let word = unsafe words[index]
            let written = string(word.text_start, word.text_count).unicodeScalars
            let letters = written.filter { !Bidirectional.isControl($0) }
            let span = word.last_x - word.first_x
            return Word(
                text: String(Ligature.expand(Bidirectional.logical(Array(letters), span: span, fontSize: word.font_size))),
                box: Box(from: Point(x: word.left * unit, y: word.top * unit), to: Point(x: word.right * unit, y: word.bottom * unit)),
                fontSize: word.font_size * unit, isBold: TextStyle.isBold(string(word.font_start, word.font_count)),
                direction: TextDirection(rawValue: UInt8(truncatingIfNeeded: word.rotation & 3)) ?? .right,
                spaceAfter: word.has_space_after != 0)
        }
        return Bidirectional.readingOrder(read)
    }
}
