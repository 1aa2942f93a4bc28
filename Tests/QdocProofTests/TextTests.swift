import QdocCore
import QdocProof
import Testing

@Suite struct TextTests {
    private func verdict(_ text: String, on page: String) -> Verdict? {
        Sample.prove(["findings": [["text": .string(text)]]], [TypedPage.page(page)])["/findings/0/text"]?.verdict
    }

    @Test(
        "A text is found word by word, spelling habits folded",
        arguments: [
            ("Northern Lights Holding", "We are Northern Lights Hold-\ning and more", true),
            ("12 March 2024", "Signed on 12 March 2024.", true),
            ("13 March 2024", "Signed on 12 March 2024.", false), ("Offices fill up", "Oﬃces ﬁll up", true),
            ("a “quoted” word", "a \"quoted\" word", true),
            ("cost of", "the cost office", false), ("売上高", "当期の売上高は", true), ("売上高", "当期の売 上 高 は", true),
            ("إيرادات السنة", "إيرادات السنة 2024", true),
            ("Année complète", "ANNÉE COMPLÈTE", true), ("12-34", "1234", false), ("ABC 123", "ABC 124", false),
        ])
    func found(text: String, page: String, isFound: Bool) {
        #expect((verdict(text, on: page) == .verified) == isFound)
    }

    @Test("A cell of several lines is followed through the other columns")
    func stackedCell() {
        let page = TypedPage.page(
            """
            Segment      Sites   Unit                      Capacity
            Warehousing     34   pallet spaces, of which    612,000
                                 cold: 96,000
            Freight         27   lorries                      1,340
            """)
        let table: JSONValue = [
            "tables": [
                [
                    "columns": ["Segment", "Sites", "Unit", "Capacity"],
                    "rows": [
                        ["Warehousing", 34, "pallet spaces, of which cold: 96,000", 612_000], ["Freight", 27, "pallet spaces", 1340],
                    ],
                ]
            ]
        ]
        let found = Sample.prove(table, [page])
        #expect((0..<4).allSatisfy { found["/tables/0/rows/0/\($0)"]?.verdict == .verified })
        // Another row's text.
        #expect(found["/tables/0/rows/1/2"]?.verdict == .located)
        #expect(found["/tables/0/rows/1/3"]?.verdict == .verified)
    }

    @Test("A text with a label is verified beside it, and only located elsewhere")
    func labelled() {
        let page = TypedPage.page("Supplier  Blue Ltd\nCustomer  Red Inc\n")
        let found = Sample.prove(["supplier": "Blue Ltd", "customer": "Blue Ltd"], [page])
        #expect(found["/supplier"]?.verdict == .verified)
        #expect(found["/customer"]?.verdict == .located)
    }

    @Test("Prose of the model's own and classifications get no evidence")
    func unprinted() {
        let found = Sample.prove(["summary": "Good year", "charts": [["kind": "bar", "title": "Sales"]]], [TypedPage.page("Sales")])
        #expect(found.keys.sorted() == ["/charts/0/title"])
    }

    @Test("Words from a picture are told as such")
    func recognised() {
        let page = TypedPage.page("Total  42\n", source: .ocr)
        #expect(Sample.prove(Sample.figure("Total", "42"), [page])["/keyFigures/0/value"]?.method == .ocr)
    }

    @Test("Line items are checked by the name of their column")
    func items() {
        let page = TypedPage.page(
            """
            Description    Quantity   Unit price    Amount
            Widget                2        10.00     20.00
            Gadget                3        20.00     60.00
            """)
        let item: JSONValue = [
            "items": [
                ["description": "Widget", "quantity": 2, "unitPrice": 20, "amount": 20], ["description": "Gadget", "unitPrice": 20],
            ]
        ]
        let found = Sample.prove(item, [page])
        #expect(found["/items/0/quantity"]?.verdict == .verified)
        #expect(found["/items/0/unitPrice"]?.verdict != .verified)
        #expect(found["/items/0/amount"]?.verdict == .verified)
        #expect(found["/items/1/unitPrice"]?.verdict == .verified)
    }
}
