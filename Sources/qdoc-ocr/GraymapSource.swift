import QdocCore
import QdocDecoding
import QdocOCR

/// A drawn page that is open in this worker: a document of one page, on which a point is a pixel.
final class GraymapSource: DecodedSource {
    private let opening: DecodeService.Opening
    private let size: PixelSize
    private let recognizer: TextRecognizer

    init(_ opening: DecodeService.Opening, _ recognizer: TextRecognizer) throws(Failure) {
        self.recognizer = try recognizer.speaking(opening.request.languages)
        self.opening = opening
        size = try Graymap(descriptor: opening.descriptor, byteCount: opening.byteCount).size
    }

    let pageCount = 1

    func geometry(of pageNumber: Int) throws(Failure) -> PageGeometry {
        PageGeometry(size: PageSize(width: Double(size.width), height: Double(size.height)), rotation: 0)
    }

    func page(_ request: PageRequest) throws(Failure) -> DecodedPage {
        guard request.image == nil else { throw Failure(.invalidArguments, "qdoc-ocr draws no images") }
        var page = DecodedPage(geometry: try geometry(of: request.pageNumber), image: nil, content: nil)
        if !request.parts.isEmpty {
            page.content = PageContent()
            if request.parts.contains(.words) {
                // Read again, not kept: the copy that is recognised is enough.
                let graymap = try Graymap(descriptor: opening.descriptor, byteCount: opening.byteCount)
                page.content?.words = try recognizer.words(on: graymap, dotsPerInch: opening.request.dotsPerInch)
            }
        }
        return page
    }
}
