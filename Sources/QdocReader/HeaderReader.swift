import QdocCore

/// Tells which columns each header cell stands over.
enum HeaderReader {
    static func rows(_ rows: [TextRow], columns: [Box], partialRules: [Ruling]) -> [RawRow] {
        rows.enumerated().map { index, row in
            // Only upper rows span: the last header row names one column each.
            index == rows.count - 1
                ? RawTable.assign(row, to: columns) : spanning(row, columns: columns, rules: partialRules, below: rows[index + 1])
        }
    }

    /// A rule under the cell says which columns it spans; without rules each column goes to the nearest cell of the row.
    private static func spanning(_ row: TextRow, columns: [Box], rules: [Ruling], below: TextRow) -> RawRow {
        let height = row.height
        let under = rules.filter { $0.start.y > row.box.midY && $0.start.y <= below.box.midY }.map(\.box)
        var cells: [RawCell] = []
        var claimed: Set<Int> = []
        var loose: [Chunk] = []
        for chunk in row.chunks {
            let rule = under.first {
                $0.x <= chunk.box.midX && $0.maxX >= chunk.box.midX && $0.width < 0.95 * (columns.last?.maxX ?? 0) - (columns.first?.x ?? 0)
            }
            let spanned = rule.map { rule in columns.indices.filter { columns[$0].overlapX(rule) > 0.5 * columns[$0].width } } ?? []
            if let first = spanned.first, let last = spanned.last {
                cells.append(RawCell(lines: [chunk], columns: first...last))
                claimed.formUnion(first...last)
            } else {
                loose.append(chunk)
            }
        }
        var owners: [Int: [Int]] = [:]
        for column in columns.indices where !claimed.contains(column) {
            let nearest = loose.indices.min {
                abs(loose[$0].box.midX - columns[column].midX) < abs(loose[$1].box.midX - columns[column].midX)
            }
            guard let nearest else { continue }
            // The label column belongs to a header only where they overlap.
            let isOver = columns[column].overlapX(loose[nearest].box) > 0
            let isLabel = column == 0 && !isOver
            let isFar = loose.count == 1 && !isOver && abs(loose[nearest].box.midX - columns[column].midX) > 20 * height
            if !isLabel, !isFar { owners[nearest, default: []].append(column) }
        }
        for (index, chunk) in loose.enumerated() {
            guard let owned = owners[index], let first = owned.first else { continue }
            // Only neighbours: a span has no holes.
            let last = owned.enumerated().last { $0.element == first + $0.offset }?.element ?? first
            cells.append(RawCell(lines: [chunk], columns: first...last))
        }
        return RawRow(cells: cells.sorted { $0.columns.lowerBound < $1.columns.lowerBound }, box: row.box)
    }
}
