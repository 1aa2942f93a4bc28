import QdocCore

/// Finds vector charts by their marks: bars on one baseline, sectors around one point, polylines that run to the right.
///
/// The marks are found and boxed, not read. Marks without at least two labels beside them are decoration.
enum ChartFinder {
    /// Bounded: drawings with more subpaths than this are maps or hatches.
    private static let maxMarks = 20_000

    static func charts(paths: [VectorPath], words: [Word], rules: RuleLayout) -> [ChartFound] {
        let shapes = paths.flatMap { path in
            zip(path.subpaths, path.isClosed).prefix(maxMarks).compactMap { Shape(points: $0, isClosed: $1, path: path) }
        }
        guard shapes.count <= maxMarks else { return [] }
        var found = bars(in: shapes) + pies(in: shapes) + lines(in: shapes)
        found = merged(found)
        guard !found.isEmpty else { return [] }
        let labels = RowBuilder.rows(of: words).flatMap(\.chunks).filter { $0.words.count <= 6 }.map(\.box)
        return found.compactMap { grown($0, labels: labels, rules: rules) }
    }

    private struct Shape {
        var points: [Point]
        var box: Box
        var isClosed: Bool
        var fill: Color?
        var isStroked: Bool

        init?(points: [Point], isClosed: Bool, path: VectorPath) {
            guard points.count >= 2, points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return nil }
            guard let box = Box.union(of: points.lazy.map { Box(x: $0.x, y: $0.y, width: 0, height: 0) }) else { return nil }
            self.points = points
            self.box = box
            self.isClosed = isClosed
            fill = path.fill
            isStroked = path.stroke != nil
        }

        var isRectangle: Bool {
            fill != nil && (4...5).contains(points.count) && box.width >= 1.2 && box.height >= 1.2
                && points.allSatisfy {
                    (abs($0.x - box.x) < 0.06 || abs($0.x - box.maxX) < 0.06) && (abs($0.y - box.y) < 0.06 || abs($0.y - box.maxY) < 0.06)
                }
        }
    }

    private struct Key: Hashable {
        var edge: Int
        var thickness: Int
    }

    private static func bars(in shapes: [Shape]) -> [ChartFound] {
        let rectangles = shapes.filter { $0.isRectangle && $0.fill != Color(red: 255, green: 255, blue: 255) }.map(\.box)
        // Bars touch a common edge (0.8 points) and are equally thick (within half a point).
        let upright = Dictionary(grouping: rectangles) { Key(edge: rounded($0.maxY / 0.8), thickness: rounded($0.width * 2)) }
        let lying = Dictionary(grouping: rectangles) { Key(edge: rounded($0.x / 0.8), thickness: rounded($0.height * 2)) }
        let uprightBars = upright.values.filter { isBars($0.map { ($0.x, $0.height) }) }
        let lyingBars = lying.values.filter { isBars($0.map { ($0.y, $0.width) }) }
        return (uprightBars + lyingBars).compactMap { group in Box.union(of: group).map { ChartFound(kind: .bar, box: $0) } }
    }

    /// At least three places, and lengths that differ: equal boxes are tiles or table stripes.
    private static func isBars(_ bars: [(place: Double, length: Double)]) -> Bool {
        let places = Set(bars.map { rounded($0.place) })
        guard places.count >= 3, let shortest = bars.map(\.length).min(), let longest = bars.map(\.length).max() else { return false }
        return longest - shortest > 2 && Set(bars.map { rounded($0.length) }).count >= min(3, places.count)
    }

    private static func pies(in shapes: [Shape]) -> [ChartFound] {
        let sectors = shapes.filter { $0.fill != nil && $0.points.count >= 6 && !$0.isRectangle && $0.box.width > 4 && $0.box.height > 4 }
        guard sectors.count >= 2, sectors.count <= 2000 else { return [] }
        var centres: [Key: [Shape]] = [:]
        for shape in sectors {
            for key in Set(shape.points.map { Key(edge: rounded($0.x), thickness: rounded($0.y)) }) {
                centres[key, default: []].append(shape)
            }
        }
        return centres.compactMap { key, group in
            guard group.count >= 2, Set(group.compactMap(\.fill)).count >= 2 else { return nil }
            let centre = Point(x: Double(key.edge), y: Double(key.thickness))
            let reach = group.map { shape in
                shape.points.map { (($0.x - centre.x) * ($0.x - centre.x) + ($0.y - centre.y) * ($0.y - centre.y)).squareRoot() }
            }
            let radii = reach.compactMap { $0.max() }
            guard let least = radii.min(), let most = radii.max(), least > 10, most - least <= 0.04 * most + 1.5 else { return nil }
            // A sector has many vertices on its arc.
            let isRound = reach.allSatisfy { distances in
                Double(distances.count { $0 > most - 1.5 - 0.02 * most }) > 0.3 * Double(distances.count)
            }
            return isRound ? Box.union(of: group.lazy.map(\.box)).map { ChartFound(kind: .pie, box: $0) } : nil
        }
    }

    private static func lines(in shapes: [Shape]) -> [ChartFound] {
        shapes.compactMap { shape in
            guard !shape.isClosed, shape.isStroked, shape.fill == nil, shape.points.count >= 3 else { return nil }
            guard shape.box.width >= 60, shape.box.height >= 3 else { return nil }
            let isForward = zip(shape.points, shape.points.dropFirst()).allSatisfy { $0.x <= $1.x + 0.01 }
            let isBackward = zip(shape.points, shape.points.dropFirst()).allSatisfy { $0.x >= $1.x - 0.01 }
            // A frame's three sides run along the axes; data do not.
            let slanted = zip(shape.points, shape.points.dropFirst()).contains { abs($0.x - $1.x) > 0.5 && abs($0.y - $1.y) > 0.5 }
            return (isForward || isBackward) && slanted ? ChartFound(kind: .line, box: shape.box) : nil
        }
    }

    /// Joins marks that overlap or stand within 6 points of each other.
    private static func merged(_ charts: [ChartFound]) -> [ChartFound] {
        var result: [ChartFound] = []
        // Bounded: joining is quadratic.
        for chart in charts.sorted(by: { ($0.box.y, $0.box.x) < ($1.box.y, $1.box.x) }).prefix(300) {
            var joined = chart
            var rest: [ChartFound] = []
            for other in result {
                if joined.box.grown(by: 6).intersection(other.box) != nil {
                    joined.kind = joined.kind == other.kind ? joined.kind : [joined.kind, other.kind].contains(.bar) ? .bar : .other
                    joined.box = joined.box.union(other.box)
                } else {
                    rest.append(other)
                }
            }
            result = rest + [joined]
        }
        return result
    }

    /// Grows the marks' box over its grid lines and its labels; nil where fewer than two labels stand by.
    private static func grown(_ chart: ChartFound, labels: [Box], rules: RuleLayout) -> ChartFound? {
        var box = chart.box
        if chart.kind != .pie {
            let field = box.grown(by: 40)
            let grid = rules.horizontals.map(\.box).filter {
                $0.overlapX(box) >= 0.8 * min(box.width, $0.width) && $0.width <= 2.5 * box.width + 40 && $0.midY >= field.y
                    && $0.midY <= field.maxY
            }
            let axes = rules.uprights.map(\.box).filter {
                $0.overlapY(box) > 0 && $0.height <= 2.5 * box.height && $0.midX >= field.x && $0.midX <= field.maxX
            }
            box = Box.union(of: [box] + grid + axes) ?? box
        }
        // Tick labels stand left and below; 36 and 15 points hold them at usual sizes. Names and keys of pies stand on either side.
        let halo =
            chart.kind == .pie
            ? Box(x: box.x - 90, y: box.y - 20, width: box.width + 180, height: box.height + 40)
            : Box(x: box.x - 36, y: box.y - 12, width: box.width + 52, height: box.height + 27)
        let own = labels.filter { halo.holdsCentre(of: $0) }
        guard own.count >= 2 else { return nil }
        return ChartFound(kind: chart.kind, box: Box.union(of: [box] + own) ?? box)
    }

    private static func rounded(_ value: Double) -> Int {
        Int(exactly: value.rounded()) ?? 0
    }
}

extension Box {
    func grown(by margin: Double) -> Box {
        Box(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
    }
}
