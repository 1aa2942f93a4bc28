public import QdocCore

/// What qdoc sees on one page without asking a model.
public struct PageInspection: Sendable, Hashable {
    /// From 1.
    public var number: Int
    public var geometry: PageGeometry
    public var outcome: PageOutcome
    /// Where the words come from; nil of a page without words.
    public var textSource: TextSource?
    public var words: [Word]
    public var tables: [InspectedTable]
    public var charts: [InspectedChart]
    public var keyFigures: [InspectedFigure]
    /// The images that a model would be sent: the whole page, then its parts where it is cut; none where they could not be made.
    public var images: [InspectedImage]
    /// Fonts that the page uses and the document does not bring.
    public var missingFonts: [String]

    public init(
        number: Int, geometry: PageGeometry, outcome: PageOutcome, textSource: TextSource? = nil, words: [Word] = [],
        tables: [InspectedTable] = [], charts: [InspectedChart] = [], keyFigures: [InspectedFigure] = [], images: [InspectedImage] = [],
        missingFonts: [String] = []
    ) {
        self.number = number
        self.geometry = geometry
        self.outcome = outcome
        self.textSource = textSource
        self.words = words
        self.tables = tables
        self.charts = charts
        self.keyFigures = keyFigures
        self.images = images
        self.missingFonts = missingFonts
    }
}

/// A table that was rebuilt from words and ruling lines.
///
/// - Shape: `rows` are of equal length; the first `headerRows` of them are the header.
public struct InspectedTable: Sendable, Hashable {
    public var title: String?
    public var box: Box
    public var rows: [[String]]
    public var headerRows: Int

    public init(title: String? = nil, box: Box, rows: [[String]], headerRows: Int) {
        self.title = title
        self.box = box
        self.rows = rows
        self.headerRows = headerRows
    }
}

/// A chart that was found; its numbers are not read.
public struct InspectedChart: Sendable, Hashable {
    public var box: Box
    /// `bar`, `line`, …; nil where the drawing does not settle it.
    public var kind: String?

    public init(box: Box, kind: String? = nil) {
        self.box = box
        self.kind = kind
    }
}

/// A figure with its label.
public struct InspectedFigure: Sendable, Hashable {
    public var label: String
    public var value: JSONNumber
    public var unit: String?
    public var scale: String?
    public var period: String?
    public var box: Box

    public init(label: String, value: JSONNumber, unit: String? = nil, scale: String? = nil, period: String? = nil, box: Box) {
        self.label = label
        self.value = value
        self.unit = unit
        self.scale = scale
        self.period = period
        self.box = box
    }
}

/// Size and price of the image of a page.
public struct InspectedImage: Sendable, Hashable {
    /// The part of the page that it shows; nil for all of it.
    public var region: Box?
    public var size: PixelSize
    /// 0 where the model's rule is not known.
    public var tokens: Int
    public var encoding: ImageEncoding
    public var byteCount: Int

    public init(region: Box? = nil, size: PixelSize, tokens: Int, encoding: ImageEncoding, byteCount: Int) {
        self.region = region
        self.size = size
        self.tokens = tokens
        self.encoding = encoding
        self.byteCount = byteCount
    }
}
