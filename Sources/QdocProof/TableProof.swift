import QdocCore

/// A claimed table laid over the page that prints it: claimed rows on printed rows by their labels, columns by their headers.
struct TableProof {
    let index: PageIndex
    let claim: TableClaim

    /// A claimed table on a page.
    struct Match {
        var page: Int
        var columns: TableColumns
        /// Printed row and label, by claimed row.
        var rows: [Int: EntryPlace]
        var score: Int
    }

    /// Rows with labels beyond this are not laid out: the choice among them is quadratic.
    private static let rowLimit = 2_000

    /// - Parameter allowed: Pages that the citation names.
    func match(allowed: Set<Int>?) -> Match? {
        let columns = TableColumns(claim.columns)
        let labels = claim.rows.prefix(Self.rowLimit).map { $0.first { $0.string != nil }?.string }
        var hits: [Int: [(claimed: Int, place: EntryPlace)]] = [:]
        for (claimed, label) in labels.enumerated() {
            guard let label else { continue }
            let keys = Set([TextKey.of(label), TextKey.withoutParenthesis(label).map { TextKey.of($0) } ?? ""]).subtracting([""])
            // The label as a whole rules; without its parenthesis only where the whole is nowhere.
            let whole = index.labels[TextKey.of(label)] ?? []
            let places = whole.isEmpty ? keys.flatMap { index.labels[$0] ?? [] } : whole
            for place in places.prefix(2_000) where allowed?.contains(place.page) != false {
                hits[place.page, default: []].append((claimed, place))
            }
        }
        // The ten pages with most labels: others cannot win.
        let pages = hits.keys.sorted { (distinct(hits[$0]), $1) > (distinct(hits[$1]), $0) }.prefix(10)
        return pages.compactMap { best(on: $0, columns, hits[$0] ?? []) }.max { ($0.score, $1.page) < ($1.score, $0.page) }
    }

    /// The column of a claimed row's label: its first text.
    func labelColumn(_ row: Int) -> Int? { claim.rows[row].firstIndex { $0.string != nil } }

    private func distinct(_ hits: [(claimed: Int, place: EntryPlace)]?) -> Int { Set((hits ?? []).map(\.claimed)).count }

    private func best(on page: Int, _ columns: TableColumns, _ hits: [(claimed: Int, place: EntryPlace)]) -> Match? {
        let layout = index.layouts[page]
        let titleRows = claim.title.map { title in
            Set(
                index.places(of: title, on: [page]).flatMap { place in
                    layout.rows.indices.filter { row in layout.rows[row].tokens.contains(place.tokens[0]) }
                })
        }
        let lastHit = hits.map(\.place.row).max() ?? 0
        var best: Match?
        var isHeaded = false
        for header in 0...max(0, lastHit) where header < layout.rows.count && !columns.isEmpty {
            let located = columns.located(at: header, of: layout)
            guard located.count > 0 else { continue }
            let below = hits.filter { hit in
                hit.place.row > header
                    && labelColumn(hit.claimed).map { located.admits(label: index.entry(hit.place).box, in: $0) } ?? false
            }
            isHeaded = isHeaded || 2 * located.count > columns.named
            let rows = Self.chain(below, after: header)
            guard !rows.isEmpty else { continue }
            // The nearest header rules its rows, and the title above it tells tables of one shape apart.
            let reach = (rows.values.map(\.row).max() ?? header) - header
            let hasTitle = titleRows?.contains { $0 <= header && header - $0 <= 6 } ?? false
            let score = 1000 * (located.count * 2 + rows.count) + (hasTitle ? 900 : 0) - min(reach, 500)
            if score > best?.score ?? 0 { best = Match(page: page, columns: located, rows: rows, score: score) }
        }
        // Labels that stand outside their column are none.
        if best == nil, !isHeaded {
            let rows = Self.chain(inOneColumn(hits), after: -1)
            if !rows.isEmpty { best = Match(page: page, columns: columns, rows: rows, score: rows.count) }
        }
        return best
    }

    /// The labels of one column: without headers, standing over one another is all that holds them together.
    private func inOneColumn(_ hits: [(claimed: Int, place: EntryPlace)]) -> [(claimed: Int, place: EntryPlace)] {
        func share(_ left: Box, _ right: Box) -> Bool { left.x < right.maxX && right.x < left.maxX }
        let boxes = hits.map { index.entry($0.place).box }
        var best: (count: Int, box: Box)?
        // From the left, so that of equals the first column rules; a few places of each column are enough to name it.
        for box in Set(boxes.map { Box(x: $0.x.rounded(), y: 0, width: $0.width.rounded(), height: 1) }).sorted(by: { $0.x < $1.x }).prefix(
            200)
        {
            let count = Set(hits.indices.filter { share(boxes[$0], box) }.map { hits[$0].claimed }).count
            if count > best?.count ?? 0 { best = (count, box) }
        }
        guard let column = best?.box else { return hits }
        return hits.indices.filter { share(boxes[$0], column) }.map { hits[$0] }
    }

    /// The longest choice of printed rows that goes down the page as the claim does; of equals the one that ends first.
    private static func chain(_ hits: [(claimed: Int, place: EntryPlace)], after header: Int) -> [Int: EntryPlace] {
        let sorted = Array(
            hits.sorted { ($0.claimed, $0.place.row, $0.place.entry) < ($1.claimed, $1.place.row, $1.place.entry) }.prefix(2_000))
        var lengths: [Int] = []
        var spans: [Int] = []
        var previous: [Int?] = []
        for (index, hit) in sorted.enumerated() {
            var best = (length: 0, span: hit.place.row - header, index: Int?.none)
            for earlier in stride(from: index - 1, through: max(0, index - 200), by: -1)
            where sorted[earlier].claimed < hit.claimed && sorted[earlier].place.row < hit.place.row {
                let span = spans[earlier] + hit.place.row - sorted[earlier].place.row
                if (lengths[earlier], -span) > (best.length, -best.span) { best = (lengths[earlier], span, earlier) }
            }
            lengths.append(best.length + 1)
            spans.append(best.span)
            previous.append(best.index)
        }
        var current = lengths.indices.max { (lengths[$0], -spans[$0]) < (lengths[$1], -spans[$1]) }
        var rows: [Int: EntryPlace] = [:]
        while let index = current {
            rows[sorted[index].claimed] = sorted[index].place
            current = previous[index]
        }
        return rows
    }

    // MARK: Cells

    /// Looks a numeric cell up where its row and its column cross.
    func number(_ lexical: String, row: Int, column: Int, in match: Match) -> Finding? {
        guard let key = DecimalKey.of(lexical) else { return nil }
        guard let label = match.rows[row] else { return elsewhere(key, match, "no row of the page has its label") }
        guard match.columns.headers[column] != nil else { return elsewhere(key, match, "no column of the page has its header") }
        let line = index.layouts[match.page].rows[label.row]
        let inColumn = line.entries.indices.filter {
            line.entries[$0].number != nil && line.entries[$0].range.lowerBound >= line.entries[label.entry].range.upperBound
                && match.columns.column(of: line.entries[$0].box, reach: 4 * line.size) == column
        }
        guard inColumn.count == 1, let number = line.entries[inColumn[0]].number else {
            if inColumn.isEmpty, let dash = dash(in: line, column: column, match: match) { return blank(dash, key, match) }
            return elsewhere(key, match, inColumn.isEmpty ? "its cell holds no number" : "several numbers stand in its cell")
        }
        let place = EntryPlace(page: match.page, row: label.row, entry: inColumn[0])
        guard DecimalKey.of(number.lexical) == key else { return otherwise(lexical, number, key, place, label, match) }
        var finding = Finding(verdict: .verified, places: [index.place(place)])
        finding.label = index.place(label)
        return finding
    }

    /// What a cell says that holds another number: the value rounded, or another value.
    private func otherwise(
        _ lexical: String, _ number: PrintedNumber, _ key: String, _ place: EntryPlace, _ label: EntryPlace, _ match: Match
    ) -> Finding {
        if let claimed = PrintedDecimal(lexical), let printed = PrintedDecimal(number.lexical), claimed.isRounding(of: printed) {
            return Finding(verdict: .derived, places: [index.place(place)], derivation: Derivation(formula: "\(number.lexical) rounded"))
        }
        let note = "its cell reads \(index.entry(place).text)"
        // Where another row of that name has the value, nothing tells which of them is meant.
        let isInTwin = (index.labels[index.entry(label).key] ?? []).contains { twin in
            twin.page == match.page && twin.row != label.row
                && index.layouts[twin.page].rows[twin.row].entries.contains { $0.number.flatMap { DecimalKey.of($0.lexical) } == key }
        }
        guard !isInTwin else { return elsewhere(key, match, note) }
        return Finding(verdict: .contradicted, places: [index.place(place)], note: note, found: number.json)
    }

    /// The dash of a cell without a number.
    private func dash(in line: Row, column: Int, match: Match) -> Entry? {
        line.entries.first { entry in
            guard case .blank = entry.kind else { return false }
            return match.columns.column(of: entry.box, reach: 4 * line.size) == column
        }
    }

    private func blank(_ dash: Entry, _ key: String, _ match: Match) -> Finding {
        let place = index.place(page: match.page, box: dash.box, text: dash.text)
        guard key == "0" else {
            return Finding(verdict: .contradicted, places: [place], note: "its cell has a dash", found: .string(dash.text))
        }
        return Finding(verdict: .derived, places: [place], derivation: Derivation(formula: "a dash is nil"))
    }

    private func elsewhere(_ key: String, _ match: Match, _ note: String) -> Finding {
        let places = (index.numbers[key] ?? []).filter { $0.page == match.page }
        return Finding(verdict: places.isEmpty ? .notFound : .located, places: places.prefix(4).map { index.place($0) }, note: note)
    }
}
