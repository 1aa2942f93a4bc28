import QdocCore

/// Where an entry stands.
struct EntryPlace: Hashable {
    var page: Int
    var row: Int
    var entry: Int
}

/// A run of words in reading order.
struct TextPlace: Hashable {
    var page: Int
    /// Into the page's tokens.
    var tokens: [Int]
}

/// All pages of one proof, indexed by what is looked up: labels, numbers, words.
struct PageIndex {
    let pages: [ProofPage]
    let layouts: [PageLayout]
    /// What separates decimals in the document.
    let decimalMark: DecimalMark?
    let sentences: [[Sentence]]
    /// By the key of the label, also without its parenthesis or footnote digit, also joined over two lines.
    private(set) var labels: [String: [EntryPlace]] = [:]
    /// By `DecimalKey`.
    private(set) var numbers: [String: [EntryPlace]] = [:]
    /// Sentences that hold a number, by `DecimalKey`: page and place in `sentences`.
    private(set) var spoken: [String: [(page: Int, sentence: Int)]] = [:]
    private var words: [String: [(page: Int, token: Int)]] = [:]

    init(_ pages: [ProofPage]) {
        let pages = pages.map { page in
            var page = page
            page.content.words.removeAll(where: Self.isUnseen)
            return page
        }
        self.pages = pages
        let mark = PrintedNumber.vote(
            pages.lazy.flatMap { $0.content.words.lazy.map(\.text) }.filter { $0.utf8.contains { (0x30...0x39).contains($0) } })
        decimalMark = mark
        layouts = pages.map { PageLayout($0.content, decimalMark: mark) }
        sentences = layouts.map { Sentence.all(of: $0, decimalMark: mark) }
        for page in layouts.indices { index(page) }
    }

    /// Whether nobody can read the word on the page: below one point print is a hairline, and what it says proves nothing.
    private static func isUnseen(_ word: Word) -> Bool {
        word.source == .textLayer && ((word.fontSize > 0 && word.fontSize < 1) || min(word.box.width, word.box.height) <= 0)
    }

    var hasWords: Bool { layouts.contains { !$0.tokens.isEmpty } }

    /// The middle size of all words; a cover has hardly any of it.
    var bodySize: Double {
        let sizes = layouts.filter { !$0.tokens.isEmpty }.map { (size: $0.bodySize, count: $0.tokens.count) }.sorted { $0.size < $1.size }
        var left = sizes.reduce(0) { $0 + $1.count } / 2
        for (size, count) in sizes {
            if left < count { return size }
            left -= count
        }
        return 0
    }

    private mutating func index(_ page: Int) {
        let layout = layouts[page]
        for (row, line) in layout.rows.enumerated() {
            for (entry, piece) in line.entries.enumerated() {
                let place = EntryPlace(page: page, row: row, entry: entry)
                if let number = piece.number {
                    for key in Self.keys(of: number) { numbers[key, default: []].append(place) }
                }
                guard piece.isLabel else { continue }
                for key in labelKeys(layout, row, piece) { labels[key, default: []].append(place) }
            }
        }
        for (place, sentence) in sentences[page].enumerated() {
            for found in sentence.numbers {
                for key in Self.keys(of: found.number) { spoken[key, default: []].append((page, place)) }
            }
        }
        for (token, word) in layout.tokens.enumerated() {
            // Signs have no key: "%" is found as itself.
            words[word.key.isEmpty ? word.text : word.key, default: []].append((page, token))
            if word.text.hasSuffix("-") || word.text.hasSuffix("\u{AD}") || word.text.hasSuffix("‐"), token + 1 < layout.tokens.count {
                words[word.key + layout.tokens[token + 1].key, default: []].append((page, token))
            }
        }
    }

    /// The value as printed and, where a scale stands beside the digits, the value with the scale applied.
    ///
    /// The other reading of `1,234` is left out: the document's own numbers have decided between them, and 1.234 would be a value
    /// a thousand times too small.
    static func keys(of number: PrintedNumber) -> Set<String> {
        var keys: Set<String> = []
        if let key = DecimalKey.of(number.lexical) { keys.insert(key) }
        if let scale = number.scale, let key = DecimalKey.of(number.lexical, shift: scale.rawValue) { keys.insert(key) }
        return keys
    }

    private func labelKeys(_ layout: PageLayout, _ row: Int, _ piece: Entry) -> Set<String> {
        var keys: Set<String> = []
        func add(_ text: String) {
            let key = TextKey.of(text)
            if !key.isEmpty { keys.insert(key) }
            if let bare = TextKey.withoutParenthesis(text) { keys.insert(TextKey.of(bare)) }
            // "services1": a footnote's digit glued on.
            let unmarked = key.trimmingDigits
            if unmarked.count >= 3, unmarked.count + 2 >= key.count { keys.insert(unmarked) }
        }
        add(piece.text)
        // A label on two lines: the other line holds no number.
        let neighbours = [row - 1, row + 1].filter { layout.rows.indices.contains($0) }
        for neighbour in neighbours {
            let other = layout.rows[neighbour]
            guard !other.entries.contains(where: { $0.number != nil }),
                let first = other.entries.first(where: { abs($0.box.x - piece.box.x) < 2 * other.size }),
                abs(other.box.midY - piece.box.midY) < 1.8 * max(other.size, piece.box.height)
            else { continue }
            add(neighbour < row ? first.text + " " + piece.text : piece.text + " " + first.text)
        }
        return keys
    }

    // MARK: Text

    /// More places than this settle nothing.
    private static let placeLimit = 32

    /// Finds a text word by word, from the beginning of a word to the end of one, over line ends and through the lines of one cell.
    ///
    /// - Parameter rows: The rows that it must begin in, where one page is allowed.
    func places(of text: String, on allowed: Set<Int>? = nil, rows: Range<Int>? = nil) -> [TextPlace] {
        let key = TextKey.of(text)
        guard !key.isEmpty else {
            return occurrences(of: text, on: allowed).filter { begins($0, in: rows) }.prefix(Self.placeLimit).map {
                TextPlace(page: $0.page, tokens: [$0.token])
            }
        }
        if TextKey.isUnspaced(key) {
            return unspacedPlaces(of: key, on: allowed).filter { begins((page: $0.page, token: $0.tokens[0]), in: rows) }
        }
        var found: [TextPlace] = []
        let first = TextKey.of(text.prefix { !$0.isWhitespace })
        // A first word that the page divides otherwise ("Hold-/ing") is found by its beginnings.
        for (page, token) in occurrences(of: first, on: allowed) where begins((page: page, token: token), in: rows) {
            let layout = layouts[page]
            if let tokens = Self.run(layout.tokens, from: token, key: key) ?? stacked(page, from: token, key: key) {
                let place = TextPlace(page: page, tokens: tokens)
                if !found.contains(place) { found.append(place) }
                if found.count >= Self.placeLimit { break }
            }
        }
        return found
    }

    /// Where a word stands; the list of one page is found by halving, since a table asks for thousands of texts on one page.
    private func occurrences(of word: String, on allowed: Set<Int>?) -> ArraySlice<(page: Int, token: Int)> {
        let all = (words[word] ?? [])[...]
        guard let allowed else { return all }
        guard let page = allowed.first, allowed.count == 1 else { return all.filter { allowed.contains($0.page) }[...] }
        func start(of page: Int) -> Int {
            var (low, high) = (all.startIndex, all.endIndex)
            while low < high {
                let middle = (low + high) / 2
                if all[middle].page < page { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return all[start(of: page)..<start(of: page + 1)]
    }

    private func begins(_ start: (page: Int, token: Int), in rows: Range<Int>?) -> Bool {
        guard let rows else { return true }
        return layouts[start.page].rowOfToken[start.token].map(rows.contains) ?? false
    }

    private static func run(_ tokens: [Token], from start: Int, key: String) -> [Int]? {
        var rest = key[...]
        var taken: [Int] = []
        var index = start
        while index < tokens.count {
            // Signs between digits are lost between words: "cold: 96,000" is compared word by word.
            guard rest.hasPrefix(tokens[index].key) else { return nil }
            rest = rest.dropFirst(tokens[index].key.count)
            taken.append(index)
            if rest.isEmpty { return taken }
            index += 1
        }
        return nil
    }

    /// Follows a text through the lines of one cell, which other columns' words divide in reading order.
    private func stacked(_ page: Int, from start: Int, key: String) -> [Int]? {
        let layout = layouts[page]
        guard var row = layout.rowOfToken[start] else { return nil }
        guard let position = layout.rows[row].tokens.firstIndex(of: start) else { return nil }
        var taken: [Int] = []
        var rest = key[...]
        guard var cell = layout.rows[row].cells.first(where: { $0.contains(position) }) else { return nil }
        var range = position..<cell.upperBound
        // Eight lines: longer cells are prose, which reading order holds together.
        for _ in 0..<8 {
            for index in range {
                let token = layout.rows[row].tokens[index]
                guard rest.hasPrefix(layout.tokens[token].key) else { return nil }
                if index > range.lowerBound, !Self.shareLine(layout.tokens[layout.rows[row].tokens[index - 1]], layout.tokens[token]) {
                    return nil
                }
                rest = rest.dropFirst(layout.tokens[token].key.count)
                taken.append(token)
                if rest.isEmpty { return taken }
            }
            let box = layout.cell(cell, of: layout.rows[row]).box
            guard let next = below(layout, row: row, box: box) else { return nil }
            (row, cell) = next
            range = cell
        }
        return nil
    }

    /// Whether two neighbours of a row are on one base line; a sign or a mark may be raised.
    private static func shareLine(_ left: Token, _ right: Token) -> Bool {
        guard left.key.count > 2, right.key.count > 2 else { return true }
        let least = min(left.box.height, right.box.height)
        return abs(left.box.midY - right.box.midY) <= 0.5 * least || abs(left.box.maxY - right.box.maxY) <= 0.5 * least
    }

    private func below(_ layout: PageLayout, row: Int, box: Box) -> (Int, Range<Int>)? {
        for next in (row + 1)..<max(row + 1, min(row + 4, layout.rows.count)) {
            let line = layout.rows[next]
            guard line.box.y - box.maxY < 1.5 * line.size else { return nil }
            for cell in line.cells {
                let other = layout.cell(cell, of: line).box
                if other.x < box.maxX, other.maxX > box.x, other.y >= box.midY { return (next, cell) }
            }
        }
        return nil
    }

    /// Scripts without spaces: anywhere in the words of the page, joined.
    private func unspacedPlaces(of key: String, on allowed: Set<Int>?) -> [TextPlace] {
        let wanted = Array(key.unicodeScalars)
        guard let first = wanted.first else { return [] }
        var found: [TextPlace] = []
        for page in layouts.indices where allowed?.contains(page) != false {
            var scalars: [Unicode.Scalar] = []
            var owners: [Int] = []
            for (token, word) in layouts[page].tokens.enumerated() {
                for scalar in word.key.unicodeScalars {
                    scalars.append(scalar)
                    owners.append(token)
                }
            }
            guard scalars.count >= wanted.count else { continue }
            for start in 0...(scalars.count - wanted.count) where scalars[start] == first {
                guard scalars[start..<(start + wanted.count)].elementsEqual(wanted) else { continue }
                var tokens: [Int] = []
                for owner in owners[start..<(start + wanted.count)] where tokens.last != owner { tokens.append(owner) }
                found.append(TextPlace(page: page, tokens: tokens))
                if found.count >= Self.placeLimit { return found }
            }
        }
        return found
    }

    /// The sentence with numbers that a word belongs to.
    func sentence(holding token: Int, on page: Int) -> Sentence? {
        sentences[page].first { sentence in
            guard let first = sentence.tokens.first, let last = sentence.tokens.last else { return false }
            return first <= token && token <= last
        }
    }

    // MARK: Places

    func place(_ place: TextPlace) -> Place {
        let words = place.tokens.map { layouts[place.page].tokens[$0] }
        return self.place(page: place.page, box: Box.union(of: words.map(\.box)), text: words.map(\.text).joined(separator: " "))
    }

    func entry(_ place: EntryPlace) -> Entry { layouts[place.page].rows[place.row].entries[place.entry] }

    func place(_ place: EntryPlace) -> Place {
        let entry = entry(place)
        return self.place(page: place.page, box: entry.box, text: entry.text)
    }

    func place(page: Int, box: Box?, text: String) -> Place {
        Place(
            page: pages[page].reference, image: pages[page].imageNumbers.first, box: box ?? Box(x: 0, y: 0, width: 0, height: 0), text: text
        )
    }
}

extension String {
    fileprivate var trimmingDigits: String {
        var text = self[...]
        while let last = text.unicodeScalars.last, TextKey.isDigit(last) { text = text.dropLast() }
        return String(text)
    }
}
