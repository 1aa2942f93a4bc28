import QdocCore
import QdocPDF
import Testing

@Suite struct PDFDocumentTests {
    private func code(_ body: () throws -> Void) -> Failure.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? Failure)?.code
        }
    }

    @Test("Refuses what is no PDF")
    func refusesNoise() {
        #expect(code { _ = try PDFDocument(bytes: []) } == .fileEmpty)
        #expect(code { _ = try PDFDocument(bytes: Array("Dear all".utf8)) } == .damagedFile)
        #expect(code { _ = try PDFDocument(bytes: Array("%PDF-1.4\n%%EOF".utf8)) } == .damagedFile)
    }

    @Test("Opens an encrypted document by either password and never crashes on a wrong one")
    func opensEncrypted() throws {
        let bytes = WrittenPDF.encrypted
        #expect(code { _ = try PDFDocument(bytes: bytes) } == .passwordRequired)
        #expect(code { _ = try PDFDocument(bytes: bytes, passwords: [Secret("wrong"), Secret("")]) } == .passwordWrong)
        #expect(code { _ = try PDFDocument(bytes: bytes, passwords: [Secret(String(repeating: "x", count: 5000))]) } == .passwordWrong)
        for password in ["user", "owner"] {
            let document = try PDFDocument(bytes: bytes, passwords: [Secret("wrong"), Secret(password)])
            #expect(document.passwordIndex == 1)
            #expect(try document.content(of: 1, parts: .words).words.map(\.text) == ["secret"])
        }
    }

    @Test("Counts pages and refuses those that are not there")
    func countsPages() throws {
        let document = try PDFDocument(bytes: WrittenPDF.bytes("", "", ""))
        #expect(document.pageCount == 3)
        #expect(document.passwordIndex == nil)
        for number in [-1, 0, 4] {
            #expect(code { _ = try document.geometry(of: number) } == .pageOutOfRange)
        }
    }

    @Test("Measures pages as displayed", arguments: [(0, 200.0, 100.0), (90, 100.0, 200.0), (180, 200.0, 100.0), (270, 100.0, 200.0)])
    func measures(rotation: Int, width: Double, height: Double) throws {
        let document = try PDFDocument(bytes: WrittenPDF.bytes("", page: "/Rotate \(rotation)"))
        #expect(try document.geometry(of: 1) == PageGeometry(size: PageSize(width: width, height: height), rotation: rotation))
    }

    @Test("Draws upright rules exactly, however thin", arguments: [0.05, 0.1, 0.2])
    func drawsThinRules(height: Double) throws {
        // A rule in every fifth row, each a little lower within it.
        let rules = (0..<20).map { "10 \(5.0 * Double($0) + 0.04 * Double($0)) 180 \(height) re f" }.joined(separator: " ")
        let document = try PDFDocument(bytes: WrittenPDF.bytes("0 g " + rules))
        let buffer = PixelBuffer()
        try document.render(1, size: PixelSize(width: 200, height: 100), into: buffer)
        let ink = stride(from: 0, to: 100, by: 5).map { top in
            (top..<top + 5).reduce(0) { $0 + 255 - Int(buffer.bytes[$1 * buffer.stride + 4 * 100]) }
        }
        #expect(ink.allSatisfy { abs(Double($0) - 255 * height) <= 2 })
    }

    @Test("Draws a page and a region of it at the asked size into one buffer")
    func draws() throws {
        // The left half is red.
        let document = try PDFDocument(bytes: WrittenPDF.bytes("1 0 0 rg 0 0 100 100 re f"))
        let buffer = PixelBuffer()
        func pixel(_ x: Int, _ y: Int) -> [UInt8] { Array(buffer.bytes[y * buffer.stride + 4 * x..<y * buffer.stride + 4 * x + 3]) }
        try document.render(1, size: PixelSize(width: 300, height: 30), into: buffer)
        #expect(buffer.size == PixelSize(width: 300, height: 30))
        #expect(pixel(140, 15) == [0, 0, 255])
        #expect(pixel(160, 15) == [255, 255, 255])
        try document.render(1, region: Box(x: 90, y: 40, width: 20, height: 20), size: PixelSize(width: 20, height: 20), into: buffer)
        #expect(buffer.bytes.count == 1600)
        #expect(pixel(5, 10) == [0, 0, 255])
        #expect(pixel(15, 10) == [255, 255, 255])
        #expect(code { try document.render(1, size: PixelSize(width: 0, height: 10), into: buffer) } == .pageTooLarge)
        #expect(code { try document.render(1, size: PixelSize(width: 10_001, height: 10), into: buffer) } == .pageTooLarge)
    }
}
