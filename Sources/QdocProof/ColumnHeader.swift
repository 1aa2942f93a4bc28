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
        return search(above: place, in: index) { cells, position, row in
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

    private struct Cell {
        var text: String
        var box: Box
    }

    /// Goes up row by row, and asks of each what the cell above the number says; nil goes on.
    private static func search(above place: EntryPlace, in index: PageIndex, _ ask: ([Cell], Int, Int) -> Bool?) -> Answer {
        let layout = index.layouts[place.page]
        let box = index.entry(place).box
        var lower = layout.rows[place.row]
        var row = place.row - 1
        while row >= 0, place.row - row <= reach {
            let line = layout.rows[row]
            // White space of six lines ends a table.
            guard lower.box.y - line.box.maxY < 6 * max(line.size, lower.size) else { break }
            lower = line
            let cells =
                line.entries.filter { !$0.isAlias && ($0.isLabel || $0.number?.isBareYear == true) }.map {
                    Cell(text: $0.text, box: $0.box)
                }
                + line.entries.filter(\.isAlias).map { Cell(text: $0.text, box: $0.box) }
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
