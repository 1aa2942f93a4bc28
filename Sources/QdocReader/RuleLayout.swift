import QdocCore

/// The ruling lines of a page, joined and sorted.
struct RuleLayout {
    /// From top to bottom.
    var horizontals: [Ruling]
    /// From left to right.
    var uprights: [Ruling]

    /// Gaps up to 3 points between collinear pieces are closed (the snap distance in use by table readers).
    static let snap = 3.0

    init(_ rulings: [Ruling]) {
        // Bounded: pages of maps and hatches bring tens of thousands of lines and no table.
        let usable = rulings.count > 20_000 ? [] : rulings.filter { $0.box.x.isFinite && $0.box.y.isFinite && $0.box.maxX.isFinite }
        horizontals = Self.joined(
            usable.filter { $0.isHorizontal && $0.box.width >= 4 }.map { ($0.box.midY, $0.box.x, $0.box.maxX, $0.thickness) }
        ).map { Ruling(start: Point(x: $0.from, y: $0.at), end: Point(x: $0.to, y: $0.at), thickness: $0.thickness) }
        uprights = Self.joined(
            usable.filter { !$0.isHorizontal && $0.box.height >= 4 }.map { ($0.box.midX, $0.box.y, $0.box.maxY, $0.thickness) }
        ).map { Ruling(start: Point(x: $0.at, y: $0.from), end: Point(x: $0.at, y: $0.to), thickness: $0.thickness) }
    }

    private static func joined(
        _ lines: [(at: Double, from: Double, to: Double, thickness: Double)]
    ) -> [(at: Double, from: Double, to: Double, thickness: Double)] {
        var levels: [[(at: Double, from: Double, to: Double, thickness: Double)]] = []
        for line in lines.sorted(by: { $0.at < $1.at }) {
            if let last = levels.last?.first, line.at - last.at <= 1 {
                levels[levels.count - 1].append(line)
            } else {
                levels.append([line])
            }
        }
        return levels.flatMap { level in
            var merged: [(at: Double, from: Double, to: Double, thickness: Double)] = []
            for line in level.sorted(by: { $0.from < $1.from }) {
                if let last = merged.last, line.from <= last.to + snap {
                    merged[merged.count - 1].to = max(last.to, line.to)
                    merged[merged.count - 1].thickness = max(last.thickness, line.thickness)
                } else {
                    merged.append(line)
                }
            }
            return merged
        }
    }
}
