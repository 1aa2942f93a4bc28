public import QdocCore

/// A piece of text with the box that holds it.
public struct PlacedText: Sendable, Hashable {
    public var text: String
    public var box: Box

    public init(text: String, box: Box) {
        self.text = text
        self.box = box
    }
}

/// One line of running text inside one column.
public struct TextLine: Sendable, Hashable {
    public var text: String
    public var box: Box
    /// Points; the largest on the line.
    public var fontSize: Double
    public var isBold: Bool
}

/// Lines that belong together, in reading order.
public struct TextBlock: Sendable, Hashable {
    /// What the block is on its page.
    public enum Role: Sendable, Hashable {
        /// Set larger or heavier than the text, and short.
        case heading
        case paragraph
        /// Repeated at the top or the bottom of pages, or a page number.
        case running
    }

    public var role: Role
    public var lines: [TextLine]
    public var box: Box
    /// The lines joined, hyphens at line ends resolved.
    public var text: String
    /// The words in reading order.
    var words: [Word]
}

/// A cell of a table.
public struct TableCell: Sendable, Hashable {
    /// As printed, footnote marks left out.
    public var text: String
    /// Number, string or null, as the pipeline's schema wants it.
    public var value: JSONValue
    /// Of the printed words; nil of an empty cell.
    public var box: Box?
    var isBold: Bool
}

/// A table rebuilt from words and ruling lines.
public struct Table: Sendable, Hashable {
    public var box: Box
    /// The caption, else nil.
    public var title: PlacedText?
    /// For each column the header cells above it joined by a space; nil where nothing is printed.
    public var columns: [PlacedText?]
    /// The printed header rows.
    public var header: [[TableCell]]
    /// Every row has one cell for each column.
    public var rows: [[TableCell]]
    /// What caption or header state for all numbers.
    public var measure: PrintedMeasure?
    /// The caption or header that states it.
    public var measurePlace: PlacedText?
}

/// A vector chart that was found. Its values are not read.
public struct ChartFound: Sendable, Hashable {
    /// How the values are drawn.
    public enum Kind: String, Sendable, Hashable {
        case bar
        case line
        case pie
        /// Neither of these.
        case other
    }

    public var kind: Kind
    public var box: Box
}

/// A figure that the page brings out: a callout, a row of a key-figure table, a total, a sentence.
public struct KeyFigure: Sendable, Hashable {
    public var label: String
    /// The printed words that the label was taken from.
    public var labelPlace: PlacedText
    public var value: PrintedNumber
    /// The printed number, with its unit where they stand together.
    public var place: PlacedText
    public var unit: String?
    public var scale: String?
    /// Label and number line by line, where a line break parts them; else empty.
    public var labelLines: [PlacedText] = []
    public var valueLines: [PlacedText] = []
    /// Where unit and scale stand, when they do not stand with the number.
    public var measurePlace: PlacedText?
    public var period: PlacedText?
    /// Larger is more important; decides what is kept when there are too many.
    var score: Int
}

/// What the local reader makes of a page.
public struct PageReading: Sendable, Hashable {
    public var reference: PageReference
    /// In reading order.
    public var blocks: [TextBlock]
    public var tables: [Table]
    public var charts: [ChartFound]
    public var keyFigures: [KeyFigure]
    public var outcome: PageOutcome
    public var warnings: [Warning]

    /// The lines of all blocks in reading order.
    public var lines: [TextLine] { blocks.flatMap(\.lines) }
}
