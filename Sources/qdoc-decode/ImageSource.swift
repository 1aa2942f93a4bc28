import QdocCore
import QdocDecoding
import QdocImage

/// An image file that is open in this worker: a document on whose pages a point is a pixel.
final class ImageSource: DecodedSource {
    private let file: ImageFile
    private let buffer = PixelBuffer()

    init(_ opening: DecodeService.Opening) throws(Failure) {
        file = try ImageFile(descriptor: opening.descriptor, byteCount: opening.byteCount)
    }

    var pageCount: Int { file.pageCount }

    func geometry(of pageNumber: Int) throws(Failure) -> PageGeometry {
        let size = try file.page(pageNumber).size
        return PageGeometry(size: PageSize(width: Double(size.width), height: Double(size.height)), rotation: 0)
    }

    func page(_ request: PageRequest) throws(Failure) -> DecodedPage {
        var page = DecodedPage(geometry: try geometry(of: request.pageNumber), image: nil, content: nil)
        if let order = request.image {
            try file.decode(page: request.pageNumber, region: order.region, size: order.size, into: buffer)
            page.image = try ImageEncoder.encode(buffer, order: order)
        }
        if !request.parts.isEmpty {
            page.content = PageContent()
            // Pixels are all there is: the whole page is a picture.
            let whole = Box(x: 0, y: 0, width: page.geometry.size.width, height: page.geometry.size.height)
            if request.parts.contains(.pictures) { page.content?.pictures = [whole] }
        }
        return page
    }
}
