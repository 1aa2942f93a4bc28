import QdocCore
import QdocImage
import Testing

@Suite struct ImageTests {
    private func buffer(_ width: Int, _ height: Int, _ pixel: (Int, Int) -> [UInt8]) -> PixelBuffer {
        TestImages.buffer(width, height, pixel)
    }

    private func pixel(_ buffer: PixelBuffer, _ x: Int, _ y: Int) -> [Int] { TestImages.pixel(buffer, x, y) }

    private func code(_ body: () throws -> Void) -> Failure.Code? { TestImages.code(body) }

    private func chosen(_ buffer: PixelBuffer, maxBytes: Int? = nil) throws -> RenderedImage {
        try ImageEncoder.encode(buffer, order: ImageOrder(size: buffer.size, maxBytes: maxBytes))
    }

    @Test("PNG gives back every pixel, in colour and in grey", arguments: [true, false])
    func roundTrips(isGray: Bool) throws {
        let drawn = buffer(101, 37) { x, y in
            isGray ? Array(repeating: UInt8((x * 7 + y) % 256), count: 3) : [UInt8(x % 256), UInt8(y * 5 % 256), UInt8((x + y) % 256)]
        }
        let file = try ImageFile(bytes: try ImageEncoder.encode(drawn, as: .png))
        #expect(file.mediaType == .png && file.size == drawn.size)
        let read = PixelBuffer()
        try file.decode(size: file.size, into: read)
        #expect(read.bytes == drawn.bytes)
    }

    @Test("JPEG comes back close", arguments: [true, false])
    func comesBackClose(isGray: Bool) throws {
        let drawn = buffer(64, 48) { x, y in isGray ? [90, 90, 90] : [UInt8(2 * x), 120, UInt8(3 * y)] }
        let file = try ImageFile(bytes: try ImageEncoder.encode(drawn, as: .jpeg))
        #expect(file.mediaType == .jpeg && file.size == drawn.size)
        let read = PixelBuffer()
        try file.decode(size: file.size, into: read)
        for (x, y) in [(0, 0), (31, 20), (63, 47)] {
            #expect(zip(pixel(read, x, y), pixel(drawn, x, y)).allSatisfy { abs($0 - $1) < 12 })
        }
    }

    @Test("Chooses PNG for flat graphics and JPEG for noise")
    func chooses() throws {
        #expect(try chosen(buffer(200, 200) { x, _ in x < 100 ? [0, 0, 0] : [255, 255, 255] }).encoding == .png)
        var noise: UInt32 = 1
        let photograph = buffer(200, 200) { _, _ in
            noise = noise &* 1_664_525 &+ 1_013_904_223
            return [UInt8(noise >> 24), UInt8(noise >> 16 & 255), UInt8(noise >> 8 & 255)]
        }
        let whole = try chosen(photograph)
        #expect(whole.encoding == .jpeg)
        let smaller = try chosen(photograph, maxBytes: whole.bytes.count * 3 / 4)
        #expect(smaller.bytes.count <= whole.bytes.count * 3 / 4)
        #expect(code { _ = try chosen(photograph, maxBytes: 1000) } == .pageTooLarge)
        let order = ImageOrder(size: photograph.size, encoding: .png, maxBytes: whole.bytes.count)
        #expect(code { _ = try ImageEncoder.encode(photograph, order: order) } == .pageTooLarge)
    }

    @Test("Stores colour in full where letters are coloured, in half where they are not")
    func keepsColour() throws {
        // Stripes of pure red and blue, two pixels wide, on their own and as a small part of a grey ramp.
        let stripes = buffer(64, 64) { x, _ in x / 2 % 2 == 0 ? [0, 0, 255] : [255, 0, 0] }
        let few = buffer(640, 64) { x, y in
            x < 4 && y < 8 ? (x / 2 == 0 ? [0, 0, 255] : [255, 0, 0]) : Array(repeating: UInt8((x + y) % 256), count: 3)
        }
        // The sampling factors of the first component stand in SOF0, after its length, precision, sides, count and number.
        func sampling(_ drawn: PixelBuffer) throws -> UInt8? {
            let bytes = try ImageEncoder.encode(drawn, order: ImageOrder(size: drawn.size, encoding: .jpeg)).bytes
            return bytes.indices.dropLast(12).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 }.map { bytes[$0 + 11] }
        }
        #expect(try sampling(stripes) == 0x11)
        #expect(try sampling(few) == 0x22)
    }

    @Test("Dense pages share Huffman tables that can write every coefficient; all else has tables of its own")
    func sharesTables() throws {
        var noise: UInt32 = 1
        /// Grey noise in so many pixels of a hundred, each of the others as its left neighbour.
        func page(_ percent: UInt32, side: Int) -> PixelBuffer {
            var last: UInt8 = 255
            return buffer(side, side) { _, _ in
                noise = noise &* 1_664_525 &+ 1_013_904_223
                if noise >> 8 % 100 < percent { last = UInt8(noise >> 24) }
                return [last, last, last]
            }
        }
        // A full table of an image's AC coefficients has 162 symbols, behind its length and the 17 bytes of its head: T.81, B.2.4.2.
        func hasFullTables(_ drawn: PixelBuffer) throws -> Bool {
            let bytes = try ImageEncoder.encode(drawn, as: .jpeg)
            let scan = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
            return (0..<scan).contains { bytes[$0...].starts(with: [0xFF, 0xC4, 0, 2 + 17 + 162, 0x10]) }
        }
        let dense = page(30, side: 640)
        #expect(try hasFullTables(dense))
        #expect(try !hasFullTables(page(3, side: 640)) && !hasFullTables(page(90, side: 640)) && !hasFullTables(page(30, side: 100)))
        let read = PixelBuffer()
        try ImageFile(bytes: try ImageEncoder.encode(dense, as: .jpeg)).decode(size: dense.size, into: read)
        let error = zip(read.bytes, dense.bytes).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        // What quality 80 loses of such noise; a wrong code would spoil all that follows.
        #expect(error < 8 * dense.bytes.count)
    }

    @Test("Refuses a JPEG of more than 256 scans")
    func refusesScans() throws {
        let plain = try ImageEncoder.encode(buffer(16, 16) { x, y in [UInt8(x), UInt8(y), 9] }, as: .jpeg)
        let scan = try #require(plain.indices.dropLast().first { plain[$0] == 0xFF && plain[$0 + 1] == 0xDA })
        let frame = try #require(plain.indices.dropLast().first { plain[$0] == 0xFF && plain[$0 + 1] == 0xC0 })
        // Progressive, with nothing but scans of the first coefficients, all zero, over and over.
        var bomb = Array(plain[..<scan])
        bomb[frame + 1] = 0xC2
        let empty: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0x00] + [0x00, 0x00, 0x00, 0x00]
        for _ in 0..<300 { bomb += empty }
        bomb += [0xFF, 0xD9]
        #expect(code { try ImageFile(bytes: bomb).decode(size: PixelSize(width: 16, height: 16), into: PixelBuffer()) } == .pageTooLarge)
    }

    @Test("Scales by area, down and up, and cuts regions", arguments: [ImageEncoding.png, .jpeg])
    func scales(encoding: ImageEncoding) throws {
        // Left black, right white; the edge lies on a block's border.
        let drawn = buffer(256, 128) { x, _ in Array(repeating: x < 128 ? 0 : 255, count: 3) }
        let file = try ImageFile(bytes: try ImageEncoder.encode(drawn, as: encoding))
        let small = PixelBuffer()
        for width in [3, 15, 31, 33, 65, 257, 300] {
            try file.decode(size: PixelSize(width: width, height: 9), into: small)
            #expect(small.size == PixelSize(width: width, height: 9))
            #expect(pixel(small, 0, 8).allSatisfy { $0 < 12 })
            #expect(pixel(small, width - 1, 0).allSatisfy { $0 > 243 })
        }
        try file.decode(size: PixelSize(width: 1, height: 1), into: small)
        #expect(pixel(small, 0, 0).allSatisfy { abs($0 - 127) < 4 })
        try file.decode(region: Box(x: 140, y: 10, width: 100, height: 100), size: PixelSize(width: 10, height: 10), into: small)
        #expect(pixel(small, 0, 5).allSatisfy { $0 > 243 })
        #expect(code { try file.decode(size: PixelSize(width: 0, height: 1), into: small) } == .pageTooLarge)
        #expect(code { try file.decode(size: PixelSize(width: 10_001, height: 1), into: small) } == .pageTooLarge)
    }

    @Test("Turns a JPEG as EXIF states", arguments: 1...8)
    func turns(orientation: Int) throws {
        // As stored: red in the upper left quarter, blue in the upper right, black below.
        let drawn = buffer(64, 32) { x, y in y >= 16 ? [0, 0, 0] : x < 32 ? [0, 0, 255] : [255, 0, 0] }
        let plain = try ImageEncoder.encode(drawn, as: .jpeg)
        let exif: [UInt8] =
            Array("Exif\0\0MM\0*\0\0\0\u{8}\0\u{1}".utf8) + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0, 0, 0, 0, 0]
        let segment: [UInt8] = [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif
        let file = try ImageFile(bytes: Array(plain[..<2]) + segment + Array(plain[2...]))
        let swaps = orientation >= 5
        #expect(file.size == PixelSize(width: swaps ? 32 : 64, height: swaps ? 64 : 32))
        let read = PixelBuffer()
        try file.decode(size: file.size, into: read)
        // Where the quarters are displayed, by the table of EXIF 4.6.4.
        let (red, blue): ((Int, Int), (Int, Int)) =
            switch orientation {
            case 1: ((16, 8), (48, 8))
            case 2: ((48, 8), (16, 8))
            case 3: ((48, 24), (16, 24))
            case 4: ((16, 24), (48, 24))
            case 5: ((8, 16), (8, 48))
            case 6: ((24, 16), (24, 48))
            case 7: ((24, 48), (24, 16))
            default: ((8, 48), (8, 16))
            }
        #expect(pixel(read, red.0, red.1)[2] > 200 && pixel(read, red.0, red.1)[0] < 60)
        #expect(pixel(read, blue.0, blue.1)[0] > 200 && pixel(read, blue.0, blue.1)[2] < 60)
    }

    @Test("Refuses bytes that are cut, noise, or claim too much")
    func refuses() throws {
        let drawn = buffer(300, 200) { x, y in [UInt8(x * y % 256), UInt8(x % 256), UInt8(y)] }
        let read = PixelBuffer()
        for encoding in [ImageEncoding.png, .jpeg] {
            let whole = try ImageEncoder.encode(drawn, as: encoding)
            for part in stride(from: 2, to: whole.count - 16, by: max(1, whole.count / 60)) {
                let cut = Array(whole.prefix(part))
                #expect(code { try ImageFile(bytes: cut).decode(size: drawn.size, into: read) } != nil, "\(encoding) cut at \(part)")
            }
        }
        #expect(code { _ = try ImageFile(bytes: []) } == .unsupportedMedia)
        #expect(code { _ = try ImageFile(bytes: Array("<svg>".utf8)) } == .unsupportedMedia)
        // The header of a PNG of 30,000 × 30,000 pixels.
        var bomb = try ImageEncoder.encode(drawn, as: .png)
        bomb.replaceSubrange(16..<24, with: [0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30])
        bomb.replaceSubrange(29..<33, with: crc(bomb[12..<29]))
        #expect(code { _ = try ImageFile(bytes: bomb) } == .pageTooLarge)
    }

    private func crc(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let sum = ~bytes.reduce(~0 as UInt32) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 0 ? 0 : 0xEDB8_8320) }
        }
        return [24, 16, 8, 0].map { UInt8(sum >> $0 & 0xFF) }
    }
}
