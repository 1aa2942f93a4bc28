import QdocCore

/// A label and a value in one sentence.
struct SpokenClaim {
    let index: PageIndex
    let page: Int
    let sentence: Sentence
    /// Keys.
    let labels: Set<String>

    struct Found {
        var finding: Finding
        var number: PrintedNumber
        /// Whether the label itself counts: "6,418 employees".
        var isCount: Bool
    }

    /// Words that begin another statement: what stands behind them belongs to another label.
    private static let breakers: Set<String> = [
        "and", "while", "whereas", "but", "as", "because", "although", "compared", "against", "versus", "und", "et",
    ]
    /// Words that make the label a part of a longer one.
    private static let continuations: Set<String> = [
        "of", "per", "from", "before", "after", "excluding", "including", "by", "for", "on", "at", "plus", "less", "margin", "ratio",
        "growth",
    ]
    /// Words that may stand before a label without changing it.
    private static let openers: Set<String> = [
        "the", "our", "a", "an", "and", "while", "whereas", "but", "consolidated", "with", "as", "total", "die", "der",
        "das", "la", "le",
    ]

    private func token(_ position: Int) -> Token { index.layouts[page].tokens[sentence.tokens[position]] }

    func find(_ matches: (PrintedNumber) -> Bool, period: String?) -> Found? {
        var located: Found?
        // "6,418 employees" was read as a number with its unit.
        for (order, spoken) in sentence.numbers.enumerated() where matches(spoken.number) {
            guard spoken.words.count > 1, let unit = spoken.number.unit, labels.contains(TextKey.of(unit)),
                token(spoken.words.upperBound - 1).key == TextKey.of(unit), areBeside(spoken.words.lowerBound, spoken.words.upperBound - 1)
            else { continue }
            let words = spoken.words.map { sentence.tokens[$0] }
            var finding = Finding(verdict: .verified, places: [index.place(TextPlace(page: page, tokens: Array(words.dropLast())))])
            finding.label = index.place(TextPlace(page: page, tokens: Array(words.suffix(1))))
            settle(&finding, period: period, spoken: spoken, order: order)
            return Found(finding: finding, number: spoken.number, isCount: true)
        }
        for label in labelRuns() {
            for (order, spoken) in sentence.numbers.enumerated() where matches(spoken.number) && !spoken.number.isBareYear {
                let place = index.place(TextPlace(page: page, tokens: spoken.words.map { sentence.tokens[$0] }))
                var finding = Finding(verdict: .located, places: [place], note: "the sentence does not say it of this label alone")
                let isCount = counts(spoken, label)
                if isCount || follows(label, spoken, order) {
                    finding.note = nil
                    finding.verdict = .verified
                    finding.label = index.place(TextPlace(page: page, tokens: label.map { sentence.tokens[$0] }))
                    settle(&finding, period: period, spoken: spoken, order: order)
                }
                let found = Found(finding: finding, number: spoken.number, isCount: isCount)
                if finding.verdict == .verified { return found }
                located = located ?? found
            }
        }
        return located
    }

    private func areBeside(_ first: Int, _ second: Int) -> Bool { Sentence.isBeside(token(first), token(second)) }

    /// Whether the number counts the label: "6,418 employees". Over a line's end it may be the last number of the row above, and what has
    /// a unit of its own or a number behind it is a list: "Nordics 38.4 % Germany 24.1 %".
    private func counts(_ spoken: Sentence.Spoken, _ label: Range<Int>) -> Bool {
        spoken.words.upperBound == label.lowerBound && !endsClause(spoken.words.upperBound - 1) && spoken.number.unit == nil
            && areBeside(label.lowerBound - 1, label.lowerBound)
            && !sentence.numbers.contains { $0.words.lowerBound == label.upperBound && !$0.number.isBareYear }
    }

    /// Whether a line holds the label and nothing else of the sentence: a row's label or a heading.
    private func isAlone(_ label: Range<Int>) -> Bool {
        (label.lowerBound == 0 || !areBeside(label.lowerBound - 1, label.lowerBound))
            && (label.upperBound == sentence.tokens.count || !areBeside(label.upperBound - 1, label.upperBound))
    }

    /// Where a label stands in the sentence as itself, not as a part of a longer name.
    private func labelRuns() -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for start in sentence.tokens.indices {
            guard start == 0 || Self.openers.contains(token(start - 1).key) || endsClause(start - 1) || isNumberEnd(start) else { continue }
            var key = ""
            // Twelve words: longer labels are sentences.
            for end in start..<min(start + 12, sentence.tokens.count) {
                key += token(end).key
                guard labels.contains(key) else { continue }
                let next = end + 1 < sentence.tokens.count ? token(end + 1).key : ""
                if !Self.continuations.contains(next) || endsClause(end) { runs.append(start..<(end + 1)) }
            }
        }
        return runs
    }

    private func isNumberEnd(_ position: Int) -> Bool { sentence.numbers.contains { $0.words.upperBound == position } }

    private func endsClause(_ position: Int) -> Bool { token(position).text.last.map { ",;:–—()".contains($0) } ?? false }

    /// Whether the number is the next one after the label, in the same statement.
    private func follows(_ label: Range<Int>, _ spoken: Sentence.Spoken, _ order: Int) -> Bool {
        guard spoken.words.lowerBound >= label.upperBound else { return false }
        let between = label.upperBound..<spoken.words.lowerBound
        guard !isAlone(label) else { return false }
        // A number behind its label without a verb is a row, with columns and captions.
        guard !between.isEmpty else { return false }
        // A number between them is the label's own, unless it is a year or a day.
        let hasOther = sentence.numbers[..<order].contains {
            $0.words.lowerBound >= label.upperBound && !$0.number.isBareYear && !isDay($0)
        }
        guard !hasOther, between.count <= 16 else { return false }
        guard !between.contains(where: { Self.breakers.contains(token($0).key) || token($0).text.last == ";" }) else { return false }
        return !between.contains { endsClause($0) } && !endsClause(label.upperBound - 1)
    }

    private func isDay(_ spoken: Sentence.Spoken) -> Bool {
        let next = spoken.words.upperBound < sentence.tokens.count ? token(spoken.words.upperBound).text : ""
        return spoken.words.count == 1 && Period.marks(in: token(spoken.words.lowerBound).text + " " + next).contains { $0.hasPrefix("m") }
    }

    /// The period must be the one nearest to the number: behind it before the next number, else before it.
    private func settle(_ finding: inout Finding, period: String?, spoken: Sentence.Spoken, order: Int) {
        guard let period else { return }
        let wanted = Period.marks(in: period)
        let quantities = sentence.numbers.filter { !$0.number.isBareYear && !isDay($0) }
        let next = quantities.first { $0.words.lowerBound >= spoken.words.upperBound }?.words.lowerBound ?? sentence.tokens.count
        let previous = quantities.last { $0.words.upperBound <= spoken.words.lowerBound }?.words.upperBound ?? 0
        let behind = spoken.words.upperBound..<next
        let before = previous..<spoken.words.lowerBound
        for range in [behind, before] {
            let marks = Period.marks(in: range.map { token($0).text }.joined(separator: " "))
            guard !marks.isEmpty else { continue }
            if marks == wanted {
                let named = range.filter { !Period.marks(in: token($0).text).isEmpty }
                finding.period = index.place(TextPlace(page: page, tokens: named.map { sentence.tokens[$0] }))
            } else {
                finding.verdict = .located
                finding.note = "the sentence names another period"
            }
            return
        }
        finding.verdict = .located
        finding.note = "the sentence names no period"
    }
}
