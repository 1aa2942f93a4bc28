import QdocCore

/// A sentence of running text with the numbers in it.
struct Sentence {
    struct Spoken {
        /// Into `tokens`.
        var words: Range<Int>
        var number: PrintedNumber
    }

    /// Into the page's tokens, in reading order.
    var tokens: [Int]
    var numbers: [Spoken]

    /// Longer runs without a full stop are lists or tables, not sentences.
    private static let lengthLimit = 120

    static func all(of layout: PageLayout, decimalMark: DecimalMark?) -> [Sentence] {
        var sentences: [Sentence] = []
        var current: [Int] = []
        func close() {
            defer { current = [] }
            // A label, a verb and a number are three words at least.
            guard current.count >= 3, current.count <= lengthLimit, current.contains(where: { TextKey.hasDigit(layout.tokens[$0].text) })
            else { return }
            let numbers = NumberSearch.scan(current.map { layout.tokens[$0].text }, decimalMark: decimalMark)
            if !numbers.isEmpty {
                sentences.append(Sentence(tokens: current, numbers: numbers.map { Spoken(words: $0.words, number: $0.number) }))
            }
        }
        // Where the line, or the piece of it behind a wide gap, begins.
        var start = 0.0
        for index in layout.tokens.indices {
            let word = layout.tokens[index]
            if index > 0 {
                let isNewLine = !isBeside(layout.tokens[index - 1], word)
                // A line that begins left of a cell is the next row, not the cell's second line.
                let isNextRow = isNewLine && word.box.x < start - 2 * word.size
                let isBroken = breaks(layout.tokens[index - 1], word)
                if isBroken || isNextRow { close() }
                if isBroken || isNewLine { start = word.box.x }
            } else {
                start = word.box.x
            }
            current.append(index)
            let next = index + 1 < layout.tokens.count ? layout.tokens[index + 1] : nil
            if ends(layout.tokens[index].text, before: next?.text) { close() }
        }
        close()
        return sentences
    }

    /// Whether the text cannot run on from one word to the next: a wide gap, another size, a distant line.
    private static func breaks(_ word: Token, _ next: Token) -> Bool {
        let size = max(word.size, next.size)
        if max(word.size, next.size) > 1.25 * min(word.size, next.size), next.key.count > 2 { return true }
        if isBeside(word, next) {
            return next.box.x - word.box.maxX > 1.5 * size || next.box.x < word.box.x - size
        }
        let step = next.box.midY - word.box.midY
        return step < 0 || step > 2 * size
    }

    /// Whether two words stand on one line.
    static func isBeside(_ word: Token, _ next: Token) -> Bool {
        abs(word.box.midY - next.box.midY) < 0.5 * max(word.size, next.size)
    }

    private static func ends(_ text: String, before next: String?) -> Bool {
        var bare = text[...]
        while let last = bare.last, "\"”’)»".contains(last) { bare.removeLast() }
        guard let last = bare.last, ".!?。！？".contains(last) else { return false }
        guard last == "." else { return true }
        // "Mr.", "e.g." and "14." before a small letter run on.
        guard let first = next?.first(where: { $0.isLetter || $0.isNumber }) else { return true }
        return !first.isLowercase
    }
}
