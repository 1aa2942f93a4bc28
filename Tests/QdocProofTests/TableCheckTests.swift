import QdocCore
import QdocProof
import Testing

/// Totals of tables that their printed parts do not make.
@Suite struct TableCheckTests {
    private func failures(_ page: String, _ table: JSONValue) -> [ArithmeticCheck] {
        let data: JSONValue = ["tables": [table]]
        let pages = [TypedPage.page(page)]
        let evidence = Prover(schema: Sample.schema).prove(data: data, citations: [:], places: [:], pages: pages, call: 1)
        #expect(evidence.allSatisfy { $0.verdict == .verified }, "\(evidence.filter { $0.verdict != .verified })")
        return TableChecks.failures(in: data, schema: Sample.schema, evidence: evidence)
    }

    private func headcount(_ total: Int) -> [ArithmeticCheck] {
        failures(
            """
            Headcount by region
                      2023   2022   2021
            North      412    398    390
            South      288    301    299
            East       150    150    141
            Total      \(total)    849    830
            """,
            [
                "columns": [nil, "2023", "2022", "2021"],
                "rows": [
                    ["North", 412, 398, 390], ["South", 288, 301, 299], ["East", 150, 150, 141], ["Total", .int(total), 849, 830],
                ],
            ])
    }

    @Test("A column that does not make its total is found, with what was expected")
    func columns() {
        #expect(headcount(850).isEmpty)
        let found = headcount(580)
        #expect(found.map(\.kind) == [.columnSum])
        #expect(found.first?.pointer.description == "/tables/0/rows/3/1")
        #expect(found.first?.expected.lexical == "850")
        #expect(found.first?.printed.lexical == "580")
        #expect(found.first?.difference.lexical == "-270")
        #expect(found.first?.operands.count == 3)
        #expect(found.first?.place?.text == "580")
        // A unit may be the rounding of three parts.
        #expect(headcount(851).isEmpty)
    }

    @Test("A mean, a rate and a sum with a blank part are no sums that fail")
    func otherTotals() {
        let found = failures(
            """
            Figures by region
                      People    Age    Women    New
            North        412     41    30.5%     12
            South        288     44    31.0%
            East         150     38    40.5%      7
            Total        850     41    33.1%     25
            """,
            [
                "columns": [nil, "People", "Age", "Women", "New"],
                "rows": [
                    ["North", 412, 41, .number(JSONNumber("30.5") ?? JSONNumber(0)), 12],
                    ["South", 288, 44, .number(JSONNumber("31.0") ?? JSONNumber(0)), nil],
                    ["East", 150, 38, .number(JSONNumber("40.5") ?? JSONNumber(0)), 7],
                    ["Total", 850, 41, .number(JSONNumber("33.1") ?? JSONNumber(0)), 25],
                ],
            ])
        #expect(found.isEmpty, "\(found)")
    }

    @Test("Of two columns the one that holds says what the other is made of")
    func twoYears() {
        func found(_ total: Int) -> [ArithmeticCheck] {
            failures(
                """
                Headcount
                          2023   2022
                North      412    398
                South      288    301
                East       150    150
                Total      \(total)    849
                """,
                [
                    "columns": [nil, "2023", "2022"],
                    "rows": [["North", 412, 398], ["South", 288, 301], ["East", 150, 150], ["Total", .int(total), 849]],
                ])
        }
        #expect(found(850).isEmpty)
        #expect(found(950).map(\.difference.lexical) == ["100"])
    }

    private func quarters(_ total: String) throws -> [ArithmeticCheck] {
        try failures(
            """
            Sales by quarter
                       Q1     Q2     Q3   Total
            Grid      1.5    2.5    3.5     7.5
            Solar     0.5    0.6    0.7     1.8
            Wind      1.0    1.0    1.0     3.0
            Heat      2.0    2.1    2.2     \(total)
            """,
            JSONParser.parse(
                """
                {"columns": [null, "Q1", "Q2", "Q3", "Total"], "rows": [["Grid", 1.5, 2.5, 3.5, 7.5], ["Solar", 0.5, 0.6, 0.7, 1.8],
                 ["Wind", 1.0, 1.0, 1.0, 3.0], ["Heat", 2.0, 2.1, 2.2, \(total)]]}
                """))
    }

    @Test("A row that does not make its total is found")
    func rows() throws {
        #expect(try quarters("6.3").isEmpty)
        let found = try quarters("9.3")
        #expect(found.map(\.kind) == [.rowSum])
        #expect(found.first?.difference.lexical == "3.0")
    }

    @Test("Shares that miss 100 by more than rounding are found; growth rates are no shares")
    func shares() {
        func found(_ header: String, _ last: Int) -> [ArithmeticCheck] {
            failures(
                """
                Sales by region
                           \(header)
                North           40
                South           35
                East            \(last)
                """, ["columns": [nil, .string(header)], "rows": [["North", 40], ["South", 35], ["East", .int(last)]]])
        }
        #expect(found("Share in %", 25).isEmpty)
        #expect(found("Share in %", 26).isEmpty)
        #expect(found("Share in %", 29).map(\.kind) == [.percentages])
        #expect(found("Change in %", 29).isEmpty)
    }

    @Test("Which rows a total is made of is not guessed: one column alone says nothing")
    func unknownParts() {
        let found = failures(
            """
            Balance
                       2023
            Assets     100
            Debt        40
            Total       70
            """, ["columns": [nil, "2023"], "rows": [["Assets", 100], ["Debt", 40], ["Total", 70]]])
        #expect(found.isEmpty)
    }
}
