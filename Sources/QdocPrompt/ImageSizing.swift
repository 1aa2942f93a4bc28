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
    /// - Parameter isPicture: Its points are pixels already; it is not enlarged beyond the next patch, unless the rule's lower limit asks.
    public static func size(for page: PageSize, rule: ImageRule, isPicture: Bool = false) -> PixelSize {
        let width = bounded(page.width)
        let height = bounded(page.height)
        let long = max(width, height)
        let short = max(min(width, height), long / Double(aspectLimit))
        var scale = (Double(rule.maxPixels) / (long * short)).squareRoot()
        if let side = rule.maxSide { scale = min(scale, Double(side) / long) }
        if isPicture { scale = min(scale, 1) }
        let (longSide, shortSide) = sides(long: long, short: short, scale: scale, rule: rule)
        return width >= height ? PixelSize(width: longSide, height: shortSide) : PixelSize(width: shortSide, height: longSide)
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
        let allowed = rule.maxSide.map { max(1, $0 / rule.patch) } ?? wanted
        var columns = min(wanted, allowed)
        func rows() -> Int { max(1, Int((Double(columns) * shape).rounded()), (columns + aspectLimit - 1) / aspectLimit) }
        let cell = rule.patch * rule.patch
        while columns > 1, columns * rows() * cell > rule.maxPixels { columns -= 1 }
        while columns * rows() * cell < rule.minPixels { columns += 1 }
        return (columns * rule.patch, rows() * rule.patch)
    }

    /// The tokens that an image of this size costs, whatever the size.
    public static func tokens(for size: PixelSize, rule: ImageRule) -> Int {
        let resized = providerSize(of: size, rule: rule)
        return resized.width / rule.patch * (resized.height / rule.patch) + marks
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
