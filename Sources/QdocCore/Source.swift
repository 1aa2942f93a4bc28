/// What kind of bytes a source holds, found from its content.
public enum MediaType: String, Sendable, Hashable, CaseIterable {
    case pdf = "application/pdf"
    case png = "image/png"
    case jpeg = "image/jpeg"
    case webp = "image/webp"
    case tiff = "image/tiff"
    case gif = "image/gif"
    case bmp = "image/bmp"
    /// Binary, 8 bits a pixel; also how a page's pixels go from one child to another.
    case graymap = "image/x-portable-graymap"
    case mp4 = "video/mp4"
    case quicktime = "video/quicktime"
    case matroska = "video/matroska"
    case webm = "video/webm"
    case avi = "video/vnd.avi"
    /// Markdown too, which is read as it is written.
    case text = "text/plain"
    case csv = "text/csv"
    case mail = "message/rfc822"
    case html = "text/html"
    case docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    case xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    case pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    case odt = "application/vnd.oasis.opendocument.text"
    case ods = "application/vnd.oasis.opendocument.spreadsheet"
    case odp = "application/vnd.oasis.opendocument.presentation"

    /// The way in which a source is read.
    public enum Family: Sendable, Hashable {
        /// Has pages of its own, in points.
        case document
        /// Has frames of pixels, a point being a pixel.
        case picture
        /// Has frames at times.
        case video
        /// Is laid out as pages.
        case text
        /// Is converted to a document by an office program.
        case office
    }

    public var family: Family {
        switch self {
        case .pdf: .document
        case .png, .jpeg, .webp, .tiff, .gif, .bmp, .graymap: .picture
        case .mp4, .quicktime, .matroska, .webm, .avi: .video
        case .text, .csv, .mail: .text
        case .html, .docx, .xlsx, .pptx, .odt, .ods, .odp: .office
        }
    }

    /// Whether its pages are pixels: a point is a pixel, and drawing larger shows no more.
    public var isPixels: Bool { family == .picture || family == .video }
}

/// One file as given.
public struct Source: Sendable, Hashable {
    /// From 1 in a run.
    public var ordinal: Int
    /// As the user wrote it.
    public var path: String
    /// Lower-case hexadecimal.
    public var sha256: String
    public var mediaType: MediaType
    public var byteCount: Int
    public var pageCount: Int

    public init(ordinal: Int, path: String, sha256: String, mediaType: MediaType, byteCount: Int, pageCount: Int) {
        self.ordinal = ordinal
        self.path = path
        self.sha256 = sha256
        self.mediaType = mediaType
        self.byteCount = byteCount
        self.pageCount = pageCount
    }
}

/// Names one page of one source in a run.
public struct PageReference: Sendable, Hashable, Comparable {
    /// Ordinal of the source, from 1.
    public var source: Int
    /// From 1.
    public var pageNumber: Int

    public init(source: Int, pageNumber: Int) {
        self.source = source
        self.pageNumber = pageNumber
    }

    /// Orders by source, then by page.
    public static func < (left: PageReference, right: PageReference) -> Bool {
        (left.source, left.pageNumber) < (right.source, right.pageNumber)
    }
}

/// Size and rotation of a page, as its source states them.
public struct PageGeometry: Sendable, Hashable {
    /// As displayed: rotation is already applied.
    public var size: PageSize
    /// Clockwise degrees that were applied: 0, 90, 180 or 270.
    public var rotation: Int
    /// Seconds from the start of the video, of a frame of one.
    public var timestamp: Double?
    /// Points: the size below which only a twentieth of the page's characters are; nil where it is not known.
    public var smallestText: Double?

    public init(size: PageSize, rotation: Int, timestamp: Double? = nil, smallestText: Double? = nil) {
        self.size = size
        self.rotation = rotation
        self.timestamp = timestamp
        self.smallestText = smallestText
    }
}

/// What became of a page.
public enum PageOutcome: Sendable, Hashable {
    case read
    /// Nothing on it could be read by the answer source; the code says why (`no_text_layer`, `picture_not_read`).
    case notRead(Failure.Code)
    case failed(Failure)

    public var slug: String {
        switch self {
        case .read: "read"
        case .notRead: "notRead"
        case .failed: "failed"
        }
    }
}

/// A page as the report lists it.
public struct PageRecord: Sendable, Hashable {
    public var reference: PageReference
    public var geometry: PageGeometry
    public var outcome: PageOutcome

    public init(reference: PageReference, geometry: PageGeometry, outcome: PageOutcome) {
        self.reference = reference
        self.geometry = geometry
        self.outcome = outcome
    }
}
