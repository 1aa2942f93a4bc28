import QdocCore
import QdocTesting
import Testing

@testable import QdocOCR

/// What Tesseract makes of pages that are drawn here; without its data for English there is nothing to test.
@Suite(.serialized, .enabled(if: LanguageData.installed().languages.contains("eng"), "tesseract-ocr-eng is not installed"))
struct RecognitionTests {
    private let recognizer: TextRecognizer

    init() throws {
        recognizer = try TextRecognizer(LanguageData.installed(), languages: ["eng"])
    }

    /// Whether all words were read, in their order, but for one in twenty.
    private func agree(_ words: [Word], _ expected: [String] = DrawnPage.words) -> Bool {
        let difference = words.map(\.text).difference(from: expected)
        let wrong = max(difference.removals.count, difference.insertions.count)
        if wrong > 0 { print("read otherwise: \(difference)") }
        return wrong * 20 <= expected.count
    }

    private func place(of text: String, in words: [Word]) throws -> Box {
        try #require(words.first { $0.text == text }).box
    }

    /// Whether a box is where a word was drawn, to a fifth of the font size.
    private func isNear(_ box: Box, _ expected: Box, pixelsPerPoint: Double) -> Bool {
        let tolerance = DrawnPage.fontSize / 5
        let place = Box(
            x: box.x / pixelsPerPoint, y: box.y / pixelsPerPoint, width: box.width / pixelsPerPoint, height: box.height / pixelsPerPoint)
        return abs(place.x - expected.x) < tolerance && abs(place.y - expected.y) < tolerance && abs(place.maxX - expected.maxX) < tolerance
            && abs(place.maxY - expected.maxY) < tolerance
    }

    /// `Revenue`, the first word of the fourth line, on the baseline 115: its glyphs advance by 48.0 points in Helvetica of 12 points.
    private let revenue = Box(x: 40.9, y: 106.4, width: 47.8, height: 8.8)

    @Test("Reads a page at 300 dots per inch, with places, sizes and sureness")
    func readsPage() throws {
        let words = try recognizer.words(on: try DrawnPage.graymap(), dotsPerInch: 300)
        #expect(agree(words))
        #expect(isNear(try place(of: "Revenue", in: words), revenue, pixelsPerPoint: 300 / 72))
        for word in words {
            #expect(word.source == .ocr && word.direction == .right && word.spaceAfter)
            #expect((0.3...1).contains(word.confidence))
            #expect(abs(word.fontSize - DrawnPage.fontSize * 300 / 72) < 10, "\(word.text): \(word.fontSize)")
        }
        #expect(try recognizer.words(on: try DrawnPage.graymap(), dotsPerInch: 300) == words)
    }

    @Test("Reads small pixels, whether or not their resolution is known", arguments: [(96.0, 96.0), (96, 0), (150, 0), (450, 450)])
    func readsOtherResolutions(drawn: Double, told: Double) throws {
        let words = try recognizer.words(on: try DrawnPage.graymap(dotsPerInch: drawn), dotsPerInch: told)
        #expect(agree(words))
        #expect(isNear(try place(of: "Revenue", in: words), revenue, pixelsPerPoint: drawn / 72))
    }

    @Test("Reads light text on a dark page")
    func readsInverted() throws {
        let page = try DrawnPage.graymap(dotsPerInch: 150)
        let words = try recognizer.words(on: try DrawnPage.graymap(size: page.size, page.pixels.map { 255 - $0 }), dotsPerInch: 150)
        #expect(agree(words))
    }

    @Test(
        "Reads a page that is turned, and tells places and directions on it as it was given",
        .enabled(if: LanguageData.installed().hasOrientation, "tesseract-ocr-osd is not installed"), arguments: [90, 180, 270])
    func readsTurned(rotation: Int) throws {
        let words = try recognizer.words(on: try DrawnPage.graymap(rotation: rotation, dotsPerInch: 200), dotsPerInch: 200)
        #expect(agree(words))
        let directions: [Int: TextDirection] = [90: .down, 180: .left, 270: .up]
        #expect(words.allSatisfy { $0.direction == directions[rotation] })
        let (width, height) = (DrawnPage.size.width, DrawnPage.size.height)
        let expected =
            switch rotation {
            case 90: Box(x: height - revenue.maxY, y: revenue.x, width: revenue.height, height: revenue.width)
            case 180: Box(x: width - revenue.maxX, y: height - revenue.maxY, width: revenue.width, height: revenue.height)
            default: Box(x: revenue.y, y: width - revenue.maxX, width: revenue.height, height: revenue.width)
            }
        #expect(isNear(try place(of: "Revenue", in: words), expected, pixelsPerPoint: 200 / 72))
    }

    @Test("Reads a page that lies askew, and finds its words where they are", arguments: [2.0, -4.0])
    func readsSkewed(degrees: Double) throws {
        // Turned clockwise about the lower left corner: small angles leave the text on the page.
        let (sine, cosine) = degrees > 0 ? (0.0349, 0.99939) : (-0.06976, 0.99756)
        let content = "\(cosine) \(-sine) \(sine) \(cosine) 0 0 cm\n\(DrawnPage.text)"
        let words = try recognizer.words(on: try DrawnPage.graymap(content, dotsPerInch: 200), dotsPerInch: 200)
        #expect(agree(words))
        let box = try place(of: "Revenue", in: words)
        // The middle of the word, turned as the page was.
        let (across, up) = (revenue.midX, DrawnPage.size.height - revenue.midY)
        let middle = Point(x: across * cosine + up * sine, y: DrawnPage.size.height - (up * cosine - across * sine))
        #expect(abs(box.midX * 72 / 200 - middle.x) < 1.5 && abs(box.midY * 72 / 200 - middle.y) < 1.5)
    }

    @Test("Finds labels that stand alone, as in a chart")
    func readsLabels() throws {
        let labels = [("Spring", 60, 40), ("Summer", 160, 40), ("Autumn", 260, 40), ("250", 20, 200), ("500", 20, 150), ("750", 20, 100)]
        let bars = "0.2 0.4 0.7 rg 60 55 40 120 re f 160 55 40 60 re f 260 55 40 150 re f 0 g"
        let content = labels.map { "BT /F 9 Tf \($0.1) \($0.2) Td (\($0.0)) Tj ET" }.joined(separator: "\n") + "\n" + bars
        let words = try recognizer.words(on: try DrawnPage.graymap(content, dotsPerInch: 110), dotsPerInch: 0)
        #expect(Set(words.map(\.text)).isSuperset(of: labels.map(\.0)))
    }

    @Test("Finds nothing on an empty page, on noise and on a picture")
    func findsNothing() throws {
        let size = PixelSize(width: 240, height: 160)
        var generator = SeededGenerator(seed: 7)
        let noise = (0..<size.pixels).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let slopes = (0..<size.pixels).map { index -> UInt8 in
            let (x, y) = (index % size.width, index / size.width)
            return UInt8(truncatingIfNeeded: (x * x / 150 + y * y / 80 + x * y / 110) / 2)
        }
        for pixels in [[UInt8](repeating: 255, count: size.pixels), [UInt8](repeating: 0, count: size.pixels), noise, slopes] {
            let words = try recognizer.words(on: try DrawnPage.graymap(size: size, pixels), dotsPerInch: 0)
            #expect(words.isEmpty, "\(words.map(\.text))")
        }
    }

    @Test("Reads images of few pixels without falling over", arguments: [(1, 1), (1, 300), (300, 1), (7, 5)])
    func readsSpecks(width: Int, height: Int) throws {
        let size = PixelSize(width: width, height: height)
        for value: UInt8 in [0, 255] {
            for dotsPerInch in [0, 72.0, 1e6] {
                let page = try DrawnPage.graymap(size: size, [UInt8](repeating: value, count: size.pixels))
                #expect(try recognizer.words(on: page, dotsPerInch: dotsPerInch).isEmpty)
            }
        }
    }

    @Test("Takes the languages it has already, and says which package brings others")
    func languages() throws {
        #expect(try recognizer.speaking(["eng"]) === recognizer)
        #expect { try recognizer.speaking(["tlh"]) } throws: { ($0 as? Failure)?.code == .decoderMissing }
    }
}
