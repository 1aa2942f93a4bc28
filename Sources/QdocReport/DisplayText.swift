/// Text of documents and models as a terminal may be given it: nothing in it moves the cursor, hides or turns around other text.
///
/// - Source: widths from Unicode Standard Annex #11 (wide and fullwidth take two columns), general categories from the standard library.
public enum DisplayText {
    /// Makes text safe for a terminal: white space becomes single spaces at most where lines break, control characters become visible.
    ///
    /// - Parameter keepsLines: Keeps line feeds; they become spaces otherwise.
    public static func safe(_ text: String, keepsLines: Bool = false) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A where keepsLines: result.append(scalar)
            case 0x09, 0x0A, 0x0D, 0x2028, 0x2029: result.append(" ")
            // The control pictures: ␛ for escape, ␀ for null.
            case 0x00..<0x20: result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "?")
            case 0x7F: result.append("\u{2421}")
            // A soft hyphen prints on some terminals and not on others.
            case 0xAD: continue
            case 0x200C, 0x200D, 0xFE0F: result.append(scalar)
            default:
                switch scalar.properties.generalCategory {
                // Glyphs without a meaning of their own: bullets of symbol fonts, mostly.
                case .privateUse: result.append("\u{FFFD}")
                case .control, .format:
                    result.append(contentsOf: "<U+\(String(scalar.value, radix: 16, uppercase: true))>".unicodeScalars)
                default: result.append(scalar)
                }
            }
        }
        return String(result)
    }

    /// Columns that a text takes on a terminal.
    public static func width(_ text: some StringProtocol) -> Int {
        text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.reduce(0) { $0 + width($1) }
    }

    /// Columns of one character: its widest scalar rules, marks on it take none.
    static func width(_ character: Character) -> Int {
        character.unicodeScalars.reduce(0) { max($0, width($1)) }
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        if wide.contains(where: { $0.contains(scalar.value) }) { return 2 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        // Vowels and final consonants of Hangul stand in the syllable of their first consonant.
        default: return (0x1160...0x11FF).contains(scalar.value) ? 0 : 1
        }
    }

    /// Blocks whose characters are wide or fullwidth, in order.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x25FD...0x25FE, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
        0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
        0x1F1E6...0x1F1FF, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD,
    ]

    /// Cuts a text to a width, an ellipsis at its end where something is left out.
    public static func cut(_ text: String, to limit: Int) -> String {
        guard width(text) > limit else { return text }
        var result = ""
        var used = 0
        for character in text {
            let next = width(character)
            guard used + next <= limit - 1 else { break }
            result.append(character)
            used += next
        }
        return limit > 0 ? result + "…" : ""
    }

    /// Fills a text with spaces to a width.
    static func pad(_ text: String, to width: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - Self.width(text)))
        return right ? space + text : text + space
    }

    /// Breaks a text into lines of at most `limit` columns, at spaces where there are any.
    public static func wrap(_ text: String, to limit: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            let gap = line.isEmpty ? 0 : 1
            if width(line) + gap + width(word) <= limit {
                line += (line.isEmpty ? "" : " ") + word
                continue
            }
            if !line.isEmpty { lines.append(line) }
            line = ""
            // A word longer than the line, or a script without spaces, is broken between characters.
            for character in word {
                if width(line) + width(character) > limit, !line.isEmpty {
                    lines.append(line)
                    line = ""
                }
                line.append(character)
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}
