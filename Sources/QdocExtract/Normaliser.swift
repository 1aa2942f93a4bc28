import QdocCore
import QdocSchema

/// Reads texts as the values that a schema asks for. What can be read in two ways is not read.
struct Normaliser {
    /// How the answer's own printed texts write decimals; nil where they do not say.
    private let decimalMark: DecimalMark?
    /// Compiled, by their text.
    private var patterns: [String: JSONSchema] = [:]

    /// - Parameter answer: Its texts and quotes vote on the decimal mark of the page.
    init(_ answer: JSONValue) {
        var words: [String] = []
        Self.collect(answer, into: &words)
        decimalMark = PrintedNumber.vote(words)
    }

    /// More words say nothing that these do not.
    private static let wordLimit = 20_000

    private static func collect(_ value: JSONValue, into words: inout [String]) {
        guard words.count < wordLimit else { return }
        switch value {
        case .string(let text):
            guard text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return }
            words += text.split(separator: " ", maxSplits: 256).map(String.init)
        case .array(let elements): for element in elements { collect(element, into: &words) }
        case .object(let object): for member in object { collect(member.value, into: &words) }
        default: return
        }
    }

    /// A number with what is printed beside it.
    struct Quantity {
        /// As printed, no scale applied.
        var lexical: String
        var scale: PrintedScale?
        var scaleText: String?
        var unit: String?

        /// Multiplied out.
        var scaled: String? { DecimalKey.of(lexical, shift: scale?.rawValue ?? 0) }
    }

    func quantity(_ text: String) -> Quantity? {
        guard let printed = PrintedNumber(text, decimalMark: decimalMark) else {
            return IdeographicNumber(text).map { Quantity(lexical: $0.lexical, unit: $0.unit) }
        }
        guard printed.otherLexical == nil || decimalMark != nil else { return nil }
        return Quantity(lexical: printed.lexical, scale: printed.scale, scaleText: printed.scaleText, unit: printed.unit)
    }

    /// The one spelling of a day or a period that the schema takes; nil where the text is none, or is spelt so already.
    mutating func time(_ text: String, for schema: SchemaView) -> String? {
        if schema["format"]?.string == "date" {
            guard let date = PrintedDate(text), date.iso != text else { return nil }
            return date.iso
        }
        guard let pattern = schema["pattern"]?.string else { return nil }
        let spellings = (PrintedDate(text).map { [$0.iso] } ?? []) + (PrintedPeriod(text)?.spellings ?? [])
        guard !spellings.isEmpty, !matches(text, pattern) else { return nil }
        return spellings.first { matches($0, pattern) }
    }

    private mutating func matches(_ text: String, _ pattern: String) -> Bool {
        // The whole schema was compiled with this pattern in it.
        if patterns[pattern] == nil { patterns[pattern] = try? JSONSchema(["pattern": .string(pattern)]) }
        return patterns[pattern]?.violations(of: .string(text), limit: 1).isEmpty ?? false
    }
}
