/// An image to be made of a page.
///
public struct ImageOrder: Sendable, Hashable {
    /// The part of the page to draw; nil for all of it.
    public var region: Box?
    /// What the whole image is to measure.
    public var size: PixelSize
    /// Nil: chosen by content where the page is drawn, PNG where lossless is smaller (flat graphics), else JPEG.
    public var encoding: ImageEncoding?
    /// Encoded bytes at most; nil for no limit but the protocol's own.
    public var maxBytes: Int?

    public init(region: Box? = nil, size: PixelSize, encoding: ImageEncoding? = nil, maxBytes: Int? = nil) {
        self.region = region
        self.size = size
        self.encoding = encoding
        self.maxBytes = maxBytes
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
