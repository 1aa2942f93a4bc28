import QdocCore
import QdocImage
import Testing

@testable import QdocPDF

@Suite struct SoleJPEGTests {
    private func scan(_ content: String, filter: String = "/DCTDecode", page: String = "", more: String = "") throws -> [UInt8]? {
        let data = "4444444444"
        let picture = """
            6 0 obj<</Type/XObject/Subtype/Image/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceGray/Filter\(filter)\(more)\
            /Length \(data.utf8.count)>>stream
            \(data)
            endstream endobj

            """
        let bytes = WrittenPDF.bytes(content, page: page, resources: "/XObject<</I 6 0 R>>", objects: picture)
        return try PDFDocument(bytes: bytes).soleJPEG(of: 1)
    }

    @Test("Finds the one JPEG that fills a page")
    func finds() throws {
        #expect(try scan("q 200 0 0 100 0 0 cm /I Do Q") == Array("4444444444".utf8))
        #expect(try scan("BT 3 Tr /F 9 Tf (read) Tj ET q 200 0 0 100 0 0 cm /I Do Q") != nil)
        #expect(try scan("1 0 0 1 0 0 cm BT /F 12 Tf ET q 200 0 0 100 0 0 cm /I Do Q", filter: "[/ASCII85Decode/DCTDecode]")?.count == 8)
    }

    @Test(
        "Leaves every other page to poppler",
        arguments: [
            "q 100 0 0 100 0 0 cm /I Do Q", "q -200 0 0 100 200 0 cm /I Do Q", "q 0 100 200 0 0 0 cm /I Do Q",
            "q 200 0 0 100 0 0 cm /I Do /I Do Q", "q 200 0 0 100 0 0 cm /I Do Q BT /F 9 Tf (stamp) Tj ET",
            "q 200 0 0 100 0 0 cm /I Do Q 0 0 m 9 9 l S", "0 0 100 100 re W n q 200 0 0 100 0 0 cm /I Do Q", "",
        ])
    func leaves(content: String) throws {
        #expect(try scan(content) == nil)
    }

    @Test("Leaves pictures that more than the JPEG decides, and turned pages")
    func leavesChanged() throws {
        let content = "q 200 0 0 100 0 0 cm /I Do Q"
        #expect(try scan(content, more: "/Decode[1 0]") == nil)
        #expect(try scan(content, filter: "/FlateDecode") == nil)
        #expect(try scan(content, page: "/Rotate 90") == nil)
        #expect(try scan(content, page: "/Annots[<</Type/Annot>>]") == nil)
    }

    @Test("Decodes base 85", arguments: [("87cURD]i,\"Ebo80~>", "Hello World!"), ("z~>", "\0\0\0\0"), ("87cUR\nDZ~>", "Hello")])
    func decodes(text: String, plain: String) {
        #expect(ASCII85.decode(Array(text.utf8)) == Array(plain.utf8))
    }

    @Test("Refuses what is not base 85")
    func refuses() {
        #expect(ASCII85.decode(Array("87cUR{~>".utf8)) == nil)
        #expect(ASCII85.decode(Array("87cURD~>".utf8)) == nil)
    }
}
