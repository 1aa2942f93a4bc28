import QdocCore

/// Images that tests draw and write byte by byte.
enum TestImages {
    /// A buffer whose pixels a function of the place gives, as blue, green, red.
    static func buffer(_ width: Int, _ height: Int, _ pixel: (Int, Int) -> [UInt8]) -> PixelBuffer {
        let buffer = PixelBuffer(size: PixelSize(width: width, height: height))
        for y in 0..<height {
            for x in 0..<width {
                buffer.bytes.replaceSubrange(y * buffer.stride + 4 * x..<y * buffer.stride + 4 * x + 3, with: pixel(x, y))
            }
        }
        return buffer
    }

    /// Blue, green, red.
    static func pixel(_ buffer: PixelBuffer, _ x: Int, _ y: Int) -> [Int] {
        (0..<3).map { Int(buffer.bytes[y * buffer.stride + 4 * x + $0]) }
    }

    static func code(_ body: () throws -> Void) -> Failure.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? Failure)?.code
        }
    }

    static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(value >> (8 * $0) & 255) }
    }

    /// One directory of a TIFF; pixels are one strip.
    struct TIFFPage {
        var width: Int
        var height: Int
        var bits = 8
        var samples = 1
        /// 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 5 CMYK.
        var photometric = 1
        var pixels: [UInt8]
        /// Others by their number: type 3 (SHORT), 4 (LONG), or 5 (RATIONAL: pairs of values).
        var tags: [Int: (type: Int, values: [Int])] = [:]
    }

    /// A TIFF in little-endian order; `circle` lets the last directory name the first as its next.
    static func tiff(_ pages: [TIFFPage], circle: Bool = false) -> [UInt8] {
        var file: [UInt8] = Array("II*\0".utf8) + little(0, 4)
        var link = 4
        var firstDirectory = 0
        for page in pages {
            let strip = file.count
            file += page.pixels + (page.pixels.count % 2 == 0 ? [] : [0])
            var tags = page.tags
            tags[256] = (4, [page.width])
            tags[257] = (4, [page.height])
            tags[258] = (3, Array(repeating: page.bits, count: page.samples))
            if tags[259] == nil { tags[259] = (3, [1]) }
            tags[262] = (3, [page.photometric])
            tags[273] = (4, [strip])
            tags[277] = (3, [page.samples])
            tags[278] = (4, [page.height])
            tags[279] = (4, [page.pixels.count])
            var entries: [UInt8] = []
            for (tag, field) in tags.sorted(by: { $0.key < $1.key }) {
                let values = field.values.flatMap { little($0, field.type == 3 ? 2 : 4) }
                entries += little(tag, 2) + little(field.type, 2)
                entries += little(field.type == 5 ? field.values.count / 2 : field.values.count, 4)
                if values.count <= 4 {
                    entries += values + Array(repeating: 0, count: 4 - values.count)
                } else {
                    entries += little(file.count, 4)
                    file += values
                }
            }
            let directory = file.count
            if firstDirectory == 0 { firstDirectory = directory }
            file.replaceSubrange(link..<link + 4, with: little(directory, 4))
            file += little(tags.count, 2) + entries
            link = file.count
            file += little(0, 4)
        }
        if circle { file.replaceSubrange(link..<link + 4, with: little(firstDirectory, 4)) }
        return file
    }

    /// A bitmap of Windows; rows as they are stored.
    static func bmp(
        _ width: Int, _ height: Int, bits: Int, compression: Int = 0, masks: [Int] = [], colours: [[UInt8]] = [], pixels: [UInt8]
    ) -> [UInt8] {
        var tables: [UInt8] = []
        for mask in masks { tables += little(mask, 4) }
        for colour in colours { tables += colour + [0] }
        let offset = 54 + tables.count
        var file: [UInt8] = Array("BM".utf8)
        for value in [offset + pixels.count, 0, offset, 40, width, height] { file += little(value, 4) }
        file += little(1, 2) + little(bits, 2)
        // 3,937 pixels a metre are 100 an inch.
        for value in [compression, pixels.count, 3937, 3937, colours.count, 0] { file += little(value, 4) }
        return file + tables + pixels
    }
}
