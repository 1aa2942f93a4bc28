internal import CImageCodecs
internal import Glibc
public import QdocCore

/// Encodes pixels for a model or a report.
public enum ImageEncoder {
    /// The quality that Pillow-based peers send, and text stays free of rings at.
    static let jpegQuality = 85

    /// Encodes by content: PNG for flat graphics and text, where it is lossless and not larger; JPEG for photographs and scans.
    ///
    /// - Throws: `decode_limit` where memory is refused.
    public static func encode(_ buffer: PixelBuffer) throws(Failure) -> (bytes: [UInt8], encoding: ImageEncoding) {
        let look = look(at: buffer)
        let encoding: ImageEncoding = Double(look.equal_left) >= flatShare * Double(look.seen) ? .png : .jpeg
        return (try encode(buffer, as: encoding, isGray: look.gray != 0), encoding)
    }

    /// Encodes as told.
    public static func encode(_ buffer: PixelBuffer, as encoding: ImageEncoding) throws(Failure) -> [UInt8] {
        try encode(buffer, as: encoding, isGray: look(at: buffer).gray != 0)
    }

    /// From this share of pixels that equal their left neighbour on, PNG is chosen.
    static let flatShare = 0.85

    private static func look(at buffer: PixelBuffer) -> qdoc_image_look {
        unsafe buffer.bytes.withUnsafeBufferPointer {
            unsafe qdoc_image_look_at($0.baseAddress, UInt32(buffer.width), UInt32(buffer.height), buffer.stride)
        }
    }

    private static func encode(_ buffer: PixelBuffer, as encoding: ImageEncoding, isGray: Bool) throws(Failure) -> [UInt8] {
        guard buffer.width > 0, buffer.height > 0 else { throw Failure(.internalError, "an image without pixels was to be encoded") }
        guard encoding != .graymap else { return graymap(buffer) }
        var out: UnsafeMutablePointer<UInt8>?
        var count = 0
        defer { unsafe free(out) }
        try unsafe codec { message in
            unsafe buffer.bytes.withUnsafeBufferPointer { pixels in
                let width = UInt32(buffer.width)
                let height = UInt32(buffer.height)
                return switch encoding {
                case .png:
                    unsafe qdoc_png_encode(pixels.baseAddress, width, height, buffer.stride, isGray ? 1 : 0, &out, &count)
                case .jpeg:
                    unsafe qdoc_jpeg_encode(
                        pixels.baseAddress, width, height, buffer.stride, Int32(jpegQuality), isGray ? 1 : 0, &out, &count, message)
                case .graymap: Int32(QDOC_IMAGE_OK)
                }
            }
        }
        return unsafe Array(UnsafeBufferPointer(start: out, count: count))
    }

    /// The binary form of Netpbm's format, `P5`, with the luma of ITU-R BT.601.
    private static func graymap(_ buffer: PixelBuffer) -> [UInt8] {
        var bytes = Array("P5\n\(buffer.width) \(buffer.height)\n255\n".utf8)
        bytes.reserveCapacity(bytes.count + buffer.width * buffer.height)
        for row in 0..<buffer.height {
            for pixel in stride(from: row * buffer.stride, to: row * buffer.stride + buffer.width * 4, by: 4) {
                // Weights in 65,536ths: 0.114, 0.587, 0.299.
                let luma = 7_471 * Int(buffer.bytes[pixel]) + 38_470 * Int(buffer.bytes[pixel + 1]) + 19_595 * Int(buffer.bytes[pixel + 2])
                bytes.append(UInt8(truncatingIfNeeded: luma >> 16))
            }
        }
        return bytes
    }
}
