import QdocCore
import QdocDecoding
import QdocImage
import QdocVideo

/// A video that is open in this worker: a document whose pages are the chosen frames, on which a point is a pixel.
final class VideoSource: DecodedSource {
    private let file: VideoFile
    private let scan: FrameScan
    // One for all frames: fresh memory for each costs more than drawing.
    private let buffer = PixelBuffer()

    init(_ opening: DecodeService.Opening) throws(Failure) {
        file = try VideoFile(descriptor: opening.descriptor, byteCount: opening.byteCount, mediaType: opening.request.mediaType)
        scan = try FrameScan(file, opening.request.frames)
    }

    var pageCount: Int { scan.count }

    func proceed() throws(Failure) -> Bool { try scan.proceed() }

    func geometry(of pageNumber: Int) throws(Failure) -> PageGeometry {
        guard scan.times.indices.contains(pageNumber - 1) else { throw Failure(.pageOutOfRange, "there is no frame \(pageNumber)") }
        let size = file.facts.size
        return PageGeometry(
            size: PageSize(width: Double(size.width), height: Double(size.height)), rotation: file.facts.rotation,
            timestamp: scan.times[pageNumber - 1])
    }

    func page(_ request: PageRequest) throws(Failure) -> DecodedPage {
        var page = DecodedPage(geometry: try geometry(of: request.pageNumber), image: nil, content: nil)
        if let order = request.image {
            try scan.show(request.pageNumber)
            try file.draw(region: order.region, size: order.size, into: buffer)
            page.image = try ImageEncoder.encode(buffer, order: order)
        }
        if !request.parts.isEmpty {
            page.content = PageContent()
            // Pixels are all there is: the whole frame is a picture.
            let whole = Box(x: 0, y: 0, width: page.geometry.size.width, height: page.geometry.size.height)
            if request.parts.contains(.pictures) { page.content?.pictures = [whole] }
        }
        return page
    }
}
