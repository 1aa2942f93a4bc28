import QdocCore

/// Words on one line with only word spaces between them: a line of a column, or a cell of a table.
struct Chunk {
    var words: [Word]
    var box: Box
    /// Without footnote marks.
    var text: String
    var fontSize: Double
    var isBold: Bool

    init(_ words: [Word], marks: Set<Int> = [], offset: Int = 0) {
        self.words = words
        box = Box.union(of: words.lazy.map(\.box)) ?? Box(x: 0, y: 0, width: 0, height: 0)
        let kept = words.enumerated().filter { !marks.contains(offset + $0.offset) }.map(\.element)
        let body = kept.isEmpty ? words : kept
        let isLeftward = body.count { $0.isLeftward } * 2 > body.count
        text = Self.join(isLeftward ? kept.reversed() : kept)
        fontSize = body.map(\.size).max() ?? 0
        isBold = body.allSatisfy(\.isBold)
        if !kept.isEmpty { self.words = isLeftward ? kept.reversed() : kept }
    }

    /// Joins words as they are spaced on the page: no space where the text layer has none and the glyphs touch.
    static func join(_ words: [Word]) -> String {
        var text = ""
        for (index, word) in words.enumerated() {
            text += word.text
            guard index + 1 < words.count else { break }
            let next = words[index + 1].box
            let gap = max(next.x - word.box.maxX, word.box.x - next.maxX)
            if word.spaceAfter || gap > 0.2 * word.size { text += " " }
        }
        return text
    }
}

/// Chunks that stand on one height.
struct TextRow {
    var chunks: [Chunk]
    var box: Box
    /// Height of its tallest chunk.
    var height: Double { chunks.map(\.box.height).max() ?? 0 }
    var words: [Word] { chunks.flatMap(\.words) }
}

extension Word {
    /// Whether it is written from right to left: Hebrew, Arabic and their neighbours (U+0590-08FF and the presentation forms).
    var isLeftward: Bool {
        text.unicodeScalars.contains { scalar in
            (0x590...0x8FF).contains(scalar.value) || (0xFB1D...0xFDFF).contains(scalar.value) || (0xFE70...0xFEFC).contains(scalar.value)
        }
    }

    /// The font size, or what the box lets suppose where it is unknown.
    var size: Double { fontSize > 0 ? fontSize : box.height * 0.9 }
}

extension Box {
    /// Length of the common part of the two horizontal extents; negative where they are apart.
    func overlapX(_ other: Box) -> Double { min(maxX, other.maxX) - max(x, other.x) }
    func overlapY(_ other: Box) -> Double { min(maxY, other.maxY) - max(y, other.y) }
    var isUsable: Bool { x.isFinite && y.isFinite && width.isFinite && height.isFinite && width >= 0 && height > 0 }
    func holdsCentre(of other: Box) -> Bool { other.midX >= x && other.midX <= maxX && other.midY >= y && other.midY <= maxY }
}

/// The middle value of a list, or nil of an empty one.
func median(_ values: some Sequence<Double>) -> Double? {
    let sorted = values.sorted()
    return sorted.isEmpty ? nil : sorted[sorted.count / 2]
}

/// Makes rows of chunks from words.
///
/// Words share a row when their middles are nearer than 0.45 of the height, and a chunk when the gap is below 0.62 of the height and no
/// vertical rule stands in it. Justified text has wider gaps: 1.6 of the row's median word gap is allowed there. Lines of small type
/// beside one tall word are rows of their own.
enum RowBuilder {
    static func rows(of words: [Word], uprights: [Ruling] = []) -> [TextRow] {
        var groups: [(middle: Double, height: Double, words: [Word])] = []
        for word in words.sorted(by: { ($0.box.midY, $0.box.x) < ($1.box.midY, $1.box.x) }) {
            // Words come by height, so only the last few rows can still grow.
            let near = groups.indices.suffix(6).min {
                abs(groups[$0].middle - word.box.midY) < abs(groups[$1].middle - word.box.midY)
            }
            if let near, abs(groups[near].middle - word.box.midY) < 0.45 * max(groups[near].height, word.box.height) {
                groups[near].words.append(word)
                if word.box.height > groups[near].height {
                    groups[near].height = word.box.height
                    groups[near].middle = word.box.midY
                }
            } else {
                groups.append((word.box.midY, word.box.height, [word]))
            }
        }
        let lines = groups.flatMap { parted($0.words) }.map { (middle: median($0.map(\.box.midY)) ?? 0, words: $0) }
        return lines.sorted { $0.middle < $1.middle }.map { row(of: $0.words.sorted { $0.box.x < $1.box.x }, uprights: uprights) }
    }

    /// Divides words of small type on two heights from the tall word that held them together.
    private static func parted(_ words: [Word]) -> [[Word]] {
        let height = words.map(\.box.height).max() ?? 0
        // 1.6 tells body text from its headings; one or two letters are marks, which lean on the word before.
        func isSmall(_ word: Word) -> Bool { 1.6 * word.box.height < height && word.text.count > 2 }
        let small = words.filter(isSmall)
        guard let low = small.map(\.box.midY).min(), let high = small.map(\.box.midY).max(), let least = small.map(\.box.height).min(),
            high - low > 0.5 * least
        else { return [words] }
        var lines = [words.filter { !isSmall($0) }]
        var line: [Word] = []
        for word in small.sorted(by: { $0.box.midY < $1.box.midY }) {
            if let last = line.last, word.box.midY - last.box.midY > 0.45 * min(word.box.height, last.box.height) {
                lines.append(line)
                line = []
            }
            line.append(word)
        }
        return lines + [line]
    }

    private static func row(of words: [Word], uprights: [Ruling]) -> TextRow {
        let height = median(words.map(\.box.height)) ?? 1
        let middle = median(words.map(\.box.midY)) ?? 0
        let crossing = uprights.filter { $0.box.y - 1 <= middle && $0.box.maxY + 1 >= middle }.map(\.start.x)
        let gaps = zip(words, words.dropFirst()).map { $1.box.x - $0.box.maxX }
        let wordGap = median(gaps.filter { $0 > 0 && $0 < 1.2 * height }) ?? 0
        let marks = footnoteMarks(in: words)
        var chunks: [Chunk] = []
        var start = 0
        for (index, gap) in gaps.enumerated() {
            let local = max(words[index].box.height, words[index + 1].box.height)
            let isBullet = words[index].text.count == 1 && "•·–-▪◦*■●".contains(words[index].text) && index == start
            let allowed = isBullet ? 3 * local : max(0.62 * local, gaps.count > 5 ? min(1.6 * wordGap, 1.2 * local) : 0)
            let middleOfGap = (words[index].box.maxX + words[index + 1].box.x) / 2
            let isSplit = crossing.contains { abs($0 - middleOfGap) <= gap / 2 + 0.5 }
            // In typewriter type the columns of a table are one space apart.
            let areCells = gap > 0.3 * local && areNumbers(words[index], words[index + 1])
            if gap > allowed || isSplit || areCells {
                chunks.append(Chunk(Array(words[start...index]), marks: marks, offset: start))
                start = index + 1
            }
        }
        chunks.append(Chunk(Array(words[start...]), marks: marks, offset: start))
        return TextRow(chunks: chunks, box: Box.union(of: words.lazy.map(\.box)) ?? Box(x: 0, y: 0, width: 0, height: 0))
    }

    /// Whether two neighbours are numbers each, with a decimal mark, and not one number together.
    private static func areNumbers(_ left: Word, _ right: Word) -> Bool {
        guard left.text.contains(where: { ".,".contains($0) }), right.text.contains(where: { ".,".contains($0) }),
            left.text.last?.isNumber == true, right.text.last?.isNumber == true
        else { return false }
        return PrintedNumber(left.text) != nil && PrintedNumber(right.text) != nil && PrintedNumber(left.text + " " + right.text) == nil
    }

    /// Raised, smaller, one or two characters, touching the word before: a footnote mark.
    private static func footnoteMarks(in words: [Word]) -> Set<Int> {
        var marks: Set<Int> = []
        for (index, pair) in zip(words, words.dropFirst()).enumerated() {
            let (before, mark) = pair
            let isSmall = mark.size < 0.8 * before.size && mark.text.count <= 2
            let isRaised = mark.box.maxY < before.box.maxY - 0.12 * before.box.height
            if isSmall, isRaised, mark.box.x - before.box.maxX < 0.25 * before.size, !marks.contains(index) { marks.insert(index + 1) }
        }
        return marks
    }
}
