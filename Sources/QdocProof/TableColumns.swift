import QdocCore

/// Where the columns of a claimed table stand on a page: found by their printed headers, in the claim's order.
struct TableColumns {
    /// A header's words on the page.
    struct Header {
        var box: Box
        var text: String
        /// Other header words above or below that belong to it.
        var parts: [Box] = []
    }

    /// By the claim's column.
    private(set) var headers: [Int: Header] = [:]
    /// Boxes of all header cells of the row, the claimed ones first.
    private var boxes: [Box] = []
    private var owners: [Int] = []

    private struct Candidate {
        var column: Int
        var header: Header
        /// 2 for the whole header, 1 where its other part stands in another row.
        var weight: Int
    }

    /// What may be looked for: the key of a run of words, and what must then stand above or below.
    private struct Wanted {
        var column: Int
        var remainder: String?
    }

    private let wanted: [String: [Wanted]]

    /// - Parameter columns: As claimed; nil or empty ones are not looked for.
    init(_ columns: [String?]) {
        var wanted: [String: [Wanted]] = [:]
        for (column, text) in columns.enumerated() {
            guard let text, !text.isEmpty else { continue }
            for variant in [text, TextKey.withoutParenthesis(text)].compactMap(\.self) {
                let words = variant.split(whereSeparator: \.isWhitespace).map { TextKey.of($0) }.filter { !$0.isEmpty }
                guard !words.isEmpty, words.count <= 16 else { continue }
                wanted[words.joined(), default: []].append(Wanted(column: column))
                for cut in words.indices.dropFirst() {
                    let (first, last) = (words[..<cut].joined(), words[cut...].joined())
                    wanted[last, default: []].append(Wanted(column: column, remainder: first))
                    wanted[first, default: []].append(Wanted(column: column, remainder: last))
                }
            }
        }
        self.wanted = wanted
    }

    private init(_ other: TableColumns) {
        wanted = other.wanted
    }

    var isEmpty: Bool { wanted.isEmpty }
    /// How many columns were found.
    var count: Int { headers.count }

    /// The columns whose headers end in a row of the page.
    func located(at row: Int, of layout: PageLayout) -> TableColumns {
        var result = TableColumns(self)
        var candidates: [Candidate] = []
        // A header that is one line where its neighbours have two may stand in either.
        for line in [row, row - 1, row - 2] where line >= 0 {
            guard line == row || layout.rows[row].box.y - layout.rows[line].box.maxY < 1.5 * layout.rows[row].size else { break }
            candidates += self.candidates(in: line, lowest: row, of: layout)
        }
        for candidate in Self.chain(candidates) where result.headers[candidate.column] == nil {
            result.headers[candidate.column] = candidate.header
        }
        for (column, header) in result.headers {
            result.boxes.append(header.box)
            result.owners.append(column)
        }
        // Columns that are not claimed take their numbers too.
        for cell in layout.rows[row].cells {
            let box = layout.cell(cell, of: layout.rows[row]).box
            if !result.headers.values.contains(where: { $0.box.intersection(box) != nil }) {
                result.boxes.append(box)
                result.owners.append(-1)
            }
        }
        return result
    }

    /// All header cells with the claimed column of each, or -1.
    var cells: [(column: Int, box: Box)] { zip(owners, boxes).map { ($0, $1) } }

    /// Whether no column was found.
    var isBare: Bool { headers.isEmpty }

    /// Whether a label may stand in a column: under its header, or outside all others where it has none.
    func admits(label box: Box, in column: Int) -> Bool {
        if headers[column] != nil {
            guard let nearest = ColumnHeader.nearest(boxes, to: box, reach: .infinity) else { return false }
            return owners[nearest] == column
        }
        return headers.allSatisfy { other, header in other > column ? box.midX < header.box.x : box.midX > header.box.midX }
    }

    /// The claimed column that a box stands under, or nil.
    func column(of box: Box, reach: Double) -> Int? {
        guard let nearest = ColumnHeader.nearest(boxes, to: box, reach: reach), owners[nearest] >= 0 else { return nil }
        return owners[nearest]
    }

    private func candidates(in line: Int, lowest: Int, of layout: PageLayout) -> [Candidate] {
        let row = layout.rows[line]
        var found: [Candidate] = []
        for start in row.tokens.indices where isEdge(start, row, layout) {
            var key = ""
            for end in start..<min(start + 12, row.tokens.count) {
                key += layout.tokens[row.tokens[end]].key
                guard let entries = wanted[key], isEdge(end + 1, row, layout) else { continue }
                let words = (start...end).map { layout.tokens[row.tokens[$0]] }
                guard let box = Box.union(of: words.map(\.box)) else { continue }
                let text = words.map(\.text).joined(separator: " ")
                for entry in entries {
                    if let remainder = entry.remainder {
                        guard line == lowest, let part = part(remainder, near: box, above: line, of: layout) else { continue }
                        found.append(
                            Candidate(
                                column: entry.column, header: Header(box: box, text: part.text + " " + text, parts: [part.box]), weight: 1))
                    } else {
                        found.append(Candidate(column: entry.column, header: Header(box: box, text: text), weight: 2))
                    }
                }
            }
        }
        return found
    }

    /// Whether a gap wider than a word space stands before this word; both ends of a row are edges.
    private func isEdge(_ position: Int, _ row: Row, _ layout: PageLayout) -> Bool {
        guard position > 0, position < row.tokens.count else { return true }
        let gap = layout.tokens[row.tokens[position]].box.x - layout.tokens[row.tokens[position - 1]].box.maxX
        return gap > 0.5 * row.size
    }

    /// The rest of a header in the rows above: over it, or the nearest on either side, as over several columns.
    private func part(_ key: String, near box: Box, above line: Int, of layout: PageLayout) -> (text: String, box: Box)? {
        for upper in stride(from: line - 1, through: max(0, line - 3), by: -1) {
            let row = layout.rows[upper]
            guard layout.rows[line].box.y - row.box.maxY < 4 * row.size else { return nil }
            let cells = row.cells.map { layout.cell($0, of: row) }
            let left = cells.last { $0.box.midX <= box.midX }
            let right = cells.first { $0.box.midX > box.midX }
            for cell in [left, right].compactMap(\.self) where cell.key == key { return (cell.text, cell.box) }
        }
        return nil
    }

    /// The heaviest run of candidates whose columns and places both go from left to right.
    private static func chain(_ candidates: [Candidate]) -> [Candidate] {
        // Bounded: quadratic, and no table has hundreds of columns.
        let sorted = Array(candidates.sorted { ($0.column, $0.header.box.x) < ($1.column, $1.header.box.x) }.prefix(400))
        var weights: [Int] = []
        var previous: [Int?] = []
        for (index, candidate) in sorted.enumerated() {
            var best = (weight: 0, index: Int?.none)
            for earlier in 0..<index
            where sorted[earlier].column < candidate.column && sorted[earlier].header.box.maxX <= candidate.header.box.x + 1 {
                if weights[earlier] > best.weight { best = (weights[earlier], earlier) }
            }
            // One found column outweighs any preference among places.
            weights.append(best.weight + 100 + candidate.weight)
            previous.append(best.index)
        }
        var chain: [Candidate] = []
        var current = weights.indices.max { weights[$0] < weights[$1] }
        while let index = current {
            chain.append(sorted[index])
            current = previous[index]
        }
        return chain.reversed()
    }
}
