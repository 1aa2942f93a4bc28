/// A place on a page.
///
/// - Units: PDF points (1/72 inch), origin top left, y down, of the page *as displayed*. On image files 1 point is 1 source pixel
///   after orientation.
public struct Point: Sendable, Hashable {
    public var x: Double
    public var y: Double

    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}

/// An axis-aligned rectangle on a page.
///
/// - Units: as `Point`; `width` and `height` are never negative.
public struct Box: Sendable, Hashable {
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// Makes the box spanned by two opposite corners, in any order.
    public init(from first: Point, to second: Point) {
        self.init(
            x: min(first.x, second.x), y: min(first.y, second.y),
            width: abs(first.x - second.x), height: abs(first.y - second.y))
    }

    public var maxX: Double { x + width }
    public var maxY: Double { y + height }
    public var midX: Double { x + width / 2 }
    public var midY: Double { y + height / 2 }
    public var area: Double { width * height }

    /// The smallest box that holds both.
    public func union(_ other: Box) -> Box {
        Box(
            from: Point(x: min(x, other.x), y: min(y, other.y)),
            to: Point(x: max(maxX, other.maxX), y: max(maxY, other.maxY)))
    }

    /// The common part, or nil where the boxes do not overlap.
    public func intersection(_ other: Box) -> Box? {
        let left = max(x, other.x)
        let top = max(y, other.y)
        let right = min(maxX, other.maxX)
        let bottom = min(maxY, other.maxY)
        guard left < right, top < bottom else { return nil }
        return Box(x: left, y: top, width: right - left, height: bottom - top)
    }

    /// Whether the other box lies inside this one, give or take `tolerance` points.
    public func contains(_ other: Box, tolerance: Double = 0) -> Bool {
        other.x >= x - tolerance && other.y >= y - tolerance && other.maxX <= maxX + tolerance && other.maxY <= maxY + tolerance
    }

    /// The box made smaller by `margin` points on each side; a negative margin grows it.
    public func inset(by margin: Double) -> Box {
        Box(x: x + margin, y: y + margin, width: max(0, width - 2 * margin), height: max(0, height - 2 * margin))
    }

    /// The union of all boxes, or nil of none.
    ///
    /// Inlinable: it is asked for each word of a page.
    @inlinable public static func union(of boxes: some Sequence<Box>) -> Box? {
        boxes.reduce(nil as Box?) { $0?.union($1) ?? $1 }
    }
}

/// Width and height of a page.
///
/// - Units: points, as displayed (rotation applied).
public struct PageSize: Sendable, Hashable {
    public var width: Double
    public var height: Double

    public init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }
}

/// Width and height of an image.
///
/// - Units: pixels.
public struct PixelSize: Sendable, Hashable {
    public var width: Int
    public var height: Int

    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    public var pixels: Int { width * height }
}
