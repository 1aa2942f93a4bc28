import QdocCore

/// How a stored frame is turned to be displayed: a container's display matrix in quarter turns and mirrors.
///
/// - Source: ISO/IEC 14496-12, 8.3.2, the matrix of a track header.
struct Turn: Hashable {
    /// Stored x is displayed downwards and stored y to the right.
    var swapsSides = false
    /// Stored x runs against the axis it is displayed on.
    var reversesX = false
    var reversesY = false

    /// Clockwise, without what is mirrored.
    var degrees: Int {
        if swapsSides { return reversesX && !reversesY ? 270 : 90 }
        return reversesX && reversesY ? 180 : 0
    }

    /// The size as displayed, of square pixels, none of them lost.
    func displayed(_ stored: PixelSize, pixelAspect: Double) -> PixelSize {
        let width = pixelAspect > 1 ? Int((Double(stored.width) * pixelAspect).rounded()) : stored.width
        let height = pixelAspect < 1 ? Int((Double(stored.height) / pixelAspect).rounded()) : stored.height
        return swapsSides ? PixelSize(width: height, height: width) : PixelSize(width: width, height: height)
    }

    /// The part of a stored frame behind a displayed one, both in shares of the whole.
    func stored(_ share: Box) -> Box {
        let turned = swapsSides ? Box(x: share.y, y: share.x, width: share.height, height: share.width) : share
        return Box(
            x: reversesX ? 1 - turned.maxX : turned.x, y: reversesY ? 1 - turned.maxY : turned.y, width: turned.width,
            height: turned.height)
    }

    /// Where stored pixels go in a displayed buffer: the byte of the first, and the steps in bytes along a stored row and column.
    func layout(_ displayed: PixelSize) -> (stored: PixelSize, first: Int, pixelStep: Int, rowStep: Int) {
        let stored = swapsSides ? PixelSize(width: displayed.height, height: displayed.width) : displayed
        let row = displayed.width * 4
        let steps = swapsSides ? (x: row, y: 4) : (x: 4, y: row)
        let first = (reversesX ? (stored.width - 1) * steps.x : 0) + (reversesY ? (stored.height - 1) * steps.y : 0)
        return (stored, first, reversesX ? -steps.x : steps.x, reversesY ? -steps.y : steps.y)
    }
}
