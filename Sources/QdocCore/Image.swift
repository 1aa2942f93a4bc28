/// How an image is encoded.
public enum ImageEncoding: String, Sendable, Hashable {
    case png = "image/png"
    case jpeg = "image/jpeg"
    /// One byte a pixel, not compressed, with a short header: for character recognition.
    case graymap = "image/x-portable-graymap"
}

/// An image as the report lists it: what was made of a page, or of a region of it, to be sent to a model.
public struct ImageRecord: Sendable, Hashable {
    /// From 1, unique in the run, never renumbered: a page that fails leaves a hole.
    public var number: Int
    public var page: PageReference
    /// Seconds from the start of the video, of a frame of one.
    public var timestamp: Double?
    /// The part of the page that is shown; nil for all of it.
    public var region: Box?
    public var size: PixelSize
    public var byteCount: Int
    public var encoding: ImageEncoding
    /// Of the encoded bytes; lower-case hexadecimal.
    public var sha256: String
    /// Input tokens the model will count for it; 0 where the model's rule is not known.
    public var tokens: Int
    /// Pixels per point, horizontally; the vertical one differs by less than a patch.
    public var pixelsPerPoint: Double

    public init(
        number: Int, page: PageReference, timestamp: Double? = nil, region: Box? = nil, size: PixelSize, byteCount: Int,
        encoding: ImageEncoding, sha256: String,
        tokens: Int, pixelsPerPoint: Double
    ) {
        self.number = number
        self.page = page
        self.timestamp = timestamp
        self.region = region
        self.size = size
        self.byteCount = byteCount
        self.encoding = encoding
        self.sha256 = sha256
        self.tokens = tokens
        self.pixelsPerPoint = pixelsPerPoint
    }
}

/// Encoded bytes with their record.
public struct EncodedImage: Sendable {
    public var record: ImageRecord
    public var bytes: [UInt8]

    public init(record: ImageRecord, bytes: [UInt8]) {
        self.record = record
        self.bytes = bytes
    }
}

/// How a provider counts the tokens of an image.
public enum ImageCounting: Sendable, Hashable {
    /// One token a cell after the provider's own resize to whole cells, and two marks around the image (Qwen).
    case cells
    /// One token a cell of 28 pixels, never enlarged, padded up to whole cells; at most 16,384 patches of 14 pixels, 512 a side (Kimi K2.5).
    case paddedCells
    /// A base and so much for each tile of 512 pixels (OpenAI's GPT-4o, GPT-4.1, o-series).
    case tiles(base: Int, perTile: Int)
    /// One for each patch of 32 pixels up to a cap, times a factor in hundredths (OpenAI's mini and nano models).
    case patches(cap: Int, hundredths: Int)
}

/// How a model's provider resizes images and counts their tokens.
///
/// - Source: Alibaba Model Studio, visual reasoning and API pages (February 2026).
public struct ImageRule: Sendable, Hashable {
    /// Side of the square of pixels that makes one token: 28 for QVQ and Qwen2.5-VL, 32 for Qwen3-VL and Qwen3.5.
    public var patch: Int
    public var minPixels: Int
    public var maxPixels: Int
    /// The longest side the user wants, in pixels; nil for the model's own limit.
    public var maxSide: Int?
    public var counting: ImageCounting

    public init(patch: Int, minPixels: Int, maxPixels: Int, maxSide: Int? = nil, counting: ImageCounting = .cells) {
        self.patch = patch
        self.minPixels = minPixels
        self.maxPixels = maxPixels
        self.maxSide = maxSide
        self.counting = counting
    }
}

/// How a model's provider resizes the frames of a video and counts their tokens.
///
/// - Source: Alibaba Model Studio, limits of video input (February 2026); the vendor's preprocessing code (repository QwenLM/Qwen3-VL).
public struct VideoRule: Sendable, Hashable {
    /// As of an image: side of the square of pixels that makes one token.
    public var patch: Int
    /// Of one frame.
    public var minPixels: Int
    /// Of one frame.
    public var maxPixels: Int
    /// Of all frames together; nil where nobody says.
    public var totalPixels: Int?
    /// Frames that are counted as one: 2 for Qwen and QVQ, 4 for Kimi.
    public var framesPerSlot: Int
    public var counting: ImageCounting

    public init(
        patch: Int, minPixels: Int, maxPixels: Int, totalPixels: Int? = nil, framesPerSlot: Int = 2, counting: ImageCounting = .cells
    ) {
        self.patch = patch
        self.minPixels = minPixels
        self.maxPixels = maxPixels
        self.totalPixels = totalPixels
        self.framesPerSlot = framesPerSlot
        self.counting = counting
    }
}
