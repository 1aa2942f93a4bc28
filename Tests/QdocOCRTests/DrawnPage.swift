import QdocCore
import QdocImage
import QdocPDF

@testable import QdocOCR

/// A page of the tests' own, drawn by cairo from a PDF that is written here.
struct DrawnPage {
    static let size = PageSize(width: 400, height: 260)
    static let fontSize = 12.0
    static let lines = [
        "Annual review of the northern harbour", "The quay handled 48,215 containers in 2023",
        "which is 12.5 % more than the year before", "Revenue rose to 731.4 million", "Costs fell by 27 million in spring",
        "A second crane was ordered in October", "Work on the railway yard begins in May", "Every figure was checked twice",
    ]
    static var words: [String] { lines.flatMap { $0.split(separator: " ").map(String.init) } }
    /// Left edge and baseline of the first line, from the top.
    static let origin = Point(x: 40, y: 40)
    static let leading = 25.0

    /// What the page shows in the language of PDF.
    static var text: String {
        lines.enumerated().map { index, line in
            "BT /F \(fontSize) Tf \(origin.x) \(size.height - origin.y - Double(index) * leading) Td (\(line)) Tj ET"
        }.joined(separator: "\n")
    }

    /// Draws a page.
    ///
    /// - Parameters:
    ///   - rotation: Clockwise degrees by which it is displayed.
    ///   - dotsPerInch: Pixels to 72 points.
    static func graymap(_ content: String = text, rotation: Int = 0, dotsPerInch: Double = 300) throws -> Graymap {
        let document = try PDFDocument(bytes: pdf(content, rotation: rotation))
        let shown = try document.geometry(of: 1).size
        let scale = dotsPerInch / 72
        let buffer = PixelBuffer()
        try document.render(
            1, size: PixelSize(width: Int((shown.width * scale).rounded()), height: Int((shown.height * scale).rounded())), into: buffer)
        return try Graymap(bytes: try ImageEncoder.encode(buffer, as: .graymap))
    }

    private static func pdf(_ content: String, rotation: Int) -> [UInt8] {
        var text = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[4 0 R]/Count 1>>endobj\n"
        text += "3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n"
        text += "4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 \(size.width) \(size.height)]/Rotate \(rotation)"
        text += "/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R>>endobj\n"
        text += "5 0 obj<</Length \(content.utf8.count)>>stream\n\(content)\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        return Array(text.utf8)
    }

    /// A graymap of the test's own pixels.
    static func graymap(size: PixelSize, _ pixels: [UInt8]) throws -> Graymap {
        try Graymap(bytes: Array("P5\n\(size.width) \(size.height)\n255\n".utf8) + pixels)
    }
}
