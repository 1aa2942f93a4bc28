import QdocCore

extension RawTable {
    /// Takes the cells from the crossings of the rules; a missing wall joins two cells.
    ///
    /// Nil where less than 93 % of the words stand in cells, or the rules wall too little to tell the cells.
    init?(grid region: TableRegion) {
        let xs = Self.levels(region.uprights.map(\.start.x))
        let ys = Self.levels(region.horizontals.map(\.start.y))
        let columns = xs.count - 1
        let rows = ys.count - 1
        // Bounded: larger grids are drawing paper.
        guard columns >= 2, rows >= 1, columns <= 100, rows <= 1000, rows * columns <= 20_000 else { return nil }
        let uprights = Self.byLevel(region.uprights, xs) { $0.start.x }
        let horizontals = Self.byLevel(region.horizontals, ys) { $0.start.y }
        var cells = CellUnion(rows: rows, columns: columns)
        for row in 0..<rows {
            let middle = (ys[row] + ys[row + 1]) / 2
            for column in 0..<columns {
                let centre = (xs[column] + xs[column + 1]) / 2
                if column + 1 < columns, !uprights[column + 1].contains(where: { $0.box.y <= middle && $0.box.maxY >= middle }) {
                    cells.join(row, column, row, column + 1)
                }
                if row + 1 < rows, !horizontals[row + 1].contains(where: { $0.box.x <= centre && $0.box.maxX >= centre }) {
                    cells.join(row, column, row + 1, column)
                }
            }
        }
        var words: [Int: [Word]] = [:]
        var placed = 0
        for word in region.words {
            guard let column = Self.slot(of: word.box.midX, in: xs), let row = Self.slot(of: word.box.midY, in: ys) else { continue }
            words[cells.root(row, column), default: []].append(word)
            placed += 1
        }
        guard Double(placed) >= 0.93 * Double(region.words.count) else { return nil }
        var built: [RawRow] = []
        for row in 0..<rows {
            let band = Box(from: Point(x: xs[0], y: ys[row]), to: Point(x: xs[columns], y: ys[row + 1]))
            var bandCells: [RawCell] = []
            for column in 0..<columns where cells.isFirst(row, column) {
                guard let own = words[cells.root(row, column)] else { continue }
                let lines = RowBuilder.rows(of: own).map { Chunk($0.words) }
                bandCells.append(RawCell(lines: lines, columns: column...cells.lastColumn(row, column)))
            }
            built += Self.split(RawRow(cells: bandCells, box: band))
        }
        built.removeAll { $0.cells.isEmpty }
        guard built.count >= 2 else { return nil }
        let filled = Set(built.flatMap { $0.cells.map(\.columns.lowerBound) })
        guard filled.count >= 2 else { return nil }
        let firstData = built.firstIndex(where: \.holdsData)
        let isBold = built[0].cells.allSatisfy { $0.lines.allSatisfy(\.isBold) }
        var headerCount = firstData ?? (isBold ? 1 : 0)
        // A single text directly over the data is a section of the body.
        while headerCount > 1, built[headerCount - 1].cells.count == 1 { headerCount -= 1 }
        // Without bold type or years, rows of words over the first number may be data whose numbers are missing: take one.
        if headerCount > 2, !built[1..<headerCount].allSatisfy({ $0.cells.allSatisfy { $0.lines.allSatisfy(\.isBold) } }) {
            headerCount = 1
        }
        if headerCount > 6 || headerCount >= built.count { headerCount = 0 }
        header = Array(built.prefix(headerCount))
        body = Array(built.dropFirst(headerCount))
        self.columns = columns
    }

    /// Splits a band without inner rules into its lines, where a column of it holds a number on each of several lines.
    private static func split(_ row: RawRow) -> [RawRow] {
        let lines = RowBuilder.rows(of: row.cells.flatMap { $0.lines.flatMap(\.words) })
        let isStacked = row.cells.contains { cell in
            cell.lines.count >= 2 && cell.lines.count * 2 > lines.count
                && cell.lines.allSatisfy { PrintedNumber($0.text) != nil || PrintedNumber.isDash($0.text) }
        }
        guard isStacked, lines.count >= 2 else { return [row] }
        return lines.map { line in
            let cells = row.cells.compactMap { cell -> RawCell? in
                let own = cell.lines.filter { $0.box.midY >= line.box.y && $0.box.midY <= line.box.maxY }
                return own.isEmpty ? nil : RawCell(lines: own, columns: cell.columns)
            }
            return RawRow(cells: cells, box: line.box)
        }
    }

    /// Distinct positions, those within the snap distance taken as one.
    private static func levels(_ values: [Double]) -> [Double] {
        values.sorted().reduce(into: [Double]()) { levels, value in
            if let last = levels.last, value - last <= RuleLayout.snap { return }
            levels.append(value)
        }
    }

    /// The rules on each level.
    private static func byLevel(_ rules: [Ruling], _ levels: [Double], _ position: (Ruling) -> Double) -> [[Ruling]] {
        var grouped = levels.map { _ in [Ruling]() }
        for rule in rules {
            if let level = levels.lastIndex(where: { $0 <= position(rule) + 0.001 }) { grouped[level].append(rule) }
        }
        return grouped
    }

    private static func slot(of value: Double, in levels: [Double]) -> Int? {
        guard let upper = levels.firstIndex(where: { $0 > value }), upper > 0 else { return nil }
        return upper - 1
    }
}

/// Cells of a grid, some of them joined.
private struct CellUnion {
    private var parent: [Int]
    private let columns: Int

    init(rows: Int, columns: Int) {
        parent = Array(0..<(rows * columns))
        self.columns = columns
    }

    func root(_ row: Int, _ column: Int) -> Int {
        var index = row * columns + column
        while parent[index] != index { index = parent[index] }
        return index
    }

    /// The smaller index becomes the root, so that it names the first cell.
    mutating func join(_ row: Int, _ column: Int, _ otherRow: Int, _ otherColumn: Int) {
        let (a, b) = (root(row, column), root(otherRow, otherColumn))
        parent[max(a, b)] = min(a, b)
    }

    func isFirst(_ row: Int, _ column: Int) -> Bool { root(row, column) == row * columns + column }

    /// The last column of the joined cell on its first row.
    func lastColumn(_ row: Int, _ column: Int) -> Int {
        let own = root(row, column)
        var last = column
        while last + 1 < columns, root(row, last + 1) == own { last += 1 }
        return last
    }
}
