/// Which of `.` and `,` separates the decimals.
public enum DecimalMark: Sendable, Hashable {
    case point
    case comma
}

/// A number as it is printed: `1,234.5`, `(845.1)`, `EUR 412.6 million`, `+4.6 %`, `1.234,5`, `12.3¹`.
///
/// Reading never rounds and never applies a scale: the lexical form holds the printed digits.
public struct PrintedNumber: Sendable, Hashable {
    /// The value as a JSON number with the printed decimals: `-1234.50`.
    public var lexical: String
    /// The number of printed decimals.
    public var decimals: Int
    /// The other reading of one separator before exactly three digits (`1,234` is 1234 or 1.234), else nil.
    public var otherLexical: String?
    public var otherDecimals: Int
    public var unit: String?
    public var scale: PrintedScale?
    /// The scale as printed.
    public var scaleText: String?
    /// Whether a plus sign is printed.
    public var hasPlus: Bool
    /// The footnote mark that was cut off, else nil.
    public var mark: String?
    /// Whether the digits are 1900…2099 and nothing else is printed: a year more likely than a quantity.
    public var isBareYear: Bool

    /// The nearest double to what is printed, its scale not applied.
    public var value: Double { Double(lexical) ?? 0 }
    /// Whether a minus, or parentheses that stand for one, are printed.
    public var isNegative: Bool { lexical.first == "-" }
    /// Whether the unit is the percent sign or word.
    public var isPercent: Bool { unit.map { ["%", "percent", "per cent"].contains($0.lowercased()) } ?? false }
    /// The value as JSON, with the printed decimals.
    public var json: JSONValue { .number(JSONNumber(unchecked: lexical)) }

    /// Reads a text that is one printed number as a whole; nil of anything else, of ranges, dates, and digits with leading zeros.
    ///
    /// - Parameter decimalMark: What the document's other numbers say; it picks the main one of two readings.
    /// - Complexity: Linear in the text, which is refused beyond 64 characters.
    public init?(_ text: String, decimalMark: DecimalMark? = nil) {
        guard text.utf8.count <= 256, Self.mayHoldDigit(text) else { return nil }
        let (body, mark) = Self.cutMark(text)
        var scanner = NumberScanner(Self.fold(body))
        guard let number = scanner.number(decimalMark: decimalMark) else { return nil }
        self = number
        self.mark = mark ?? number.mark
    }

    init(
        lexical: String, decimals: Int, otherLexical: String? = nil, otherDecimals: Int = 0, measure: PrintedMeasure, hasPlus: Bool,
        mark: String?,
        isBareYear: Bool
    ) {
        self.lexical = lexical
        self.decimals = decimals
        self.otherLexical = otherLexical
        self.otherDecimals = otherDecimals
        unit = measure.unit
        scale = measure.scale
        scaleText = measure.scaleText
        self.hasPlus = hasPlus
        self.mark = mark
        self.isBareYear = isBareYear
    }

    /// Whether the text is a dash, which stands for nothing in a numeric column.
    public static func isDash(_ text: String) -> Bool {
        let folded = fold(text).filter { $0 != " " }
        return !folded.isEmpty && folded.count <= 3 && folded.allSatisfy { $0 == "-" }
    }

    /// Finds the printed numbers in words that follow one another, longest first: `EUR`, `412.6`, `million` is one number.
    ///
    /// Punctuation that closes a sentence does not belong to the number.
    ///
    /// - Complexity: Linear: at most six words are tried as one number.
    public static func scan(_ words: [String], decimalMark: DecimalMark? = nil) -> [(words: Range<Int>, number: PrintedNumber)] {
        var found: [(words: Range<Int>, number: PrintedNumber)] = []
        var start = 0
        scanning: while start < words.count {
            if mayBegin(words[start]) {
                for end in stride(from: min(start + 6, words.count), to: start, by: -1) {
                    let run = words[start..<end].map { $0.trimmed(of: "\"“”„") }
                    guard !run.dropLast().contains(where: { ",;:".contains($0.last ?? " ") }) else { continue }
                    let text = run.joined(separator: " ").trimmedEnd(of: ",;:.!?")
                    if let number = PrintedNumber(text, decimalMark: decimalMark) {
                        found.append((start..<end, number))
                        start = end
                        continue scanning
                    }
                }
            }
            start += 1
        }
        return found
    }

    /// Which mark separates decimals in a document: the side with more numbers that can be read in one way only, or nil of a draw.
    public static func vote(_ texts: some Sequence<String>) -> DecimalMark? {
        var points = 0
        var commas = 0
        for text in texts where text.utf8.count <= 64 && mayHoldDigit(text) {
            let (body, _) = cutMark(text)
            var scanner = NumberScanner(fold(body))
            guard let number = scanner.number(decimalMark: nil), number.otherLexical == nil, let mark = scanner.decimalMark else {
                continue
            }
            if mark == .point { points += 1 } else { commas += 1 }
        }
        return points == commas ? nil : points > commas ? .point : .comma
    }

    /// Whether a word can be the first of a number: it holds a digit, or is a currency, a sign or an opening parenthesis before one.
    private static func mayBegin(_ word: String) -> Bool {
        guard word.utf8.count <= 64 else { return false }
        return word.unicodeScalars.contains { $0.properties.numericType == .decimal } || PrintedMeasure.isCurrency(word)
            || PrintedMeasure.glued(word) != nil || ["(", "-", "+", "−", "–"].contains(word)
    }

    /// A quick look before any reading: most texts on a page are words.
    private static func mayHoldDigit(_ text: String) -> Bool {
        text.utf8.contains { (0x30...0x39).contains($0) || $0 >= 0x80 }
    }

    /// Folds dashes, spaces, apostrophes and digits of other scripts; superscripts are gone before (else `1,234²` became 12342).
    static func fold(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 >= 0x80 || $0 == 0x9 }) else { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x2010...0x2015, 0x2212, 0xFE63, 0xFF0D, 0x207B: scalars.append("-")
            case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000, 0x9: scalars.append(" ")
            case 0x2018, 0x2019, 0x02BC, 0xFF07: scalars.append("'")
            case 0xFF05, 0x066A: scalars.append("%")
            case 0xFF0B: scalars.append("+")
            case 0xFF0C: scalars.append(",")
            case 0xFF0E, 0x066B: scalars.append(".")
            case 0x066C: scalars.append(",")
            case 0xFF08: scalars.append("(")
            case 0xFF09: scalars.append(")")
            case 0x200B...0x200F, 0xFEFF, 0xAD: break
            default:
                if scalar.properties.numericType == .decimal, scalar.value > 0x7F, let digit = scalar.properties.numericValue,
                    let ascii = Unicode.Scalar(UInt32(0x30) + UInt32(max(0, min(9, digit))))
                {
                    scalars.append(ascii)
                } else {
                    scalars.append(scalar)
                }
            }
        }
        return String(scalars)
    }

    /// Cuts a footnote mark off the end: superscript digits, `*`, `†`, `‡`, `§`.
    private static func cutMark(_ text: String) -> (body: String, mark: String?) {
        guard let last = text.utf8.last, last >= 0x80 || last == UInt8(ascii: "*") else { return (text, nil) }
        let scalars = Array(text.unicodeScalars)
        var end = scalars.count
        while end > 0, marks.contains(scalars[end - 1]) { end -= 1 }
        guard end > 0, end < scalars.count else { return (text, nil) }
        var body = String.UnicodeScalarView(scalars[..<end])
        // "m²" is a unit and "10³" a power, not a marked number.
        if let last = body.last, last.properties.isAlphabetic { return (text, nil) }
        while body.last == " " { body.removeLast() }
        return (String(body), String(String.UnicodeScalarView(scalars[end...])))
    }

    private static let marks: Set<Unicode.Scalar> = ["¹", "²", "³", "⁰", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "⁾", "*", "†", "‡", "§"]
}

extension String {
    func trimmed(of characters: String) -> String {
        var text = self[...]
        while let first = text.first, characters.contains(first) { text.removeFirst() }
        while let last = text.last, characters.contains(last) { text.removeLast() }
        return String(text)
    }

    func trimmedEnd(of characters: String) -> String {
        var text = self[...]
        while let last = text.last, characters.contains(last) { text.removeLast() }
        return String(text)
    }
}
