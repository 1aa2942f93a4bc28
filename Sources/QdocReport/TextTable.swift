/// A table in box drawing that fits a width: columns are narrowed, then left out; long ones lose rows. What is left out is counted.
public struct TextTable {
    /// A column; numbers stand at its right.
    public struct Column {
        var title: String
        var isNumeric: Bool

        public init(title: String, isNumeric: Bool = false) {
            self.title = title
            self.isNumeric = isNumeric
        }
    }

    /// A column of words is never made narrower than this: the first syllables tell what stands there.
    private static let narrowest = 8
    /// No number is wider; what is wider has no letters and is none.
    private static let widestNumber = 24
    /// Lines of a header at most.
    private static let headerLines = 3

    var columns: [Column]
    /// Cells in column order, safe for a terminal; a short row is filled up.
    var rows: [[String]]
    var maxRows: Int

    public init(columns: [Column], rows: [[String]], maxRows: Int = .max) {
        self.columns = columns
        self.rows = rows
        self.maxRows = maxRows
    }

    /// The lines of the table.
    public func lines(width: Int, style: TerminalStyle) -> [String] {
        guard !columns.isEmpty else { return [] }
        let shownRows = rows.prefix(maxRows)
        let total = width - 1
        let natural = columns.indices.map { index in
            shownRows.reduce(DisplayText.width(columns[index].title)) { max($0, DisplayText.width(cell(index, of: $1))) }
        }
        let least = columns.indices.map { index in
            shownRows.reduce(min(natural[index], Self.narrowest)) { max($0, leastWidth(cell(index, of: $1), in: columns[index])) }
        }
        var shown = 0
        var used = 0
        while shown < columns.count, shown == 0 || used + least[shown] + 3 <= total {
            used += least[shown] + 3
            shown += 1
        }
        let widths = Self.fit(Array(natural.prefix(shown)), least: Array(least.prefix(shown)), into: total - 3 * shown)
        var lines: [String] = []
        lines.append(style.dim(rule("┌", "┬", "┐", widths)))
        if columns.contains(where: { !$0.title.isEmpty }) {
            lines += header(widths).map { row($0, widths, style, bold: true) }
            lines.append(style.dim(rule("├", "┼", "┤", widths)))
        }
        for cells in shownRows { lines.append(row(cells, widths, style)) }
        lines.append(style.dim(rule("└", "┴", "┘", widths)))
        var left: [String] = []
        if rows.count > shownRows.count { left.append(Plural.count(rows.count - shownRows.count, "more row")) }
        if columns.count > shown { left.append(Plural.count(columns.count - shown, "more column")) }
        if !left.isEmpty { lines.append(style.dim("  … \(left.joined(separator: ", "))")) }
        return lines
    }

    private func cell(_ index: Int, of row: [String]) -> String { index < row.count ? row[index] : "" }

    /// What a cell must be given: a number is shown whole or not at all, since one that is cut reads as another.
    private func leastWidth(_ cell: String, in column: Column) -> Int {
        guard cell.contains(where: \.isNumber) else { return 0 }
        guard cell.contains(where: \.isLetter) else { return min(DisplayText.width(cell), Self.widestNumber) }
        // A number and its unit: the ellipsis stands in place of the unit.
        guard column.isNumeric, let number = cell.split(separator: " ").first else { return 0 }
        return min(DisplayText.width(number) + 1, DisplayText.width(cell), Self.widestNumber)
    }

    /// The titles in as many lines as the longest needs, at most three.
    private func header(_ widths: [Int]) -> [[String]] {
        let titles = widths.enumerated().map { index, width in
            let lines = DisplayText.wrap(columns[index].title, to: width)
            guard lines.count > Self.headerLines else { return lines }
            let rest = lines[(Self.headerLines - 1)...].joined(separator: " ")
            return lines.prefix(Self.headerLines - 1) + [DisplayText.cut(rest, to: width)]
        }
        return (0..<(titles.map(\.count).max() ?? 0)).map { line in titles.map { line < $0.count ? $0[line] : "" } }
    }

    /// Takes columns from the widest until all fit; none gets less than its least.
    private static func fit(_ natural: [Int], least: [Int], into total: Int) -> [Int] {
        var widths = natural.map { min($0, max(1, total)) }
        for _ in 0..<max(0, widths.reduce(0, +) - total) {
            let widest = widths.indices.filter { widths[$0] > min(least[$0], total) }.max { widths[$0] < widths[$1] }
            guard let widest else { break }
            widths[widest] -= 1
        }
        return widths
    }

    private func rule(_ left: String, _ cross: String, _ right: String, _ widths: [Int]) -> String {
        left + widths.map { String(repeating: "─", count: $0 + 2) }.joined(separator: cross) + right
    }

    private func row(_ cells: [String], _ widths: [Int], _ style: TerminalStyle, bold: Bool = false) -> String {
        let bar = style.dim("│")
        let texts = widths.enumerated().map { index, width in
            let text = DisplayText.pad(
                DisplayText.cut(cell(index, of: cells), to: width), to: width, right: columns[index].isNumeric)
            return bold ? style.bold(text) : text
        }
        return "\(bar) \(texts.joined(separator: " \(bar) ")) \(bar)"
    }
}
