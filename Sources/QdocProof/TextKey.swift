/// Text folded for comparison: what differs only in spelling habits of a page gets the same key.
///
/// Case, spaces, punctuation, ligatures, width, soft and line-end hyphens and superscript marks are gone; letters, digits, and the
/// signs between digits (`12-34` is not `1234`) stay. Canonically equivalent letters are equal as Swift strings are.
enum TextKey {
    static func of(_ text: some StringProtocol) -> String {
        if let key = ofLetters(text.utf8) { return key }
        var key = String.UnicodeScalarView()
        var pending: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            for folded in fold(scalar) {
                if isLetterOrDigit(folded) {
                    if let sign = pending, let last = key.last, isDigit(last), isDigit(folded) { key.append(sign) }
                    pending = nil
                    key.append(folded)
                } else if "-.,:/".unicodeScalars.contains(folded), pending == nil, let last = key.last, isDigit(last) {
                    pending = folded
                } else if folded != "'" {
                    pending = nil
                }
            }
        }
        return String(key)
    }

    /// The key of plain ASCII without signs between digits: most words, and ten times faster.
    private static func ofLetters(_ text: some Collection<UInt8>) -> String? {
        var key: [UInt8] = []
        key.reserveCapacity(text.count)
        var followsDigit = false
        for byte in text {
            switch byte {
            case 0x80...: return nil
            case UInt8(ascii: "a")...UInt8(ascii: "z"): key.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): key.append(byte + 32)
            case UInt8(ascii: "0")...UInt8(ascii: "9"): key.append(byte)
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "/"), UInt8(ascii: ":"):
                if followsDigit { return nil }
            case UInt8(ascii: "'"): if followsDigit { return nil }
            default: break
            }
            followsDigit = (0x30...0x39).contains(byte)
        }
        return String(decoding: key, as: UTF8.self)
    }

    /// Whether the text has a digit, of any script.
    static func hasDigit(_ text: String) -> Bool {
        text.utf8.contains { (0x30...0x39).contains($0) || $0 >= 0x80 } && text.unicodeScalars.contains(where: isDigit)
    }

    /// The text without a parenthesis at its end: `Revenue (EUR million)` is `Revenue`.
    static func withoutParenthesis(_ text: String) -> String? {
        var rest = Substring(text)
        while rest.last == " " { rest.removeLast() }
        guard rest.last == ")" || rest.last == "]" else { return nil }
        guard let open = rest.lastIndex(where: { $0 == "(" || $0 == "[" }), open > rest.startIndex else { return nil }
        let before = String(rest[..<open])
        return of(before).isEmpty ? nil : before
    }

    /// The words of a name in camel case or with underscores: `invoiceTotal` is `invoice total`.
    static func words(ofName name: String) -> String {
        var words = ""
        var wasLower = false
        for character in name {
            if character == "_" || character == "-" || character == "." {
                words += " "
                wasLower = false
            } else {
                if character.isUppercase, wasLower { words += " " }
                words += character.lowercased()
                wasLower = character.isLowercase || character.isNumber
            }
        }
        return words
    }

    /// Whether the text has letters of a script that is written without spaces.
    static func isUnspaced(_ text: String) -> Bool {
        text.unicodeScalars.contains {
            switch $0.value {
            // Thai to Khmer, kana, ideographs; Hangul is spaced.
            case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
                true
            default: false
            }
        }
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType == .decimal }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        // Looking properties up costs more than everything else about a word.
        if scalar.value < 0x80 {
            return switch scalar.value {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: false
            }
        }
        let properties = scalar.properties
        return properties.isAlphabetic || isDigit(scalar) || properties.generalCategory == .nonspacingMark
            || properties.generalCategory == .spacingMark
    }

    private static func fold(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        switch scalar.value {
        case 0x41...0x5A: [Unicode.Scalar(UInt8(scalar.value) + 32)]
        case 0..<0x80: [scalar]
        case 0xFB00: ["f", "f"]
        case 0xFB01: ["f", "i"]
        case 0xFB02: ["f", "l"]
        case 0xFB03: ["f", "f", "i"]
        case 0xFB04: ["f", "f", "l"]
        case 0xFB05, 0xFB06: ["s", "t"]
        case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0).map { fold($0) } ?? [scalar]
        case 0x2010...0x2015, 0x2212, 0xFE63: ["-"]
        case 0x2018, 0x2019, 0x02BC: ["'"]
        // Superscripts are footnote marks; soft hyphen, zero width.
        case 0xB2, 0xB3, 0xB9, 0x2070...0x207E, 0xAD, 0x200B...0x200F, 0xFEFF: []
        default:
            if isDigit(scalar), let value = scalar.properties.numericValue, let digit = Unicode.Scalar(0x30 + UInt32(max(0, min(9, value))))
            {
                [digit]
            } else {
                Array(scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
    }
}
