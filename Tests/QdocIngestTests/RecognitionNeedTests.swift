import QdocCore
import Testing

@testable import QdocIngest

@Suite struct RecognitionNeedTests {
    private static let page = PageSize(width: 600, height: 800)
    private static let whole = Box(x: 0, y: 0, width: 600, height: 800)

    private static func boxes(_ content: PageContent, isPixels: Bool = false, _ policy: Recognition.Policy = .auto) -> [Box] {
        RecognitionNeed.boxes(of: content, page: page, isPixels: isPixels, policy: policy)
    }

    private static func word(_ text: String, x: Double = 50) -> Word { Word(text: text, box: Box(x: x, y: 50, width: 30, height: 10)) }

    @Test("A scan is read whole, a blank page and a page with text are not")
    func pages() {
        #expect(Self.boxes(PageContent(pictures: [Self.whole])) == [Self.whole])
        #expect(Self.boxes(PageContent()).isEmpty)
        #expect(Self.boxes(PageContent(words: [Self.word("Revenue")])).isEmpty)
        // Text that was turned into outlines.
        let outline = VectorPath(
            subpaths: [[Point(x: 1, y: 1), Point(x: 2, y: 2)]], isClosed: [true], fill: Color(red: 0, green: 0, blue: 0))
        #expect(Self.boxes(PageContent(paths: [outline])) == [Self.whole])
    }

    @Test("A text layer without meaning is no text layer")
    func unusable() {
        let words = ["\u{FFFD}\u{FFFD}\u{FFFD}", "\u{E000}\u{E001}", "ab"].map { Self.word($0) }
        #expect(Self.boxes(PageContent(words: words)) == [Self.whole])
        #expect(Self.boxes(PageContent(words: [Self.word("R\u{FFFD}evenue")])).isEmpty)
    }

    @Test("A picture beside text is read where no text lies on it and it is no ornament")
    func pictures() {
        let chart = Box(x: 50, y: 300, width: 400, height: 300)
        let logo = Box(x: 500, y: 20, width: 60, height: 60)
        let content = PageContent(words: [Self.word("Revenue")], pictures: [chart, logo])
        #expect(Self.boxes(content) == [chart])
        let labelled = PageContent(words: [Word(text: "2025", box: Box(x: 60, y: 310, width: 20, height: 10))], pictures: [chart])
        #expect(Self.boxes(labelled).isEmpty)
    }

    @Test("Pixels are always read, and nothing is where nothing is wanted")
    func policies() {
        #expect(Self.boxes(PageContent(), isPixels: true) == [Self.whole])
        #expect(Self.boxes(PageContent(), isPixels: true, .never).isEmpty)
        #expect(Self.boxes(PageContent(words: [Self.word("Revenue")]), .always) == [Self.whole])
    }
}
