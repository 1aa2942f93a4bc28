import QdocCore

/// How stored pixels are turned to be displayed.
///
/// - Source: Exif 2.32, 4.6.4, tag Orientation: where the 0th row and the 0th column of the stored image are displayed.
enum Orientation: Int {
    case upright = 1
    case mirrored = 2
    case upsideDown = 3
    case flipped = 4
    case transposed = 5
    case turnedRight = 6
    case transversed = 7
    case turnedLeft = 8

    var swapsSides: Bool { rawValue >= 5 }
    /// Whether stored x runs against the axis it is displayed on, and stored y against the other.
    private var reverses: (x: Bool, y: Bool) {
        switch self {
        case .upright: (false, false)
        case .mirrored: (true, false)
        case .upsideDown: (true, true)
        case .flipped: (false, true)
        case .transposed: (false, false)
        case .turnedRight: (false, true)
        case .transversed: (true, true)
        case .turnedLeft: (true, false)
        }
    }

    /// The stored pixels behind a displayed box.
    func stored(_ box: Box, in size: PixelSize) -> Box {
        let turned = swapsSides ? Box(x: box.y, y: box.x, width: box.height, height: box.width) : box
        return Box(
            x: reverses.x ? Double(size.width) - turned.maxX : turned.x,
            y: reverses.y ? Double(size.height) - turned.maxY : turned.y,
            width: turned.width, height: turned.height)
    }

    /// Where stored pixels go in a displayed buffer: the byte of the first, and the steps in bytes along a stored row and column.
    func layout(_ displayed: PixelSize) -> (stored: PixelSize, first: Int, pixelStep: Int, rowStep: Int) {
        let stored = swapsSides ? PixelSize(width: displayed.height, height: displayed.width) : displayed
        let row = displayed.width * 4
        let steps = swapsSides ? (x: row, y: 4) : (x: 4, y: row)
        let first = (reverses.x ? (stored.width - 1) * steps.x : 0) + (reverses.y ? (stored.height - 1) * steps.y : 0)
        return (stored, first, reverses.x ? -steps.x : steps.x, reverses.y ? -steps.y : steps.y)
    }
}
