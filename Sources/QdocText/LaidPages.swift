internal import CPageLayout
import QdocCore

/// A PDF in memory that texts and lines are drawn into, page after page. Lengths are points, from the top left.
@safe final class LaidPages {
    /// Of A4.
    static let portrait = PageSize(width: 595.28, height: 841.89)
    static let landscape = PageSize(width: 841.89, height: 595.28)
    static let margin = 48.0
    /// The most pages of a document.
    static let maximumPages = 10_000

    private let handle: OpaquePointer
    private(set) var pageCount = 0
    private(set) var size = LaidPages.portrait
    /// Of the font, in points.
    private(set) var fontSize = 0.0
    /// The width of a character of the font.
    private(set) var advance = 0.0
    /// From one line to the next.
    var pitch: Double { 1.25 * fontSize }

    init() throws(Failure) {
        guard let handle = unsafe qdoc_layout_new() else { throw LaidPages.noMemory }
        unsafe self.handle = handle
        choose(fontSize: 9)
    }

    deinit {
        unsafe qdoc_layout_free(handle)
    }

    /// Begins a page.
    ///
    /// - Throws: `too_many_pages`.
    func begin(_ size: PageSize) throws(Failure) {
        guard pageCount < LaidPages.maximumPages else {
            throw Failure(.tooManyPages, "the text makes more than \(LaidPages.maximumPages) pages", remedy: "split it")
        }
        unsafe qdoc_layout_page(handle, size.width, size.height)
        pageCount += 1
        self.size = size
    }

    func choose(fontSize: Double, isBold: Bool = false) {
        unsafe qdoc_layout_font(handle, fontSize, isBold ? 1 : 0)
        guard fontSize != self.fontSize else { return }
        self.fontSize = fontSize
        advance = unsafe qdoc_layout_advance(handle)
    }

    /// Lays out a paragraph of UTF-8 for `draw`; gives its number of lines.
    ///
    /// - Parameter width: To wrap it at; nil: it is one line.
    func lay(_ text: some Collection<UInt8>, width: Double? = nil) -> Int {
        let bytes = ContiguousArray(text)
        return unsafe bytes.withUnsafeBytes { buffer in
            let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            return unsafe Int(qdoc_layout_text(handle, start, buffer.count, width ?? -1))
        }
    }

    /// The width of the paragraph that was laid out.
    var width: Double { unsafe qdoc_layout_width(handle) }

    /// Draws lines of the paragraph that was laid out, the box of the first one beginning at `y`.
    func draw(_ lines: Range<Int>, x: Double, y: Double) {
        // The foot of the letters stands at four fifths of a line.
        unsafe qdoc_layout_draw(handle, Int32(lines.lowerBound), Int32(lines.count), x, y + 0.8 * pitch, pitch)
    }

    func rule(from start: Point, to end: Point) {
        unsafe qdoc_layout_rule(handle, start.x, start.y, end.x, end.y, 0.5)
    }

    /// Ends the PDF and gives its bytes.
    ///
    /// - Throws: `decode_limit`.
    func finish() throws(Failure) -> [UInt8] {
        var bytes: UnsafePointer<UInt8>?
        var count = 0
        guard unsafe qdoc_layout_finish(handle, &bytes, &count) == 0 else { throw LaidPages.noMemory }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    private static let noMemory = Failure(.decodeLimit, "there is no memory to lay the text out", remedy: "split it")
}
