internal import CImageCodecs
internal import Glibc
public import QdocCore

/// An image file: its header is read and its pixels are not yet.
///
/// PNG, JPEG, WebP, TIFF, GIF, BMP, and binary graymaps and pixmaps. An animation is its first frame; a TIFF may have several pages.
///
/// - Confinement: made and used in a confined child only.
public struct ImageFile: Sendable {
    public var mediaType: MediaType { kind.mediaType }
    public var pageCount: Int { directories.count }
    /// Of the first page, in pixels as displayed.
    public var size: PixelSize { first.size }
    private let kind: ImageKind
    private let first: ImagePage
    /// Where the pages of a TIFF stand; a zero in other kinds.
    private let directories: [UInt64]
    private let followsMetadata: Bool
    private let bytes: [UInt8]

    /// An image is refused above this many pixels: at 4 bytes a pixel this is a fifth of a worker's address space.
    public static let maxPixels = 100_000_000
    /// The longest side that is decoded to.
    static let maxTargetSide = 10_000

    /// Reads the header of the first page.
    ///
    /// - Parameter followsMetadata: Whether the image is turned as its metadata states, and its colours are brought to sRGB by its profile:
    ///   in files, but not inside of a PDF, which states both itself.
    /// - Throws: `unsupported_media`, `damaged_file`, `page_too_large`, `too_many_pages`.
    public init(bytes: [UInt8], followsMetadata: Bool = true) throws(Failure) {
        guard let kind = ImageKind(of: bytes) else { throw Failure(.unsupportedMedia, "the file is no image of a known kind") }
        self.kind = kind
        self.followsMetadata = followsMetadata
        self.bytes = bytes
        directories = kind == .tiff ? try TIFFDirectories.pages(of: bytes) : [0]
        first = try ImageFile.header(kind, bytes, directories[0], followsMetadata)
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

    /// Reads the header of a page, from 1.
    ///
    /// - Throws: `page_out_of_range`, `damaged_file`, `page_too_large`.
    public func page(_ number: Int) throws(Failure) -> ImagePage {
        if number == 1 { return first }
        guard (1...pageCount).contains(number) else {
            throw Failure(.pageOutOfRange, "page \(number) was asked for, the image has \(pageCount)")
        }
        return try ImageFile.header(kind, bytes, directories[number - 1], followsMetadata)
    }

    /// Decodes a page, or a region of it, to the size of the buffer. Transparency stands on white, 16 bits become 8.
    ///
    /// Pixels are averaged by area. A JPEG is scaled to 1/2, 1/4 or 1/8 while it is decoded (DCT) where it stays well above the target.
    ///
    /// - Parameters:
    ///   - number: From 1.
    ///   - region: Pixels as displayed; nil for all.
    ///   - target: Sides from 1 to `maxTargetSide`.
    ///   - buffer: Takes the pixels.
    /// - Throws: `page_out_of_range`, `damaged_file`, `unsupported_media`, `page_too_large`, `decode_limit`.
    public func decode(page number: Int = 1, region: Box? = nil, size target: PixelSize, into buffer: PixelBuffer) throws(Failure) {
        let page = try page(number)
        let sides = 1...ImageFile.maxTargetSide
        guard sides.contains(target.width), sides.contains(target.height), target.pixels <= ImageFile.maxPixels else {
            throw Failure(.pageTooLarge, "an image of \(target.width) × \(target.height) pixels was asked for")
        }
        let whole = Box(x: 0, y: 0, width: Double(page.size.width), height: Double(page.size.height))
        guard let shown = (region ?? whole).intersection(whole) else {
            throw Failure(.invalidArguments, "the region lies outside of the image")
        }
        buffer.resize(to: target)
        let stored = page.orientation.stored(shown, in: page.storedSize)
        let layout = page.orientation.layout(target)
        let denominator = ImageFile.scale(stored, layout.stored)
        let followsProfile: Int32 = followsMetadata ? 1 : 0
        try unsafe ImageFile.withSource(kind, bytes, directories[number - 1]) { source, message in
            unsafe buffer.bytes.withUnsafeMutableBufferPointer { pixels in
                var place = unsafe qdoc_image_target(
                    left: stored.x, top: stored.y, right: stored.maxX, bottom: stored.maxY,
                    width: UInt32(layout.stored.width), height: UInt32(layout.stored.height),
                    pixels: pixels.baseAddress.map { unsafe $0 + layout.first }, pixel_step: layout.pixelStep, row_step: layout.rowStep,
                    follows_profile: followsProfile)
                return unsafe qdoc_image_decode(source, denominator, &place, message)
            }
        }
    }

    /// The DCT's own scaling, and from how many stored pixels for one of the target it is used. A half is as good as averaging; what a quarter and
    /// an eighth lose shows (3.6 and 4.9 of 255 RMS at ratios 4 and 8, on a photograph) unless as much again is averaged after it (1.1 and 1.7),
    /// and both save next to nothing over the half.
    private static let scales: [(denominator: Int32, ratio: Double)] = [(8, 16), (4, 8), (2, 2)]

    private static func scale(_ stored: Box, _ target: PixelSize) -> Int32 {
        let ratio = min(stored.width / Double(target.width), stored.height / Double(target.height))
        return scales.first { ratio >= $0.ratio }?.denominator ?? 1
    }

    private static func header(
        _ kind: ImageKind, _ bytes: [UInt8], _ directory: UInt64, _ followsMetadata: Bool
    ) throws(Failure) -> ImagePage {
        var header = qdoc_image_header()
        try unsafe withSource(kind, bytes, directory) { source, message in
            unsafe qdoc_image_read_header(source, &header, message)
        }
        let stored = PixelSize(width: Int(header.width), height: Int(header.height))
        guard stored.width > 0, stored.height > 0 else { throw Failure(.damagedFile, "the image has no pixels") }
        guard stored.width <= maxPixels / stored.height else {
            throw Failure(
                .pageTooLarge, "the image has \(stored.width) × \(stored.height) pixels, more than \(maxPixels)", remedy: "make it smaller")
        }
        let orientation = followsMetadata ? Orientation(rawValue: Int(header.orientation)) ?? .upright : .upright
        return ImagePage(storedSize: stored, orientation: orientation, dotsPerInch: header.dots_per_inch)
    }

    private static func withSource(
        _ kind: ImageKind, _ bytes: [UInt8], _ directory: UInt64,
        _ call: (UnsafePointer<qdoc_image_source>, UnsafeMutablePointer<CChar>?) -> Int32
    ) throws(Failure) {
        try unsafe codec { message in
            unsafe bytes.withUnsafeBufferPointer {
                var source = unsafe qdoc_image_source(kind: kind.codec, bytes: $0.baseAddress, count: $0.count, directory: directory)
                return unsafe call(&source, message)
            }
        }
    }
}

/// What the header of a page of an image file says.
public struct ImagePage: Sendable {
    let storedSize: PixelSize
    let orientation: Orientation
    /// Across, as stored; 0 where it is not stated.
    public let dotsPerInch: Double

    /// In pixels as displayed: the orientation that is stated is applied.
    public var size: PixelSize {
        orientation.swapsSides ? PixelSize(width: storedSize.height, height: storedSize.width) : storedSize
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
    case QDOC_IMAGE_UNSUPPORTED:
        throw Failure(.unsupportedMedia, "the image is of a kind that is not read: \(text)", remedy: "save it as PNG")
    default: throw Failure(.damagedFile, "the image is cut or corrupt: \(text)", remedy: "open it in an image editor and save it again")
    }
}
