import QdocCore

/// A word of a page as the proof sees it.
struct Token {
    var text: String
    var key: String
    var box: Box
    /// Points; the box's height where the font's size is unknown.
    var size: Double
}

/// A piece of a row: words that are one label, or one printed number.
struct Entry {
    enum Kind {
        case label
        case number(PrintedNumber)
        /// A dash that stands for nothing.
        case blank
    }

    var kind: Kind
    /// Into the row's tokens.
    var range: Range<Int>
    var box: Box
    var text: String
    var key: String
    /// Whether it repeats entries of the same cell: a label with a number inside, as a whole.
    var isAlias = false

    var number: PrintedNumber? {
        guard case .number(let number) = kind else { return nil }
        return number
    }

    var isLabel: Bool {
        guard case .label = kind else { return false }
        return true
    }
}

/// Words on one base line, in cells divided by wide gaps, from left to right.
struct Row {
    /// From left to right; into the page's tokens.
    var tokens: [Int]
    /// Into `tokens`.
    var cells: [Range<Int>]
    var entries: [Entry]
    var box: Box
    /// Height of the line's largest font.
    var size: Double
}

/// The rows, cells, labels and numbers of one page.
struct PageLayout {
    let tokens: [Token]
    private(set) var rows: [Row] = []
    /// By token: its row, or nil where it is in none (sideways text, footnote marks).
    private(set) var rowOfToken: [Int?]
    /// The middle size of its words; 0 without words.
    let bodySize: Double

    /// A gap this many font sizes wide divides cells: word spaces are 0.2 to 0.4 (0.25 in Times and Arial), stretched ones under 0.6.
    static let cellGap = 0.7

    init(_ content: PageContent, decimalMark: DecimalMark?) {
        tokens = content.words.map {
            Token(text: $0.text, key: TextKey.of($0.text), box: $0.box, size: $0.fontSize > 0 ? $0.fontSize : max(1, $0.box.height))
        }
        let sizes = tokens.map(\.size).sorted()
        bodySize = sizes.isEmpty ? 0 : sizes[sizes.count / 2]
        rowOfToken = Array(repeating: nil, count: tokens.count)
        let upright = content.words.indices.filter { content.words[$0].direction == .right || content.words[$0].direction == .left }
        for line in Self.lines(upright, tokens) {
            let row = row(of: line, decimalMark: decimalMark)
            for token in row.tokens { rowOfToken[token] = rows.count }
            rows.append(row)
        }
    }

    /// Groups words whose middles lie within half a line of each other.
    private static func lines(_ words: [Int], _ tokens: [Token]) -> [[Int]] {
        let sorted = words.sorted { (tokens[$0].box.midY, tokens[$0].box.x) < (tokens[$1].box.midY, tokens[$1].box.x) }
        var lines: [[Int]] = []
        var middle = 0.0
        var height = 0.0
        for word in sorted {
            let box = tokens[word].box
            if let last = lines.indices.last, abs(box.midY - middle) < 0.5 * max(height, min(box.height, 1.5 * height)) {
                lines[last].append(word)
                // The tallest word rules: superscripts and small print lean on it.
                if box.height > height {
                    height = box.height
                    middle = box.midY
                }
            } else {
                lines.append([word])
                middle = box.midY
                height = box.height
            }
        }
        let settled = lines.map { parted($0, tokens) }
        guard settled.contains(where: { $0.count > 1 }) else { return lines }
        return settled.joined().sorted { centre(of: $0, tokens) < centre(of: $1, tokens) }
    }

    /// Divides a line in which small type stands on two heights beside one tall word, as a form's number beside its caption does.
    private static func parted(_ line: [Int], _ tokens: [Token]) -> [[Int]] {
        let height = line.map { tokens[$0].box.height }.max() ?? 0
        // Marks of one or two letters lean on the word before; 1.6 tells body text from its headings.
        let small = line.filter { 1.6 * tokens[$0].box.height < height && tokens[$0].key.count > 2 }
        let middles = small.map { tokens[$0].box.midY }
        guard let low = middles.min(), let high = middles.max(), let least = small.map({ tokens[$0].box.height }).min(),
            high - low > 0.5 * least
        else { return [line] }
        let rest = Set(small)
        return [line.filter { !rest.contains($0) }] + lines(small, tokens)
    }

    private static func centre(of line: [Int], _ tokens: [Token]) -> Double {
        let middles = line.map { tokens[$0].box.midY }.sorted()
        return middles.isEmpty ? 0 : middles[middles.count / 2]
    }

    private func row(of words: [Int], decimalMark: DecimalMark?) -> Row {
        let size = words.map { tokens[$0].size }.max() ?? 1
        // A small raised digit is a footnote mark, neither a part of a label nor a number.
        let kept = words.filter {
            !(tokens[$0].size < 0.8 * size && tokens[$0].key.count <= 2 && tokens[$0].key.unicodeScalars.allSatisfy(TextKey.isDigit))
        }
        let order = (kept.isEmpty ? words : kept).sorted { tokens[$0].box.x < tokens[$1].box.x }
        var cells: [Range<Int>] = []
        var start = 0
        for index in order.indices.dropFirst() {
            let gap = tokens[order[index]].box.x - tokens[order[index - 1]].box.maxX
            if gap > Self.cellGap * size || isLeader(order[index]) || isLeader(order[index - 1]) {
                cells.append(start..<index)
                start = index
            }
        }
        if !order.isEmpty { cells.append(start..<order.count) }
        let entries = cells.flatMap { self.entries(of: $0, order, decimalMark: decimalMark) }
        return Row(
            tokens: order, cells: cells, entries: entries,
            box: Box.union(of: order.map { tokens[$0].box }) ?? Box(x: 0, y: 0, width: 0, height: 0), size: size)
    }

    /// Dots that lead from a label to its number.
    private func isLeader(_ token: Int) -> Bool {
        let text = tokens[token].text
        return text.count >= 2 && text.allSatisfy { $0 == "." || $0 == "…" || $0 == "_" }
    }

    private func entries(of cell: Range<Int>, _ order: [Int], decimalMark: DecimalMark?) -> [Entry] {
        let texts = cell.map { tokens[order[$0]].text }
        if texts.count == 1, isLeader(order[cell.lowerBound]) { return [] }
        let whole = texts.joined(separator: " ")
        if PrintedNumber.isDash(whole) { return [entry(.blank, cell, order)] }
        if texts.count <= 6, texts.contains(where: TextKey.hasDigit), let number = PrintedNumber(whole, decimalMark: decimalMark) {
            return [entry(.number(number), cell, order)]
        }
        let found = NumberSearch.scan(texts, decimalMark: decimalMark)
        guard !found.isEmpty else { return [entry(.label, cell, order)] }
        var alias = entry(.label, cell, order)
        alias.isAlias = true
        var entries = [alias]
        var position = 0
        for (words, number) in found {
            if words.lowerBound > position {
                entries.append(entry(.label, (cell.lowerBound + position)..<(cell.lowerBound + words.lowerBound), order))
            }
            entries.append(entry(.number(number), (cell.lowerBound + words.lowerBound)..<(cell.lowerBound + words.upperBound), order))
            position = words.upperBound
        }
        if position < texts.count { entries.append(entry(.label, (cell.lowerBound + position)..<cell.upperBound, order)) }
        return entries
    }

    private func entry(_ kind: Entry.Kind, _ range: Range<Int>, _ order: [Int]) -> Entry {
        let words = range.map { tokens[order[$0]] }
        let text = words.map(\.text).joined(separator: " ")
        return Entry(
            kind: kind, range: range, box: Box.union(of: words.map(\.box)) ?? Box(x: 0, y: 0, width: 0, height: 0), text: text,
            key: TextKey.of(text))
    }

    /// A cell's text, key and box.
    func cell(_ range: Range<Int>, of row: Row) -> (text: String, key: String, box: Box) {
        let made = entry(.label, range, row.tokens)
        return (made.text, made.key, made.box)
    }
}
