import QdocCore

/// What stands above a number.
enum ColumnHeader {
    enum Answer {
        /// The header of the number's column is the one asked for.
        case match(text: String, place: Place)
        /// The column is another one.
        case mismatch
        /// No header above says anything about it.
        case none
    }

    /// Rows that are looked through upwards: a full page of a table.
    private static let reach = 80

    /// Whether the header of a number's column names the period.
    static func period(_ period: String, above place: EntryPlace, in index: PageIndex) -> Answer {
        let wanted = Period.marks(in: period)
        guard !wanted.isEmpty else { return name(period, above: place, in: index) }
        return search(above: place, in: index, isPeriod: true) { cells, position, row in
            let text = cells[position].text
            let marks = Period.marks(in: text)
            if Period.isOnly(text) || (marks == wanted && row < place.row) { return marks == wanted }
            // A column beside the periods ("Change") has none.
            return cells.contains { Period.isOnly($0.text) && Period.marks(in: $0.text) == wanted } ? false : nil
        }
    }

    /// Whether the header of a number's column is this text.
    static func name(_ name: String, above place: EntryPlace, in index: PageIndex) -> Answer {
        let key = TextKey.of(name)
        return search(above: place, in: index) { cells, position, _ in
            func fits(_ text: String) -> Bool {
                TextKey.of(text) == key || TextKey.withoutParenthesis(text).map { TextKey.of($0) == key } ?? false
            }
            if fits(cells[position].text) { return true }
            return cells.contains { fits($0.text) } ? false : nil
        }
    }

    /// Whether a row is repeated at the top or bottom of pages, or stands off from the page as such lines do: it names the document.
    static func isRunning(_ row: Int, on page: Int, in index: PageIndex) -> Bool {
        let rows = index.layouts[page].rows
        guard rows.count > 2, row == 0 || row == rows.count - 1 else { return false }
        func key(_ rows: [Row], _ layout: PageLayout) -> String? {
            (row == 0 ? rows.first : rows.last).flatMap { line in line.cells.first.map { layout.cell($0, of: line).key } }
        }
        let own = key(rows, index.layouts[page])
        for other in [page - 1, page + 1] where index.layouts.indices.contains(other) {
            if let found = key(index.layouts[other].rows, index.layouts[other]), found == own { return true }
        }
        let next = rows[row == 0 ? 1 : row - 1]
        let gap = max(next.box.y - rows[row].box.maxY, rows[row].box.y - next.box.maxY)
        return gap > 3 * rows[row].size && rows[row].size <= next.size
    }

    private struct Cell {
        var text: String
        var box: Box
    }

    /// Goes up row by row, and asks of each what the cell above the number says; nil goes on.
    private static func search(above place: EntryPlace, in index: PageIndex, isPeriod: Bool = false, _ ask: ([Cell], Int, Int) -> Bool?)
        -> Answer
    {
        let layout = index.layouts[place.page]
        let box = index.entry(place).box
        var lower = layout.rows[place.row]
        var row = place.row - 1
        while row >= 0, place.row - row <= reach {
            let line = layout.rows[row]
            if isRunning(row, on: place.page, in: index) { break }
            // White space of six lines ends a table.
            guard lower.box.y - line.box.maxY < 6 * max(line.size, lower.size) else { break }
            lower = line
            let wholes = line.entries.filter(\.isAlias)
            let pieces = line.entries.filter { piece in
                guard !piece.isAlias, piece.isLabel || piece.number?.isBareYear == true else { return false }
                // "H1 2025" is one period, not a year; "2025 2024" are two headers set close.
                return !isPeriod
                    || !wholes.contains {
                        $0.range.contains(piece.range.lowerBound)
                            && Period.marks(in: $0.text).filter { $0.allSatisfy(\.isNumber) }.count < 2
                    }
            }
            let cells = (pieces + wholes).map { Cell(text: $0.text, box: $0.box) }
            if let nearest = nearest(cells.map(\.box), to: box, reach: 2.5 * line.size), let says = ask(cells, nearest, row) {
                let cell = cells[nearest]
                return says ? .match(text: cell.text, place: index.place(page: place.page, box: cell.box, text: cell.text)) : .mismatch
            }
            row -= 1
        }
        return .none
    }

    /// The box that stands over or under another: overlapping, and nearest by an edge or the middle; or nearest beside.
    static func nearest(_ boxes: [Box], to box: Box, reach: Double) -> Int? {
        func distance(_ other: Box) -> (Double, Double) {
            let gap = max(0, max(other.x - box.maxX, box.x - other.maxX))
            return (gap, min(abs(other.maxX - box.maxX), abs(other.midX - box.midX), abs(other.x - box.x)))
        }
        return boxes.indices.filter { distance(boxes[$0]).0 <= reach }.min { distance(boxes[$0]) < distance(boxes[$1]) }
    }
}

/// Headers over groups of columns.
enum HeaderGroups {
    typealias Cell = (text: String, key: String, box: Box)

    /// The upper cell that a lower one belongs to; nil where it is not clear.
    static func owner(of box: Box, among upper: [Cell], over lower: [Cell]) -> Int? {
        guard let column = lower.firstIndex(where: { $0.box.intersection(box) != nil }) else { return nil }
        // The labels' own column may have a header in either row, in both, or in none.
        for (skippedUpper, skippedLower) in [(0, 0), (0, 1), (1, 1), (1, 0)] {
            let (groups, columns) = (upper.dropFirst(skippedUpper), lower.dropFirst(skippedLower))
            guard groups.count > 0, columns.count > groups.count, columns.count % groups.count == 0, column >= skippedLower else {
                continue
            }
            if areGroups(Array(groups), Array(columns)) {
                return skippedUpper + (column - skippedLower) / (columns.count / groups.count)
            }
        }
        let over = upper.indices.filter { overlap(upper[$0].box, box) > 0 }
        // One over the other, and over no second column.
        guard over.count == 1, lower.filter({ overlap(upper[over[0]].box, $0.box) > 0 }).count == 1 else { return nil }
        return over[0]
    }

    /// Whether the columns fall into equal groups with one header over each: by their repeated names, or by how the headers are set.
    private static func areGroups(_ upper: [Cell], _ lower: [Cell]) -> Bool {
        let size = lower.count / upper.count
        let groups = upper.indices.map { Array(lower[($0 * size)..<(($0 + 1) * size)]) }
        let spans = groups.compactMap { Box.union(of: $0.map(\.box)) }
        guard spans.count == upper.count else { return false }
        for (group, cell) in upper.enumerated() {
            guard spans.indices.allSatisfy({ (overlap(cell.box, spans[$0]) > 0) == ($0 == group) }) else { return false }
        }
        if groups.count > 1, groups.allSatisfy({ $0.map(\.key) == groups[0].map(\.key) }) { return true }
        // Numbers are set right, so that their headers' middle is not quite the columns'.
        let pitch = zip(lower, lower.dropFirst()).map { $1.box.midX - $0.box.midX }.min() ?? 0
        func isSet(_ edge: (Box) -> Double) -> Bool { zip(upper, spans).allSatisfy { abs(edge($0.box) - edge($1)) < 0.35 * pitch } }
        return isSet(\.midX) || groups.count > 1 && (isSet(\.x) || isSet(\.maxX))
    }

    private static func overlap(_ left: Box, _ right: Box) -> Double { min(left.maxX, right.maxX) - max(left.x, right.x) }
}
