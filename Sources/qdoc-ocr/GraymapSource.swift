import QdocCore
import QdocDecoding
import QdocOCR

/// A drawn page that is open in this worker: a document of one page, on which a point is a pixel.
final class GraymapSource: DecodedSource {
    private let graymap: Graymap
    private let recognizer: TextRecognizer
    private let dotsPerInch: Double

    init(_ opening: DecodeService.Opening, _ recognizer: TextRecognizer) throws(Failure) {
        self.recognizer = try recognizer.speaking(opening.request.languages)
        dotsPerInch = opening.request.dotsPerInch
        graymap = try Graymap(descriptor: opening.descriptor, byteCount: opening.byteCount)
    }

    let pageCount = 1

    func geometry(of pageNumber: Int) throws(Failure) -> PageGeometry {
        PageGeometry(size: PageSize(width: Double(graymap.size.width), height: Double(graymap.size.height)), rotation: 0)
    }

    func page(_ request: PageRequest) throws(Failure) -> DecodedPage {
        guard request.image == nil else { throw Failure(.invalidArguments, "qdoc-ocr draws no images") }
        var page = DecodedPage(geometry: try geometry(of: request.pageNumber), image: nil, content: nil)
        if !request.parts.isEmpty {
            page.content = PageContent()
            if request.parts.contains(.words) { page.content?.words = try recognizer.words(on: graymap, dotsPerInch: dotsPerInch) }
        }
        return page
    }
}
