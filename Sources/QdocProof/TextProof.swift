import QdocCore

/// Looks for a text word by word.
struct TextProof {
    let index: PageIndex

    /// Looks for a text that needs no label.
    func find(_ text: String, allowed: Set<Int>?) -> Finding {
        var places = index.places(of: text, on: allowed)
        if places.isEmpty, allowed != nil { places = index.places(of: text) }
        guard let first = places.first else { return Finding(verdict: .notFound) }
        // One or two letters stand everywhere.
        let isTelling = TextKey.of(text).count >= 3 || TextKey.isUnspaced(text) || places.count == 1
        return Finding(verdict: isTelling ? .verified : .located, places: [index.place(first)])
    }

    /// Looks for a text beside its printed label, or, for what names the document as a whole, in its headings.
    func find(_ text: String, labels: [String], allowed: Set<Int>?) -> Finding {
        var places = index.places(of: text, on: allowed)
        if places.isEmpty { places = index.places(of: text) }
        guard !places.isEmpty else { return Finding(verdict: .notFound) }
        let keys = Set(labels.map { TextKey.of($0) })
        if let labelled = places.first(where: { hasLabel($0, keys) }) {
            return Finding(verdict: .verified, places: [index.place(labelled)])
        }
        if !keys.isDisjoint(with: Self.headingNames), let heading = places.first(where: isHeading) {
            return Finding(verdict: .verified, places: [index.place(heading)])
        }
        return Finding(verdict: .located, places: places.prefix(4).map { index.place($0) }, note: "its label is not printed beside it")
    }

    /// Members that name the document as a whole; covers print what they hold without a label.
    private static let headingNames: Set<String> = [
        "organisation", "organization", "company", "period", "year", "date", "author", "publisher", "issuer",
    ]

    /// Whether the label stands before the text in its row, or above it.
    private func hasLabel(_ place: TextPlace, _ keys: Set<String>) -> Bool {
        let layout = index.layouts[place.page]
        guard let first = place.tokens.first, let row = layout.rowOfToken[first] else { return false }
        let line = layout.rows[row]
        guard let position = line.tokens.firstIndex(of: first) else { return false }
        var key = ""
        for before in stride(from: position - 1, through: max(0, position - 6), by: -1) {
            key = layout.tokens[line.tokens[before]].key + key
            if keys.contains(key) { return true }
        }
        guard row > 0 else { return false }
        let above = layout.rows[row - 1]
        let box = layout.tokens[first].box
        guard box.y - above.box.maxY < 1.2 * line.size else { return false }
        return above.entries.contains { keys.contains($0.key) && abs($0.box.x - box.x) < 1.5 * line.size }
    }

    /// Finds what names the document: only words in the type of a heading are its title.
    func findTitle(_ text: String, allowed: Set<Int>?) -> Finding {
        let places = [index.places(of: text, on: allowed), allowed == nil ? [] : index.places(of: text)].joined()
        guard let first = places.first else { return Finding(verdict: .notFound) }
        if let heading = places.first(where: isHeading) { return Finding(verdict: .verified, places: [index.place(heading)]) }
        return Finding(verdict: .located, places: [index.place(first)], note: "it is not set as a heading")
    }

    /// Whether the words are set larger than the text of the pages: on the document's first page any, elsewhere a line of its own.
    ///
    /// Cells beside numbers are a table's, whatever their size.
    private func isHeading(_ place: TextPlace) -> Bool {
        let layout = index.layouts[place.page]
        let body = min(layout.bodySize, index.bodySize)
        // Headings are set a sixth larger at least (12 on 10 points); less is another face of the body.
        guard body > 0, let smallest = place.tokens.map({ layout.tokens[$0].size }).min(), smallest >= 1.15 * body else { return false }
        let isCover = index.pages[place.page].reference.pageNumber == 1
        let own = Set(place.tokens)
        for row in Set(place.tokens.map { layout.rowOfToken[$0] }) {
            guard let row else { return false }
            let line = layout.rows[row]
            for cell in line.cells {
                let isOwn = cell.contains { own.contains(line.tokens[$0]) }
                if isOwn, !isCover, !cell.allSatisfy({ own.contains(line.tokens[$0]) || layout.tokens[line.tokens[$0]].key.isEmpty }) {
                    return false
                }
                if !isOwn, line.entries.contains(where: { $0.number != nil && cell.overlaps($0.range) }) { return false }
            }
        }
        return true
    }
}
