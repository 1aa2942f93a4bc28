import QdocCore
import QdocDecoding
import QdocImage
import QdocPDF

/// A PDF that is open in this worker.
final class PDFSource: DecodedSource {
    private let document: PDFDocument
    // One for all pages: fresh memory for each costs more than drawing.
    private let buffer = PixelBuffer()

    init(_ opening: DecodeService.Opening) throws(Failure) {
        document = try PDFDocument(descriptor: opening.descriptor, byteCount: opening.byteCount, passwords: opening.request.passwords)
    }

    var pageCount: Int { document.pageCount }

    /// The index of the password that fitted.
    var password: Int? { document.passwordIndex }

    func geometry(of pageNumber: Int) throws(Failure) -> PageGeometry {
        try document.measure(pageNumber)
    }

    func page(_ request: PageRequest) throws(Failure) -> DecodedPage {
        var page = DecodedPage(geometry: try document.geometry(of: request.pageNumber), image: nil, content: nil)
        if let order = request.image {
            if try !drawScan(request.pageNumber, order, page.geometry.size) {
                try document.render(request.pageNumber, region: order.region, size: order.size, into: buffer)
            }
            page.image = try ImageEncoder.encode(buffer, order: order)
        }
        if !request.parts.isEmpty { page.content = try document.content(of: request.pageNumber, parts: request.parts) }
        return page
    }

    /// Draws a page that is one JPEG from that JPEG; false where it is none, or where the JPEG is better left to poppler.
    private func drawScan(_ pageNumber: Int, _ order: ImageOrder, _ size: PageSize) throws(Failure) -> Bool {
        guard let bytes = try document.soleJPEG(of: pageNumber) else { return false }
        do throws(Failure) {
            let file = try ImageFile(bytes: bytes, followsMetadata: false)
            let (across, down) = (Double(file.size.width) / size.width, Double(file.size.height) / size.height)
            let region = order.region.map { Box(x: $0.x * across, y: $0.y * down, width: $0.width * across, height: $0.height * down) }
            try file.decode(region: region, size: order.size, into: buffer)
            return true
        } catch {
            // poppler draws what there is of a cut or odd JPEG.
            return false
        }
    }

    /// Draws a page of our own with the fonts that every reader must bring, so that workers inherit what that loads.
    ///
    /// Costs 8-10 ms of CPU once; without it each worker pays it.
    static func warmFonts() {
        let fonts = ["Helvetica", "Times-Roman", "Courier"]
        let resources = fonts.enumerated().map { "/F\($0) << /Type /Font /Subtype /Type1 /BaseFont /\($1) >>" }.joined(separator: " ")
        let text = fonts.indices.map { "BT /F\($0) 9 Tf 9 \(9 + 20 * $0) Td (qdoc) Tj ET" }.joined(separator: " ")
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] /Contents 4 0 R /Resources << /Font << \(resources) >> >> >>",
            "<< /Length \(text.utf8.count) >>\nstream\n\(text)\nendstream",
        ]
        var file = "%PDF-1.4\n"
        var index = "0000000000 65535 f \n"
        for (number, object) in objects.enumerated() {
            let offset = String(file.utf8.count)
            index += String(repeating: "0", count: 10 - offset.count) + offset + " 00000 n \n"
            file += "\(number + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = file.utf8.count
        let count = objects.count + 1
        file += "xref\n0 \(count)\n\(index)trailer\n<< /Size \(count) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        do throws(Failure) {
            let document = try PDFDocument(bytes: Array(file.utf8))
            try document.render(1, size: PixelSize(width: 72, height: 72), into: PixelBuffer())
        } catch {
            // Without fonts pages come out without their text, but they come out: each worker will say so itself.
        }
    }
}
