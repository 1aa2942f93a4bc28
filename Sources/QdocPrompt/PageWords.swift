public import QdocCore

/// The words of a page as text that stands beside its image, or instead of it.
public enum PageWords {
    /// Bytes of one page at most, so that a page of nothing but print cannot crowd the images out of a request.
    ///
    /// - Source: four times the densest page of `samples/annual-report.pdf`, which has 1,829 bytes.
    static let byteLimit = 8_192

    /// Bytes after which a line is ended in any case: a page may be one long line, of which something is to be shown.
    private static let lineLimit = 1_024

    /// The words of the text layer in lines, cut after the last line that fits; empty of a page without any.
    ///
    /// Recognised characters are left out: planning, for which nothing is recognised, must come to the same text.
    public static func text(of words: [Word]) -> String { text(of: words, limit: byteLimit) }

    package static func text(of words: [Word], limit: Int) -> String {
        var text = ""
        var line = ""
        var last: Word?
        for word in words where word.source == .textLayer {
            let clean = Self.clean(word.text)
            guard !clean.isEmpty else { continue }
            if let last, line.utf8.count > lineLimit || !continues(word, after: last) {
                guard text.utf8.count + line.utf8.count < limit else { return text }
                text += line + "\n"
                line = ""
            }
            let isJoined = last.map { !$0.spaceAfter } ?? true
            line += (line.isEmpty || isJoined ? "" : " ") + clean
            last = word
        }
        guard text.utf8.count + line.utf8.count < limit else { return text }
        return line.isEmpty ? text : text + line + "\n"
    }

    /// Lines that no word of a page can end: each begins with a mark, and no word holds a line feed.
    static func fenced(_ text: String) -> String {
        text.split(separator: "\n").map { "| \($0)\n" }.joined()
    }

    private static func continues(_ word: Word, after last: Word) -> Bool {
        let middle = word.box.y + word.box.height / 2
        return word.box.x >= last.box.x && middle > last.box.y && middle < last.box.maxY
    }

    /// Without what a terminal or a model could take for the end of a line.
    private static func clean(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: continue
            default: clean.append(scalar)
            }
        }
        return String(clean)
    }
}
