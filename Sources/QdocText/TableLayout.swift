import QdocCore

/// Sets records as a table with a line around every cell, the first record again on top of each page.
///
/// A table that is too wide is set on a page on its side, then smaller, then on a wider page; one of very many columns as several tables.
struct TableLayout {
    private let records: [[String]]
    private let columnCount: Int
    private var stage: Stage

    private enum Stage {
        case measuring(ColumnMeasure)
        case setting(TableBlock)
    }

    /// Columns that are set as one table: more are read by nobody, nor by a reader of ruled tables.
    private static let maximumColumns = 60

    init(_ text: DelimitedText) {
        var reader = text
        var records: [[String]] = []
        while let record = reader.next() { records.append(record.map(TableLayout.oneLine)) }
        self.records = records
        columnCount = records.lazy.map(\.count).max() ?? 0
        stage = .measuring(ColumnMeasure(0..<min(TableLayout.maximumColumns, columnCount)))
    }

    /// Blanks for line ends, tabs and whatever else has no shape.
    private static func oneLine(_ cell: String) -> String {
        let isBlank = { (byte: UInt8) in byte < 0x20 || byte == 0x7F }
        return cell.utf8.contains(where: isBlank) ? String(decoding: cell.utf8.map { isBlank($0) ? 0x20 : $0 }, as: UTF8.self) : cell
    }

    /// Measures or sets a few rows more; tells whether the table is at its end.
    mutating func proceed(on pages: LaidPages) throws(Failure) -> Bool {
        switch stage {
        case .measuring(var measure):
            let isDone = measure.proceed(records, on: pages)
            stage = isDone ? .setting(try TableBlock(measure)) : .measuring(measure)
            return false
        case .setting(var block):
            let isDone = try block.proceed(records, on: pages)
            let next = block.columns.upperBound
            if isDone, next < columnCount {
                stage = .measuring(ColumnMeasure(next..<min(next + TableLayout.maximumColumns, columnCount)))
                return false
            }
            stage = .setting(block)
            return isDone
        }
    }
}

/// How wide the columns of a table would like to be.
struct ColumnMeasure {
    let columns: Range<Int>
    /// Of the widest cell and the longest word, in points at `fontSize`.
    private(set) var widths: [Double]
    private(set) var words: [Double]
    private var next = 0

    static let fontSize = 9.0

    init(_ columns: Range<Int>) {
        self.columns = columns
        widths = columns.map { _ in 0 }
        words = widths
    }

    /// Measures a few records more; tells whether it was the last.
    mutating func proceed(_ records: [[String]], on pages: LaidPages) -> Bool {
        let last = min(records.count, next + 64)
        for index in next..<last {
            // The first row is the heading, in bold type, which is no wider in a font of fixed width.
            pages.choose(fontSize: ColumnMeasure.fontSize, isBold: index == 0)
            let record = records[index]
            for column in columns where column < record.count {
                let cell = record[column]
                let slot = column - columns.lowerBound
                widths[slot] = max(widths[slot], ColumnMeasure.width(of: cell, on: pages))
                for word in cell.split(separator: " ") { words[slot] = max(words[slot], ColumnMeasure.width(of: word, on: pages)) }
            }
        }
        next = last
        return next == records.count
    }

    /// The width of one line in the font that is chosen.
    static func width(of text: some StringProtocol, on pages: LaidPages) -> Double {
        let bytes = text.utf8
        if bytes.allSatisfy({ $0 < 0x80 }) { return Double(bytes.count) * pages.advance }
        _ = pages.lay(bytes)
        return pages.width
    }
}

/// Columns that are set as one table.
struct TableBlock {
    let columns: Range<Int>
    private let page: PageSize
    private let fontSize: Double
    /// Left edges of the columns, and the right edge of the last.
    private let edges: [Double]
    /// The next record.
    private var next = 1
    private var y = 0.0
    private var top = 0.0
    private var hasPage = false

    /// Characters of a cell before it wraps.
    private static let wrapColumn = 40.0
    /// The smallest print that is set.
    private static let smallestFontSize = 5.0
    /// 200 inches, as large as readers take a page (ISO 32000-1, annex C).
    private static let longestSide = 14_400.0
    private var padding: Double { fontSize / 3 }

    /// - Throws: `page_too_large`.
    init(_ measure: ColumnMeasure) throws(Failure) {
        columns = measure.columns
        // Six tenths of its size: the width of a character of the font.
        let wrap = TableBlock.wrapColumn * 0.602 * ColumnMeasure.fontSize
        // A little air, so that no rounding wraps a line.
        let widths = zip(measure.widths, measure.words).map { width, word in
            min(width, max(word, wrap)) + 2 * ColumnMeasure.fontSize / 3 + 0.5
        }
        let total = widths.reduce(0, +)
        let (upright, onSide) = (LaidPages.portrait, LaidPages.landscape)
        let scale: Double
        if total <= upright.width - 2 * LaidPages.margin {
            (page, scale) = (upright, 1)
        } else {
            let room = onSide.width - 2 * LaidPages.margin
            scale = min(1, max(room / total, TableBlock.smallestFontSize / ColumnMeasure.fontSize))
            page = PageSize(width: max(onSide.width, total * scale + 2 * LaidPages.margin), height: onSide.height)
        }
        guard page.width <= TableBlock.longestSide else {
            throw Failure(.pageTooLarge, "the table has a row that is too wide for any page")
        }
        fontSize = ColumnMeasure.fontSize * scale
        edges = widths.reduce(into: [LaidPages.margin]) { $0.append(($0.last ?? 0) + $1 * scale) }
    }

    /// Sets a few rows more; tells whether it was the last.
    ///
    /// - Throws: `page_too_large`, `too_many_pages`.
    mutating func proceed(_ records: [[String]], on pages: LaidPages) throws(Failure) -> Bool {
        if !hasPage { try turn(records, height(of: 1, records, on: pages), on: pages) }
        for _ in 0..<16 where next < records.count {
            let height = height(of: next, records, on: pages)
            if y + height > pages.size.height - LaidPages.margin { try turn(records, height, on: pages) }
            set(next, records, height, on: pages)
            next += 1
        }
        guard next >= records.count else { return false }
        closePage(on: pages)
        return true
    }

    /// Begins a page that holds at least a row of this height under the heading.
    private mutating func turn(_ records: [[String]], _ rowHeight: Double, on pages: LaidPages) throws(Failure) {
        closePage(on: pages)
        let heading = height(of: 0, records, on: pages)
        let needed = heading + rowHeight + 2 * LaidPages.margin
        guard needed <= TableBlock.longestSide else {
            throw Failure(.pageTooLarge, "the table has a row that is too high for any page")
        }
        try pages.begin(PageSize(width: page.width, height: max(page.height, needed)))
        hasPage = true
        top = LaidPages.margin
        y = top
        pages.rule(from: Point(x: edges[0], y: top), to: Point(x: edges[edges.count - 1], y: top))
        set(0, records, heading, on: pages)
    }

    private func closePage(on pages: LaidPages) {
        guard hasPage else { return }
        for edge in edges { pages.rule(from: Point(x: edge, y: top), to: Point(x: edge, y: y)) }
    }

    private func cells(_ index: Int, _ records: [[String]]) -> [(text: String, x: Double, width: Double)] {
        guard index < records.count else { return [] }
        return columns.compactMap { column in
            guard column < records[index].count, !records[index][column].isEmpty else { return nil }
            let slot = column - columns.lowerBound
            return (records[index][column], edges[slot] + padding, edges[slot + 1] - edges[slot] - 2 * padding)
        }
    }

    private func height(of index: Int, _ records: [[String]], on pages: LaidPages) -> Double {
        pages.choose(fontSize: fontSize, isBold: index == 0)
        let lines = cells(index, records).map { lay($0.text, $0.width, on: pages, isDrawn: false) }.max() ?? 1
        return Double(lines) * pages.pitch + 2 * padding
    }

    private mutating func set(_ index: Int, _ records: [[String]], _ height: Double, on pages: LaidPages) {
        pages.choose(fontSize: fontSize, isBold: index == 0)
        for cell in cells(index, records) {
            let count = lay(cell.text, cell.width, on: pages, isDrawn: true)
            pages.draw(0..<count, x: cell.x, y: y + padding)
        }
        y += height
        pages.rule(from: Point(x: edges[0], y: y), to: Point(x: edges[edges.count - 1], y: y))
    }

    /// The lines of a cell; laid out where it is to be drawn, or may have more than one.
    private func lay(_ text: String, _ width: Double, on pages: LaidPages, isDrawn: Bool) -> Int {
        if ColumnMeasure.width(of: text, on: pages) > width { return pages.lay(text.utf8, width: width) }
        return isDrawn ? pages.lay(text.utf8) : 1
    }
}
