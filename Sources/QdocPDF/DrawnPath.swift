import QdocCore

/// A path under construction, its points as displayed and its curves flattened.
struct DrawnPath {
    private(set) var subpaths: [[Point]] = []
    private(set) var isClosed: [Bool] = []
    private(set) var vertexCount = 0

    /// How far a flattened curve may lie from the true one, in points: a tenth of the thinnest line that is seen.
    private static let flatness = 0.02
    private static let maxPieces = 64.0

    var isEmpty: Bool { subpaths.isEmpty }
    var last: Point? { subpaths.last?.last }

    mutating func move(to point: Point) {
        // A move after a move replaces it.
        if let last = subpaths.last, last.count == 1, isClosed.last == false {
            subpaths[subpaths.count - 1][0] = point
            return
        }
        subpaths.append([point])
        isClosed.append(false)
        vertexCount += 1
    }

    mutating func line(to point: Point) {
        guard !subpaths.isEmpty else { return move(to: point) }
        reopen()
        subpaths[subpaths.count - 1].append(point)
        vertexCount += 1
    }

    mutating func curve(_ first: Point, _ second: Point, to end: Point) {
        guard let start = last else { return move(to: end) }
        reopen()
        // The pieces of a cubic curve that keep the flatness follow from its second differences.
        func bend(_ a: Point, _ b: Point, _ c: Point) -> Double {
            let (x, y) = (a.x - 2 * b.x + c.x, a.y - 2 * b.y + c.y)
            return x * x + y * y
        }
        let bend = max(bend(start, first, second), bend(first, second, end)).squareRoot()
        let pieces = max(1, min(DrawnPath.maxPieces, (0.75 * bend / DrawnPath.flatness).squareRoot().rounded(.up)))
        guard pieces.isFinite else { return line(to: end) }
        for piece in 1..<max(2, Int(pieces)) {
            let t = Double(piece) / pieces
            let u = 1 - t
            let (p, q, r, s) = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
            line(
                to: Point(x: p * start.x + q * first.x + r * second.x + s * end.x, y: p * start.y + q * first.y + r * second.y + s * end.y))
        }
        line(to: end)
    }

    mutating func close() {
        guard !isClosed.isEmpty else { return }
        isClosed[isClosed.count - 1] = true
    }

    /// Drawing on after a subpath is closed begins another at its first point.
    private mutating func reopen() {
        guard isClosed.last == true, let start = subpaths.last?.first else { return }
        subpaths.append([start])
        isClosed.append(false)
        vertexCount += 1
    }

    var box: Box? {
        var low = Point(x: .infinity, y: .infinity)
        var high = Point(x: -.infinity, y: -.infinity)
        for subpath in subpaths {
            for point in subpath {
                low = Point(x: min(low.x, point.x), y: min(low.y, point.y))
                high = Point(x: max(high.x, point.x), y: max(high.y, point.y))
            }
        }
        return low.x <= high.x && low.y <= high.y ? Box(from: low, to: high) : nil
    }
}
