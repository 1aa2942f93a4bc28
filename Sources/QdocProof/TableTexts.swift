import QdocCore

/// The text cells of a claimed table, each held against its row and its column on the page.
struct TableTexts {
    private let index: PageIndex
    private let claim: TableClaim
    private let match: TableProof.Match
    private let layout: PageLayout
    private let bands: TableBands
    /// Horizontal extent of the matched labels.
    private let labels: (low: Double, high: Double)

    init(_ proof: TableProof, _ match: TableProof.Match) {
        index = proof.index
        claim = proof.claim
        self.match = match
        layout = index.layouts[match.page]
        let boxes = match.rows.values.map { proof.index.entry($0).box }
        labels = (boxes.map(\.x).min() ?? 0, boxes.map(\.maxX).max() ?? 0)
        let printed = match.rows.values.map(\.row)
        let first = printed.min() ?? 0
        let last = min((printed.max() ?? 0) + Self.height, layout.rows.count)
        bands = TableBands(match.columns, rows: first..<max(first, last), of: layout)
    }

    /// Lines of one cell: longer ones are prose.
    private static let height = 8

    /// Looks a text cell up where its row and its column cross.
    ///
    /// - Returns: Never nil: `located` or `notFound` where the page does not show it there.
    func find(_ text: String, row: Int, column: Int) -> Finding {
        guard let label = match.rows[row] else { return elsewhere(text, "no row of the page has its label") }
        let own = ownRows(of: label, claimed: row)
        let lower = end(after: own.upperBound)
        let upper = max(0, own.lowerBound - 1)
        // A cell of several lines may begin above its row's label, where labels are centred.
        let begins = (hasLabel(upper) ? own.lowerBound : upper)..<lower
        let places = index.places(of: text, on: [match.page], rows: begins).filter { place in
            place.tokens.allSatisfy { layout.rowOfToken[$0].map(begins.contains) ?? false } && !overlaps(place, label)
        }
        guard !places.isEmpty else { return elsewhere(text, "it stands in another row") }
        let ordered = places.filter { isOn(own, $0) } + places.filter { !isOn(own, $0) }
        guard let place = ordered.first(where: { isIn(column, $0, row: row, label: label) }) else {
            return Finding(
                verdict: .located, places: ordered.prefix(4).map { index.place($0) },
                note: match.columns.headers[column] == nil ? "no column of the page has its header" : "it stands in another column")
        }
        guard ordered.contains(where: { isIn(column, $0, row: row, label: label) && isOfRow($0, own, label, column) }) else {
            return Finding(verdict: .located, places: [index.place(place)], note: "it may belong to another row")
        }
        let settled = ordered.first { isIn(column, $0, row: row, label: label) && isOfRow($0, own, label, column) } ?? place
        return Finding(verdict: .verified, places: [index.place(settled)])
    }

    private func elsewhere(_ text: String, _ note: String) -> Finding {
        var places = index.places(of: text, on: [match.page])
        if places.isEmpty { places = index.places(of: text) }
        return Finding(verdict: places.isEmpty ? .notFound : .located, places: places.prefix(4).map { index.place($0) }, note: note)
    }

    // MARK: Rows

    /// The label's row, and those that its next lines stand in.
    private func ownRows(of label: EntryPlace, claimed row: Int) -> Range<Int> {
        var rows = label.row..<(label.row + 1)
        let entry = index.entry(label)
        guard let text = claim.rows[row].first(where: { $0.string != nil })?.string else { return rows }
        var rest = TextKey.of(text)[...]
        guard rest.hasPrefix(entry.key) else { return rows }
        rest = rest.dropFirst(entry.key.count)
        while !rest.isEmpty, rows.upperBound < layout.rows.count, rows.count < Self.height {
            let next = layout.rows[rows.upperBound]
            guard let piece = next.cells.map({ layout.cell($0, of: next) }).first(where: { isLabel($0.box) }), !piece.key.isEmpty,
                rest.hasPrefix(piece.key)
            else { break }
            rest = rest.dropFirst(piece.key.count)
            rows = rows.lowerBound..<(rows.upperBound + 1)
        }
        return rest.isEmpty ? rows : label.row..<(label.row + 1)
    }

    /// The row before the next printed label, claimed or not.
    private func end(after row: Int) -> Int {
        var end = row
        while end < min(row + Self.height, layout.rows.count), !hasLabel(end) { end += 1 }
        return end
    }

    private func hasLabel(_ row: Int) -> Bool {
        let line = layout.rows[row]
        return line.cells.contains { cell in
            let (_, key, box) = layout.cell(cell, of: line)
            return !key.isEmpty && isLabel(box)
        }
    }

    /// Whether a cell stands in the column of the labels.
    private func isLabel(_ box: Box) -> Bool {
        switch bands.column(of: box) {
        case .column(let column):
            // Which column the labels are in is a matter of the claimed rows; most have one.
            return claim.rows.contains { $0.firstIndex { $0.string != nil } == column }
        case .other, .unknown: return box.x < labels.high && labels.low < box.maxX
        }
    }

    private func isOn(_ rows: Range<Int>, _ place: TextPlace) -> Bool {
        place.tokens.contains { layout.rowOfToken[$0].map(rows.contains) ?? false }
    }

    private func overlaps(_ place: TextPlace, _ label: EntryPlace) -> Bool {
        let line = layout.rows[label.row]
        let own = Set(line.entries[label.entry].range.map { line.tokens[$0] })
        return place.tokens.contains(where: own.contains)
    }

    /// Whether a place is its label's: on the label's lines, or nearer to them than to any other label, with nothing on them there.
    private func isOfRow(_ place: TextPlace, _ own: Range<Int>, _ label: EntryPlace, _ column: Int) -> Bool {
        let box = index.entry(label).box
        func isNearest(_ row: Int) -> Bool {
            let middle = layout.rows[row].box.midY
            let line = own.map { abs(layout.rows[$0].box.midY - middle) }.min() ?? 0
            let others = [(end(after: own.upperBound), 1), (own.lowerBound - 1, -1)].compactMap { start, step in
                var other = start
                while layout.rows.indices.contains(other), abs(other - row) <= Self.height, !hasLabel(other) { other += step }
                return layout.rows.indices.contains(other) && hasLabel(other) ? abs(layout.rows[other].box.midY - middle) : nil
            }
            // Where the lines are even, nothing tells whose it is.
            return others.allSatisfy { line < 0.9 * $0 }
        }
        let rows = Set(place.tokens.compactMap { layout.rowOfToken[$0] })
        if isOn(own, place) { return rows.filter { $0 < own.lowerBound }.allSatisfy(isNearest) }
        let isTaken = own.contains { row in
            layout.rows[row].cells.contains { cell in
                let other = layout.cell(cell, of: layout.rows[row])
                return other.box != box && !other.key.isEmpty && bands.column(of: other.box) == .column(column)
            }
        }
        return !isTaken && match.columns.headers[column] != nil && rows.allSatisfy(isNearest)
    }

    // MARK: Columns

    /// Whether a place stands in a claimed column: under its header, or, without one, in the only place that is left for it.
    private func isIn(_ column: Int, _ place: TextPlace, row: Int, label: EntryPlace) -> Bool {
        guard let box = Box.union(of: place.tokens.map { layout.tokens[$0].box }) else { return false }
        if match.columns.headers[column] != nil { return bands.column(of: box) == .column(column) }
        guard bands.column(of: box) == .unknown || match.columns.isBare, let own = claim.rows[row].firstIndex(where: { $0.string != nil })
        else { return false }
        let labelBox = index.entry(label).box
        if match.columns.isBare, isComplete(row), let printed = printedCells(label), printed.count == claim.rows[row].count {
            // A full row without headers: its cells are told by their order.
            return printed[own].contains(labelBox, tolerance: 0.5) && printed[column].contains(box, tolerance: 0.5)
        }
        func bounds(_ neighbour: Int) -> Box? { neighbour == own ? labelBox : match.columns.headers[neighbour]?.box }
        let count = max(claim.columns.count, claim.rows[row].count)
        if column > 0 {
            guard let left = bounds(column - 1), box.x >= left.midX else { return false }
        }
        if column + 1 < count {
            guard let right = bounds(column + 1), box.maxX <= right.midX else { return false }
        }
        // Two cells in one gap: which is the claimed one?
        let line = layout.rows[label.row]
        return line.cells.count { cell in
            let other = layout.cell(cell, of: line)
            return !other.key.isEmpty && other.box.midX > (column > 0 ? bounds(column - 1)?.midX ?? 0 : 0)
                && other.box.midX < (column + 1 < count ? bounds(column + 1)?.midX ?? 0 : .infinity) && other.box.midX != labelBox.midX
        } <= 1
    }

    private func isComplete(_ row: Int) -> Bool { !claim.rows[row].contains { $0.isNull } }

    /// The cells of the label's row from left to right; nil where one of them is empty of letters.
    private func printedCells(_ label: EntryPlace) -> [Box]? {
        let line = layout.rows[label.row]
        let cells = line.cells.map { layout.cell($0, of: line) }
        return cells.contains { $0.key.isEmpty } ? nil : cells.map(\.box)
    }
}
