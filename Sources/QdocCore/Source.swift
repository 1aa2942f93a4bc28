/// What kind of bytes a source holds, found from its content.
public enum MediaType: String, Sendable, Hashable, CaseIterable {
    case pdf = "application/pdf"
    case png = "image/png"
    case jpeg = "image/jpeg"
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

    public init(size: PageSize, rotation: Int) {
        self.size = size
        self.rotation = rotation
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
