import QdocCore

/// Reads the JSON that models write when they do not write JSON: comments, single quotes, bare names, cut ends.
///
/// Strict JSON is never given to it; what it mends, it counts by kind.
struct LenientParser {
    /// A kind of mending, as it goes into the report.
    enum Mending: String, CaseIterable {
        case trailingComma = "trailing_comma"
        case missingComma = "missing_comma"
        case comment
        case singleQuotes = "single_quotes"
        case smartQuotes = "smart_quotes"
        case bareName = "bare_name"
        case bareText = "bare_text"
        case literal
        case notANumber = "not_a_number"
        case number
        case groupedNumber = "grouped_number"
        case controlCharacter = "control_character"
        case badEscape = "bad_escape"
        case innerQuote = "inner_quote"
        case duplicateMember = "duplicate_member"
        case closingBracket = "closing_bracket"
        case truncated

        var note: String {
            switch self {
            case .trailingComma: "a comma before a closing bracket was left out"
            case .missingComma: "a missing comma was put in"
            case .comment: "a comment was left out"
            case .singleQuotes: "single quotes were read as double quotes"
            case .smartQuotes: "typographic quotes were read as plain quotes"
            case .bareName: "a member name without quotes was read"
            case .bareText: "words without quotes were read as text"
            case .literal: "True, False, None or undefined was read as JSON's own word"
            case .notANumber: "NaN or Infinity was read as null"
            case .number: "a number that JSON does not know was read"
            case .groupedNumber: "a number with separators and without quotes was taken as printed text"
            case .controlCharacter: "a control character inside a text was kept"
            case .badEscape: "an unknown escape was read as the character itself"
            case .innerQuote: "a quote inside a text was kept"
            case .duplicateMember: "of a member that stands twice the last one was kept"
            case .closingBracket: "a closing bracket of the wrong kind was read as the right one"
            case .truncated: "the answer ends before it is complete; what was complete was kept"
            }
        }
    }

    /// The text cannot be read as JSON from here.
    struct Unreadable: Error {}

    let bytes: [UInt8]
    private(set) var position: Int
    private(set) var mendings: [Mending: Int] = [:]
    /// Deeper nesting is refused, as by the strict parser.
    private static let depthLimit = 512

    init(_ bytes: [UInt8], from position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// Reads the object or array that begins at the position.
    mutating func value() throws(Unreadable) -> JSONValue {
        guard let value = try value(depth: 0) else { throw Unreadable() }
        return value
    }

    private mutating func mend(_ mending: Mending) { mendings[mending, default: 0] += 1 }

    private func byte(_ offset: Int = 0) -> UInt8? { position + offset < bytes.count ? bytes[position + offset] : nil }

    /// Ends a container at the end of the text.
    private mutating func cut() { mend(.truncated) }

    private mutating func skipSpace() {
        while let current = byte() {
            switch current {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            case 0xC2 where byte(1) == 0xA0: position += 2
            case 0xEF where byte(1) == 0xBB && byte(2) == 0xBF: position += 3
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"), UInt8(ascii: "#"): skipLine()
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"): skipBlock()
            default: return
            }
        }
    }

    private mutating func skipLine() {
        mend(.comment)
        while let current = byte(), current != 0x0A { position += 1 }
    }

    private mutating func skipBlock() {
        mend(.comment)
        position += 2
        while let current = byte(), !(current == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/")) {
            _ = current
            position += 1
        }
        position = min(position + 2, bytes.count)
    }

    /// - Returns: Nil where the text ends before the value is complete.
    private mutating func value(depth: Int) throws(Unreadable) -> JSONValue? {
        guard depth < Self.depthLimit else { throw Unreadable() }
        skipSpace()
        guard let current = byte() else { return nil }
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case _ where quote() != nil: return try string().map(JSONValue.string)
        default: return try bare()
        }
    }

    // MARK: Containers

    private mutating func object(depth: Int) throws(Unreadable) -> JSONValue {
        position += 1
        var members: [JSONObject.Member] = []
        var names: Set<String> = []
        var needsComma = false
        while true {
            skipSpace()
            guard let current = byte() else { cut(); break }
            if current == UInt8(ascii: "}") { position += 1; break }
            if current == UInt8(ascii: "]") { try closeWrong(depth); break }
            if current == UInt8(ascii: ",") {
                takeComma(before: UInt8(ascii: "}"))
                needsComma = false
                continue
            }
            if needsComma { mend(.missingComma) }
            guard let name = try memberName() else { cut(); break }
            skipSpace()
            guard let colon = byte() else { cut(); break }
            guard colon == UInt8(ascii: ":") else { throw Unreadable() }
            position += 1
            skipSpace()
            let start = position
            let isBare = quote() == nil
            guard var value = try value(depth: depth + 1) else { cut(); break }
            if isBare, value.number != nil || value.string != nil, takeGroups() {
                guard byte() != nil else { cut(); break }
                value = .string(String(decoding: bytes[start..<position], as: UTF8.self))
                mend(.groupedNumber)
            }
            if !names.insert(name).inserted { mend(.duplicateMember) }
            members.append(.init(name: name, value: value))
            needsComma = true
        }
        return .object(JSONObject(members: members))
    }

    /// Digits behind a comma that cannot be a member's name: `1,234` and `1.234,5` are one number in an object.
    private mutating func takeGroups() -> Bool {
        let start = position
        while byte() == UInt8(ascii: ",") {
            var offset = 1
            while let next = byte(offset), next == UInt8(ascii: ".") || (0x30...0x39).contains(next) { offset += 1 }
            let end = offset
            while let next = byte(offset), next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { offset += 1 }
            guard end > 1, byte(offset) != UInt8(ascii: ":") else { break }
            position += end
        }
        return position > start
    }

    private mutating func array(depth: Int) throws(Unreadable) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        var needsComma = false
        while true {
            skipSpace()
            guard let current = byte() else { cut(); break }
            if current == UInt8(ascii: "]") { position += 1; break }
            if current == UInt8(ascii: "}") { try closeWrong(depth); break }
            if current == UInt8(ascii: ",") {
                takeComma(before: UInt8(ascii: "]"))
                needsComma = false
                continue
            }
            if needsComma { mend(.missingComma) }
            guard let element = try value(depth: depth + 1) else { cut(); break }
            elements.append(element)
            needsComma = true
        }
        return .array(elements)
    }

    /// A bracket of the other kind closes this container, unless nothing is open around it: then it is the only end there is.
    private mutating func closeWrong(_ depth: Int) throws(Unreadable) {
        mend(.closingBracket)
        // Left standing for the container around this one, which it may belong to.
        if depth == 0 { position += 1 }
    }

    private mutating func takeComma(before close: UInt8) {
        position += 1
        skipSpace()
        if byte() == close || byte() == UInt8(ascii: ",") { mend(.trailingComma) }
    }

    // MARK: Texts

    private enum Quote { case double, single, smart }

    /// The kind of quote at the position and its length in bytes.
    private func quote(at offset: Int = 0) -> (kind: Quote, length: Int)? {
        switch byte(offset) {
        case UInt8(ascii: "\""): (.double, 1)
        case UInt8(ascii: "'"), UInt8(ascii: "`"): (.single, 1)
        // U+2018…U+201F.
        case 0xE2 where byte(offset + 1) == 0x80 && (0x98...0x9F).contains(byte(offset + 2) ?? 0): (.smart, 3)
        default: nil
        }
    }

    private mutating func memberName() throws(Unreadable) -> String? {
        if quote() != nil { return try string() }
        let start = position
        while let current = byte(), isNameByte(current) { position += 1 }
        guard position > start else { throw Unreadable() }
        guard byte() != nil else { return nil }
        mend(.bareName)
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            true
        case UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// Reads a text up to the quote that closes it: of several, the first with a comma, colon, bracket or the end behind it.
    private mutating func string() throws(Unreadable) -> String? {
        guard let opening = quote() else { throw Unreadable() }
        position += opening.length
        if opening.kind == .single { mend(.singleQuotes) }
        if opening.kind == .smart { mend(.smartQuotes) }
        var text: [UInt8] = []
        while let current = byte() {
            if let found = quote(), found.kind == opening.kind {
                if closes(after: found.length) {
                    position += found.length
                    return String(decoding: text, as: UTF8.self)
                }
                mend(.innerQuote)
                text.append(contentsOf: bytes[position..<(position + found.length)])
                position += found.length
            } else if current == UInt8(ascii: "\\") {
                guard escape(into: &text) else { return nil }
            } else {
                if current < 0x20 { mend(.controlCharacter) }
                text.append(current)
                position += 1
            }
        }
        return nil
    }

    /// Whether what follows a quote is what follows a text in JSON.
    private func closes(after length: Int) -> Bool {
        var offset = length
        // Bounded, so that a run of quotes and spaces stays linear.
        while offset < length + 256, let next = byte(offset), next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { offset += 1 }
        guard let next = byte(offset) else { return true }
        if next == UInt8(ascii: "/"), byte(offset + 1) == UInt8(ascii: "/") || byte(offset + 1) == UInt8(ascii: "*") { return true }
        // A quote behind white space begins the next text: a comma is missing between them.
        if offset > length, quote(at: offset)?.kind == .double { return true }
        return [UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: "#")].contains(next)
    }

    /// - Returns: False where the text ends inside the escape.
    private mutating func escape(into text: inout [UInt8]) -> Bool {
        guard let kind = byte(1) else {
            position = bytes.count
            return false
        }
        let simple: [UInt8: UInt8] = [
            UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "/"): UInt8(ascii: "/"),
            UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
        ]
        if let character = simple[kind] {
            text.append(character)
            position += 2
        } else if kind == UInt8(ascii: "u"), let escaped = unicodeEscape() {
            text.append(contentsOf: String(escaped).utf8)
        } else {
            mend(.badEscape)
            position += 1
        }
        return true
    }

    private mutating func unicodeEscape() -> Character? {
        guard let first = hexadecimal(at: position + 2) else { return nil }
        position += 6
        if (0xD800..<0xDC00).contains(first), byte() == UInt8(ascii: "\\"), byte(1) == UInt8(ascii: "u"),
            let second = hexadecimal(at: position + 2), (0xDC00..<0xE000).contains(second)
        {
            position += 6
            return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)).map(Character.init)
        }
        return Character(Unicode.Scalar(first) ?? "\u{FFFD}")
    }

    private func hexadecimal(at start: Int) -> UInt32? {
        guard start + 4 <= bytes.count, bytes[start..<(start + 4)].allSatisfy({ isHexadecimal($0) }) else { return nil }
        return UInt32(String(decoding: bytes[start..<(start + 4)], as: UTF8.self), radix: 16)
    }

    private func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }

    // MARK: Bare words

    /// Reads a number or a word that stands without quotes.
    private mutating func bare() throws(Unreadable) -> JSONValue? {
        let start = position
        while let current = byte(),
            ![0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":")].contains(current),
            position - start < 128
        {
            if current == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "/") || byte(1) == UInt8(ascii: "*") { break }
            position += 1
        }
        var end = position
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        guard end > start else { throw Unreadable() }
        // A word that the end of the text cuts may have been longer: 12 of 1234.
        if byte() == nil { return nil }
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case "True", "TRUE": mend(.literal); return .bool(true)
        case "False", "FALSE": mend(.literal); return .bool(false)
        case "None", "undefined", "NULL", "Null", "nil": mend(.literal); return .null
        case "NaN", "Infinity", "-Infinity", "+Infinity", "inf", "-inf", "nan": mend(.notANumber); return .null
        default: break
        }
        if let number = JSONNumber(text) { return .number(number) }
        if let number = mendedNumber(text) {
            mend(.number)
            return .number(number)
        }
        // `1.234.567`: only where it is a number that is printed so.
        if PrintedNumber(text) != nil,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
        {
            mend(.groupedNumber)
            return .string(text)
        }
        throw Unreadable()
    }

    /// `+5`, `.5`, `5.`, `1_000`: forms of other languages. `1,000` and `000` are none: they may be pieces of one number.
    private func mendedNumber(_ text: String) -> JSONNumber? {
        var digits = text.filter { $0 != "_" }
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
        if digits.hasPrefix(".") { digits = "0" + digits }
        if digits.hasSuffix(".") { digits.removeLast() }
        guard digits.first?.isNumber == true else { return nil }
        return JSONNumber((isNegative ? "-" : "") + digits)
    }
}
