public import QdocCore

/// Lines that repeat at the top or the bottom of several pages: headers, footers, page numbers.
///
/// Lines in the outer 8 % of the page are compared with their digits masked; three pages make a repetition.
public struct RunningLines: Sendable, Hashable {
    private var texts: Set<String> = []

    /// Knows of no other page: only a lone number in the outer 8 % counts as running.
    public init() {}

    public init(pages: some Sequence<(content: PageContent, geometry: PageGeometry)>) {
        var counts: [String: Int] = [:]
        for (content, geometry) in pages {
            let outer = content.words.filter { $0.box.isUsable && Self.isOuter($0.box, geometry) }
            let keys = RowBuilder.rows(of: Array(outer.prefix(400))).flatMap(\.chunks).map { Self.masked($0.text) }
            for key in Set(keys) where key.count <= 200 { counts[key, default: 0] += 1 }
        }
        texts = Set(counts.filter { $0.value >= 3 }.keys)
    }

    /// Whether a row is running: one chunk of it repeats, or it is a lone number.
    func holds(_ row: TextRow, _ geometry: PageGeometry) -> Bool {
        guard Self.isOuter(row.box, geometry) else { return false }
        return row.chunks.contains { chunk in
            let key = Self.masked(chunk.text)
            return texts.contains(key) || key.allSatisfy { $0 == "0" || !($0.isLetter || $0.isNumber) }
        }
    }

    private static func isOuter(_ box: Box, _ geometry: PageGeometry) -> Bool {
        box.maxY <= 0.08 * geometry.size.height || box.y >= 0.92 * geometry.size.height
    }

    /// Runs of digits become one zero.
    private static func masked(_ text: String) -> String {
        var result = ""
        for character in text {
            if character.isNumber {
                if result.last != "0" { result.append("0") }
            } else {
                result.append(character)
            }
        }
        return result
    }
}
