/// How the bytes of a plain text stand for characters.
public enum TextEncoding: Sendable, Hashable {
    case utf8
    /// Both with a byte order mark, which is what tells them.
    case utf16LittleEndian
    case utf16BigEndian
    case windows1252

    /// Tells the encoding; nil where the bytes are no text.
    ///
    /// - Parameters:
    ///   - bytes: The text from its start.
    ///   - isWhole: Whether nothing follows; else the last character may be cut.
    public init?(of bytes: [UInt8], isWhole: Bool) {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            let isLittle = bytes[0] == 0xFF
            guard !isWhole || bytes.count % 2 == 0, TextEncoding.holdsUnits(bytes, isLittle) else { return nil }
            self = isLittle ? .utf16LittleEndian : .utf16BigEndian
            return
        }
        guard !bytes.contains(where: TextEncoding.isBinary) else { return nil }
        if TextEncoding.isUTF8(bytes, isWhole: isWhole) {
            self = .utf8
        } else if !bytes.contains(where: { TextEncoding.undefined.contains($0) }) {
            self = .windows1252
        } else {
            return nil
        }
    }

    /// The text as UTF-8, without a byte order mark; what cannot be decoded becomes U+FFFD.
    public func utf8(of bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .utf8:
            let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
            return TextEncoding.isUTF8(text, isWhole: true) ? text : Array(String(decoding: text, as: UTF8.self).utf8)
        case .utf16LittleEndian, .utf16BigEndian:
            let isLittle = self == .utf16LittleEndian
            let units = stride(from: 2, to: bytes.count - 1, by: 2).map { TextEncoding.unit(bytes, $0, isLittle) }
            return Array(String(decoding: units, as: UTF16.self).utf8)
        case .windows1252:
            var text: [UInt8] = []
            text.reserveCapacity(bytes.count + bytes.count / 8)
            for byte in bytes {
                guard byte >= 0x80 else {
                    text.append(byte)
                    continue
                }
                let scalar = byte < 0xA0 ? TextEncoding.upper[Int(byte) - 0x80] : UInt32(byte)
                text += Array(String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
            }
            return text
        }
    }

    /// Whether a byte stands in no text: control characters besides tab, line ends, form feed and escape.
    private static func isBinary(_ byte: UInt8) -> Bool {
        byte < 0x20 ? !(0x09...0x0D).contains(byte) && byte != 0x1B : byte == 0x7F
    }

    private static func isUTF8(_ bytes: [UInt8], isWhole: Bool) -> Bool {
        if String(validating: bytes, as: UTF8.self) != nil { return true }
        guard !isWhole else { return false }
        // A character may be cut: the bytes of one that is not complete are left out.
        let tail = bytes.suffix(3).reversed().prefix { $0 & 0xC0 == 0x80 }.count
        return tail < bytes.count && bytes[bytes.count - 1 - tail] >= 0xC0
            && String(validating: bytes.dropLast(tail + 1), as: UTF8.self) != nil
    }

    private static func unit(_ bytes: [UInt8], _ index: Int, _ isLittle: Bool) -> UInt16 {
        let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
        return isLittle ? second << 8 | first : first << 8 | second
    }

    private static func holdsUnits(_ bytes: [UInt8], _ isLittle: Bool) -> Bool {
        stride(from: 2, to: bytes.count - 1, by: 2).allSatisfy { index in
            let unit = unit(bytes, index, isLittle)
            return unit >= 0x20 ? unit < 0xFFFE : (0x09...0x0D).contains(unit)
        }
    }

    /// Bytes that mean nothing in Windows-1252.
    ///
    /// - Source: WHATWG Encoding Standard, index windows-1252; unicode.org, CP1252.TXT.
    private static let undefined: Set<UInt8> = [0x81, 0x8D, 0x8F, 0x90, 0x9D]

    /// What 0x80 to 0x9F stand for, from the same source.
    private static let upper: [UInt32] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
        0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
    ]
}
