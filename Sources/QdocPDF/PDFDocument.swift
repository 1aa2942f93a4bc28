internal import CPoppler
public import QdocCore

/// An open PDF.
///
/// - Confinement: one thread; poppler aborts when two threads use one document. Made and used in a confined child only.
@safe public final class PDFDocument {
    public let pageCount: Int
    /// Index of the password that opened the document; nil where none was needed.
    public let passwordIndex: Int?

    /// Nil only after a failure to open the document again.
    private var handle: OpaquePointer?
    private let bytes: SourceBytes
    private let password: Secret?
    // Text comes nearly free from a page that was drawn, so the last page is kept.
    private var lastPage: PDFPage?
    private var pagesSinceForgetting = 0
    // 20 MB of a 400-page file stay out of memory so, for 0.1 ms every time.
    private static let pagesBetweenForgetting = 16
    private lazy var texts = PDFTexts(bytes, password: password)
    private lazy var structure = PDFStructure(bytes, password: password.map { PDFOpening.bounded($0) })
    private lazy var layers = structure.map { OptionalContent($0) } ?? OptionalContent()
    private lazy var fonts = FontFacts()
    /// Cleared by a page that would make each of its kind expensive to measure.
    private var measuresText = true
    private var pagesDrawn = 0
    /// The last page whose content has been unpacked, or was not worth it.
    private var lastUnpacked = 0
    // So many pages at once for each that was drawn: who draws few pages pays for few.
    private static let unpackedForDrawn = 4
    private static let maximumUnpacked = 64

    /// The most pages a document may have.
    static let maxPages = 10_000

    /// Opens a document from a file that is open for reading; the descriptor stays the caller's.
    ///
    /// - Parameter passwords: Tried in order, after none.
    /// - Throws: `file_empty`, `file_unreadable`, `damaged_file`, `password_required`, `password_wrong`, `too_many_pages`.
    public convenience init(descriptor: Int32, byteCount: Int, passwords: [Secret] = []) throws(Failure) {
        try self.init(SourceBytes(descriptor: descriptor, byteCount: byteCount), passwords)
    }

    /// Opens a document from bytes, which are copied.
    ///
    /// - Throws: As for a descriptor.
    public convenience init(bytes: [UInt8], passwords: [Secret] = []) throws(Failure) {
        try self.init(SourceBytes(bytes), passwords)
    }

    private init(_ bytes: SourceBytes, _ passwords: [Secret]) throws(Failure) {
        let opened = try unsafe PDFOpening.open(bytes, passwords)
        unsafe handle = opened.handle
        self.bytes = bytes
        passwordIndex = unsafe opened.passwordIndex
        password = passwordIndex.map { passwords[$0] }
        pageCount = unsafe Int(poppler_document_get_n_pages(opened.handle))
        guard pageCount > 0 else { throw Failure(.damagedFile, "the PDF has no pages") }
        guard pageCount <= PDFDocument.maxPages else {
            throw Failure(
                .tooManyPages, "the PDF has \(pageCount) pages, more than \(PDFDocument.maxPages)", remedy: "split it, or choose pages")
        }
    }

    deinit {
        lastPage = nil
        if let handle = unsafe handle { unsafe g_object_unref(UnsafeMutableRawPointer(handle)) }
    }

    /// Measures a page, from 1.
    ///
    /// - Throws: `page_out_of_range`, `page_damaged`.
    public func geometry(of pageNumber: Int) throws(Failure) -> PageGeometry {
        try page(pageNumber).geometry
    }

    /// Measures a page, from 1, and its smallest text.
    ///
    /// The text is measured on the content itself, before anything is drawn: about 4 % of what a page with its image takes.
    ///
    /// - Throws: `page_out_of_range`, `page_damaged`.
    public func measure(_ pageNumber: Int) throws(Failure) -> PageGeometry {
        let page = try page(pageNumber)
        var geometry = page.geometry
        guard measuresText, let structure, let object = structure.page(pageNumber) else { return geometry }
        defer { structure.release() }
        let scan = scanText(of: page, object, structure)
        measuresText = !scan.isTooLong
        geometry.smallestText = scan.smallestSize
        return geometry
    }

    private func scanText(of page: PDFPage, _ object: PDFStructure.Object, _ structure: PDFStructure) -> TextScan {
        var scan = TextScan(structure, layers: layers, base: page.base, fonts: fonts)
        scan.run(page: object)
        fonts = scan.fonts
        return scan
    }

    /// Draws a page, or a region of it, once and directly at the wanted size.
    ///
    /// - Parameters:
    ///   - region: Points; nil for the whole page.
    ///   - size: Sides from 1 to 10,000 pixels; width and height are scaled apart.
    /// - Throws: `page_out_of_range`, `page_damaged`, `page_too_large`, `decode_limit`.
    public func render(_ pageNumber: Int, region: Box? = nil, size: PixelSize, into buffer: PixelBuffer) throws(Failure) {
        unpack(from: pageNumber)
        try page(pageNumber).render(region: region, size: size, into: buffer)
    }

    /// Has poppler read the content of the coming pages unpacked, from the second page on that is drawn.
    ///
    /// For drawing and text poppler takes two thirds to nine tenths of the time so; a window of pages keeps memory flat.
    private func unpack(from number: Int) {
        pagesDrawn += 1
        guard pagesDrawn > 1, number > lastUnpacked, (1...pageCount).contains(number), passwordIndex == nil, let structure else { return }
        let pages = number...min(pageCount, number + min(pagesDrawn * Self.unpackedForDrawn, Self.maximumUnpacked) - 1)
        lastUnpacked = structure.pageCount == pageCount ? pages.upperBound : pageCount
        guard lastUnpacked == pages.upperBound, let update = ContentUpdate(of: pages, in: structure, of: bytes) else { return }
        lastPage = nil
        if let handle = unsafe handle { unsafe g_object_unref(UnsafeMutableRawPointer(handle)) }
        unsafe handle = nil
        if let count = bytes.put(update.bytes), let updated = unsafe PDFOpening.reopen(bytes, count: count) {
            if unsafe poppler_document_get_n_pages(updated) == Int32(pageCount) {
                unsafe handle = updated
                return
            }
            unsafe g_object_unref(UnsafeMutableRawPointer(updated))
        }
        // Poppler does not read the update: everything stays as it was.
        lastUnpacked = pageCount
        unsafe handle = PDFOpening.reopen(bytes, count: bytes.count)
    }

    /// Reads what is on a page. After `render` of the same page, words cost next to nothing.
    ///
    /// - Throws: `page_out_of_range`, `page_damaged`, `page_too_large`.
    public func content(of pageNumber: Int, parts: ContentParts) throws(Failure) -> PageContent {
        let page = try page(pageNumber)
        var content = PageContent()
        if parts.contains(.words) { content.words = try words(of: page) }
        guard parts != [], let structure, let object = structure.page(pageNumber) else { return content }
        defer { structure.release() }
        if fonts.mayMiss(object, structure) { content.missingFonts = scanText(of: page, object, structure).missingFonts }
        // Words alone must never pay for the rest.
        guard parts != .words else { return content }
        let frame = Box(x: 0, y: 0, width: page.geometry.size.width, height: page.geometry.size.height)
        var interpreter = ContentInterpreter(structure, layers: layers, base: page.base, page: frame, parts: parts)
        interpreter.run(page: object)
        content.rulings = interpreter.collector.rulings
        content.paths = interpreter.collector.paths
        content.pictures = interpreter.collector.pictures
        return content
    }

    /// The JPEG that is all there is on a page and fills it upright, as scanners write it; nil for every other page.
    ///
    /// Such a page is drawn from its JPEG in a quarter of the time: 35 ms against 142 ms for A4 at 300 dpi, drawn at 1600 pixels.
    ///
    /// - Throws: `page_out_of_range`, `page_damaged`.
    public func soleJPEG(of pageNumber: Int) throws(Failure) -> [UInt8]? {
        let page = try page(pageNumber)
        guard page.geometry.rotation == 0, let structure, let object = structure.page(pageNumber) else { return nil }
        defer { structure.release() }
        let frame = Box(x: 0, y: 0, width: page.geometry.size.width, height: page.geometry.size.height)
        return structure.soleJPEG(ofPage: object, layers: layers, base: page.base, frame: frame)
    }

    private func words(of page: PDFPage) throws(Failure) -> [Word] {
        if let words = try page.words() { return words }
        return try texts?.words(of: page.number, unit: page.unit) ?? []
    }

    /// Rotation and unit of a page; where qpdf sees other pages than poppler, poppler's other interface tells the rotation.
    private func layout(of number: Int) -> (rotation: Int, unit: Double) {
        if let structure, structure.pageCount == pageCount, let object = structure.page(number) {
            defer { structure.release() }
            if let rotation = structure.rotation(object) { return (rotation, structure.userUnit(object)) }
        }
        return (texts?.rotation(of: number) ?? 0, 1)
    }

    private func page(_ number: Int) throws(Failure) -> PDFPage {
        if let lastPage, lastPage.number == number { return lastPage }
        guard (1...pageCount).contains(number) else {
            throw Failure(.pageOutOfRange, "page \(number) was asked for, the PDF has \(pageCount)")
        }
        lastPage = nil
        pagesSinceForgetting += 1
        if pagesSinceForgetting >= PDFDocument.pagesBetweenForgetting {
            pagesSinceForgetting = 0
            bytes.forget()
        }
        guard let document = unsafe handle, let handle = unsafe poppler_document_get_page(document, Int32(number - 1)) else {
            throw Failure(.pageDamaged, "page \(number) cannot be opened")
        }
        let (rotation, unit) = layout(of: number)
        let page = unsafe PDFPage(owning: handle, number: number, rotation: rotation, unit: unit)
        lastPage = page
        return page
    }
}

/// Bounds of what is read from one page.
package enum ContentLimits {
    /// A page with more is refused as `page_too_large`.
    package static let words = 200_000
    /// A page with more rulings, paths or vertices is a map: none of that kind are kept, its words are.
    package static let rulings = 100_000
    package static let paths = 50_000
    /// Of all paths of a page.
    package static let vertices = 1_000_000
    package static let pictures = 50_000
}
