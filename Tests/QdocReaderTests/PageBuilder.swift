import QdocCore
import QdocReader

/// Sets words, rules and shapes at positions, as a page would.
struct PageBuilder {
    var content = PageContent()
    var size = PageSize(width: 600, height: 800)

    /// Every character is half the size wide, a space too; the box is as high as the size. `x` is the left edge, or the right one.
    mutating func text(_ text: String, x: Double, y: Double, size: Double = 10, bold: Bool = false, right: Bool = false) {
        let advance = size / 2
        var at = right ? x - Double(text.count) * advance : x
        for part in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !part.isEmpty {
                let box = Box(x: at, y: y, width: Double(part.count) * advance, height: size)
                content.words.append(Word(text: String(part), box: box, fontSize: size, isBold: bold))
            }
            at += Double(part.count + 1) * advance
        }
    }

    /// A row: the first text starts at 50, the others end at 300, 400, 500.
    mutating func row(_ cells: [String], y: Double, bold: Bool = false) {
        for (index, cell) in cells.enumerated() where !cell.isEmpty {
            text(cell, x: index == 0 ? 50 : 200 + 100 * Double(index), y: y, bold: bold, right: index > 0)
        }
    }

    /// A line of words to fill a column of text.
    mutating func prose(_ text: String, x: Double, y: Double, width: Int = 40) {
        var line = ""
        var at = y
        for word in text.split(separator: " ") {
            if line.count + word.count + 1 > width {
                self.text(line, x: x, y: at)
                at += 14
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        self.text(line, x: x, y: at)
    }

    mutating func rule(_ x0: Double, _ x1: Double, y: Double) {
        content.rulings.append(Ruling(start: Point(x: x0, y: y), end: Point(x: x1, y: y), thickness: 0.5))
    }

    mutating func upright(_ x: Double, _ y0: Double, _ y1: Double) {
        content.rulings.append(Ruling(start: Point(x: x, y: y0), end: Point(x: x, y: y1), thickness: 0.5))
    }

    mutating func bar(x: Double, base: Double, width: Double, height: Double) {
        let points = [
            Point(x: x, y: base - height), Point(x: x + width, y: base - height), Point(x: x + width, y: base), Point(x: x, y: base),
        ]
        content.paths.append(VectorPath(subpaths: [points], isClosed: [true], fill: Color(red: 10, green: 90, blue: 90)))
    }

    static let reference = PageReference(source: 1, pageNumber: 1)
    var geometry: PageGeometry { PageGeometry(size: size, rotation: 0) }

    func read(running: RunningLines = RunningLines(), isImageFile: Bool = false) -> PageReading {
        PageReader.read(content, geometry: geometry, reference: Self.reference, running: running, isImageFile: isImageFile)
    }
}

extension Table {
    /// The values as JSON text, row by row, for short expectations.
    var values: [[String]] {
        rows.map { row in
            row.map { $0.value.number?.lexical ?? $0.value.string.map { "'\($0)'" } ?? "null" }
        }
    }

    var names: [String?] { columns.map { $0?.text } }
}
