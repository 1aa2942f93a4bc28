import QdocCore
import QdocProof
import Testing

@Suite("What names the document")
struct HeadingTests {
    /// Words of a line, half their size wide a letter.
    private static func line(_ text: String, x: Double = 50, y: Double, size: Double = 10) -> [Word] {
        var at = x
        return text.split(separator: " ").map { part in
            defer { at += Double(part.count + 1) * size / 2 }
            return Word(
                text: String(part), box: Box(x: at, y: y, width: Double(part.count) * size / 2, height: size), fontSize: size)
        }
    }

    private static func page(_ number: Int, _ words: [[Word]]) -> ProofPage {
        ProofPage(
            reference: PageReference(source: 1, pageNumber: number), imageNumbers: [number],
            content: PageContent(words: words.flatMap(\.self))
        )
    }

    private static let cover = page(
        1,
        [
            line("Vestholm Logistics Group", y: 100, size: 14), line("Annual Report 2025", y: 150, size: 36),
            line("Financial year ended 31 December 2025", y: 220, size: 12),
        ])
    /// A heading, a table with small notes, and body text.
    private static func statement(_ number: Int) -> ProofPage {
        page(
            number,
            [
                line("Income statement", y: 60, size: 18), line("2025", x: 300, y: 90), line("2024", x: 400, y: 90),
                line("Selling expenses", y: 104), line("(92.5)", x: 300, y: 104), line("(88.1)", x: 400, y: 104),
                line("Germany", y: 118, size: 12), line("309.6", x: 300, y: 118, size: 12),
                line("The group sold its stake in Benelux to an investor in the second half.", y: 150),
                line("of which in", y: 170, size: 12), line("note", y: 190, size: 5),
            ])
    }

    private static func verdict(_ name: String, _ text: String, _ pages: [ProofPage]) -> Verdict? {
        Sample.prove(.object([name: .string(text)]), pages)["/\(name)"]?.verdict
    }

    @Test(
        "A cover proves title, organisation and period without a label",
        arguments: [
            ("title", "Annual Report 2025"), ("organisation", "Vestholm Logistics Group"), ("period", "2025"),
            ("period", "Financial year ended 31 December 2025"),
        ])
    func cover(name: String, text: String) {
        #expect(Self.verdict(name, text, [Self.cover, Self.statement(2), Self.statement(3)]) == .verified)
    }

    @Test(
        "Body text, cells and table headers do not, on no page of a window", arguments: [1, 9],
        [
            ("organisation", "Selling expenses"), ("organisation", "Germany"), ("organisation", "Benelux"), ("period", "2024"),
            ("period", "2025"), ("title", "Selling expenses"), ("title", "Benelux"), ("title", "Germany"),
        ])
    func body(number: Int, claim: (name: String, text: String)) {
        #expect(Self.verdict(claim.name, claim.text, [Self.statement(number)]) == .located)
    }

    @Test("A heading of a later page counts as a whole line")
    func laterHeading() {
        #expect(Self.verdict("title", "Income statement", [Self.statement(9)]) == .verified)
        #expect(Self.verdict("title", "Income", [Self.statement(9)]) == .located)
    }

    @Test("Words of two lines beside one tall word are not a text")
    func mixedLines() {
        let page = Self.page(
            1,
            [
                Self.line("1040NR", y: 100, size: 26), Self.line("Department of the Treasury", x: 140, y: 103, size: 8),
                Self.line("Internal Revenue Service", x: 142, y: 113, size: 8), Self.line("Filing status", y: 140, size: 5),
                Self.line("Check only one of the boxes below", y: 150, size: 5),
            ])
        #expect(Self.verdict("organisation", "Department Internal of Revenue the Service Treasury", [page]) == .notFound)
        #expect(Self.verdict("organisation", "Internal Revenue Service", [page]) == .verified)
    }
}
