/// How large the images of pages are made.
public enum ImageDetail: String, Sendable, Hashable, CaseIterable {
    /// As small as body text can still be read in: for a first look, or a tight budget.
    case low
    /// As small as the smallest print of the page is well legible in.
    case auto
    /// Larger than that, for dense tables and poor scans.
    case high
    /// As large as the model takes.
    case max
}

/// A part of a page that the user wants shown by itself.
public struct PageRegion: Sendable, Hashable {
    /// From 1.
    public var pageNumber: Int
    /// Points of the page as displayed.
    public var box: Box

    public init(pageNumber: Int, box: Box) {
        self.pageNumber = pageNumber
        self.box = box
    }

    /// Reads `page:x,y,w,h` with sizes in points.
    ///
    /// - Throws: `invalid_arguments`.
    public init(_ text: String) throws(Failure) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = (parts.last ?? "").split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
        guard
            parts.count == 2, let page = Int(parts[0]), (1...9_999_999).contains(page), numbers.count == 4,
            numbers.allSatisfy({ $0.isFinite && (0...1e6).contains($0) }), numbers[2] > 0, numbers[3] > 0
        else {
            throw Failure(
                .invalidArguments, "“\(text)” is no region of a page",
                remedy: "write page:x,y,width,height in points from the top left corner, as in 3:72,90,200,100")
        }
        self.init(pageNumber: page, box: Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3]))
    }
}

/// What a user decides about the images of a run.
public struct ImageChoice: Sendable, Hashable {
    public var detail: ImageDetail
    /// Tokens of one image at most; nil for the model's own limit.
    public var maxTokens: Int?
    /// Where not empty, these parts are shown instead of whole pages.
    public var regions: [PageRegion]

    public init(detail: ImageDetail = .auto, maxTokens: Int? = nil, regions: [PageRegion] = []) {
        self.detail = detail
        self.maxTokens = maxTokens
        self.regions = regions
    }
}
