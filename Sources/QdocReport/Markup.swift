import QdocCore

/// A piece of HTML. Text becomes markup only by being escaped, and names of elements and attributes are those of the program:
/// nothing that a document says can be a tag.
struct Markup: ExpressibleByStringLiteral {
    private(set) var bytes: [UInt8]

    static let empty = Markup("")

    /// Takes text, escaped.
    init(_ text: String) {
        bytes = Self.escaped(text)
    }

    init(stringLiteral text: String) {
        self.init(text)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Takes a file of the program as it is.
    init(template bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// An attribute of an element.
    struct Attribute {
        let name: StaticString
        let value: String

        init(_ name: StaticString, _ value: String) {
            self.name = name
            self.value = value
        }

        /// A length or coordinate in the units of a drawing.
        init(_ name: StaticString, _ value: Double) {
            self.init(name, JSONWriter.text(.points(value)))
        }
    }

    static func element(_ name: StaticString, _ attributes: [Attribute] = [], _ content: Markup...) -> Markup {
        element(name, attributes, content)
    }

    static func element(_ name: StaticString, _ attributes: [Attribute] = [], _ content: [Markup]) -> Markup {
        var bytes = Array("<\(name)".utf8)
        for attribute in attributes {
            bytes += Array(" \(attribute.name)=\"".utf8) + escaped(attribute.value) + [UInt8(ascii: "\"")]
        }
        bytes.append(UInt8(ascii: ">"))
        for piece in content { bytes += piece.bytes }
        bytes += Array("</\(name)>".utf8)
        return Markup(bytes: bytes)
    }

    static func joined(_ pieces: [Markup]) -> Markup {
        Markup(bytes: pieces.reduce(into: []) { $0 += $1.bytes })
    }

    static func + (left: Markup, right: Markup) -> Markup { Markup(bytes: left.bytes + right.bytes) }
    static func += (left: inout Markup, right: Markup) { left.bytes += right.bytes }

    /// The five characters that mean something in text or in a quoted attribute; what a browser may not be given is made visible.
    private static func escaped(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for byte in DisplayText.safe(text, keepsLines: true).utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += Array("&amp;".utf8)
            case UInt8(ascii: "<"): bytes += Array("&lt;".utf8)
            case UInt8(ascii: ">"): bytes += Array("&gt;".utf8)
            case UInt8(ascii: "\""): bytes += Array("&quot;".utf8)
            case UInt8(ascii: "'"): bytes += Array("&#39;".utf8)
            default: bytes.append(byte)
            }
        }
        return bytes
    }
}
