import QdocCore

/// Text in a table before it is typed: the lines of one cell and the columns it covers.
struct RawCell {
    var lines: [Chunk]
    var columns: ClosedRange<Int>

    var text: String { lines.map(\.text).filter { !$0.isEmpty }.joined(separator: " ") }
    var box: Box? { Box.union(of: lines.lazy.map(\.box)) }
    var isNumber: Bool { lines.count == 1 && (PrintedNumber(text) != nil || PrintedNumber.isDash(text)) }
}

/// One row of a table before its header is told from its body.
struct RawRow {
    var cells: [RawCell]
    var box: Box

    /// Whether a cell besides the first holds a number that is no year: such a row belongs to the body.
    var holdsData: Bool {
        cells.contains { cell in
            guard cell.columns.lowerBound > 0 else { return false }
            return PrintedNumber.isDash(cell.text) || PrintedNumber(cell.text).map { !$0.isBareYear } == true
        }
    }
}

/// Rows and columns of a region.
struct RawTable {
    var header: [RawRow]
    var body: [RawRow]
    var columns: Int
}

extension RawTable {
    /// Rebuilds rows and columns; nil where the region turns out to be no table.
    init?(_ region: TableRegion) {
        if region.kind == .grid, let table = RawTable(grid: region) {
            self = table
        } else if let table = RawTable(aligned: region) {
            self = table
        } else {
            return nil
        }
    }

    // MARK: Rows and columns by alignment

    private init?(aligned region: TableRegion) {
        let rows = RowBuilder.rows(of: region.words, uprights: region.uprights)
        guard rows.count >= 2, let height = median(rows.map(\.height)), height > 0 else { return nil }
        let wideRules = region.horizontals.filter { $0.box.width >= 0.6 * region.box.width }.map(\.start.y)
        let headerCount = Self.headerCount(rows, wideRules: wideRules)
        let bodyRows = Array(rows.dropFirst(headerCount))
        var columns = ColumnFinder.columns(of: bodyRows.count >= 2 ? bodyRows : rows)
        guard columns.count >= 1 else { return nil }
        if headerCount > 0 {
            // A header over a column that is empty in the body.
            for chunk in rows[headerCount - 1].chunks where !columns.contains(where: { $0.overlapX(chunk.box) > 0 }) {
                let isBeside = columns.contains { abs($0.maxX - chunk.box.maxX) < 1.2 * height || abs($0.x - chunk.box.x) < 1.2 * height }
                if !isBeside { columns.append(chunk.box) }
            }
            columns.sort { $0.x < $1.x }
        }
        guard columns.count >= 2 else { return nil }
        var body = bodyRows.map { Self.assign($0, to: columns) }
        body = Self.joinWraps(body, wideRules: wideRules)
        header = HeaderReader.rows(Array(rows.prefix(headerCount)), columns: columns, partialRules: region.horizontals)
        self.body = body
        self.columns = columns.count
        guard !isProse else { return nil }
    }

    /// Rows over the first interior rule, else the rows before the first that holds data.
    private static func headerCount(_ rows: [TextRow], wideRules: [Double]) -> Int {
        let firstData = rows.firstIndex { row in
            row.chunks.dropFirst().contains { PrintedNumber.isDash($0.text) || PrintedNumber($0.text).map { !$0.isBareYear } == true }
        }
        let top = rows.first?.box.midY ?? 0
        if let rule = wideRules.first(where: { $0 > top }) {
            let over = rows.count { $0.box.midY < rule }
            if over >= 1, over <= min(4, rows.count - 1), over <= firstData ?? over { return over }
        }
        guard let firstData else {
            let isBold = rows.first?.chunks.allSatisfy(\.isBold) == true && rows.dropFirst().first?.chunks.allSatisfy(\.isBold) == false
            return isBold ? 1 : 0
        }
        guard let split = rows.prefix(firstData).lastIndex(where: { $0.chunks.count >= 2 }) else { return 0 }
        // A single text after the header is the first section of the body. No header is higher than six rows.
        return split + 1 <= 6 ? split + 1 : 0
    }

    static func assign(_ row: TextRow, to columns: [Box]) -> RawRow {
        var cells: [RawCell] = []
        for chunk in row.chunks {
            let hits = columns.indices.filter { columns[$0].overlapX(chunk.box) > 0.1 * chunk.box.height }
            let best = hits.max { columns[$0].overlapX(chunk.box) < columns[$1].overlapX(chunk.box) }
            let nearest = columns.indices.min { abs(columns[$0].midX - chunk.box.midX) < abs(columns[$1].midX - chunk.box.midX) }
            // Text over several columns begins in the first of them.
            guard let column = hits.count > 1 ? hits.first : best ?? nearest else { continue }
            if let last = cells.indices.last, cells[last].columns.lowerBound == column {
                cells[last].lines.append(chunk)
            } else {
                cells.append(RawCell(lines: [chunk], columns: column...column))
            }
        }
        return RawRow(cells: cells, box: row.box)
    }

    /// Joins the lines of wrapped cells: a row without numbers, set tighter than the rows are, with no rule between.
    private static func joinWraps(_ rows: [RawRow], wideRules: [Double]) -> [RawRow] {
        guard rows.count >= 2 else { return rows }
        let words = rows.flatMap(\.cells)
        let isWordy = words.count { $0.isNumber } * 4 < words.count
        let bands = wideRules.filter { $0 > rows[0].box.midY && $0 < rows[rows.count - 1].box.midY }
        if isWordy, bands.count >= 2, rows.count <= 8 * (bands.count + 1) { return joinBands(rows, bands: bands) }
        let pitches = zip(rows, rows.dropFirst()).map { $1.box.midY - $0.box.midY }
        guard let pitch = median(pitches) else { return rows }
        var joined: [RawRow] = [rows[0]]
        for (row, step) in zip(rows.dropFirst(), pitches) {
            let above = joined[joined.count - 1]
            let isRuled = wideRules.contains { $0 > above.box.midY && $0 < row.box.midY }
            let isTight = step <= 0.8 * pitch && !isRuled
            if isTight, !row.holdsData, row.cells.allSatisfy({ cell in above.cells.contains { $0.columns == cell.columns } }) {
                joined[joined.count - 1] = merge(above, row)
            } else if isTight, !above.holdsData, above.cells.count == 1, row.cells.first?.columns == above.cells.first?.columns {
                joined[joined.count - 1] = merge(above, row)
            } else {
                joined.append(row)
            }
        }
        return joined
    }

    private static func joinBands(_ rows: [RawRow], bands: [Double]) -> [RawRow] {
        var joined: [RawRow] = []
        var band = -1
        for row in rows {
            let own = bands.count { $0 < row.box.midY }
            if own == band, let last = joined.popLast() { joined.append(merge(last, row)) } else { joined.append(row) }
            band = own
        }
        return joined
    }

    private static func merge(_ upper: RawRow, _ lower: RawRow) -> RawRow {
        var merged = upper
        for cell in lower.cells {
            if let index = merged.cells.firstIndex(where: { $0.columns == cell.columns }) {
                merged.cells[index].lines += cell.lines
            } else {
                merged.cells.append(cell)
            }
        }
        merged.cells.sort { $0.columns.lowerBound < $1.columns.lowerBound }
        merged.box = upper.box.union(lower.box)
        return merged
    }

    /// Columns of running text between rules: long cells, hardly a number.
    private var isProse: Bool {
        let cells = body.flatMap(\.cells)
        let long = cells.count { $0.lines.contains { $0.words.count > 7 } }
        return cells.isEmpty || (Double(long) > 0.5 * Double(cells.count) && cells.count { $0.isNumber } * 5 < cells.count)
    }
}
