internal import CImageCodecs
internal import Glibc
public import QdocCore

/// Encodes pixels for a model or a report.
public enum ImageEncoder {
    /// The quality of libjpeg down to which letters keep a structural similarity of 0.98 with what was drawn: see `docs/performance.md`, Encoding.
    static let jpegQuality = 80
    /// Tried in turn where an image has to become smaller.
    static let smallerQualities = [70, 60, 50, 40, 30]

    /// Encodes an image as it was ordered; where the order does not say how, by content: PNG for flat graphics, where it is lossless and smaller;
    /// JPEG for photographs, scans, and pages dense with smoothed letters.
    ///
    /// Where `maxBytes` is given, a PNG that was not asked for becomes a JPEG, and a JPEG's quality is lowered, until it fits.
    ///
    /// - Throws: `decode_limit` where memory is refused, `page_too_large` where nothing fits `maxBytes`.
    public static func encode(_ buffer: PixelBuffer, order: ImageOrder) throws(Failure) -> RenderedImage {
        let look = look(at: buffer)
        let limit = order.maxBytes ?? Int.max
        if order.encoding == nil, Double(look.equal_left) >= flatShare * Double(look.seen) {
            let most = min(limit, smallPNG + Int(flatBytes * Double(buffer.size.pixels)))
            if let bytes = try png(buffer, isGray: look.gray, within: most), bytes.count <= limit {
                return RenderedImage(bytes: bytes, encoding: .png, size: buffer.size)
            }
        }
        let encoding = order.encoding ?? .jpeg
        var bytes = try encode(buffer, as: encoding, look: look, quality: jpegQuality)
        for quality in encoding == .jpeg ? smallerQualities : [] where bytes.count > limit {
            bytes = try encode(buffer, as: encoding, look: look, quality: quality)
        }
        guard bytes.count <= limit else {
            throw Failure(
                .pageTooLarge, "an image of \(buffer.width) × \(buffer.height) pixels takes \(bytes.count) bytes, \(limit) are allowed",
                remedy: "ask for a smaller side")
        }
        return RenderedImage(bytes: bytes, encoding: encoding, size: buffer.size)
    }

    /// Encodes as told.
    package static func encode(_ buffer: PixelBuffer, as encoding: ImageEncoding) throws(Failure) -> [UInt8] {
        try encode(buffer, as: encoding, look: look(at: buffer), quality: jpegQuality)
    }

    /// From this share of pixels that equal their left neighbour on, a PNG is tried. Pages at 1600 pixels with 0.945 have PNG of 0.1 bytes a pixel, those
    /// with 0.92 and less more: they are encoded but once.
    static let flatShare = 0.93
    /// Bytes a pixel up to which that PNG is kept. Charts and plain pages have 0.06, at which a JPEG is larger; dense pages 0.2, at which a
    /// JPEG of `jpegQuality` is smaller by a quarter.
    static let flatBytes = 0.1
    /// Kept in any case: below it the tables of a JPEG weigh as much as what it saves.
    static let smallPNG = 8192
    /// From this share of edges between colours on, a JPEG stores colour in full resolution (a seventh more bytes): coloured letters and thin
    /// lines, which half the resolution blurs. Pages with a coloured chart or a photograph have a half of it and less.
    static let colourEdgeShare = 0.01

    /// The share of pixels that equal their left neighbour on pages dense with drawn letters, which fixed Huffman tables suit: they cost such pages
    /// 0.2 to 1.7 % of their bytes and save the pass that counts, 4 ms. Scans and photographs have 0.2 and less, sparse pages more: both
    /// would lose 2 % and far more, and get tables of their own.
    static let densePageShares = 0.4..<0.9
    /// Below it an image is encoded in no time, and full tables weigh more than what is in it.
    static let fewPixels = 1 << 18

    private static func isDensePage(_ buffer: PixelBuffer, _ look: qdoc_image_look) -> Bool {
        buffer.size.pixels >= fewPixels && densePageShares.contains(Double(look.equal_left) / Double(max(1, look.seen)))
    }

    private static func look(at buffer: PixelBuffer) -> qdoc_image_look {
        unsafe buffer.bytes.withUnsafeBufferPointer {
            unsafe qdoc_image_look_at($0.baseAddress, UInt32(buffer.width), UInt32(buffer.height), buffer.stride)
        }
    }

    private static func encode(
        _ buffer: PixelBuffer, as encoding: ImageEncoding, look: qdoc_image_look, quality: Int
    ) throws(Failure) -> [UInt8] {
        guard buffer.width > 0, buffer.height > 0 else { throw Failure(.internalError, "an image without pixels was to be encoded") }
        switch encoding {
        case .graymap: return graymap(buffer)
        case .png:
            guard let bytes = try png(buffer, isGray: look.gray, within: Int.max) else {
                throw Failure(.pageTooLarge, "an image of \(buffer.width) × \(buffer.height) pixels is more than a PNG holds")
            }
            return bytes
        case .jpeg:
            let hasFullColour: Int32 = Double(look.colour_edges) >= colourEdgeShare * Double(look.seen) ? 1 : 0
            let settings = qdoc_jpeg_settings(
                quality: Int32(quality), is_gray: look.gray, has_full_colour: hasFullColour, is_page: isDensePage(buffer, look) ? 1 : 0)
            return try unsafe collect { out, count, message in
                unsafe buffer.bytes.withUnsafeBufferPointer {
                    unsafe qdoc_jpeg_encode(
                        $0.baseAddress, UInt32(buffer.width), UInt32(buffer.height), buffer.stride, settings, out, count, message)
                }
            }
        }
    }

    /// nil where it would have more bytes than that.
    private static func png(_ buffer: PixelBuffer, isGray: Int32, within limit: Int) throws(Failure) -> [UInt8]? {
        guard buffer.width > 0, buffer.height > 0 else { throw Failure(.internalError, "an image without pixels was to be encoded") }
        do throws(Failure) {
            return try unsafe collect { out, count, _ in
                unsafe buffer.bytes.withUnsafeBufferPointer {
                    unsafe qdoc_png_encode(
                        $0.baseAddress, UInt32(buffer.width), UInt32(buffer.height), buffer.stride, isGray, limit, out, count)
                }
            }
        } catch  where error.code == .pageTooLarge {
            return nil
        }
    }

    /// Takes over what a codec has allocated.
    private static func collect(
        _ call: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>, UnsafeMutablePointer<CChar>?) -> Int32
    ) throws(Failure) -> [UInt8] {
        var out: UnsafeMutablePointer<UInt8>?
        var count = 0
        defer { unsafe free(out) }
        try unsafe codec { unsafe call(&out, &count, $0) }
        return unsafe Array(UnsafeBufferPointer(start: out, count: count))
    }

    /// - Source: Netpbm, pgm(5).
    private static func graymap(_ buffer: PixelBuffer) -> [UInt8] {
        let head = Array("P5\n\(buffer.width) \(buffer.height)\n255\n".utf8)
        return unsafe [UInt8](unsafeUninitializedCapacity: head.count + buffer.size.pixels) { out, count in
            for (index, byte) in head.enumerated() { unsafe out[index] = byte }
            unsafe buffer.bytes.withUnsafeBufferPointer {
                if let start = out.baseAddress { unsafe qdoc_image_luma($0.baseAddress, buffer.size.pixels, start + head.count) }
            }
            count = head.count + buffer.size.pixels
        }
    }
}
