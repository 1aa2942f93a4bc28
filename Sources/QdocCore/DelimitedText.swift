/// Reads records whose fields are separated by commas, semicolons or tabs, quotes honoured.
///
/// - Source: RFC 4180; what it forbids (a quote inside a field that began without one) is read as it stands.
public struct DelimitedText: Sendable {
    /// UTF-8.
    private let text: [UInt8]
    private let separator: UInt8
    private var offset = 0

    private static let quote = UInt8(ascii: "\"")
    private static let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    /// Records that are looked at to tell the separator.
    private static let sample = 200

    /// Finds the separator: the one that divides the records into the most fields, all into as many; nil where none does.
    ///
    /// - Parameters:
    ///   - text: UTF-8, from its start.
    ///   - isWhole: Whether nothing follows; else the last record may be cut.
    public init?(_ text: [UInt8], isWhole: Bool) {
        // Records of JSON and mark-up are no fields.
        let first = text.first(where: { $0 > 0x20 })
        guard let first, ![UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "<")].contains(first) else { return nil }
        var best: (separator: UInt8, fields: Int)?
        for separator in DelimitedText.separators {
            let fields = DelimitedText.steadyFields(DelimitedText(text, separator), isWhole: isWhole)
            if fields > best?.fields ?? 1 { best = (separator, fields) }
        }
        guard let best else { return nil }
        self.init(text, best.separator)
    }

    private init(_ text: [UInt8], _ separator: UInt8) {
        self.text = text
        self.separator = separator
    }

    /// The next record; nil after the last. Blank lines are none.
    public mutating func next() -> [String]? {
        while offset < text.count {
            let fields = record()
            if fields != [""] { return fields }
        }
        return nil
    }

    /// The number of fields of the first record, where nearly all have as many; else 0.
    private static func steadyFields(_ text: DelimitedText, isWhole: Bool) -> Int {
        var reader = text
        var records: [[String]] = []
        while records.count < sample, let record = reader.next() { records.append(record) }
        // The record that reaches the end may be cut.
        if !isWhole, reader.offset >= reader.text.count { records = records.dropLast() }
        guard let first = records.first, first.count >= 2, records.count >= 2 else { return 0 }
        // One row in twenty may be ragged.
        guard records.count(where: { $0.count != first.count }) * 20 <= records.count else { return 0 }
        guard first.count(where: { !$0.isEmpty }) * 2 >= first.count else { return 0 }
        // A comma in each line of a text: a blank or the end of the line follows.
        let isProse = first.count == 2 && records.allSatisfy { $0.dropFirst().allSatisfy { $0.isEmpty || $0.hasPrefix(" ") } }
        return isProse ? 0 : first.count
    }

    private mutating func record() -> [String] {
        var fields: [String] = []
        while true {
            fields.append(field())
            guard offset < text.count else { return fields }
            let byte = text[offset]
            offset += 1
            if byte == separator {
                // A separator at the very end opens one more field.
                if offset == text.count { return fields + [""] }
                continue
            }
            if byte == 0x0D, offset < text.count, text[offset] == 0x0A { offset += 1 }
            return fields
        }
    }

    /// Reads up to the separator or line end that ends the field, and stays before it.
    private mutating func field() -> String {
        guard offset < text.count, text[offset] == DelimitedText.quote else {
            let start = offset
            while offset < text.count, !endsField(text[offset]) { offset += 1 }
            return String(decoding: text[start..<offset], as: UTF8.self)
        }
        var bytes: [UInt8] = []
        offset += 1
        while offset < text.count {
            let byte = text[offset]
            offset += 1
            guard byte == DelimitedText.quote else {
                bytes.append(byte)
                continue
            }
            if offset < text.count, text[offset] == DelimitedText.quote {
                bytes.append(byte)
                offset += 1
                continue
            }
            // What follows the closing quote belongs to the field all the same.
            while offset < text.count, !endsField(text[offset]) {
                bytes.append(text[offset])
                offset += 1
            }
            break
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func endsField(_ byte: UInt8) -> Bool { byte == separator || byte == 0x0A || byte == 0x0D }
}
