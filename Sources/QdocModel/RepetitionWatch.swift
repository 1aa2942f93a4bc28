/// Notices that a model says the same thing over and over, as it will until its output limit is reached and paid for.
///
/// A loop is a text of at most 200 characters that is repeated at least eight times without any change, up to what came last. How long that
/// must go on depends on what is repeated, because documents repeat themselves, too:
///
/// - one word without an end, or nothing but white space: 2,000 bytes. Figures and names end long before, a dot leader has a hundred dots,
///   a line of dashes two hundred.
/// - a sentence of at least four words: 2,000 bytes. Nobody prints one ten times in a row; that a column of a table repeats one is told by
///   the quotation marks and brackets of JSON.
/// - everything else, which is cells, rows and records: 24,000 bytes. An empty form of 60 rows and 12 columns takes 18,000 with 25
///   characters a cell, and no page has more of them.
struct RepetitionWatch {
    /// Bytes of a sentence or a word.
    static let window = 2_000
    /// Bytes of cells.
    static let cellWindow = 24_000
    /// Bytes of what is repeated: 200 characters of up to four bytes.
    private static let longest = 800
    private static let leastRepeats = 8
    /// Bytes between two looks: a look reads `window` bytes some four times, so that a byte costs 16 readings.
    private static let step = 500

    private let isThought: Bool
    private var text: [UInt8] = []
    private var unseen = 0

    /// - Parameter isThought: Prose, in which quotation marks are no JSON.
    init(isThought: Bool) {
        self.isThought = isThought
    }

    /// Takes the next piece of the text; says whether its end repeats itself.
    mutating func take(_ piece: String) -> Bool {
        text += piece.utf8
        unseen += piece.utf8.count
        guard unseen >= Self.step, text.count >= Self.window else { return false }
        unseen = 0
        if text.count > 2 * Self.cellWindow { text.removeFirst(text.count - Self.cellWindow) }
        return repeats()
    }

    private func repeats() -> Bool {
        let tail = Array(text.suffix(Self.window))
        let period = Self.shortestPeriod(of: tail)
        guard period <= Self.longest else { return false }
        var start = text.count - tail.count
        while start > 0, text[start - 1] == text[start - 1 + period] { start -= 1 }
        return text.count - start >= max(leastCount(of: tail.suffix(period)), Self.leastRepeats * period)
    }

    /// Knuth, Morris and Pratt: the length less that of the longest proper prefix that is a suffix, too.
    private static func shortestPeriod(of text: [UInt8]) -> Int {
        var borders = [Int](repeating: 0, count: text.count)
        var border = 0
        for index in text.indices.dropFirst() {
            while border > 0, text[index] != text[border] { border = borders[border - 1] }
            if text[index] == text[border] { border += 1 }
            borders[index] = border
        }
        return text.count - border
    }

    /// How many bytes the repetition of `unit` must fill to be none that a document makes; `unit` may begin anywhere in what is repeated.
    private func leastCount(of unit: ArraySlice<UInt8>) -> Int {
        let isBlank = unit.allSatisfy { Self.isSpace($0) }
        let isOneWord = !unit.contains { Self.isSpace($0) || Self.isMark($0) || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ",") }
        guard !isBlank, !isOneWord else { return Self.window }
        let isProse = !unit.contains { Self.isMark($0) || !isThought && $0 == UInt8(ascii: "\"") || $0 == 0x09 }
        return isProse && Self.wordCount(unit) >= 4 ? Self.window : Self.cellWindow
    }

    /// Runs of letters; of scripts that put no spaces between words, each character.
    private static func wordCount(_ unit: ArraySlice<UInt8>) -> Int {
        guard var last = unit.last else { return 0 }
        var count = 0
        for byte in unit {
            // Lead bytes from U+3000 on.
            if (0xE3...0xEF).contains(byte) || isLetter(byte) && !isLetter(last) { count += 1 }
            last = byte
        }
        return count
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80 || byte == UInt8(ascii: "'")
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    /// What stands between cells and records, and in no sentence.
    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "|"), UInt8(ascii: ";"),
            UInt8(ascii: "<"), UInt8(ascii: ">"):
            true
        default: false
        }
    }
}
