internal import Glibc
import QdocCore

/// A page as it is given to Tesseract: black on white, upright, level, at a size that its network knows, with a border; and the way back.
struct PreparedPage {
    let image: GrayImage
    private let pageSize: PixelSize
    private let scale: Double
    private let quarters: Int
    /// Radians, clockwise.
    private let angle: Double
    private let turnedSize: PixelSize
    private let levelSize: PixelSize

    /// White around everything, in pixels: letters at the very edge are lost without it.
    static let margin = 20
    /// A smaller skew is left to Tesseract, which follows baselines: 0.2°, a choice; Leptonica's own bound is 0.1°.
    private static let leastSkew = 0.2 * Double.pi / 180

    /// - Parameters:
    ///   - scaled: The page, black on white, after scaling.
    ///   - pageSize: Of the page as given.
    ///   - quarters: Clockwise quarters that bring it upright.
    init(_ scaled: GrayImage, of pageSize: PixelSize, scale: Double, quarters: Int) throws(Failure) {
        self.pageSize = pageSize
        self.scale = scale
        self.quarters = quarters
        let upright = quarters == 0 ? scaled : try scaled.turned(quarters: quarters)
        turnedSize = upright.size
        let skew = try upright.binarized().skew() ?? 0
        angle = abs(skew) < PreparedPage.leastSkew ? 0 : skew
        let level = angle == 0 ? upright : try upright.turned(by: angle)
        levelSize = level.size
        image = try level.bordered(by: PreparedPage.margin)
    }

    /// The box on the page as given that holds a box of the image, inside the page; nil where it lies outside.
    func page(_ box: Box) -> Box? {
        let corners = [(box.x, box.y), (box.maxX, box.y), (box.x, box.maxY), (box.maxX, box.maxY)].map { page(x: $0.0, y: $0.1) }
        let frame = Box(x: 0, y: 0, width: Double(pageSize.width), height: Double(pageSize.height))
        return Box.union(of: corners.map { Box(x: $0.x, y: $0.y, width: 0, height: 0) })?.intersection(frame)
    }

    /// Pixels of the page for a length in pixels of the image.
    func page(length: Double) -> Double { length / scale }

    /// The direction on the page as given.
    func page(_ direction: TextDirection) -> TextDirection {
        guard direction != .slanted else { return .slanted }
        // The four stand in clockwise order.
        return TextDirection(rawValue: UInt8((Int(direction.rawValue) + 4 - quarters) % 4)) ?? direction
    }

    private func page(x: Double, y: Double) -> Point {
        // Back through the border, the levelling about the middle, the quarters, the scale.
        let (across, down) = (
            x - Double(PreparedPage.margin) - Double(levelSize.width) / 2, y - Double(PreparedPage.margin) - Double(levelSize.height) / 2
        )
        let (sine, cosine) = (sin(angle), cos(angle))
        let turned = Point(
            x: Double(turnedSize.width) / 2 + across * cosine + down * sine,
            y: Double(turnedSize.height) / 2 - across * sine + down * cosine)
        let (width, height) = (Double(turnedSize.width), Double(turnedSize.height))
        let upright =
            switch quarters {
            case 1: Point(x: turned.y, y: width - turned.x)
            case 2: Point(x: width - turned.x, y: height - turned.y)
            case 3: Point(x: height - turned.y, y: turned.x)
            default: turned
            }
        return Point(x: upright.x / scale, y: upright.y / scale)
    }
}
