public import QdocCore

/// Finds the printed words on drawn pages.
///
/// - Confinement: one thread. Used in a confined child only; a fork server may make one and its workers use their copies.
public final class TextRecognizer {
    private let data: LanguageData
    private let engine: Engine
    private let orientation: Engine?

    /// Loads the languages, which takes 80 ms of CPU for English, and the data that tell orientation where they are there.
    ///
    /// - Parameter languages: As Tesseract names them; empty for all that are installed, `LanguageData.maxLanguages` at most.
    /// - Throws: `decoder_missing`, `invalid_arguments`.
    public init(_ data: LanguageData, languages: [String] = []) throws(Failure) {
        self.data = data
        engine = try Engine(data, languages: try data.chosen(languages))
        orientation = data.hasOrientation ? try Engine(data, languages: []) : nil
    }

    private init(_ data: LanguageData, _ engine: Engine, _ orientation: Engine?) {
        self.data = data
        self.engine = engine
        self.orientation = orientation
    }

    /// One with these languages: this one where they are the same, else a new one.
    ///
    /// - Throws: As `init`.
    public func speaking(_ languages: [String]) throws(Failure) -> TextRecognizer {
        let chosen = try data.chosen(languages)
        return chosen == engine.languages ? self : TextRecognizer(data, try Engine(data, languages: chosen), orientation)
    }

    /// Reads a page.
    ///
    /// - Parameter dotsPerInch: Pixels per inch of paper; 0 where nobody knows: then the size of its letters decides.
    /// - Returns: Words in reading order, boxes and font sizes in pixels of the graymap; none where the page is a picture without text.
    /// - Throws: `decode_limit`.
    public func words(on page: consuming Graymap, dotsPerInch: Double) throws(Failure) -> [Word] {
        guard min(page.size.width, page.size.height) >= TextRecognizer.leastSide else { return [] }
        let size = page.size
        let given = try GrayImage(size: size, pixels: page.pixels)
        let ink = try given.binarized()
        // Dark pages with light text: Tesseract turns lines over by itself, but looks for columns by their ink.
        let isDark = ink.inkShare() > TextRecognizer.darkShare
        let positive = isDark ? try given.inverted() : given
        let scale = try scale(of: size, dotsPerInch) { () throws(Failure) in try (isDark ? positive.binarized() : ink).inkBoxes() }
        let scaled = scale == 1 ? positive : try positive.scaled(by: scale)
        let reading = try bestReading { (quarters, milliseconds) throws(Failure) in
            try Reading(
                PreparedPage(scaled, of: size, scale: scale, quarters: quarters), engine, within: milliseconds)
        } turn: {
            orientation?.orientation(of: scaled)
        }
        return reading.words
    }

    /// Pixels of a side that can hold a line of text: letters of fewer cannot be told apart.
    private static let leastSide = 8

    /// Share of ink above which a page is light on dark: a choice, above the half that Otsu's threshold makes of an even picture.
    private static let darkShare = 0.6

    /// The resolution that Tesseract's networks are trained for and its documentation asks for.
    private static let bestDotsPerInch = 300.0
    /// Median height of the ink on a page in pixels; a scanned letter has 21 at 300 dpi. Of 1,319 words on 14 receipts 1,066 are right at it, 1,025
    /// unscaled, 1,019 at 16, 1,047 at 24, 1,048 at 28 and 1,035 at 32: the best of those tried on these same receipts, by little.
    private static let bestInkHeight = 20.0
    /// Bounds that were chosen, not measured.
    private static let scales = 0.25...4.0
    /// Pixels that are recognised at most: A4 at 300 dpi has 8.7 million.
    private static let maxPixels = 12e6

    private func scale(
        of size: PixelSize, _ dotsPerInch: Double, inkBoxes: () throws(Failure) -> [Box]
    ) throws(Failure) -> Double {
        var scale = 1.0
        if dotsPerInch > 0 {
            scale = TextRecognizer.bestDotsPerInch / dotsPerInch
        } else {
            let heights = InkShapes(try inkBoxes()).letters.map(\.height).sorted()
            // A few marks say nothing of the size of type.
            if heights.count >= 5 { scale = TextRecognizer.bestInkHeight / heights[heights.count / 2] }
        }
        let limit = (TextRecognizer.maxPixels / Double(size.pixels)).squareRoot()
        scale = min(max(scale, TextRecognizer.scales.lowerBound), TextRecognizer.scales.upperBound, limit)
        // Within a twentieth scaling only blurs.
        return limit >= 1 && abs(scale - 1) < 0.05 ? 1 : scale
    }

    /// A turn that is less sure is tried beside the page as it is. Of 31 scans and receipts two were told wrong, at 0.4 and 0.6; the right
    /// ones have 0.7 to 36, dense pages on their side or head 30 to 35, one of two lines on its side 2.5.
    private static let sureTurn = 8.0

    /// Milliseconds of processor time: the densest pages measured take 3,500 in all; a worker has 25 s.
    private static let firstLook = 10_000
    /// For each other way up: a dense page that stands right takes less.
    private static let turnedLook = 4_000

    /// Reads the page the right way up; where that is not clear, in several ways.
    private func bestReading(
        _ read: (_ quarters: Int, _ milliseconds: Int) throws(Failure) -> Reading, turn: () -> (quarters: Int, confidence: Double)?
    ) throws(Failure) -> Reading {
        let found = turn()
        // Turned clockwise by so many quarters, it is brought back by the rest of the circle.
        let back = (4 - (found?.quarters ?? 0)) % 4
        if let found, back != 0, found.confidence >= TextRecognizer.sureTurn {
            return try read(back, TextRecognizer.firstLook).completed(engine)
        }
        var best = try read(0, TextRecognizer.firstLook).completed(engine)
        guard !best.isGood else { return best }
        var turned: [Reading] = []
        // Tesseract itself reads lines that run up the page, but never any that stand on their head.
        for quarters in back == 0 || back == 2 ? [2] : [back, 2] where !best.isGood {
            // Another way up that is too much is no way up.
            guard var other = try? read(quarters, TextRecognizer.turnedLook) else { continue }
            // A picture without text is not searched twice.
            if other.hasSureWords { other = try other.completed(engine) }
            turned.append(other)
            if other.isBetter(than: best) { swap(&best, &turned[turned.count - 1]) }
        }
        for other in turned { best.addUpright(of: other) }
        return best
    }
}
