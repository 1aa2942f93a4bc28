import QdocCore
import QdocIngest
import QdocReport

/// Pictures of the pages that a report speaks of, for its web page.
struct PagePictures: Sendable {
    /// Pixels of the longer side: body text of A4 is read without effort at half the width of a screen, in some 100 KiB.
    private static let side = 1_400.0
    /// Bytes of one picture at most.
    private static let pictureLimit = 512 << 10
    /// Bytes of all pictures at most: a file that a browser opens at once and a mail still takes. Pages beyond show their words.
    private static let limit = 24 << 20

    private(set) var pictures: [PageReference: HTMLReport.Picture] = [:]
    private var byteCount = 0

    /// Draws the pages of one source on which a value was found; a page that cannot be drawn stays without picture.
    ///
    /// - Throws: `interrupted`.
    mutating func draw(_ report: Report, source: Int, from document: Document) async throws(Failure) {
        for page in HTMLReport.pages(of: report) where page.source == source && byteCount < Self.limit {
            do throws(Failure) {
                let size = try await document.geometry(of: page.pageNumber).size
                let scale = Self.side / max(size.width, size.height, 1)
                // What consists of pixels is not enlarged.
                let factor = document.source.mediaType.isPixels ? min(1, scale) : scale
                let pixels = PixelSize(
                    width: max(1, Int((size.width * factor).rounded())), height: max(1, Int((size.height * factor).rounded())))
                let order = ImageOrder(size: pixels, maxBytes: Self.pictureLimit)
                guard let image = try await document.page(page.pageNumber, image: order, parts: []).image else { continue }
                pictures[page] = (image.encoding, image.bytes)
                byteCount += image.bytes.count
            } catch {
                // The report is worth more than one of its pictures.
                guard error.code != .interrupted else { throw error }
            }
        }
    }
}
