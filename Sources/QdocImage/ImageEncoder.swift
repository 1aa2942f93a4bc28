internal import CImageCodecs
internal import Glibc
public import QdocCore

/// Encodes pixels for a model or a report.
public enum ImageEncoder {
    /// The quality of libjpeg at which text is as legible as in a PNG: see `docs/performance.md`, Encoding.
    static let jpegQuality = 85
    /// Tried in turn where an image has to become smaller; below the last one letters of 10 pixels grow rings that a reader takes for strokes.
    static let smallerQualities = [75, 65, 55, 45, 35]

    /// Encodes an image as it was ordered; where the order does not say how, by content: PNG for flat graphics and text, where it is lossless and
    /// not larger; JPEG for photographs and scans.
    ///
    /// Where `maxBytes` is given, a PNG that was not asked for becomes a JPEG, and a JPEG's quality is lowered, until it fits.
    ///
    /// - Throws: `decode_limit` where memory is refused, `page_too_large` where nothing fits `maxBytes`.
    public static func encode(_ buffer: PixelBuffer, order: ImageOrder) throws(Failure) -> RenderedImage {
        let look = look(at: buffer)
        let isFlat = Double(look.equal_left) >= flatShare * Double(look.seen)
        let limit = order.maxBytes ?? Int.max
        let encoding = order.encoding ?? (isFlat ? .png : .jpeg)
        var bytes = try encode(buffer, as: encoding, look: look, quality: jpegQuality)
        if bytes.count <= limit { return RenderedImage(bytes: bytes, encoding: encoding, size: buffer.size) }
        if encoding == .jpeg || order.encoding == nil {
            for quality in (encoding == .png ? [jpegQuality] : []) + smallerQualities {
                bytes = try encode(buffer, as: .jpeg, look: look, quality: quality)
                if bytes.count <= limit { return RenderedImage(bytes: bytes, encoding: .jpeg, size: buffer.size) }
            }
        }
        throw Failure(
            .pageTooLarge, "an image of \(buffer.width) × \(buffer.height) pixels takes \(bytes.count) bytes, \(limit) are allowed",
            remedy: "ask for a smaller side")
    }

    /// Encodes as told.
    package static func encode(_ buffer: PixelBuffer, as encoding: ImageEncoding) throws(Failure) -> [UInt8] {
        try encode(buffer, as: encoding, look: look(at: buffer), quality: jpegQuality)
    }

    /// From this share of pixels that equal their left neighbour on, PNG is chosen.
    static let flatShare = 0.85
    /// From this share of edges between colours on, a JPEG stores colour in full resolution: coloured letters and thin lines, which half the
    /// resolution would blur. Photographs have less than a tenth of it.
    static let colourEdgeShare = 0.002

    private static func look(at buffer: PixelBuffer) -> qdoc_image_look {
        unsafe buffer.bytes.withUnsafeBufferPointer {
            unsafe qdoc_image_look_at($0.baseAddress, UInt32(buffer.width), UInt32(buffer.height), buffer.stride)
        }
    }

    private static func encode(
        _ buffer: PixelBuffer, as encoding: ImageEncoding, look: qdoc_image_look, quality: Int
    ) throws(Failure) -> [UInt8] {
        guard buffer.width > 0, buffer.height > 0 else { throw Failure(.internalError, "an image without pixels was to be encoded") }
        if encoding == .graymap { return graymap(buffer) }
        var out: UnsafeMutablePointer<UInt8>?
        var count = 0
        defer { unsafe free(out) }
        let hasFullColour = Double(look.colour_edges) >= colourEdgeShare * Double(look.seen)
        try unsafe codec { message in
            unsafe buffer.bytes.withUnsafeBufferPointer { pixels in
                let width = UInt32(buffer.width)
                let height = UInt32(buffer.height)
                if encoding == .png {
                    return unsafe qdoc_png_encode(pixels.baseAddress, width, height, buffer.stride, look.gray, &out, &count)
                }
                let settings = qdoc_jpeg_settings(quality: Int32(quality), is_gray: look.gray, has_full_colour: hasFullColour ? 1 : 0)
                return unsafe qdoc_jpeg_encode(pixels.baseAddress, width, height, buffer.stride, settings, &out, &count, message)
            }
        }
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
