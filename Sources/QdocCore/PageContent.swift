/// Where a word's characters come from.
public enum TextSource: String, Sendable, Hashable {
    case textLayer = "text"
    case ocr
}

/// The way a word runs on the page as displayed.
public enum TextDirection: UInt8, Sendable, Hashable {
    case right = 0
    case down = 1
    case left = 2
    case up = 3
    /// Any other angle.
    case slanted = 4
}

/// A run of characters without white space, with the box that holds its glyphs.
///
/// In scripts without spaces a word is a run of neighbouring characters.
public struct Word: Sendable, Hashable {
    public var text: String
    public var box: Box
    /// Font size in points; 0 where unknown.
    public var fontSize: Double
    public var isBold: Bool
    public var direction: TextDirection
    /// Whether white space follows in the text layer (false inside a run that is split only by style or script).
    public var spaceAfter: Bool
    public var source: TextSource
    /// How sure character recognition is, from 0 to 1; 1 for a text layer.
    public var confidence: Double

    public init(
        text: String, box: Box, fontSize: Double = 0, isBold: Bool = false, direction: TextDirection = .right,
        spaceAfter: Bool = true, source: TextSource = .textLayer, confidence: Double = 1
    ) {
        self.text = text
        self.box = box
        self.fontSize = fontSize
        self.isBold = isBold
        self.direction = direction
        self.spaceAfter = spaceAfter
        self.source = source
        self.confidence = confidence
    }
}

/// A straight horizontal or vertical line that is drawn on the page: a stroke, or a filled rectangle thinner than 1.2 points.
public struct Ruling: Sendable, Hashable {
    public var start: Point
    public var end: Point
    /// Points.
    public var thickness: Double

    public init(start: Point, end: Point, thickness: Double) {
        self.start = start
        self.end = end
        self.thickness = thickness
    }

    public var isHorizontal: Bool { abs(start.y - end.y) <= abs(start.x - end.x) }
    public var box: Box { Box(from: start, to: end) }
}

/// A colour in sRGB; opacity is left out.
public struct Color: Sendable, Hashable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }
}

/// A painted vector path with its curves flattened.
///
/// - Shape: `subpaths[i]` is a list of vertices; `isClosed[i]` tells whether the last joins the first.
public struct VectorPath: Sendable, Hashable {
    public var subpaths: [[Point]]
    public var isClosed: [Bool]
    public var fill: Color?
    public var stroke: Color?
    /// Points; 0 where nothing is stroked.
    public var lineWidth: Double
    /// Whether the stroke is dashed.
    public var isDashed: Bool

    public init(
        subpaths: [[Point]], isClosed: [Bool], fill: Color? = nil, stroke: Color? = nil, lineWidth: Double = 0, isDashed: Bool = false
    ) {
        self.subpaths = subpaths
        self.isClosed = isClosed
        self.fill = fill
        self.stroke = stroke
        self.lineWidth = lineWidth
        self.isDashed = isDashed
    }

    /// The box that holds all vertices, or nil of an empty path.
    public var box: Box? {
        Box.union(of: subpaths.lazy.joined().map { Box(x: $0.x, y: $0.y, width: 0, height: 0) })
    }
}

/// The parts of page content that can be asked for.
public struct ContentParts: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let words = ContentParts(rawValue: 1)
    public static let rulings = ContentParts(rawValue: 2)
    public static let paths = ContentParts(rawValue: 4)
    public static let pictures = ContentParts(rawValue: 8)
    public static let all: ContentParts = [.words, .rulings, .paths, .pictures]
}

/// What is on a page without asking any model.
///
/// A part that was not asked for is empty. Words stand in reading order.
public struct PageContent: Sendable, Hashable {
    public var words: [Word]
    public var rulings: [Ruling]
    public var paths: [VectorPath]
    /// Boxes of the embedded pictures.
    public var pictures: [Box]
    /// Names of fonts that the page uses and the document does not bring: other fonts stand in for them.
    public var missingFonts: [String] = []

    public init(words: [Word] = [], rulings: [Ruling] = [], paths: [VectorPath] = [], pictures: [Box] = []) {
        self.words = words
        self.rulings = rulings
        self.paths = paths
        self.pictures = pictures
    }
}
