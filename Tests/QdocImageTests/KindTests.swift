import QdocCore
import QdocImage
import Testing

/// Every kind of image but PNG and JPEG, from bytes written here; `Tests/peers/images_agree.py` compares them with another reader.
@Suite struct KindTests {
    private typealias Page = TestImages.TIFFPage

    /// The pixels of a page in its own size.
    private func decode(_ bytes: [UInt8], page: Int = 1) throws(Failure) -> PixelBuffer {
        let file = try ImageFile(bytes: bytes)
        let buffer = PixelBuffer()
        try file.decode(page: page, size: try file.page(page).size, into: buffer)
        return buffer
    }

    private func row(_ buffer: PixelBuffer, _ y: Int = 0) -> [[Int]] {
        (0..<buffer.width).map { TestImages.pixel(buffer, $0, y) }
    }

    private let black = [0, 0, 0]
    private let white = [255, 255, 255]
    private let red = [0, 0, 255]
    private let blue = [255, 0, 0]

    @Test("Reads the pages of a TIFF, each in its own size and kind, and leaves out reduced copies")
    func readsPages() throws {
        let bytes = TestImages.tiff([
            Page(width: 2, height: 1, pixels: [0, 255]),
            Page(width: 1, height: 1, pixels: [7], tags: [254: (4, [1])]),
            Page(width: 16, height: 2, bits: 1, photometric: 0, pixels: [0xFF, 0, 0, 0xFF]),
            Page(width: 2, height: 1, samples: 3, photometric: 2, pixels: [255, 0, 0, 0, 0, 255]),
            Page(width: 2, height: 1, bits: 16, pixels: [0x7F, 0x80, 0xFF, 0xFF]),
            Page(width: 2, height: 1, samples: 4, photometric: 5, pixels: [0, 255, 255, 0, 0, 0, 0, 255]),
            Page(
                width: 2, height: 1, photometric: 3, pixels: [1, 0],
                tags: [320: (3, (0..<768).map { $0 == 1 ? 65535 : 0 })]),
        ])
        let file = try ImageFile(bytes: bytes)
        #expect(file.mediaType == .tiff && file.pageCount == 6)
        #expect(try file.page(2).size == PixelSize(width: 16, height: 2))
        #expect(try row(decode(bytes)) == [black, white])
        #expect(try row(decode(bytes, page: 2), 1) == Array(repeating: white, count: 8) + Array(repeating: black, count: 8))
        #expect(try row(decode(bytes, page: 3)) == [red, blue])
        #expect(try row(decode(bytes, page: 4)) == [[128, 128, 128], white])
        #expect(try row(decode(bytes, page: 5)) == [red, black])
        #expect(try row(decode(bytes, page: 6)) == [red, black])
        #expect(TestImages.code { _ = try file.page(7) } == .pageOutOfRange)
        #expect(TestImages.code { _ = try file.page(0) } == .pageOutOfRange)
    }

    @Test("Turns a TIFF as its orientation says and keeps its resolution")
    func turnsTIFF() throws {
        let page = Page(width: 2, height: 1, pixels: [0, 255], tags: [274: (3, [6]), 282: (5, [300, 1]), 296: (3, [2])])
        let bytes = TestImages.tiff([page])
        let file = try ImageFile(bytes: bytes)
        #expect(file.size == PixelSize(width: 1, height: 2))
        #expect(try file.page(1).dotsPerInch == 300)
        let read = try decode(bytes)
        #expect(TestImages.pixel(read, 0, 0) == black && TestImages.pixel(read, 0, 1) == white)
    }

    @Test("Refuses a TIFF whose directories run in a circle, lie outside, or are too many")
    func refusesTIFF() throws {
        let page = Page(width: 1, height: 1, pixels: [0])
        #expect(TestImages.code { _ = try ImageFile(bytes: TestImages.tiff([page, page], circle: true)) } == .damagedFile)
        var outside = TestImages.tiff([page])
        outside.replaceSubrange(4..<8, with: TestImages.little(1 << 30, 4))
        #expect(TestImages.code { _ = try ImageFile(bytes: outside) } == .damagedFile)
        // Directories without entries, each naming the next.
        for (count, expected) in [(10_001, Failure.Code.tooManyPages), (10_000, .damagedFile)] {
            var chain: [UInt8] = Array("II*\0".utf8) + TestImages.little(8, 4)
            for index in 0..<count { chain += [0, 0] + TestImages.little(index + 1 < count ? chain.count + 6 : 0, 4) }
            #expect(TestImages.code { _ = try ImageFile(bytes: chain) } == expected)
        }
        let large = Page(width: 20_000, height: 20_000, pixels: [0])
        #expect(TestImages.code { _ = try ImageFile(bytes: TestImages.tiff([large])) } == .pageTooLarge)
        #expect(TestImages.code { _ = try decode(TestImages.tiff([Page(width: 99, height: 99, pixels: [1, 2])])) } == .damagedFile)
    }

    @Test("Reads bitmaps: palettes, runs, bit fields, opacity, either order of rows")
    func readsBitmaps() throws {
        let two: [[UInt8]] = [[0, 0, 255], [255, 0, 0]]
        let kinds: [[UInt8]] = [
            TestImages.bmp(2, 1, bits: 1, colours: two, pixels: [0x40, 0, 0, 0]),
            TestImages.bmp(2, 1, bits: 4, colours: two, pixels: [0x01, 0, 0, 0]),
            TestImages.bmp(2, 1, bits: 8, colours: two, pixels: [0, 1, 0, 0]),
            TestImages.bmp(2, 1, bits: 8, compression: 1, colours: two, pixels: [1, 0, 1, 1, 0, 1]),
            TestImages.bmp(2, 1, bits: 4, compression: 2, colours: two, pixels: [2, 0x01, 0, 1]),
            TestImages.bmp(2, 1, bits: 16, pixels: [0x00, 0x7C, 0x1F, 0x00]),
            TestImages.bmp(2, 1, bits: 16, compression: 3, masks: [0xF800, 0x7E0, 0x1F], pixels: [0x00, 0xF8, 0x1F, 0x00]),
            TestImages.bmp(2, 1, bits: 24, pixels: [0, 0, 255, 255, 0, 0, 0, 0]),
            TestImages.bmp(2, 1, bits: 32, pixels: [0, 0, 255, 0, 255, 0, 0, 0]),
        ]
        for bytes in kinds { #expect(try row(decode(bytes)) == [red, blue], "\(bytes)") }
        let upward = TestImages.bmp(1, 2, bits: 24, pixels: [0, 0, 255, 0, 255, 0, 0, 0])
        #expect(try TestImages.pixel(decode(upward), 0, 0) == blue)
        let downward = TestImages.bmp(1, -2, bits: 24, pixels: [0, 0, 255, 0, 255, 0, 0, 0])
        #expect(try TestImages.pixel(decode(downward), 0, 0) == red)
        let file = try ImageFile(bytes: upward)
        #expect(abs(try file.page(1).dotsPerInch - 100) < 0.1)
        for cut in [20, 40, 60] { #expect(TestImages.code { _ = try decode(Array(upward.prefix(cut))) } != nil) }
        #expect(TestImages.code { _ = try ImageFile(bytes: TestImages.bmp(20_000, 20_000, bits: 1, pixels: [])) } == .pageTooLarge)
        #expect(TestImages.code { _ = try ImageFile(bytes: TestImages.bmp(2, 2, bits: 7, pixels: [])) } == .unsupportedMedia)
        // Runs that go beyond the image are dropped, runs that end too early are refused.
        #expect(
            try row(decode(TestImages.bmp(2, 1, bits: 8, compression: 1, colours: two, pixels: [1, 0, 200, 1, 0, 1]))) == [red, blue])
        #expect(
            TestImages.code { _ = try decode(TestImages.bmp(9, 9, bits: 8, compression: 1, colours: two, pixels: [4, 0])) } == .damagedFile)
    }

    /// Three colours in two bits, each code of three bits written alone, with clears between: no table is needed.
    private func gif(width: Int, height: Int, left: Int, transparent: Int?, indices: [Int], count: Int? = nil) -> [UInt8] {
        var bits: [Int] = []
        func put(_ code: Int) { bits += (0..<3).map { code >> $0 & 1 } }
        for index in indices {
            put(4)
            put(index)
        }
        put(5)
        let data = stride(from: 0, to: bits.count, by: 8).map { at in
            UInt8(bits[at..<min(at + 8, bits.count)].enumerated().reduce(0) { $0 | $1.element << $1.offset })
        }
        let control: [UInt8] = [0x21, 0xF9, 4, transparent == nil ? 0 : 1, 0, 0, UInt8(transparent ?? 0), 0]
        return Array("GIF89a".utf8) + TestImages.little(width, 2) + TestImages.little(height, 2) + [0x91, 0, 0]
            + [0, 0, 0, 255, 0, 0, 0, 0, 255, 9, 9, 9] + control + [0x2C] + TestImages.little(left, 2) + [0, 0]
            + TestImages.little(count ?? indices.count, 2) + [1, 0, 0] + [2, UInt8(data.count)] + data + [0, 0x3B]
    }

    @Test("Reads the first picture of a GIF in its place; where it shows nothing it is white")
    func readsGIF() throws {
        let bytes = gif(width: 4, height: 1, left: 1, transparent: 0, indices: [1, 0, 2])
        #expect(try ImageFile(bytes: bytes).mediaType == .gif)
        #expect(try row(decode(bytes)) == [white, red, white, blue])
        #expect(try row(decode(gif(width: 3, height: 1, left: 0, transparent: nil, indices: [1, 0, 2]))) == [red, black, blue])
        for cut in [6, 20, 40, bytes.count - 6] { #expect(TestImages.code { _ = try decode(Array(bytes.prefix(cut))) } == .damagedFile) }
        let bomb = gif(width: 65_000, height: 65_000, left: 0, transparent: nil, indices: [1])
        #expect(TestImages.code { _ = try ImageFile(bytes: bomb) } == .pageTooLarge)
    }

    @Test("Reads graymaps and pixmaps, writes graymaps, and refuses short ones")
    func readsGraymaps() throws {
        #expect(try row(decode(Array("P5 # a comment\n2 1\n255\n".utf8) + [0, 255])) == [black, white])
        #expect(try row(decode(Array("P5\n2 1\n65535\n".utf8) + [0x80, 0x7F, 0xFF, 0xFF])) == [[128, 128, 128], white])
        #expect(try row(decode(Array("P6 2 1 15 ".utf8) + [15, 0, 0, 0, 0, 15])) == [red, blue])
        #expect(TestImages.code { _ = try decode(Array("P5 2 2 255 ".utf8) + [0, 0, 0]) } == .damagedFile)
        #expect(TestImages.code { _ = try ImageFile(bytes: Array("P5 99999 99999 255 ".utf8)) } == .pageTooLarge)
        #expect(TestImages.code { _ = try ImageFile(bytes: Array("P5 x".utf8)) } == .damagedFile)
        let drawn = TestImages.buffer(3, 2) { x, y in x == 0 ? [0, 0, 255] : [UInt8(40 * x + y), UInt8(40 * x + y), UInt8(40 * x + y)] }
        let written = try ImageEncoder.encode(drawn, order: ImageOrder(size: drawn.size, encoding: .graymap))
        #expect(written.encoding == .graymap && written.bytes == Array("P5\n3 2\n255\n".utf8) + [76, 40, 80, 76, 41, 81])
    }

    /// A WebP of one colour: lossless, each of the four channels a code of a single symbol, so that pixels take no bits at all.
    ///
    /// - Source: RFC 9649, section 3: 14 bits of width and height, then flags, then the prefix codes.
    private func webp(width: Int, height: Int, blue: Int, green: Int, red: Int, alpha: Int) -> [UInt8] {
        var bits: [Int] = []
        func put(_ value: Int, _ count: Int) { bits += (0..<count).map { value >> $0 & 1 } }
        put(width - 1, 14)
        put(height - 1, 14)
        put(alpha < 255 ? 1 : 0, 1)
        // Version, no transform, no colour cache, no meta codes.
        put(0, 3)
        put(0, 3)
        for symbol in [green, red, blue, alpha, 0] {
            // A simple code of one symbol of eight bits.
            put(1, 1)
            put(0, 1)
            put(1, 1)
            put(symbol, 8)
        }
        var data: [UInt8] = [0x2F]
        for at in stride(from: 0, to: bits.count, by: 8) {
            data.append(UInt8(bits[at..<min(at + 8, bits.count)].enumerated().reduce(0) { $0 | $1.element << $1.offset }))
        }
        if data.count % 2 == 1 { data.append(0) }
        return Array("RIFF".utf8) + TestImages.little(12 + data.count, 4) + Array("WEBPVP8L".utf8) + TestImages.little(data.count, 4) + data
    }

    @Test("Reads a WebP, its opacity on white, and refuses a cut or a huge one")
    func readsWebP() throws {
        let opaque = webp(width: 5, height: 3, blue: 10, green: 20, red: 200, alpha: 255)
        let file = try ImageFile(bytes: opaque)
        #expect(file.mediaType == .webp && file.size == PixelSize(width: 5, height: 3))
        #expect(try row(decode(opaque), 2) == Array(repeating: [10, 20, 200], count: 5))
        #expect(try row(decode(webp(width: 1, height: 1, blue: 0, green: 0, red: 0, alpha: 51))) == [[204, 204, 204]])
        for cut in [12, 20, 28] { #expect(TestImages.code { _ = try decode(Array(opaque.prefix(cut))) } != nil) }
        #expect(
            TestImages.code { _ = try ImageFile(bytes: webp(width: 16_000, height: 16_000, blue: 0, green: 0, red: 0, alpha: 255)) }
                == .pageTooLarge)
    }
}
