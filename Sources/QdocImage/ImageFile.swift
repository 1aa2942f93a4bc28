internal import CImageCodecs
internal import Glibc
public import QdocCore

/// A PNG or JPEG file, its header read and its pixels not yet.
///
/// - Confinement: made and used in a confined child only.
public struct ImageFile: Sendable {
    public let encoding: ImageEncoding
    /// Pixels as displayed: the orientation that EXIF states is applied.
    public let size: PixelSize
    let storedSize: PixelSize
    let orientation: Orientation
    let bytes: [UInt8]

    /// An image is refused above this many pixels: at 4 bytes a pixel this is a fifth of a worker's address space.
    public static let maxPixels = 100_000_000
    /// The longest side that is decoded to.
    static let maxTargetSide = 10_000

    /// Reads the header.
    ///
    /// - Parameter followsEXIF: Whether the image is turned as EXIF states: in files, but not inside of a PDF.
    /// - Throws: `unsupported_media`, `damaged_file`, `page_too_large`.
    public init(bytes: [UInt8], followsEXIF: Bool = true) throws(Failure) {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
            encoding = .png
        } else if bytes.starts(with: [0xFF, 0xD8]) {
            encoding = .jpeg
        } else {
            throw Failure(.unsupportedMedia, "the file is neither PNG nor JPEG")
        }
        let isPNG = encoding == .png
        var header = qdoc_image_header()
        try unsafe codec { message in
            unsafe bytes.withUnsafeBufferPointer {
                unsafe isPNG
                    ? qdoc_png_header($0.baseAddress, $0.count, &header, message)
                    : qdoc_jpeg_header($0.baseAddress, $0.count, &header, message)
            }
        }
        storedSize = PixelSize(width: Int(header.width), height: Int(header.height))
        guard storedSize.width > 0, storedSize.height > 0 else { throw Failure(.damagedFile, "the image has no pixels") }
        guard storedSize.pixels <= ImageFile.maxPixels else {
            throw Failure(
                .pageTooLarge, "the image has \(storedSize.width) × \(storedSize.height) pixels, more than \(ImageFile.maxPixels)",
                remedy: "make it smaller")
        }
        orientation = followsEXIF ? Orientation(rawValue: Int(header.orientation)) ?? .upright : .upright
        size = orientation.swapsSides ? PixelSize(width: storedSize.height, height: storedSize.width) : storedSize
        self.bytes = bytes
    }

    /// Reads a file whole, then its header.
    ///
    /// - Throws: `file_unreadable`, and as `init(bytes:)`.
    public init(descriptor: Int32, byteCount: Int) throws(Failure) {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(0, byteCount)) { buffer, count in
            while count < byteCount {
                let got = unsafe pread(descriptor, buffer.baseAddress.map { unsafe $0 + count }, byteCount - count, off_t(count))
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else { break }
                count += got
            }
        }
        guard bytes.count == byteCount else { throw Failure(.fileUnreadable, "the file cannot be read to its end") }
        try self.init(bytes: bytes)
    }

    /// Decodes the image, or a region of it, to the size of the buffer.
    ///
    /// A JPEG is scaled while it is decoded (DCT), to the smallest of 1/1, 1/2, 1/4 and 1/8 that is not below the target.
    ///
    /// - Parameters:
    ///   - region: Pixels as displayed; nil for all.
    ///   - buffer: Takes the pixels.
    ///   - target: Sides from 1 to `maxTargetSide`.
    /// - Throws: `damaged_file`, `page_too_large`, `decode_limit`.
    public func decode(region: Box? = nil, size target: PixelSize, into buffer: PixelBuffer) throws(Failure) {
        let sides = 1...ImageFile.maxTargetSide
        guard sides.contains(target.width), sides.contains(target.height), target.pixels <= ImageFile.maxPixels else {
            throw Failure(.pageTooLarge, "an image of \(target.width) × \(target.height) pixels was asked for")
        }
        let whole = Box(x: 0, y: 0, width: Double(size.width), height: Double(size.height))
        guard let shown = (region ?? whole).intersection(whole) else {
            throw Failure(.invalidArguments, "the region lies outside of the image")
        }
        buffer.resize(to: target)
        let stored = orientation.stored(shown, in: storedSize)
        let layout = orientation.layout(target)
        let denominator = scale(stored, layout.stored)
        let isPNG = encoding == .png
        try unsafe codec { message in
            unsafe bytes.withUnsafeBufferPointer { source in
                unsafe buffer.bytes.withUnsafeMutableBufferPointer { pixels in
                    var place = unsafe qdoc_image_target(
                        left: stored.x, top: stored.y, right: stored.maxX, bottom: stored.maxY,
                        width: UInt32(layout.stored.width), height: UInt32(layout.stored.height),
                        pixels: pixels.baseAddress.map { unsafe $0 + layout.first }, pixel_step: layout.pixelStep, row_step: layout.rowStep)
                    return unsafe isPNG
                        ? qdoc_png_decode(source.baseAddress, source.count, &place, message)
                        : qdoc_jpeg_decode(source.baseAddress, source.count, denominator, &place, message)
                }
            }
        }
    }

    private func scale(_ stored: Box, _ target: PixelSize) -> Int32 {
        let ratio = min(stored.width / Double(target.width), stored.height / Double(target.height))
        return [8, 4, 2].first { ratio >= Double($0) } ?? 1
    }
}

/// Runs a codec and makes a failure of its status.
func codec(_ call: (UnsafeMutablePointer<CChar>?) -> Int32) throws(Failure) {
    var message = [CChar](repeating: 0, count: Int(QDOC_IMAGE_MESSAGE))
    let status = unsafe message.withUnsafeMutableBufferPointer { unsafe call($0.baseAddress) }
    let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    switch Int(status) {
    case QDOC_IMAGE_OK: return
    case QDOC_IMAGE_TOO_LARGE: throw Failure(.pageTooLarge, "the image is over a bound: \(text)")
    case QDOC_IMAGE_NO_MEMORY: throw Failure(.decodeLimit, "the image needs more memory than a worker has")
    default: throw Failure(.damagedFile, "the image is cut or corrupt: \(text)", remedy: "open it in an image editor and save it again")
    }
}
