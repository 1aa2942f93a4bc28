/// A table in box drawing that fits a width: columns are narrowed, then left out; long ones lose rows. What is left out is counted.
struct TextTable {
    struct Column {
        var title: String
        var isNumeric = false
    }

    /// A column is never made narrower than this: an ellipsis and three characters.
    private static let narrowest = 4

    var columns: [Column]
    /// Cells in column order, safe for a terminal; a short row is filled up.
    var rows: [[String]]
    var maxRows = Int.max

    /// The lines of the table.
    func lines(width: Int, style: TerminalStyle) -> [String] {
        guard !columns.isEmpty else { return [] }
        let shownRows = rows.prefix(maxRows)
        let natural = columns.indices.map { index in
            shownRows.reduce(DisplayText.width(columns[index].title)) { max($0, DisplayText.width(cell(index, of: $1))) }
        }
        let shown = max(1, min(columns.count, (width - 1) / (Self.narrowest + 3)))
        let widths = Self.fit(Array(natural.prefix(shown)), into: width - 1 - 3 * shown)
        var lines: [String] = []
        lines.append(style.dim(rule("┌", "┬", "┐", widths)))
        if columns.contains(where: { !$0.title.isEmpty }) {
            lines.append(row(columns.map(\.title), widths, style, bold: true))
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

    /// Takes columns from the widest until all fit.
    static func fit(_ natural: [Int], into total: Int) -> [Int] {
        var widths = natural
        var excess = widths.reduce(0, +) - total
        while excess > 0, let widest = widths.max(), widest > narrowest {
            let second = max(widths.filter { $0 < widest }.max() ?? narrowest, narrowest)
            let count = widths.filter { $0 == widest }.count
            let step = min(widest - second, (excess + count - 1) / count)
            for index in widths.indices where widths[index] == widest && excess > 0 {
                widths[index] -= step
                excess -= step
            }
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
