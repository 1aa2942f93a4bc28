/// Splits a content stream into tokens.
///
/// - Source: ISO 32000-2, 7.2, 7.3, 7.8.
struct ContentLexer {
    enum Token: Equatable {
        case number(Double)
        case name(String)
        case arrayStart
        case arrayEnd
        /// The bytes of an operator of up to 4 letters, the first in the highest place.
        case command(UInt32)
        /// A string of so many bytes.
        case string(Int)
        /// A bracket of a dictionary.
        case other
        case end
    }

    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    static func code(_ text: StaticString) -> UInt32 {
        text.withUTF8Buffer { letters in unsafe letters.reduce(0) { $0 << 8 | UInt32($1) } }
    }

    mutating func next() -> Token {
        skipSpace()
        guard at < bytes.count else { return .end }
        let byte = bytes[at]
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): return number()
        case UInt8(ascii: "/"): return .name(name())
        case UInt8(ascii: "("):
            return .string(skipString())
        case UInt8(ascii: "<"): return skipAngle()
        case UInt8(ascii: "["):
            at += 1
            return .arrayStart
        case UInt8(ascii: "]"):
            at += 1
            return .arrayEnd
        case UInt8(ascii: ">"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ")"):
            at += 1
            return .other
        default: return command()
        }
    }

    /// Skips the data of an inline image, from behind `ID` to behind `EI`.
    mutating func skipInlineImage() {
        at = min(at + 1, bytes.count)
        while at + 2 < bytes.count {
            if bytes[at] == UInt8(ascii: "E"), bytes[at + 1] == UInt8(ascii: "I"), Self.isSpace(bytes[at - 1]), Self.isSpace(bytes[at + 2])
            {
                at += 2
                return
            }
            at += 1
        }
        at = bytes.count
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 || byte == 0 || byte == 0x0C
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "/"), UInt8(ascii: "%"):
            true
        default: isSpace(byte)
        }
    }

    private mutating func skipSpace() {
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%") {
                while at < bytes.count, bytes[at] != 0x0A, bytes[at] != 0x0D { at += 1 }
            } else if Self.isSpace(bytes[at]) {
                at += 1
            } else {
                return
            }
        }
    }

    private mutating func number() -> Token {
        var whole = 0.0
        var divisor = 1.0
        var isNegative = false
        var isFraction = false
        let start = at
        loop: while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                whole = whole * 10 + Double(byte - UInt8(ascii: "0"))
                if isFraction { divisor *= 10 }
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "-"): isNegative = isNegative || at == start
            case UInt8(ascii: "+"): break
            default: break loop
            }
            at += 1
        }
        let value = whole / divisor
        return .number(value.isFinite ? (isNegative ? -value : value) : 0)
    }

    private mutating func name() -> String {
        at += 1
        var letters: [UInt8] = [UInt8(ascii: "/")]
        while at < bytes.count, !Self.isDelimiter(bytes[at]) {
            if bytes[at] == UInt8(ascii: "#"), at + 2 < bytes.count, let high = Self.hex(bytes[at + 1]), let low = Self.hex(bytes[at + 2]) {
                letters.append(high << 4 | low)
                at += 3
            } else {
                letters.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: letters, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Skips a string; gives the bytes it stands for.
    private mutating func skipString() -> Int {
        var depth = 0
        var count = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\\"):
                // Up to three octal digits are one byte.
                var digits = 0
                while digits < 3, at + 1 < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(bytes[at + 1]) {
                    at += 1
                    digits += 1
                }
                if digits == 0 { at += 1 }
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            default: break
            }
            at += 1
            if depth == 0 { break }
            count += 1
        }
        at = min(at, bytes.count)
        // The bracket that opens it was counted.
        return max(0, count - 1)
    }

    private mutating func skipAngle() -> Token {
        at += 1
        guard at < bytes.count, bytes[at] != UInt8(ascii: "<") else {
            at = min(at + 1, bytes.count)
            return .other
        }
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: ">") { at += 1 }
        let count = (at - start + 1) / 2
        at = min(at + 1, bytes.count)
        return .string(count)
    }

    private mutating func command() -> Token {
        var code: UInt32 = 0
        var length = 0
        while at < bytes.count, !Self.isDelimiter(bytes[at]) {
            code = code << 8 | UInt32(bytes[at])
            length += 1
            at += 1
        }
        // A longer word is no operator.
        return length <= 4 ? .command(code) : .other
    }
}
