import QdocCore

/// A sentence with its words.
struct Sentence {
    var words: [Word]
    var text: String { Chunk.join(words) }

    /// The words line by line: a box over a line break would hold words of others.
    static func lines(of words: [Word]) -> [PlacedText] {
        var lines: [[Word]] = []
        for word in words {
            if let last = lines.last?.last, abs(last.box.midY - word.box.midY) < 0.5 * max(last.box.height, word.box.height) {
                lines[lines.count - 1].append(word)
            } else {
                lines.append([word])
            }
        }
        return lines.compactMap { line in
            Box.union(of: line.lazy.map(\.box)).map { PlacedText(text: Chunk.join(line), box: $0) }
        }
    }

    /// Splits the words of a block at full stops, question and exclamation marks before a capital letter.
    static func split(_ words: [Word]) -> [Sentence] {
        var sentences: [Sentence] = []
        var start = 0
        for index in words.indices {
            let isLast = index + 1 == words.count
            let word = words[index].text.trimmingClosers
            let ends = word.last.map { ".!?".contains($0) } == true && !isAbbreviation(word)
            let next = isLast ? nil : words[index + 1].text.first { $0.isLetter || $0.isNumber }
            if isLast || (ends && next?.isLowercase != true) {
                sentences.append(Sentence(words: Array(words[start...index])))
                start = index + 1
            }
        }
        return sentences
    }

    private static func isAbbreviation(_ word: String) -> Bool {
        let bare = word.dropLast()
        return bare.count == 1 && bare.first?.isLetter == true
            || ["No", "Mr", "Ms", "Mrs", "Dr", "Inc", "approx", "Mio", "Mrd", "e.g", "i.e", "St"].contains(String(bare))
    }
}

extension String {
    /// Without closing quotes and parentheses.
    fileprivate var trimmingClosers: String {
        var text = self[...]
        while let last = text.last, "\"'”’)»".contains(last) { text.removeLast() }
        return String(text)
    }
}

extension KeyFigureFinder {
    /// "Revenue rose to EUR 412.6 million in 2025": a noun phrase at the start, a verb, the figure with its unit, perhaps a period.
    func sentences() -> [KeyFigure] {
        blocks.filter { $0.role == .paragraph }.flatMap { Sentence.split($0.words) }.compactMap(figure(in:))
    }

    private func figure(in sentence: Sentence) -> KeyFigure? {
        let words = sentence.words
        let texts = words.map(\.text)
        guard let verb = texts.firstIndex(where: { Self.verbs.contains($0.lowercased()) }), (1...9).contains(verb) else { return nil }
        var at = verb + 1
        // An adverb may stand between: "rose slightly to".
        if at < texts.count, texts[at].hasSuffix("ly") { at += 1 }
        if at < texts.count, ["to", "at", "of", "from"].contains(texts[at].lowercased()) {
            if texts[at].lowercased() == "from" { return nil }
            at += 1
        } else if !Self.plainVerbs.contains(texts[verb].lowercased()) {
            return nil
        }
        guard at < texts.count else { return nil }
        let tail = Array(texts[at...].prefix(8))
        guard let found = PrintedNumber.scan(tail, decimalMark: decimalMark).first, found.words.lowerBound == 0, !found.number.isBareYear
        else { return nil }
        // Without unit or scale it is not said what is counted.
        guard found.number.unit != nil || found.number.scale != nil else { return nil }
        var first = 0
        if ["the", "our", "its", "a", "an"].contains(texts[0].lowercased()) { first = 1 }
        guard first < verb, Self.isLabel(Array(texts[first..<verb])) else { return nil }
        let labelWords = words[first..<verb]
        let numberWords = words[(at + found.words.lowerBound)..<(at + found.words.upperBound)]
        guard let labelBox = Box.union(of: labelWords.lazy.map(\.box)), let box = Box.union(of: numberWords.lazy.map(\.box)) else {
            return nil
        }
        let label = Chunk.join(Array(labelWords))
        var figure = KeyFigure(
            label: label, labelPlace: PlacedText(text: label, box: labelBox), value: found.number,
            place: PlacedText(text: Chunk.join(Array(numberWords)), box: box), unit: found.number.unit, scale: found.number.scaleText,
            period: period(after: at + found.words.upperBound, in: words), score: 3)
        figure.labelLines = Sentence.lines(of: Array(labelWords))
        figure.valueLines = Sentence.lines(of: Array(numberWords))
        return figure
    }

    /// A year right after the figure, or after "in", "at the end of", "for the year"; no further than seven words on.
    private func period(after start: Int, in words: [Word]) -> PlacedText? {
        for index in words.indices.dropFirst(start).prefix(7) {
            let text = words[index].text.filter { $0.isNumber || $0.isLetter }
            if let year = Int(text), text.count == 4, (1900...2099).contains(year) { return PlacedText(text: text, box: words[index].box) }
            guard Self.bridges.contains(words[index].text.lowercased()) || Int(text) != nil else { return nil }
        }
        return nil
    }

    /// A short noun phrase: no pronoun, no clause, no number.
    private static func isLabel(_ words: [String]) -> Bool {
        guard let first = words.first, first.first?.isUppercase == true || words.count >= 1, words.count <= 8 else { return false }
        let folded = words.map { $0.lowercased() }
        guard !folded.contains(where: { pronouns.contains($0) || $0.hasSuffix(",") || $0.hasSuffix(";") || $0.hasSuffix(":") }) else {
            return false
        }
        return !words.contains { $0.contains { $0.isNumber } } && words.contains { $0.contains { $0.isLetter } }
    }

    private static let verbs: Set<String> = plainVerbs.union([
        "rose", "increased", "grew", "fell", "decreased", "declined", "dropped", "climbed", "improved", "amounted", "stood", "advanced",
        "rises", "stands", "amounts",
    ])
    /// Verbs that a figure follows without preposition.
    private static let plainVerbs: Set<String> = ["was", "were", "reached", "totalled", "totaled", "is", "are", "exceeded"]
    private static let bridges: Set<String> = [
        "in", "at", "the", "end", "of", "for", "year", "financial", "fiscal", "full", "during", "as", "on", "by", "december", "june",
        "march", "september",
        "business", "quarter", "first", "second", "third", "fourth", "half",
    ]
    private static let pronouns: Set<String> = [
        "we", "it", "they", "this", "that", "these", "those", "which", "who", "he", "she", "i", "you", "and", "but", "if", "when", "while",
        "there", "what", "one",
    ]
}
