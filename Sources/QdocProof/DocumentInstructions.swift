public import QdocCore

/// A passage of a document that speaks to whoever reads it with a model. It is material like the rest, steers nothing here, and proves nothing: what a
/// model took from it is no statement of the document.
public struct DocumentInstruction: Sendable, Hashable {
    /// The words that gave it away, as printed.
    public var quote: String
    /// Words of the passage, as indices into the page's.
    public var words: Set<Int>

    /// Finds such passages on a page.
    ///
    /// - Complexity: linear in the page's words.
    public static func find(on page: PageContent) -> [DocumentInstruction] {
        let reading = InstructionReading(page.words)
        let found = reading.matches()
        guard !found.isEmpty else { return [] }
        var passages: [DocumentInstruction] = []
        for match in found.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            // Words of a passage that is known say nothing new.
            if let last = passages.last, last.words.contains(match.lowerBound) { continue }
            let quote = match.prefix(maximumQuote).map { page.words[$0].text }.joined(separator: " ")
            passages.append(DocumentInstruction(quote: quote, words: passage(around: match, in: page.words)))
        }
        return passages
    }

    /// Words of a quote at most.
    private static let maximumQuote = 16
    /// Lines of a passage at most, in each direction: what is asked for stands close to what asks.
    private static let maximumLines = 12
    /// White between lines of one passage, in heights of a line.
    private static let lineGap = 0.9

    /// The lines that hold the match, and those that follow or precede them without a gap and in the same column.
    private static func passage(around match: Range<Int>, in words: [Word]) -> Set<Int> {
        var chosen = Set(match)
        guard var box = Box.union(of: match.map { words[$0].box }) else { return chosen }
        let height = max(1, match.map { words[$0].box.height }.max() ?? 1)
        let top = box.y - Double(maximumLines) * height * 2
        let bottom = box.maxY + Double(maximumLines) * height * 2
        // Grown until nothing touches it any more; each turn adds a line or ends.
        let near = words.indices.filter { words[$0].box.y >= top && words[$0].box.maxY <= bottom }
        for _ in 0..<(2 * maximumLines) {
            let added = near.filter { index in
                let word = words[index].box
                guard !chosen.contains(index), word.x <= box.maxX + height, word.maxX >= box.x - height else { return false }
                return word.y <= box.maxY + lineGap * height && word.maxY >= box.y - lineGap * height
            }
            guard !added.isEmpty else { break }
            chosen.formUnion(added)
            box = Box.union(of: [box] + added.map { words[$0].box }) ?? box
        }
        return chosen
    }
}

extension PageContent {
    /// The page without the words of some passages.
    public func without(_ passages: [DocumentInstruction]) -> PageContent {
        guard !passages.isEmpty else { return self }
        let hidden = passages.reduce(into: Set<Int>()) { $0.formUnion($1.words) }
        var rest = self
        rest.words = words.indices.filter { !hidden.contains($0) }.map { words[$0] }
        return rest
    }
}

/// The words of a page as rules are held against them: folded, what is meant to hide them taken back.
private struct InstructionReading {
    /// A folded word, and the printed words that it was made of.
    private struct Piece {
        var key: String
        var words: Range<Int>
    }

    private let words: [Word]
    private let pieces: [Piece]

    /// Letters of a word of which each stands for itself: `i g n o r e`.
    private static let leastSpelled = 4
    /// Digits that are drawn like letters.
    private static let lookalikes: [Character: Character] = [
        "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s",
    ]

    init(_ words: [Word]) {
        self.words = words
        var pieces: [Piece] = []
        var spelled: [Int] = []
        func endSpelling() {
            if spelled.count >= Self.leastSpelled, let first = spelled.first, let last = spelled.last {
                pieces.append(Piece(key: TextKey.of(spelled.map { words[$0].text }.joined()), words: first..<last + 1))
            } else {
                pieces += spelled.map { Piece(key: TextKey.of(words[$0].text), words: $0..<$0 + 1) }
            }
            spelled = []
        }
        for index in words.indices {
            let text = words[index].text
            if text.count == 1, text.first?.isLetter == true {
                spelled.append(index)
                continue
            }
            endSpelling()
            pieces.append(Piece(key: Self.key(text), words: index..<index + 1))
        }
        endSpelling()
        self.pieces = pieces.filter { !$0.key.isEmpty }
    }

    private static func key(_ text: String) -> String {
        // Characters without width part a word for programs alone.
        var visible = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.properties.generalCategory != .format }))
        if visible.contains(where: \.isLetter), visible.contains(where: { lookalikes[$0] != nil }) {
            visible = String(visible.map { lookalikes[$0] ?? $0 })
        }
        return TextKey.of(visible)
    }

    /// Ranges of printed words that a rule holds for.
    func matches() -> [Range<Int>] {
        var found: [Range<Int>] = []
        for start in pieces.indices {
            for rule in InstructionRule.byFirstWord[pieces[start].key] ?? [] {
                guard let end = match(rule, from: start), !isDenied(start, rule) else { continue }
                found.append(pieces[start].words.lowerBound..<pieces[end].words.upperBound)
            }
        }
        // Every mark has an opening bracket, which few words have.
        for index in words.indices where words[index].text.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "[") }) {
            let text = words[index].text.lowercased()
            if InstructionRule.marks.contains(where: text.contains) { found.append(index..<index + 1) }
        }
        return found + matchesWithoutSpaces()
    }

    /// The last piece of a match that begins at a piece.
    private func match(_ rule: InstructionRule, from start: Int) -> Int? {
        var last = start
        for slot in rule.slots.dropFirst() {
            let reach = pieces[min(last + 1, pieces.count)..<min(last + 2 + slot.gap, pieces.count)]
            guard let next = reach.firstIndex(where: { slot.words.contains($0.key) }) else { return nil }
            last = next
        }
        return last
    }

    /// Whether the sentence forbids what the rule looks for, as safety manuals do: “do not ignore the above instructions”.
    private func isDenied(_ start: Int, _ rule: InstructionRule) -> Bool {
        guard rule.slots.first?.words.contains("ignore") ?? false else { return false }
        return pieces[max(0, start - 2)..<start].contains { ["not", "never", "dont", "nicht", "pas"].contains($0.key) }
    }

    private func matchesWithoutSpaces() -> [Range<Int>] {
        guard words.contains(where: { $0.text.unicodeScalars.contains { $0.value >= 0x3040 } }) else { return [] }
        var text: [Character] = []
        var owner: [Int] = []
        for index in words.indices {
            let characters = Array(words[index].text)
            text += characters
            owner += Array(repeating: index, count: characters.count)
        }
        let verbs = Self.places(of: InstructionRule.verbsWithoutSpaces, in: text)
        let nouns = Self.places(of: InstructionRule.nounsWithoutSpaces, in: text)
        return verbs.compactMap { verb in
            guard let noun = nouns.first(where: { abs($0.lowerBound - verb.lowerBound) <= InstructionRule.reachWithoutSpaces }) else {
                return nil
            }
            let (first, last) = (min(verb.lowerBound, noun.lowerBound), max(verb.upperBound, noun.upperBound) - 1)
            return owner[first]..<owner[last] + 1
        }
    }

    private static func places(of needles: [String], in text: [Character]) -> [Range<Int>] {
        needles.map(Array.init).flatMap { needle in
            text.indices.filter { $0 + needle.count <= text.count && text[$0..<$0 + needle.count].elementsEqual(needle) }
                .map { $0..<$0 + needle.count }
        }
    }
}
