import QdocCore
import Testing

@testable import QdocPDF

@Suite struct ContentUpdateTests {
    /// The frame of zlib around blocks that are stored as they are: RFC 1950, RFC 1951 3.2.4.
    private func stored(_ bytes: [UInt8]) -> [UInt8] {
        var packed: [UInt8] = [0x78, 0x01]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(60_000)
            rest = rest.dropFirst(60_000)
            let count = UInt16(block.count)
            packed += [rest.isEmpty ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)] + block
        } while !rest.isEmpty
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return packed + [UInt8(high >> 8), UInt8(high & 255), UInt8(low >> 8), UInt8(low & 255)]
    }

    /// What a page says, made longer by a comment.
    private func content(_ page: Int) -> [UInt8] {
        Array("0 0 1 rg \(10 * page) 5 30 20 re f 0 g BT /F 9 Tf 20 60 Td (page \(page) of many) Tj ET\n%".utf8)
            + Array(repeating: UInt8(ascii: "x"), count: 40_000) + [0x0A]
    }

    /// Twelve pages whose content is packed, with a table of cross-references; `spoil` changes the packed bytes.
    private func document(_ spoil: (inout [UInt8]) -> Void = { _ in }) -> [UInt8] {
        let pages = 1...12
        let kids = pages.map { "\(10 + 2 * $0) 0 R" }.joined(separator: " ")
        var objects: [(Int, [UInt8])] = [
            (1, Array("<</Type/Catalog/Pages 2 0 R>>".utf8)),
            (2, Array("<</Type/Pages/Count 12/MediaBox[0 0 200 100]/Kids[\(kids)]>>".utf8)),
            (3, Array("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".utf8)),
        ]
        for page in pages {
            let resources = "/Resources<</Font<</F 3 0 R>>>>"
            objects.append((10 + 2 * page, Array("<</Type/Page/Parent 2 0 R\(resources)/Contents \(11 + 2 * page) 0 R>>".utf8)))
            var packed = stored(content(page))
            spoil(&packed)
            let head = "<</Filter/FlateDecode/Length \(packed.count)>>stream\n"
            objects.append((11 + 2 * page, Array(head.utf8) + packed + Array("\nendstream".utf8)))
        }
        var file = Array("%PDF-1.4\n".utf8)
        var table = "xref\n0 1\n0000000000 65535 f \n"
        for (number, body) in objects {
            let offset = String(file.count)
            table += "\(number) 1\n\(String(repeating: "0", count: 10 - offset.count))\(offset) 00000 n \n"
            file += Array("\(number) 0 obj\n".utf8) + body + Array("\nendobj\n".utf8)
        }
        let start = file.count
        return file + Array("\(table)trailer<</Size 36/Root 1 0 R>>\nstartxref\n\(start)\n%%EOF\n".utf8)
    }

    private func update(_ bytes: [UInt8], _ pages: ClosedRange<Int> = 2...9) throws -> ContentUpdate? {
        let source = try SourceBytes(bytes)
        let structure = try #require(PDFStructure(source, password: nil))
        return ContentUpdate(of: pages, in: structure, of: source)
    }

    private func drawn(_ document: PDFDocument, _ page: Int) throws -> (pixels: [UInt8], words: [Word]) {
        let buffer = PixelBuffer()
        try document.render(page, size: PixelSize(width: 200, height: 100), into: buffer)
        return (buffer.bytes, try document.content(of: page, parts: .words).words)
    }

    @Test("Pages look and read the same, unpacked or not, in whatever order they are asked for")
    func changesNothing() throws {
        let bytes = document()
        let shared = try PDFDocument(bytes: bytes)
        for page in Array(1...12) + [3, 12, 1] {
            let (pixels, words) = try drawn(shared, page)
            let alone = try drawn(PDFDocument(bytes: bytes), page)
            #expect(pixels == alone.pixels && words == alone.words)
            #expect(words.map(\.text) == ["page", "\(page)", "of", "many"])
        }
    }

    @Test("States the content of just the pages that are meant, in a document that others can read")
    func updates() throws {
        let bytes = document()
        let update = try #require(try update(bytes)).bytes
        let text = String(decoding: update, as: UTF8.self)
        for page in 1...12 { #expect(text.contains("(page \(page) of many)") == (2...9).contains(page)) }
        let padding = [UInt8](repeating: 0, count: try SourceBytes(bytes).updateOffset - bytes.count)
        let whole = try PDFDocument(bytes: bytes + padding + update)
        #expect(whole.pageCount == 12)
        for page in [1, 2, 9, 12] { #expect(try drawn(whole, page).words[1].text == "\(page)") }
    }

    @Test("Leaves a document alone that is damaged, or too small to gain")
    func leavesAlone() throws {
        #expect(try update(document(), 2...3) == nil)
        #expect(try update(document { $0[$0.count - 1] ^= 1 }) == nil)
        #expect(try update(document { $0.removeLast(2000) }) == nil)
        #expect(try update(document().dropLast(8) + Array("1\n%%EOF\n".utf8)) == nil)
        #expect(try #require(PDFStructure(SourceBytes(WrittenPDF.encrypted), password: "user")).isEncrypted)
        // Of damaged content poppler draws what there is.
        let damaged = try PDFDocument(bytes: document { $0[$0.count - 1] ^= 1 })
        for page in 1...4 { #expect(try drawn(damaged, page).words.count == 4) }
    }

    @Test("Inflates whole streams alone, and no more than is allowed")
    func inflates() {
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let packed = stored(bytes)
        #expect(Flate.inflate(packed, limit: 300_000) == bytes)
        #expect(Flate.inflate(packed, limit: 299_999) == nil)
        for count in [0, 1, 2, 7, 65_000, packed.count - 1] { #expect(Flate.inflate(Array(packed.prefix(count)), limit: 1 << 20) == nil) }
        #expect(Flate.inflate(Array(packed.dropLast()) + [packed[packed.count - 1] ^ 1], limit: 1 << 20) == nil)
        #expect(Flate.inflate(stored([]), limit: 1) == [])
    }
}
