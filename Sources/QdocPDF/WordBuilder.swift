import QdocCore

/// One character of the text layer where it is drawn.
struct Glyph {
    var scalar: Unicode.Scalar
    var box: Box
    /// Index of its style.
    var style: Int
}

/// The font of a run.
struct TextStyle {
    var fontSize: Double
    var isBold: Bool

    init(fontName: String, fontSize: Double) {
        self.fontSize = fontSize
        isBold = TextStyle.isBold(fontName)
    }

    // What foundries call weights from 600 on; CMBX and SFBX are the bold fonts of TeX.
    private static let boldNames = ["bold", "black", "heavy", "demi", "cmbx", "sfbx"]

    static func isBold(_ fontName: String) -> Bool {
        let name = fontName.lowercased()
        return boldNames.contains { name.contains($0) }
    }
}

/// Joins glyphs to words.
enum WordBuilder {
    /// - Parameter glyphs: In reading order, white space included.
    /// - Throws: `page_too_large`.
    static func words(of glyphs: [Glyph], styles: [TextStyle], page: Int) throws(Failure) -> [Word] {
        var words: [Word] = []
        var start = 0
        while start < glyphs.count {
            guard !isSpace(glyphs[start].scalar) else {
                start += 1
                continue
            }
            var end = start + 1
            while end < glyphs.count, !isSpace(glyphs[end].scalar), isOneRun(glyphs[end - 1], glyphs[end], styles) { end += 1 }
            guard words.count < ContentLimits.words else {
                throw Failure(.pageTooLarge, "page \(page) has more than \(ContentLimits.words) words")
            }
            let spaceAfter = end == glyphs.count || isSpace(glyphs[end].scalar) || isApart(glyphs[end - 1], glyphs[end], styles)
            words.append(word(glyphs[start..<end], styles, spaceAfter))
            start = end
        }
        return words
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? scalar.value <= 0x20 : scalar.properties.isWhitespace
    }

    /// A change of weight begins another word: a bold label often runs into its plain value.
    private static func isOneRun(_ left: Glyph, _ right: Glyph, _ styles: [TextStyle]) -> Bool {
        !isApart(left, right, styles) && !isMark(left, right) && hasOneWeight(left, right, styles)
    }

    /// Whether empty space lies between two glyphs, in any direction: the text layer has no space between the cells of a table.
    ///
    /// 0.26 of the font size: below the narrowest word space in use, above the widest letter spacing.
    private static func isApart(_ left: Glyph, _ right: Glyph, _ styles: [TextStyle]) -> Bool {
        let size = styles.indices.contains(left.style) ? styles[left.style].fontSize : min(left.box.width, left.box.height)
        let across = max(right.box.x - left.box.maxX, left.box.x - right.box.maxX)
        let down = max(right.box.y - left.box.maxY, left.box.y - right.box.maxY)
        return max(across, down) > 0.26 * max(size, 1)
    }

    /// Whether the right one is a raised footnote mark: beside the other, smaller, its foot above the other's.
    private static func isMark(_ left: Glyph, _ right: Glyph) -> Bool {
        right.box.x > left.box.midX && right.box.height < 0.8 * left.box.height && right.box.maxY < left.box.maxY - 0.1 * left.box.height
            && right.box.midY < left.box.midY
    }

    private static func hasOneWeight(_ left: Glyph, _ right: Glyph, _ styles: [TextStyle]) -> Bool {
        left.style == right.style || !styles.indices.contains(left.style) || !styles.indices.contains(right.style)
            || styles[left.style].isBold == styles[right.style].isBold
    }

    private static func word(_ glyphs: ArraySlice<Glyph>, _ styles: [TextStyle], _ spaceAfter: Bool) -> Word {
        var text = String.UnicodeScalarView()
        for glyph in glyphs { Ligature.append(glyph.scalar, to: &text) }
        let boxes = glyphs.lazy.map(\.box)
        let style = glyphs.first.flatMap { styles.indices.contains($0.style) ? styles[$0.style] : nil }
        return Word(
            text: String(text), box: Box.union(of: boxes) ?? Box(x: 0, y: 0, width: 0, height: 0), fontSize: style?.fontSize ?? 0,
            isBold: style?.isBold ?? false, direction: direction(glyphs), spaceAfter: spaceAfter)
    }

    /// The way from the first glyph to the last; one glyph alone is taken to run to the right.
    private static func direction(_ glyphs: ArraySlice<Glyph>) -> TextDirection {
        guard let first = glyphs.first?.box, let last = glyphs.last?.box, glyphs.count > 1 else { return .right }
        let dx = last.midX - first.midX
        let dy = last.midY - first.midY
        // 0.18 is the tangent of 10 degrees: less is a superscript or a tall neighbour.
        if abs(dy) <= 0.18 * abs(dx) || abs(dy) < first.height / 2 && abs(dx) > abs(dy) { return dx >= 0 ? .right : .left }
        if abs(dx) <= 0.18 * abs(dy) || abs(dx) < first.width / 2 && abs(dy) > abs(dx) { return dy >= 0 ? .down : .up }
        return .slanted
    }
}

/// Latin ligatures, which are written out so that text can be found.
///
/// - Source: Unicode 15, Alphabetic Presentation Forms, compatibility decompositions.
enum Ligature {
    private static let letters = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"]

    static func expand(_ text: some Sequence<Unicode.Scalar>) -> String.UnicodeScalarView {
        var expanded = String.UnicodeScalarView()
        for scalar in text { append(scalar, to: &expanded) }
        return expanded
    }

    static func append(_ scalar: Unicode.Scalar, to text: inout String.UnicodeScalarView) {
        guard (0xFB00...0xFB06).contains(scalar.value) else {
            text.append(scalar)
            return
        }
        text.append(contentsOf: letters[Int(scalar.value - 0xFB00)].unicodeScalars)
    }
}
