import QdocCore

/// Keeps what is painted on a page: rulings, paths and pictures, inside the clip and within bounds.
///
/// Where a page has more paths or rulings than `ContentLimits` hold, it is a map or a technical drawing: none of that kind is kept, and
/// its words still are.
struct DrawingCollector {
    private(set) var rulings: [Ruling] = []
    private(set) var paths: [VectorPath] = []
    private(set) var pictures: [Box] = []
    private let page: Box
    private let parts: ContentParts
    private var vertexCount = 0
    private var hasTooManyPaths = false
    private var hasTooManyRulings = false

    /// A filled rectangle thinner than this many points is a line.
    static let rulingThickness = 1.2
    /// A line may lean by this many points, as hand-placed lines do.
    private static let lean = 0.15
    /// Shorter lines are parts of glyphs and dashes.
    private static let shortestRuling = 2.0

    init(page: Box, parts: ContentParts) {
        self.page = page
        self.parts = parts
    }

    /// Whether nothing more can be kept.
    var isFull: Bool {
        (!parts.contains(.paths) || hasTooManyPaths) && (!parts.contains(.rulings) || hasTooManyRulings) && !parts.contains(.pictures)
    }

    mutating func picture(_ box: Box, clip: Box) {
        guard parts.contains(.pictures), pictures.count < ContentLimits.pictures, let seen = box.intersection(clip)?.intersection(page)
        else { return }
        pictures.append(seen)
    }

    /// - Parameters:
    ///   - fill: Nil where the path is not filled.
    ///   - stroke: Nil where it is not stroked.
    mutating func paint(_ drawn: DrawnPath, fill: Color?, stroke: Color?, lineWidth: Double, isDashed: Bool, clip: Box) {
        guard let box = drawn.box, box.x.isFinite, box.maxX.isFinite, box.y.isFinite, box.maxY.isFinite,
            let visible = clip.intersection(page), touches(box.inset(by: -lineWidth / 2), visible)
        else { return }
        if parts.contains(.rulings), !hasTooManyRulings {
            for (subpath, isClosed) in zip(drawn.subpaths, drawn.isClosed) {
                if fill != nil, let bar = thinBar(subpath) {
                    add(bar, visible)
                } else if stroke != nil {
                    strokes(subpath, isClosed, lineWidth, visible)
                }
            }
        }
        guard parts.contains(.paths), !hasTooManyPaths else { return }
        vertexCount += drawn.vertexCount
        guard paths.count < ContentLimits.paths, vertexCount <= ContentLimits.vertices else {
            hasTooManyPaths = true
            paths = []
            return
        }
        // A rectangle is cut to the clip, as bars are at the edge of their axes; other outlines are kept whole.
        let subpaths = fill == nil ? drawn.subpaths : drawn.subpaths.map { cut($0, visible) }
        paths.append(
            VectorPath(
                subpaths: subpaths, isClosed: drawn.isClosed, fill: fill, stroke: stroke, lineWidth: stroke == nil ? 0 : lineWidth,
                isDashed: stroke != nil && isDashed))
    }

    private func touches(_ box: Box, _ other: Box) -> Bool {
        box.x <= other.maxX && other.x <= box.maxX && box.y <= other.maxY && other.y <= box.maxY
    }

    // MARK: Rulings

    private func rectangle(_ points: [Point]) -> Box? {
        guard points.count == 4 || points.count == 5 && points[0] == points[4] else { return nil }
        let isUpright = (0..<4).allSatisfy { index in
            let (from, to) = (points[index], points[(index + 1) % 4])
            return abs(from.x - to.x) < 0.01 || abs(from.y - to.y) < 0.01
        }
        return isUpright ? Box(from: points[0], to: points[2]) : nil
    }

    private func thinBar(_ points: [Point]) -> Ruling? {
        guard let box = rectangle(points), min(box.width, box.height) < DrawingCollector.rulingThickness else { return nil }
        return box.width >= box.height
            ? Ruling(start: Point(x: box.x, y: box.midY), end: Point(x: box.maxX, y: box.midY), thickness: box.height)
            : Ruling(start: Point(x: box.midX, y: box.y), end: Point(x: box.midX, y: box.maxY), thickness: box.width)
    }

    /// A stroked outline is rulings only where all of it runs across or down: the line of a chart is none.
    private mutating func strokes(_ points: [Point], _ isClosed: Bool, _ thickness: Double, _ visible: Box) {
        var ends = Array(zip(points, points.dropFirst()))
        if isClosed, let first = points.first, let last = points.last, first != last { ends.append((last, first)) }
        let isStraight = ends.allSatisfy { abs($0.x - $1.x) <= DrawingCollector.lean || abs($0.y - $1.y) <= DrawingCollector.lean }
        guard isStraight, ends.count <= 64 else { return }
        for (start, end) in ends {
            // What leans within the tolerance is put upright.
            let isAcross = abs(start.x - end.x) >= abs(start.y - end.y)
            let middle = isAcross ? (start.y + end.y) / 2 : (start.x + end.x) / 2
            add(
                isAcross
                    ? Ruling(
                        start: Point(x: min(start.x, end.x), y: middle), end: Point(x: max(start.x, end.x), y: middle), thickness: thickness
                    )
                    : Ruling(
                        start: Point(x: middle, y: min(start.y, end.y)), end: Point(x: middle, y: max(start.y, end.y)), thickness: thickness
                    ),
                visible)
        }
    }

    private mutating func add(_ ruling: Ruling, _ visible: Box) {
        guard touches(ruling.box, visible) else { return }
        var cut = ruling
        func inside(_ point: Point) -> Point {
            Point(x: max(visible.x, min(visible.maxX, point.x)), y: max(visible.y, min(visible.maxY, point.y)))
        }
        cut.start = inside(ruling.start)
        cut.end = inside(ruling.end)
        guard max(cut.box.width, cut.box.height) >= DrawingCollector.shortestRuling else { return }
        guard rulings.count < ContentLimits.rulings else {
            hasTooManyRulings = true
            rulings = []
            return
        }
        rulings.append(cut)
    }

    private func cut(_ points: [Point], _ visible: Box) -> [Point] {
        guard let box = rectangle(points), !visible.contains(box), let seen = box.intersection(visible) else { return points }
        return [
            Point(x: seen.x, y: seen.y), Point(x: seen.maxX, y: seen.y), Point(x: seen.maxX, y: seen.maxY), Point(x: seen.x, y: seen.maxY),
        ]
    }
}
