public import QdocCore

/// Chooses the size in which a page is drawn, and counts the tokens a provider will charge for it.
///
/// Sides are multiples of the model's patch inside its limits: the provider's own resize then changes nothing, what we see is what the model
/// sees, and the count is exact.
public enum ImageSizing {
    /// Long side to short side; more is refused by the provider.
    ///
    /// - Source: Model Studio, limits of image input (February 2026); the vendor's preprocessing code.
    static let aspectLimit = 200

    /// The begin and the end mark around an image's patches.
    private static let marks = 2

    /// The size to draw a page in: the largest the rule allows, its shape kept to within half a patch a side.
    ///
    /// - Parameters:
    ///   - scale: Pixels for each point that are enough; nil for as many as the rule allows.
    ///   - maxTokens: That the image may cost; kept where the rule's lower limit allows it.
    ///   - isPicture: Its points are pixels already; it is not enlarged beyond the next patch, unless the rule's lower limit asks.
    public static func size(
        for page: PageSize, rule: ImageRule, scale: Double? = nil, maxTokens: Int? = nil, isPicture: Bool = false
    ) -> PixelSize {
        var most = scale ?? .infinity
        var size = size(for: page, rule: rule, mostScale: most, isPicture: isPicture)
        guard let maxTokens else { return size }
        // Tokens grow with the area, in steps: approached from above, in a handful of rounds.
        for _ in 0..<16 where tokens(for: size, rule: rule) > maxTokens {
            let shrink = (Double(maxTokens) / Double(max(1, tokens(for: size, rule: rule)))).squareRoot()
            most = min(most, Double(max(size.width, size.height)) / max(page.width, page.height, 1)) * min(shrink, 0.98)
            size = Self.size(for: page, rule: rule, mostScale: most, isPicture: isPicture)
        }
        return size
    }

    private static func size(for page: PageSize, rule: ImageRule, mostScale: Double, isPicture: Bool) -> PixelSize {
        let width = bounded(page.width)
        let height = bounded(page.height)
        let long = max(width, height)
        let short = max(min(width, height), long / Double(aspectLimit))
        let (longSide, shortSide) =
            if case .tiles = rule.counting {
                tileSides(long: long, short: short, rule: rule, most: mostScale, isPicture: isPicture)
            } else {
                cellSides(long: long, short: short, rule: rule, most: mostScale, isPicture: isPicture)
            }
        return width >= height ? PixelSize(width: longSide, height: shortSide) : PixelSize(width: shortSide, height: longSide)
    }

    private static func cellSides(long: Double, short: Double, rule: ImageRule, most: Double, isPicture: Bool) -> (Int, Int) {
        var scale = min(most, (Double(rule.maxPixels) / (long * short)).squareRoot())
        if let side = longestSide(rule) { scale = min(scale, Double(side) / long) }
        if isPicture { scale = min(scale, 1) }
        return sides(long: long, short: short, scale: scale, rule: rule)
    }

    /// The longest side that the user or the provider wants, in pixels; nil where there is none.
    private static func longestSide(_ rule: ImageRule) -> Int? {
        guard case .paddedCells = rule.counting else { return rule.maxSide }
        return min(rule.maxSide ?? .max, PaddedCells.longestSide(rule.patch))
    }

    /// Points as a document states them, made fit to reckon with: PDF allows at most 14,400.
    private static func bounded(_ side: Double) -> Double {
        side.isFinite ? min(max(side, 1), 1e6) : 1
    }

    /// The two sides at a scale, rounded to patches and brought inside the limits.
    private static func sides(long: Double, short: Double, scale: Double, rule: ImageRule) -> (Int, Int) {
        let patch = Double(rule.patch)
        let shape = short / long
        // Longest sides in patches: rounded to the nearest, but within the user's limit.
        let wanted = max(1, Int((long * scale / patch).rounded()))
        let allowed = longestSide(rule).map { max(1, $0 / rule.patch) } ?? wanted
        var columns = min(wanted, allowed)
        func rows() -> Int { max(1, Int((Double(columns) * shape).rounded()), (columns + aspectLimit - 1) / aspectLimit) }
        let cell = rule.patch * rule.patch
        while columns > 1, columns * rows() * cell > rule.maxPixels { columns -= 1 }
        while columns * rows() * cell < rule.minPixels { columns += 1 }
        return (columns * rule.patch, rows() * rule.patch)
    }

    /// The tokens that an image of this size costs, whatever the size.
    public static func tokens(for size: PixelSize, rule: ImageRule) -> Int {
        switch rule.counting {
        case .cells: return cells(of: size, rule: rule) + marks
        case .paddedCells: return PaddedCells.count(in: size, cell: rule.patch, maxPixels: rule.maxPixels)
        case .tiles(let base, let perTile): return base + perTile * tiles(of: size)
        case .patches(let cap, let hundredths):
            let side = { (pixels: Int) in (min(max(pixels, 1), 1_000_000) + patchSide - 1) / patchSide }
            return (min(side(size.width) * side(size.height), cap) * hundredths + 99) / 100
        }
    }

    /// Cells that are left of an image after the provider's resize.
    static func cells(of size: PixelSize, rule: ImageRule) -> Int {
        let resized = providerSize(of: size, rule: rule)
        return resized.width / rule.patch * (resized.height / rule.patch)
    }

    /// What the provider makes of an image before the model sees it.
    ///
    /// - Source: the vendor's `smart_resize` (repository QwenLM/Qwen3-VL, qwen-vl-utils) and token calculator; halves round to even there.
    package static func providerSize(of size: PixelSize, rule: ImageRule) -> PixelSize {
        let patch = Double(rule.patch)
        let height = bounded(Double(size.height))
        let width = bounded(Double(size.width))
        func patches(_ side: Double, _ rule: FloatingPointRoundingRule) -> Int { max(1, Int((side / patch).rounded(rule))) }
        var rows = patches(height, .toNearestOrEven)
        var columns = patches(width, .toNearestOrEven)
        let pixels = rows * columns * rule.patch * rule.patch
        if pixels > rule.maxPixels {
            let shrink = (height * width / Double(rule.maxPixels)).squareRoot()
            rows = patches(height / shrink, .down)
            columns = patches(width / shrink, .down)
        } else if pixels < rule.minPixels {
            let grow = (Double(rule.minPixels) / (height * width)).squareRoot()
            rows = patches(height * grow, .up)
            columns = patches(width * grow, .up)
        }
        return PixelSize(width: columns * rule.patch, height: rows * rule.patch)
    }
}

/// Tiles of 512 pixels and patches of 32.
///
/// - Source: OpenAI, images and vision: an image is shrunk into 2,048 by 2,048 pixels, then to 768 on its short side, then cut into tiles.
extension ImageSizing {
    private static let tileSide = 512
    private static let tileLong = 2_048
    private static let tileShort = 768
    private static let patchSide = 32

    /// The two sides that the provider leaves alone, to the pixel.
    private static func tileSides(long: Double, short: Double, rule: ImageRule, most: Double, isPicture: Bool) -> (Int, Int) {
        let mostLong = min(rule.maxSide ?? tileLong, tileLong)
        var scale = min(most, Double(mostLong) / long, Double(tileShort) / short)
        if isPicture { scale = min(scale, 1) }
        let longSide = min(max(1, Int((long * scale).rounded())), mostLong)
        return (longSide, min(max(1, Int((short * scale).rounded())), tileShort, longSide))
    }

    /// Tiles of an image after it was shrunk, in whole numbers so that an edge is never missed by a rounding.
    private static func tiles(of size: PixelSize) -> Int {
        let long = min(max(size.width, size.height, 1), 1_000_000)
        let short = min(max(min(size.width, size.height), 1), 1_000_000)
        func count(_ side: Int, _ numerator: Int, _ denominator: Int) -> Int {
            max(1, (side * numerator + denominator * tileSide - 1) / (denominator * tileSide))
        }
        // The smaller of 2,048 to the long side and 768 to the short one rules; 1 where neither is below it.
        if long <= tileLong, short <= tileShort { return count(long, 1, 1) * count(short, 1, 1) }
        let isLongRuling = tileLong * short <= tileShort * long
        let (numerator, denominator) = isLongRuling ? (tileLong, long) : (tileShort, short)
        return count(long, numerator, denominator) * count(short, numerator, denominator)
    }
}

/// Cells of an image that is padded up to whole ones, never enlarged.
///
/// - Source: the preprocessor published with the weights of Kimi K2.5; how its hosts count is not published.
enum PaddedCells {
    /// Patches on one side at most.
    private static let sideLimit = 512
    /// Patches on one side of a cell.
    private static let merged = 2

    /// Pixels of the longest side that is not shrunk.
    static func longestSide(_ cell: Int) -> Int { sideLimit * cell / merged }

    static func count(in size: PixelSize, cell: Int, maxPixels: Int) -> Int {
        let patch = max(1, cell / merged)
        let width = min(max(size.width, 1), 1_000_000)
        let height = min(max(size.height, 1), 1_000_000)
        let patches = Double(max(1, width / patch) * max(1, height / patch))
        let limit = Double(maxPixels / (patch * patch))
        let side = Double(sideLimit * patch)
        let scale = min(1, (limit / patches).squareRoot(), side / Double(width), side / Double(height))
        func cells(_ pixels: Int) -> Int { (max(1, Int(Double(pixels) * scale)) + cell - 1) / cell }
        return cells(width) * cells(height)
    }
}
