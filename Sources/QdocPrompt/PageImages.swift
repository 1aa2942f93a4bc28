public import QdocCore

/// Decides which images show a page: one as a rule, several parts of one whose small print would be lost in a single image.
///
/// Pure: planning, where nothing is drawn, and asking come to the same images.
public enum PageImages {
    /// Pixels that the smallest print of a page is to be high (its font size, not its x-height), by detail.
    ///
    /// - Source: measured with character recognition as the reader (`docs/performance.md`): at 12 pixels one word in a hundred is misread, at 16
    ///   none, 24 is for print that is worse than clean.
    private static func wantedHeight(_ detail: ImageDetail) -> Double? {
        switch detail {
        case .low: 12
        case .auto: 16
        case .high: 24
        case .max: nil
        }
    }
    /// Below this many pixels print is lost, and the page is cut into parts.
    ///
    /// - Source: as above: at 10 pixels up to 15 figures in a hundred are misread.
    static let leastHeight = 12.0
    /// Points: only a page with a longer side than A3 (1,191) is cut. What is printed on smaller sheets was meant to be read there, and each
    /// part costs as much as the whole page.
    static let hugeSide = 1_200.0
    /// Parts that a page is cut into at most, along one side; a model's attention and the user's money end there.
    static let mostPartsAlong = 4
    /// How much of a part its neighbour shows again, so that nothing is cut through in both.
    static let overlap = 0.1

    /// The images that show a page, in reading order; a page that is cut is shown whole first.
    ///
    /// - Parameters:
    ///   - rule: How the model's provider resizes images and counts their tokens.
    ///   - isPixels: The page is pixels: it is never enlarged, and what its smallest print is nobody knows.
    ///   - maxBytes: Encoded bytes of one image at most.
    public static func orders(
        of geometry: PageGeometry, pageNumber: Int, rule: ImageRule, choice: ImageChoice = ImageChoice(), isPixels: Bool,
        maxBytes: Int? = nil
    ) -> [ImageOrder] {
        let page = Box(x: 0, y: 0, width: geometry.size.width, height: geometry.size.height)
        let scale = geometry.smallestText.flatMap { text in wantedHeight(choice.detail).map { $0 / max(text, 1) } }
        func order(_ region: Box?, _ scale: Double?) -> ImageOrder {
            let shown = region.map { PageSize(width: $0.width, height: $0.height) } ?? geometry.size
            let size = ImageSizing.size(for: shown, rule: rule, scale: scale, maxTokens: choice.maxTokens, isPicture: isPixels)
            return ImageOrder(region: region, size: size, maxBytes: maxBytes)
        }
        // A part is asked for to be seen better: as large as the model takes.
        guard choice.regions.isEmpty else {
            return choice.regions.filter { $0.pageNumber == pageNumber }.compactMap { $0.box.intersection(page) }.map { order($0, nil) }
        }
        let whole = order(nil, scale)
        guard choice.detail != .low, max(page.width, page.height) > hugeSide, let text = geometry.smallestText else { return [whole] }
        return [whole] + parts(of: page, text: text, whole: whole.size).map { order($0, scale.map { max($0, leastHeight / max(text, 1)) }) }
    }

    /// The overlapping parts, row by row, in which print of a size is legible; none where it is in the whole.
    private static func parts(of page: Box, text: Double, whole: PixelSize) -> [Box] {
        let height = text * Double(whole.width) / max(page.width, 1)
        guard height < leastHeight, page.area > 0 else { return [] }
        // Each part may have as many pixels as the whole, so parts along a side are as many as the scale is to grow.
        let along = min(mostPartsAlong, Int((leastHeight / max(height, 0.1) * (1 + overlap)).rounded(.up)))
        guard along > 1 else { return [] }
        let step = 1 / Double(along)
        return (0..<along * along).map { index in
            let (row, column) = (Double(index / along), Double(index % along))
            let part = Box(
                x: (column - overlap / 2) * step * page.width, y: (row - overlap / 2) * step * page.height,
                width: (1 + overlap) * step * page.width, height: (1 + overlap) * step * page.height)
            return part.intersection(page) ?? page
        }
    }
}
