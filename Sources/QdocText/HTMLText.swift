/// The words of a web page, without its form.
enum HTMLText {
    /// Elements whose content is nobody's to read.
    private static let silent: Set<String> = ["script", "style", "head", "title", "template"]
    /// Elements that stand on lines of their own.
    private static let blocks: Set<String> = [
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "h1", "h2", "h3", "h4",
        "h5",
        "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul",
    ]
    private static let entities: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "euro": "€", "pound": "£", "copy": "©", "reg": "®",
        "ndash": "–", "mdash": "—", "hellip": "…", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "laquo": "«", "raquo": "»",
        "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß", "eacute": "é", "egrave": "è",
        "agrave": "à", "ccedil": "ç", "bull": "•", "middot": "·", "times": "×", "deg": "°", "zwnj": "", "shy": "",
    ]

    /// - Parameter page: UTF-8.
    static func plain(_ page: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var index = 0
        while index < page.count {
            switch page[index] {
            case UInt8(ascii: "<"): index = tag(page, index, &text)
            case UInt8(ascii: "&"): index = entity(page, index, &text)
            case let byte where byte <= 0x20:
                if let last = text.last, last > 0x20 { text.append(0x20) }
                index += 1
            case let byte:
                text.append(byte)
                index += 1
            }
        }
        return text
    }

    /// Reads a tag or a comment; gives where it ends.
    private static func tag(_ page: [UInt8], _ start: Int, _ text: inout [UInt8]) -> Int {
        if page[start...].starts(with: "<!--".utf8) { return after("-->", page, start + 4) }
        let isClosing = start + 1 < page.count && page[start + 1] == UInt8(ascii: "/")
        let nameStart = start + (isClosing ? 2 : 1)
        let nameEnd = page[min(nameStart, page.count)...].firstIndex { !isLetter($0) } ?? page.count
        guard nameEnd > nameStart || nameStart < page.count && page[nameStart] == UInt8(ascii: "!") else {
            text.append(page[start])
            return start + 1
        }
        let name = String(decoding: page[min(nameStart, page.count)..<nameEnd], as: UTF8.self).lowercased()
        let end = (page[nameEnd...].firstIndex(of: UInt8(ascii: ">")) ?? page.count - 1) + 1
        if silent.contains(name), !isClosing { return after("</\(name)", page, end) }
        if blocks.contains(name), text.last != 0x0A, !text.isEmpty { text.append(0x0A) }
        if name == "td" || name == "th", !isClosing, let last = text.last, last > 0x20 { text.append(0x09) }
        return end
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Where a mark, written in any case, and its tag end.
    private static func after(_ mark: String, _ page: [UInt8], _ start: Int) -> Int {
        let mark = Array(mark.utf8)
        var index = start
        while index + mark.count <= page.count {
            if zip(mark, page[index...]).allSatisfy({ $0 == ($1 >= 0x41 && $1 <= 0x5A ? $1 | 0x20 : $1) }) {
                if mark.last == UInt8(ascii: ">") { return index + mark.count }
                return (page[index...].firstIndex(of: UInt8(ascii: ">")) ?? page.count - 1) + 1
            }
            index += 1
        }
        return page.count
    }

    private static func entity(_ page: [UInt8], _ start: Int, _ text: inout [UInt8]) -> Int {
        // The longest name that is known has six letters; numbers have up to eight digits.
        let limit = min(page.count, start + 12)
        guard let end = page[start..<limit].firstIndex(of: UInt8(ascii: ";")) else {
            text.append(page[start])
            return start + 1
        }
        let name = String(decoding: page[(start + 1)..<end], as: UTF8.self)
        if let known = entities[name] {
            text += Array(known.utf8)
        } else if name.hasPrefix("#"), let scalar = scalar(name.dropFirst()) {
            text += Array(String(Character(scalar)).utf8)
        } else {
            text.append(page[start])
            return start + 1
        }
        return end + 1
    }

    private static func scalar(_ number: Substring) -> Unicode.Scalar? {
        let value = number.first == "x" || number.first == "X" ? UInt32(number.dropFirst(), radix: 16) : UInt32(number)
        guard let value, value >= 0x20 else { return nil }
        return Unicode.Scalar(value)
    }
}
