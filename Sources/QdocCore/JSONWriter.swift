/// Writes JSON piece by piece into a buffer that the caller drains, so that a long document is never held whole.
///
/// Misuse (a value where a name should stand) is a fault of the program and traps in debug builds.
public struct JSONWriter {
    /// What has been written and not yet taken.
    public private(set) var bytes: [UInt8] = []
    private let indent: Int
    private var depth = 0
    private var needsComma = false
    private var followsName = false

    /// - Parameter indent: Spaces for each level; 0 writes one line.
    public init(indent: Int = 0) {
        self.indent = indent
    }

    /// Writes one value as text.
    public static func text(_ value: JSONValue, indent: Int = 0) -> String {
        var writer = JSONWriter(indent: indent)
        writer.value(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Hands over what has been written since the last call.
    public mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    /// Opens an object, as a value.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    /// Closes the object that was opened last.
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    /// Opens an array, as a value.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    /// Closes the array that was opened last.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes the name of a member, whose value is to follow.
    public mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        if indent > 0 { bytes.append(0x20) }
        followsName = true
    }

    /// Writes a member of an object, name and value.
    public mutating func member(_ name: String, _ value: JSONValue) {
        self.name(name)
        self.value(value)
    }

    /// Writes a value, at whatever depth it is.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: literal("null")
        case .bool(let bool): literal(bool ? "true" : "false")
        case .number(let number): literal(number.lexical)
        case .string(let string):
            separate()
            quote(string)
            needsComma = true
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for entry in object { member(entry.name, entry.value) }
            endObject()
        }
    }

    /// Writes a value on one line, whatever the indent.
    public mutating func inline(_ value: JSONValue) {
        separate()
        bytes.append(contentsOf: Self.text(value).utf8)
        needsComma = true
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        depth += 1
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        assert(depth > 0, "a bracket is closed that was not opened")
        depth -= 1
        if needsComma { newLine() }
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        guard !followsName else {
            followsName = false
            return
        }
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        if depth > 0 { newLine() }
        needsComma = false
    }

    private mutating func newLine() {
        guard indent > 0 else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: indent * depth))
    }

    private static let hex = Array("0123456789abcdef".utf8)

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        // The lead bytes of every hidden character; most texts have none of them.
        if text.utf8.contains(where: { $0 == 0xC2 || $0 == 0xE2 }), text.unicodeScalars.contains(where: Self.isHidden) {
            for scalar in text.unicodeScalars {
                if Self.isHidden(scalar) {
                    escape(UInt16(truncatingIfNeeded: scalar.value))
                } else {
                    for byte in UTF8.encode(scalar) ?? .init() { append(byte) }
                }
            }
        } else {
            for byte in text.utf8 { append(byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Control characters beyond ASCII, line separators and the marks that turn the direction of text: legal in JSON, and able to mislead
    /// whoever looks at it in a terminal.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x80...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069: true
        default: false
        }
    }

    private mutating func append(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        // U+007F is legal, and invisible in a terminal: escaped with the control characters.
        case 0x00..<0x20, 0x7F: escape(UInt16(byte))
        default: bytes.append(byte)
        }
    }

    private mutating func escape(_ unit: UInt16) {
        bytes.append(contentsOf: "\\u".utf8)
        for shift in [12, 8, 4, 0] as [UInt16] { bytes.append(Self.hex[Int(unit >> shift & 15)]) }
    }
}
