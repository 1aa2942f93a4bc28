import QdocCore
import QdocPDF
import Testing

@Suite struct WordTests {
    private func words(_ content: String, page: String = "") throws -> [Word] {
        try PDFDocument(bytes: WrittenPDF.bytes(content, page: page)).content(of: 1, parts: .words).words
    }

    @Test("Reads words with their boxes, sizes and weights")
    func readsWords() throws {
        let words = try words("BT /F 10 Tf 20 50 Td (Revenue rose) Tj /B 20 Tf 0 -30 Td (4,6 %) Tj ET")
        #expect(words.map(\.text) == ["Revenue", "rose", "4,6", "%"])
        #expect(words.map(\.isBold) == [false, false, true, true])
        #expect(words.map(\.fontSize) == [10, 10, 20, 20])
        #expect(words.allSatisfy { $0.direction == .right && $0.source == .textLayer })
        let first = try #require(words.first)
        // Helvetica's advance widths add up to 4.002 em.
        #expect(abs(first.box.x - 20) < 0.1 && abs(first.box.width - 40.02) < 0.1)
        #expect(first.box.y < 50 && first.box.maxY > 50 && first.box.height < 15)
    }

    @Test("Gives boxes as displayed on turned pages", arguments: [90, 180, 270])
    func turnsBoxes(rotation: Int) throws {
        let word = try #require(try words("BT /F 10 Tf 20 50 Td (Revenue) Tj ET", page: "/Rotate \(rotation)").first)
        let (direction, box) =
            switch rotation {
            case 90: (TextDirection.down, Box(x: 40, y: 20, width: 20, height: 42))
            case 180: (.left, Box(x: 138, y: 40, width: 42, height: 20))
            default: (.up, Box(x: 40, y: 138, width: 20, height: 42))
            }
        #expect(word.direction == direction)
        #expect(box.contains(word.box, tolerance: 0.5), "\(word.box)")
    }

    @Test("Begins a word where the weight changes")
    func splits() throws {
        let words = try words("BT /F 10 Tf 20 50 Td (Total:) Tj /B 10 Tf (12) Tj ET")
        #expect(words.map(\.text) == ["Total:", "12"])
        #expect(words.map(\.isBold) == [false, true])
        #expect(words.map(\.spaceAfter) == [false, true])
    }

    @Test("Writes ligatures out")
    func expandsLigatures() throws {
        // The encoding gives code 49 the glyph of the ligature, whose name stands for U+FB01.
        let document = WrittenPDF.bytes(
            "BT /L 10 Tf 20 50 Td (pro1t) Tj ET",
            objects: "8 0 obj<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding<</Differences[49/fi]>>>>endobj\n", fonts: "/L 8 0 R")
        #expect(try PDFDocument(bytes: document).content(of: 1, parts: .words).words.map(\.text) == ["profit"])
    }

    @Test("Costs no paths when words are asked for, and no words when paths are")
    func keepsPartsApart() throws {
        let document = try PDFDocument(bytes: WrittenPDF.bytes("BT /F 10 Tf 20 50 Td (word) Tj ET 10 10 100 50 re S"))
        let words = try document.content(of: 1, parts: .words)
        #expect(words.words.count == 1 && words.paths.isEmpty && words.rulings.isEmpty)
        let paths = try document.content(of: 1, parts: [.paths, .rulings])
        #expect(paths.words.isEmpty && paths.paths.count == 1 && paths.rulings.count == 4)
    }
}
