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
        dropEmptyColumns()
        guard columns >= 2, !body.isEmpty, !isForm, !isContents else { return nil }
    }

    /// Takes away columns without any text of their own: the space between double lines, the halves of joined cells.
    private mutating func dropEmptyColumns() {
        let last = header.last
        let kept = (0..<columns).filter { column in
            body.contains { row in row.cells.contains { $0.columns.lowerBound == column && !$0.text.isEmpty } }
                || last?.cells.contains { $0.columns == column...column && !$0.text.isEmpty } == true
        }
        guard kept.count < columns else { return }
        func moved(_ rows: [RawRow]) -> [RawRow] {
            rows.map { row in
                var copy = row
                copy.cells = row.cells.compactMap { cell in
                    guard let first = kept.firstIndex(where: { cell.columns.contains($0) }),
                        let last = kept.lastIndex(where: { cell.columns.contains($0) })
                    else { return nil }
                    return RawCell(lines: cell.lines, columns: first...last)
                }
                return copy
            }
        }
        header = moved(header)
        body = moved(body)
        columns = kept.count
    }

    /// Boxes to be filled in rather than a table: most cells empty, or a page of text in one header cell.
    private var isForm: Bool {
        let filled = body.reduce(0) { $0 + $1.cells.count }
        // Sparse tables fill a third of their cells; the forms at hand fill a fifth.
        return filled * 10 < 3 * body.count * columns
            || header.contains { $0.cells.contains { $0.lines.reduce(0) { $0 + $1.words.count } > 60 } }
    }

    /// A list of contents: no header, page numbers that only grow in the last column, or dotted leaders.
    private var isContents: Bool {
        let leaders = body.count { row in row.cells.contains { $0.text.contains("....") || $0.text.contains(". . . .") } }
        if leaders * 3 > body.count { return true }
        guard header.isEmpty, body.count >= 4 else { return false }
        let pages = body.compactMap { row in row.cells.last.flatMap { $0.columns.upperBound == columns - 1 ? Int($0.text) : nil } }
        let isNumbered = pages.count * 10 >= 6 * body.count && zip(pages, pages.dropFirst()).allSatisfy { $0 <= $1 }
        return isNumbered && pages.count >= 3 && pages.allSatisfy { (0...9999).contains($0) }
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
        // Without walls, numbers in a column or a header over a rule tell a table from text that happens to align.
        guard !isProse, hasNumbers || (region.kind == .ruled && headerCount > 0) else { return nil }
    }

    /// Whether a column besides the first holds numbers in six of ten cells.
    private var hasNumbers: Bool {
        (1..<max(2, columns)).contains { column in
            let cells = body.compactMap { row in row.cells.first { $0.columns.lowerBound == column } }
            return cells.count * 2 >= body.count && cells.count { $0.isNumber } * 10 >= 6 * cells.count && !cells.isEmpty
        }
    }

    /// Rows over the first interior rule, else the rows before the first that holds data.
    private static func headerCount(_ rows: [TextRow], wideRules: [Double]) -> Int {
        let firstData = rows.firstIndex { row in
            row.chunks.dropFirst().contains { PrintedNumber.isDash($0.text) || PrintedNumber($0.text).map { !$0.isBareYear } == true }
        }
        let top = rows.first?.box.midY ?? 0
        if let rule = wideRules.first(where: { $0 > top }) {
            let over = rows.count { $0.box.midY < rule }
            // Where rules part all rows, the first says nothing about a header.
            let parted = zip(rows, rows.dropFirst()).count { upper, lower in
                wideRules.contains { $0 > upper.box.midY && $0 < lower.box.midY }
            }
            let isHeader = firstData != nil || parted * 2 < rows.count || rows.prefix(over).allSatisfy { $0.chunks.allSatisfy(\.isBold) }
            if over >= 1, over <= min(4, rows.count - 1), over <= firstData ?? over, isHeader { return over }
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
