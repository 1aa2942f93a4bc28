import QdocCore

/// Holds that encoded bytes are what they are said to be, by their header alone.
///
/// - Source: PNG (ISO/IEC 15948) 5.2, 11.2.2; JPEG (ITU-T T.81) B.1, B.2.
enum ImageHeader {
    static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// - Throws: `decoder_protocol` where the bytes are of another encoding or size.
    static func check(_ image: RenderedImage) throws(Failure) {
        let size =
            switch image.encoding {
            case .png: pngSize(image.bytes)
            case .jpeg: jpegSize(image.bytes)
            case .graymap: graymapSize(image.bytes)
            }
        guard let size, size == image.size else { throw .wire("an image is not of the size or encoding it claims") }
    }

    static func pngSize(_ bytes: [UInt8]) -> PixelSize? {
        guard bytes.count >= 45, bytes.starts(with: pngSignature), bytes[12..<16].elementsEqual("IHDR".utf8) else { return nil }
        func number(at offset: Int) -> Int { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
        return PixelSize(width: number(at: 16), height: number(at: 20))
    }

    /// The one form of the header that is written here: `P5`, width, height and 255, each followed by a line end; all pixels follow.
    static func graymapSize(_ bytes: [UInt8]) -> PixelSize? {
        let lines = bytes.prefix(32).split(separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
        guard lines.count == 4, lines[0].elementsEqual("P5".utf8), lines[2].elementsEqual("255".utf8) else { return nil }
        let sides = lines[1].split(separator: UInt8(ascii: " ")).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        guard sides.count == 2, sides.allSatisfy({ (1...WireLimits.imageSide).contains($0) }) else { return nil }
        guard bytes.count - lines[3].startIndex == sides[0] * sides[1] else { return nil }
        return PixelSize(width: sides[0], height: sides[1])
    }

    static func jpegSize(_ bytes: [UInt8]) -> PixelSize? {
        guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
        func number(at offset: Int) -> Int { Int(bytes[offset]) << 8 | Int(bytes[offset + 1]) }
        var offset = 2
        while offset + 9 <= bytes.count {
            guard bytes[offset] == 0xFF else { return nil }
            let marker = bytes[offset + 1]
            let length = number(at: offset + 2)
            guard length >= 2 else { return nil }
            // Start of frame: all of C0-CF but DHT (C4), JPG (C8) and DAC (CC).
            if (0xC0...0xCF).contains(marker), marker != 0xC4, marker != 0xC8, marker != 0xCC {
                return PixelSize(width: number(at: offset + 7), height: number(at: offset + 5))
            }
            offset += 2 + length
        }
        return nil
    }
}
