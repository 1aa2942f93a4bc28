/// An image to be made of a page.
///
/// The encoding is chosen by content where the page is drawn: PNG where lossless is smaller (flat graphics), else JPEG.
public struct ImageOrder: Sendable, Hashable {
    /// The part of the page to draw; nil for all of it.
    public var region: Box?
    /// What the whole image is to measure.
    public var size: PixelSize

    public init(region: Box? = nil, size: PixelSize) {
        self.region = region
        self.size = size
    }
}

/// An image made of a page, encoded.
public struct RenderedImage: Sendable, Hashable {
    public var bytes: [UInt8]
    public var encoding: ImageEncoding
    public var size: PixelSize

    public init(bytes: [UInt8], encoding: ImageEncoding, size: PixelSize) {
        self.bytes = bytes
        self.encoding = encoding
        self.size = size
    }
}
