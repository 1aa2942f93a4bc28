/// Where and why a text is not JSON.
public struct JSONSyntaxError: Error, Sendable, Hashable {
    /// Byte offset into the text.
    public var offset: Int
    /// In a few words, without any of the text.
    public var reason: String
}

/// Reads JSON strictly (RFC 8259), with bounds on depth and size.
public struct JSONParser {
    /// Bounds on what is read.
    public struct Limits: Sendable {
        /// Deeper nesting is refused: recursion must not exhaust a thread's stack. 512 levels take under 100 KiB here.
        public var depth = 512
        /// Bytes of text.
        public var size = 256 << 20

        public init() {}
    }

    private let bytes: [UInt8]
    private let limits: Limits
    private var position = 0

    init(_ bytes: [UInt8], limits: Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Reads one JSON value that fills the whole text.
    ///
    /// - Throws: `JSONSyntaxError`, also for duplicate member names, which have no one meaning.
    public static func parse(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONSyntaxError) -> JSONValue {
        guard bytes.count <= limits.size else { throw JSONSyntaxError(offset: limits.size, reason: "longer than \(limits.size) bytes") }
        var parser = JSONParser(bytes, limits: limits)
        let value = try parser.parseValue(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.error("text after the value") }
        return value
    }

    /// Reads one JSON value that fills the whole text, within the usual limits.
    ///
    /// - Throws: `JSONSyntaxError`.
    public static func parse(_ text: String) throws(JSONSyntaxError) -> JSONValue {
        try parse(Array(text.utf8))
    }

    mutating func parseNumberOnly() throws(JSONSyntaxError) -> JSONNumber {
        let number = try parseNumber()
        guard position == bytes.count else { throw error("text after the number") }
        return number
    }

    private func error(_ reason: String) -> JSONSyntaxError { JSONSyntaxError(offset: position, reason: reason) }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func parseValue(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth < limits.depth else { throw error("nested deeper than \(limits.depth) levels") }
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try parseObject(depth: depth)
        case UInt8(ascii: "["): return try parseArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseLiteral("true", .bool(true))
        case UInt8(ascii: "f"): return try parseLiteral("false", .bool(false))
        case UInt8(ascii: "n"): return try parseLiteral("null", .null)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return .number(try parseNumber())
        case nil: throw error("the text ends where a value should stand")
        default: throw error("no value begins here")
        }
    }

    private mutating func parseLiteral(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, String(decoding: bytes[position..<end], as: UTF8.self) == word.description else {
            throw error("no value begins here")
        }
        position = end
        return value
    }

    private mutating func parseObject(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        position += 1
        var members: [JSONObject.Member] = []
        var names = Set<String>()
        skipSpace()
        if current == UInt8(ascii: "}") {
            position += 1
            return .object(JSONObject())
        }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw error("a member name should stand here") }
            let name = try parseString()
            guard names.insert(name).inserted else { throw error("the member name \(name) stands twice") }
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw error("a colon should stand here") }
            position += 1
            members.append(JSONObject.Member(name: name, value: try parseValue(depth: depth + 1)))
            skipSpace()
            switch current {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                return .object(JSONObject(unique: members))
            default: throw error("a comma or a closing brace should stand here")
            }
        }
    }

    private mutating func parseArray(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if current == UInt8(ascii: "]") {
            position += 1
            return .array([])
        }
        while true {
            elements.append(try parseValue(depth: depth + 1))
            skipSpace()
            switch current {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                return .array(elements)
            default: throw error("a comma or a closing bracket should stand here")
            }
        }
    }

    private mutating func parseNumber() throws(JSONSyntaxError) -> JSONNumber {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        let whole = skipDigits()
        guard whole > 0 else { throw error("a digit should stand here") }
        guard whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else { throw error("a number begins with a zero") }
        if current == UInt8(ascii: ".") {
            position += 1
            guard skipDigits() > 0 else { throw error("a digit should stand after the point") }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            guard skipDigits() > 0 else { throw error("a digit should stand in the exponent") }
        }
        return JSONNumber(unchecked: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        return position - start
    }

    private mutating func parseString() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        guard current != UInt8(ascii: "\"") else {
            defer { position += 1 }
            return try utf8(bytes[start..<position])
        }
        var collected = Array(bytes[start..<position])
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try utf8(collected[...])
            case UInt8(ascii: "\\"): try parseEscape(into: &collected)
            case 0x00..<0x20: throw error("a control character stands in a string")
            default: collected.append(byte)
            }
        }
        throw error("the text ends inside a string")
    }

    private func utf8(_ slice: ArraySlice<UInt8>) throws(JSONSyntaxError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw error("a string is not UTF-8") }
        return text
    }

    private mutating func parseEscape(into collected: inout [UInt8]) throws(JSONSyntaxError) {
        guard let byte = current else { throw error("the text ends inside a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): collected.append(byte)
        case UInt8(ascii: "b"): collected.append(0x08)
        case UInt8(ascii: "f"): collected.append(0x0C)
        case UInt8(ascii: "n"): collected.append(0x0A)
        case UInt8(ascii: "r"): collected.append(0x0D)
        case UInt8(ascii: "t"): collected.append(0x09)
        case UInt8(ascii: "u"): collected.append(contentsOf: try parseUnicodeEscape().utf8)
        default: throw error("an unknown escape stands in a string")
        }
    }

    /// A lone surrogate has no scalar; it becomes U+FFFD, as in the decoders of web browsers.
    private mutating func parseUnicodeEscape() throws(JSONSyntaxError) -> String {
        let first = try parseHex()
        guard (0xD800..<0xDC00).contains(first) else { return String(Unicode.Scalar(first) ?? "\u{FFFD}") }
        let next = position
        guard current == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") else { return "\u{FFFD}" }
        position += 2
        let second = try parseHex()
        guard (0xDC00..<0xE000).contains(second) else {
            position = next
            return "\u{FFFD}"
        }
        return String(Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? "\u{FFFD}")
    }

    private mutating func parseHex() throws(JSONSyntaxError) -> UInt32 {
        guard position + 4 <= bytes.count, let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
            bytes[position] != UInt8(ascii: "+"), bytes[position] != UInt8(ascii: "-")
        else { throw error("four hexadecimal digits should stand here") }
        position += 4
        return value
    }
}

extension JSONObject {
    /// Takes members whose names are known to be unique.
    init(unique members: [Member]) {
        self.init()
        self.append(unique: members)
    }
}
