import QdocCore
import QdocProof
import Testing

@Suite struct FigureTests {
    @Test(
        "A value is verified only as printed, in its row and under its period",
        arguments: [
            ("Revenue", "1234.5", "2023", true), ("Revenue", "1234.50", "2023", true), ("Revenue", "1234.52", "2023", false),
            ("Revenue", "1180.2", "2023", false), ("Revenue", "1180.2", "2022", true), ("Revenue", "1243.5", "2023", false),
            ("Revenue", "1234500", "2023", false), ("Revenue", "1.2345", "2023", false), ("Revenue", "1235", "2023", false),
            ("Revenue", "845.1", "2023", false), ("Cost of sales", "-845.1", "2023", true), ("Cost of sales", "845.1", "2023", false),
            ("Sales", "-845.1", "2023", false), ("Cost", "-845.1", "2023", false), ("Net loss", "-12.3", "2023", false),
            ("Net loss", "12.3", "2023", true), ("Basic EPS", "2.31", "2023", true), ("Basic EPS", "2310000", "2023", false),
            ("Gross margin %", "31.5", "2023", true), ("Gross margin %", "0.315", "2023", false), ("Impairment", "7.7", "2022", true),
            ("Impairment", "7.7", "2023", false), ("Impairment", "0", "2023", false), ("Revenue growth", "4.6", "2023", false),
            ("Change in revenue", "54.3", "2023", false), ("Total", "850", "2023", true), ("Total", "849", "2023", false),
            ("Total of North and South", "700", "2023", false), ("North", "412", "2023", true), ("North", "288", "2023", false),
            ("South", "412", "2023", false), ("Revenue", "2023", "2023", false), ("Revenue", "1234.5", "2024", false),
        ])
    func figures(label: String, value: String, period: String, isVerified: Bool) {
        let verdict = Sample.verdict(Sample.figure(label, value, period: period), [Sample.statement, Sample.headcount])
        #expect((verdict == .verified) == isVerified, "\(String(describing: verdict))")
    }

    @Test("Without a period a row of several values settles nothing; a row of equal values does")
    func noPeriod() {
        #expect(Sample.verdict(Sample.figure("Revenue", "1234.5"), [Sample.statement]) == .located)
        #expect(Sample.verdict(Sample.figure("East", "150"), [Sample.headcount]) == .verified)
    }

    @Test("The scale that a record states must be the printed one")
    func scales() {
        func verdict(_ scale: String, _ value: String = "1234.5") -> Verdict? {
            Sample.verdict(Sample.figure("Revenue", value, period: "2023", unit: "EUR", scale: scale), [Sample.statement])
        }
        #expect(verdict("million") == .verified)
        #expect(verdict("billion") == .contradicted)
        #expect(verdict("million", "1234500000") != .verified)
    }

    @Test(
        "A sentence proves what it says of the label itself",
        arguments: [
            ("Revenue", "412.6", "2024", true), ("Revenue", "51.2", "2024", false), ("Operating profit", "51.2", "2024", true),
            ("Operating profit", "412.6", "2024", false), ("Profit", "51.2", "2024", false), ("Revenue", "412.6", "2023", false),
            ("Employees", "3120", nil, true), ("Employees", "412.6", nil, false), ("Visitors", "3200000", nil, true),
            ("Visitors", "2019", nil, false), ("Table count", "17", nil, false), ("Cash flow", "96.8", nil, false),
            ("Cash flow from operations", "96.8", nil, true), ("Net debt", "1.1", nil, false),
        ])
    func sentences(label: String, value: String, period: String?, isVerified: Bool) {
        let page = TypedPage.page(
            """
            Revenue rose to EUR 412.6 million in 2024 and operating profit to EUR 51.2 million in 2024.
            The group has 3,120 employees. About 3,200,000 visitors came in 2019. See note 17.
            Cash flow from operations amounted to EUR 96.8 million. The ratio of net debt to EBITDA was 1.1.
            """)
        let verdict = Sample.verdict(Sample.figure(label, value, period: period), [page])
        #expect((verdict == .verified) == isVerified, "\(String(describing: verdict))")
    }

    @Test("A tile proves its own number, not the next tile's")
    func tiles() {
        let page = TypedPage.page(
            """
            EUR 412.6 million      EUR 51.2 million      3,120
            Revenue                Operating profit      Employees
            """)
        #expect(Sample.verdict(Sample.figure("Revenue", "412.6", unit: "EUR", scale: "million"), [page]) == .verified)
        #expect(Sample.verdict(Sample.figure("Revenue", "51.2", unit: "EUR", scale: "million"), [page]) != .verified)
        #expect(Sample.verdict(Sample.figure("Operating profit", "51.2"), [page]) == .verified)
        #expect(Sample.verdict(Sample.figure("Employees", "3120"), [page]) == .verified)
        #expect(Sample.verdict(Sample.figure("Employees", "412.6"), [page]) != .verified)
    }

    @Test("A quarter's value is not the year's")
    func quarters() {
        let page = TypedPage.page(
            """
                             2024                      2025
                         Q1      Q2      Q3       Q1      Q2      Q3
            Revenue   279.5   287.9   310.8    303.0   319.8   327.1
            """)
        #expect(Sample.verdict(Sample.figure("Revenue", "303.0", period: "2025"), [page]) != .verified)
        let table: JSONValue = [
            "tables": [
                [
                    "columns": [nil, "2024 Q1", "2024 Q2", "2024 Q3", "2025 Q1", "2025 Q2", "2025 Q3"],
                    "rows": [["Revenue", 279, 287, 310, 303, 319, 310]],
                ]
            ]
        ]
        let found = Sample.prove(table, [page])
        #expect(found["/tables/0/rows/0/4"]?.verdict == .verified)
        #expect(found["/tables/0/rows/0/6"]?.verdict != .verified)
        #expect(found["/tables/0/columns/6"]?.verdict == .verified)
    }

    @Test("The same label with two values is ambiguous until the citation names the page")
    func ambiguous() {
        let other = TypedPage.page("Restated\n             2023\nRevenue   1,200.0\n", number: 3)
        let data = Sample.figure("Revenue", "1234.5", period: "2023")
        #expect(Sample.verdict(data, [Sample.statement, other]) == .ambiguous)
        let cited = Sample.prove(data, [Sample.statement, other], citations: [JSONPointer(["keyFigures", "0"]): Citation(image: 1)])
        #expect(cited["/keyFigures/0/value"]?.verdict == .verified)
    }

    @Test("Evidence carries page, image, the words and their tight box")
    func evidence() throws {
        let found = Sample.prove(Sample.figure("Revenue", "1234.5", period: "2023"), [Sample.headcount, Sample.statement])
        let place = try #require(found["/keyFigures/0/value"]?.places.first)
        #expect(place.page == PageReference(source: 1, pageNumber: 1))
        #expect(place.image == 1)
        #expect(place.text == "1,234.5")
        #expect(place.box == Box(x: 50 + 5 * 31, y: 74, width: 35, height: 10))
        #expect(found["/keyFigures/0/label"]?.places.first?.text == "Revenue")
        #expect(found["/keyFigures/0/period"]?.verdict == .verified)
    }

    @Test("Pages without words leave values unreadable, and a wrong value on readable ones is not found")
    func unreadable() {
        let blank = ProofPage(reference: PageReference(source: 1, pageNumber: 1), imageNumbers: [1], content: PageContent())
        #expect(Sample.verdict(Sample.figure("Revenue", "5"), [blank]) == .unreadable)
        #expect(Sample.verdict(Sample.figure("Revenue", "5"), []) == .unreadable)
        #expect(Sample.verdict(Sample.figure("Revenue", "5"), [Sample.statement]) == .notFound)
    }
}
