import QdocCore

/// A label and what stands beside or under it, as forms and invoices print them.
struct LabelledText {
    /// How sure the pair is; smaller is surer.
    enum Position: Int, Comparable {
        case afterColon
        case right
        case below

        static func < (left: Position, right: Position) -> Bool { left.rawValue < right.rawValue }
    }

    var label: [String]
    var value: PlacedText
    var position: Position
}

/// Finds labelled texts on a page.
enum FormReader {
    /// Bounded: a page has fewer chunks that could be labels.
    private static let maxPairs = 4000

    static func pairs(of content: PageContent, size: PageSize) -> [LabelledText] {
        let turn = PageTurn(content, size: size)
        return pairs(ofUpright: turn.turned(content)).map { pair in
            LabelledText(label: pair.label, value: turn.back(pair.value), position: pair.position)
        }
    }

    private static func pairs(ofUpright content: PageContent) -> [LabelledText] {
        let words = content.words.filter { $0.box.isUsable && $0.direction == .right && !$0.text.isEmpty }
        guard words.count <= 20_000 else { return [] }
        let rows = RowBuilder.rows(of: words, uprights: RuleLayout(content.rulings).uprights)
        var pairs: [LabelledText] = []
        for (index, row) in rows.enumerated() where pairs.count < maxPairs {
            for (at, chunk) in row.chunks.enumerated() {
                pairs += inside(chunk)
                let label = LabelTokens.of(chunk.text)
                guard !label.isEmpty, chunk.text.count <= 60 else { continue }
                let hasColon = chunk.text.hasSuffix(":")
                if at + 1 < row.chunks.count {
                    let value = row.chunks[at + 1]
                    let isLast = at + 2 == row.chunks.count
                    // With more cells to the right it is not said which one is meant.
                    let isPaired = isLast || row.chunks[at + 2].text.hasSuffix(":") || hasColon
                    if isPaired, !value.text.hasSuffix(":") {
                        pairs.append(
                            LabelledText(
                                label: label, value: PlacedText(text: value.text, box: value.box), position: hasColon ? .afterColon : .right
                            ))
                    }
                }
                guard index + 1 < rows.count, rows[index + 1].box.y - row.box.maxY < 1.2 * max(chunk.box.height, 4) else { continue }
                let under = rows[index + 1].chunks.filter { $0.box.overlapX(chunk.box) > 0 }
                if under.count == 1, let value = under.first, !value.text.hasSuffix(":") {
                    pairs.append(LabelledText(label: label, value: PlacedText(text: value.text, box: value.box), position: .below))
                }
            }
        }
        return pairs
    }

    /// "Label: value" inside one chunk.
    private static func inside(_ chunk: Chunk) -> [LabelledText] {
        guard let at = chunk.words.firstIndex(where: { $0.text.hasSuffix(":") }), at < 6, at + 1 < chunk.words.count else { return [] }
        let value = Chunk(Array(chunk.words[(at + 1)...]))
        return [
            LabelledText(
                label: LabelTokens.of(Chunk(Array(chunk.words[...at])).text), value: PlacedText(text: value.text, box: value.box),
                position: .afterColon)
        ]
    }
}

/// The words that make two labels the same: folded, without articles, common short forms spelt out.
enum LabelTokens {
    static func of(_ text: String) -> [String] {
        var tokens: [String] = []
        for part in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "#" }).prefix(12) {
            let folded = part.lowercased()
            if !["the", "of", "a", "an", "our", "your"].contains(folded) { tokens.append(synonyms[folded] ?? folded) }
        }
        return tokens
    }

    /// Splits a property's name at capitals, underscores and hyphens: `invoiceNumber`, `invoice_number`.
    static func ofName(_ name: String) -> [String] {
        var spaced = ""
        for character in name {
            if character.isUppercase, spaced.last?.isLowercase == true || spaced.last?.isNumber == true { spaced.append(" ") }
            spaced.append(character)
        }
        return of(spaced)
    }

    private static let synonyms: [String: String] = [
        "no": "number", "nr": "number", "num": "number", "#": "number", "nummer": "number", "qty": "quantity", "amt": "amount",
        "tel": "telephone",
        "phone": "telephone", "descr": "description", "organization": "organisation",
    ]
}
