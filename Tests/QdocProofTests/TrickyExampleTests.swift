import QdocCore
import QdocProof
import Testing

/// Values that are nearly what is printed, each with the verdict it deserves.
@Suite struct TrickyExampleTests {
    private static let german = TypedPage.page(
        """
        Gewinn- und Verlustrechnung in Tausend EUR
                           2023       2022
        Umsatz          1.234,5    1.180,2
        Materialaufwand   845,1      812,0
        """)

    private static let statementTable: JSONValue = [
        "title": "Income statement", "columns": [nil, "2023", "2022"],
        "rows": [
            ["Revenue", .number(JSONNumber("1234.5") ?? JSONNumber(0)), .number(JSONNumber("1180.2") ?? JSONNumber(0))]
        ],
    ]
    private static let headcountTable: JSONValue = [
        "title": "Headcount by region", "columns": [nil, "2023", "2022"],
        "rows": [["North", 412, 398], ["South", 288, 301], ["East", 150, 150], ["Total", 850, 849]],
    ]

    /// The verdict on a figure beside a table whose values it may be computed from.
    private func verdict(_ figure: JSONValue, _ table: JSONValue?, _ page: ProofPage) -> Evidence? {
        var data = figure.object ?? JSONObject()
        if let table { data["tables"] = [table] }
        return Sample.prove(.object(data), [page])["/keyFigures/0/value"]
    }

    @Test(
        "Income statement: what is printed is verified, what is written otherwise derived, everything else contradicted",
        arguments: [
            ("Revenue", "1234.5", nil, nil, Verdict.verified), ("Revenue", "1234.50", nil, nil, .verified),
            ("Revenue", "1.2345", "billion", "EUR", .derived), ("Revenue", "1234500000", nil, "EUR", .derived),
            ("Revenue", "1235", nil, nil, .derived), ("Revenue", "1234.52", nil, nil, .contradicted),
            ("Revenue", "1180.2", nil, nil, .contradicted), ("Revenue", "1243.5", nil, nil, .contradicted),
            ("Revenue", "1234.5", "billion", nil, .contradicted), ("Cost of sales", "-845.1", nil, nil, .verified),
            ("Cost of sales", "845.1", nil, nil, .contradicted), ("Net loss", "-12.3", nil, nil, .derived),
            ("Basic EPS", "2.31", nil, nil, .verified), ("Basic EPS", "2310000", nil, nil, .contradicted),
            ("Gross margin %", "31.5", nil, "%", .verified), ("Gross margin %", "0.315", nil, nil, .derived),
            ("Gross margin %", "0.315", nil, "%", .contradicted),
        ] as [(String, String, String?, String?, Verdict)])
    func statement(label: String, value: String, scale: String?, unit: String?, expected: Verdict) {
        let found = verdict(Sample.figure(label, value, period: "2023", unit: unit, scale: scale), nil, Sample.statement)
        #expect(found?.verdict == expected, "\(String(describing: found))")
        #expect((found?.derivation != nil) == (expected == .derived))
        #expect((found?.found != nil) == (expected == .contradicted))
    }

    @Test(
        "Growth and change are derived from verified values alone",
        arguments: [
            ("Revenue growth", "4.6", "%", Verdict.derived, "1234.5 / 1180.2 - 1 in %"),
            ("Revenue growth", "6.4", "%", .notFound, nil), ("Change in revenue", "54.3", nil, .derived, "1234.5 - 1180.2"),
            ("Change in revenue", "53.4", nil, .notFound, nil), ("Revenue", "54.3", nil, .contradicted, nil),
        ] as [(String, String, String?, Verdict, String?)])
    func growth(label: String, value: String, unit: String?, expected: Verdict, formula: String?) {
        let figure = Sample.figure(label, value, period: "2023", unit: unit)
        let found = verdict(figure, Self.statementTable, Sample.statement)
        #expect(found?.verdict == expected, "\(String(describing: found))")
        #expect(found?.derivation?.formula == formula)
        if expected == .derived {
            #expect(found?.derivation?.operands.map(\.description) == ["/tables/0/rows/0/1", "/tables/0/rows/0/2"])
            #expect(verdict(figure, nil, Sample.statement)?.verdict == .notFound)
        }
    }

    @Test(
        "Sums, shares and means of a table's parts are derived",
        arguments: [
            ("Total of North and South", "700", nil, nil, Verdict.derived), ("Change South", "-13", nil, nil, .derived),
            ("North share", "48.5", "%", nil, .derived), ("North share", "45.8", "%", nil, .notFound),
            ("Average per region", "283.3", nil, "2023", .derived), ("Average per region", "238.3", nil, "2023", .notFound),
            ("Total", "850", nil, "2023", .verified), ("Total", "849", nil, "2023", .contradicted), ("East", "150", nil, nil, .verified),
            ("Total of North and South", "701", nil, nil, .notFound), ("North", "700", nil, "2023", .contradicted),
        ] as [(String, String, String?, String?, Verdict)])
    func parts(label: String, value: String, unit: String?, period: String?, expected: Verdict) {
        let found = verdict(Sample.figure(label, value, period: period, unit: unit), Self.headcountTable, Sample.headcount)
        #expect(found?.verdict == expected, "\(String(describing: found))")
    }

    @Test("A dash is nil, and no other value")
    func dashes() {
        func table(_ value: JSONValue) -> JSONValue {
            ["tables": [["columns": [nil, "2023", "2022"], "rows": [["Revenue", 1, 2], ["Impairment", value, 7]]]]]
        }
        #expect(Sample.prove(table(0), [Sample.statement])["/tables/0/rows/1/1"]?.verdict == .derived)
        let wrong = Sample.prove(table(.number(JSONNumber("7.7") ?? JSONNumber(0))), [Sample.statement])["/tables/0/rows/1/1"]
        #expect(wrong?.verdict == .contradicted)
        #expect(wrong?.found == "-")
    }

    @Test(
        "A German statement is read by its own marks",
        arguments: [("1234.5", nil, Verdict.verified), ("1234500", "EUR", .derived), ("1.2345", nil, .contradicted)]
            as [(String, String?, Verdict)])
    func german(value: String, unit: String?, expected: Verdict) {
        let found = verdict(Sample.figure("Umsatz", value, period: "2023", unit: unit), nil, Self.german)
        #expect(found?.verdict == expected, "\(String(describing: found))")
    }

    @Test(
        "A sentence with another number for the label contradicts",
        arguments: [
            ("3200000", nil, Verdict.verified), ("3.2", "million", .derived), ("3.2", "billion", .contradicted),
            ("2019", nil, .contradicted),
        ] as [(String, String?, Verdict)])
    func visitors(value: String, scale: String?, expected: Verdict) {
        let page = TypedPage.page("About 3,200,000 visitors came in 2019.")
        let found = verdict(Sample.figure("Visitors", value, scale: scale), nil, page)
        #expect(found?.verdict == expected, "\(String(describing: found))")
    }

    @Test("Dates and names are held against their own words")
    func texts() {
        func verdict(_ name: String, _ text: String, _ page: String) -> Verdict? {
            Sample.prove(["findings": [["text": .string(text)]]], [TypedPage.page(page)])["/findings/0/text"]?.verdict
        }
        #expect(verdict("date", "12 March 2024", "Signed in Bern on 12 March 2024") == .verified)
        #expect(verdict("date", "13 March 2024", "Signed in Bern on 12 March 2024") == .notFound)
        #expect(verdict("name", "Northern Lights Holding", "Owned by Northern Lights Hold-\ning and others") == .verified)
        let note = Sample.prove(Sample.figure("Table count", "17"), [TypedPage.page("See note 17 of the annex.")])
        #expect(note["/keyFigures/0/value"]?.verdict != .verified)
        #expect(note["/keyFigures/0/value"]?.verdict != .derived)
    }

    @Test("A cell of a table that holds another number contradicts, and says which")
    func cells() {
        var rows = Self.headcountTable["rows"]?.array ?? []
        rows[0] = ["North", 288, 398]
        rows[1] = ["South", 288, 310]
        let table: JSONValue = ["title": "Headcount by region", "columns": [nil, "2023", "2022"], "rows": .array(rows)]
        let found = Sample.prove(["tables": [table]], [Sample.headcount])
        #expect(found["/tables/0/rows/0/1"]?.verdict == .contradicted)
        #expect(found["/tables/0/rows/0/1"]?.found == 412)
        #expect(found["/tables/0/rows/1/2"]?.verdict == .contradicted)
        #expect(found["/tables/0/rows/1/1"]?.verdict == .verified)
    }

    @Test("Columns that are printed nowhere are derived from the row, where every operand is verified")
    func columns() {
        let table: JSONValue = [
            "columns": [nil, "2023", "2022", "Change", "Growth %"],
            "rows": [["North", 412, 398, 14, .number(JSONNumber("3.5") ?? JSONNumber(0))], ["South", 288, 301, 13, nil]],
        ]
        let found = Sample.prove(["tables": [table]], [Sample.headcount])
        #expect(found["/tables/0/rows/0/3"]?.derivation?.formula == "412 - 398")
        #expect(found["/tables/0/rows/0/4"]?.verdict == .derived)
        #expect(found["/tables/0/rows/1/3"]?.verdict != .derived)
    }
}
