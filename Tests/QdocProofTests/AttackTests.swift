import QdocCore
import QdocProof
import Testing

private func number(_ text: String) -> JSONValue { JSONNumber(text).map(JSONValue.number) ?? nil }

/// Wrong values that look right: each stands on the page, for something else.
@Suite struct AttackTests {
    @Test("A number that stands in the reasoning alone is flagged; one that was found is not")
    func reasoning() {
        let page = TypedPage.page("Revenue   4,711")
        let data: JSONValue = ["keyFigures": [["label": "Revenue", "value": 4711], ["label": "Margin", "value": 1234]]]
        let evidence = Prover(schema: Sample.schema).prove(data: data, citations: [:], places: [:], pages: [page], call: 3)
        let flagged = ReasoningMention.flag(evidence, reasoning: [3: "Revenue is 4,711, so the margin must be about 1,234."])
        let notes = flagged.filter { $0.value.number != nil }.map(\.note)
        #expect(notes == [nil, "it appears in the model's reasoning alone"])
        #expect(ReasoningMention.flag(evidence, reasoning: [3: "The margin is 12,345."]).allSatisfy { $0.note == nil })
        #expect(ReasoningMention.flag(evidence, reasoning: [2: "1,234"]).allSatisfy { $0.note == nil })
    }

    @Test("Print that nobody can see proves nothing")
    func unseenPrint() {
        func verdict(size: Double) -> Verdict? {
            var page = TypedPage.page("Revenue   4,711")
            for index in page.content.words.indices { page.content.words[index].fontSize = size }
            return Sample.verdict(Sample.figure("Revenue", "4711"), [page])
        }
        #expect(verdict(size: 6) == .verified)
        #expect(verdict(size: 0.5) == .unreadable)
    }

    private static let statement = TypedPage.page(
        """
        Income statement (EUR million)
                             2025       2024
        Revenue           1,284.6    1,192.3
        Cost of sales      (846.2)    (801.7)
        Gross margin        20.8 %    -18.1 %
        """)

    private func verdict(_ label: String, _ value: String, _ page: String) -> Verdict? {
        Sample.verdict(Sample.figure(label, value), [TypedPage.page(page)])
    }

    @Test("The number that ends the row above is not the next row's")
    func rowAbove() {
        #expect(Sample.verdict(Sample.figure("Cost of sales", "1192.3"), [Self.statement]) != .verified)
        #expect(Sample.verdict(Sample.figure("Gross margin", "-801.7"), [Self.statement]) != .verified)
    }

    @Test("A list's number belongs to its own label, on one line or on many")
    func lists() {
        let lines = "Share of revenue\nNordics 38.4 %\nGermany 24.1 %\nBenelux 19.7 %\n"
        #expect(verdict("Germany", "24.1", lines) == .verified)
        for page in [lines, "Nordics 38.4 % Germany 24.1 % Benelux 19.7 %\n"] {
            #expect(verdict("Germany", "38.4", page) != .verified)
            #expect(verdict("Benelux", "24.1", page) != .verified)
        }
        for page in ["38.4 % Nordics\n24.1 % Germany\n19.7 % Benelux\n", "384 Nordics 241 Germany 197 Benelux\n"] {
            #expect(verdict("Nordics", "24.1", page) != .verified)
            #expect(verdict("Germany", "197", page) != .verified)
            #expect(verdict("Germany", "19.7", page) != .verified)
        }
    }

    @Test("A numeric cell given as a text is a number: with its sign, in its column")
    func textCells() {
        func cells(_ first: JSONValue, _ second: JSONValue, row: String = "Revenue") -> [Verdict?] {
            let table: JSONValue = ["tables": [["columns": [nil, "2025", "2024"], "rows": [[.string(row), first, second]]]]]
            let found = Sample.prove(table, [Self.statement])
            return (1...2).map { found["/tables/0/rows/0/\($0)"]?.verdict }
        }
        #expect(cells("1,284.6", "1,192.3") == [.verified, .verified])
        #expect(cells("1,192.3", "1,284.6") == [.contradicted, .contradicted])
        #expect(cells("(846.2)", "-801.7", row: "Cost of sales") == [.verified, .verified])
        #expect(cells("846.2", "801.7", row: "Cost of sales").allSatisfy { $0 != .verified })
        #expect(cells("20.8 %", "-18.1 %", row: "Gross margin") == [.verified, .verified])
        #expect(cells("20.8 EUR", "18.1 %", row: "Gross margin").allSatisfy { $0 != .verified })
    }

    @Test("A number as a finding keeps its sign", arguments: [("(846.2)", true), ("846.2", false), ("20.8", true), ("20.8 EUR", false)])
    func signs(text: String, isVerified: Bool) {
        let found = Sample.prove(["findings": [["text": .string(text)]]], [Self.statement])["/findings/0/text"]?.verdict
        #expect((found == .verified) == isVerified)
    }

    @Test("A column under a group's header is not its neighbour's")
    func groups() {
        let page = TypedPage.page(
            """
                              Revenue         Operating profit
            Segment        2025      2024       2025      2024
            Ports         512.4     487.0       98.3      85.1
            Freight       438.7     421.5       51.2      44.0
            """)
        func cell(_ columns: JSONValue, _ cells: JSONValue, _ column: Int) -> Verdict? {
            Sample.prove(["tables": [["columns": columns, "rows": [cells]]]], [page])["/tables/0/rows/0/\(column)"]?.verdict
        }
        for (name, value) in [("Revenue 2025", "512.4"), ("Revenue 2024", "487.0"), ("Operating profit 2025", "98.3")] {
            #expect(cell(["Segment", .string(name)], ["Ports", number(value)], 1) == .verified, "\(name)")
        }
        #expect(cell(["Segment", "Operating profit 2024"], ["Ports", number("487.0")], 1) != .verified)
        #expect(cell(["Segment", "Revenue 2025"], ["Ports", number("98.3")], 1) != .verified)
        for column in 1...2 {
            #expect(cell(["Segment", "Revenue 2025", "Revenue 2025"], ["Ports", number("512.4"), number("98.3")], column) != .verified)
        }
        #expect(
            cell(
                ["Segment", "2025", "2024", "2025", "2024"], ["Ports", number("512.4"), number("487.0"), number("98.3"), number("85.1")], 3)
                == .verified)
    }

    @Test(
        "A unit that is not the printed one is told",
        arguments: [
            ("EUR", true), ("€", true), ("EUR million", true), ("USD", false), ("tonnes", false), ("bps", false), ("%", false),
            ("EUR thousand", false),
        ])
    func units(unit: String, isVerified: Bool) {
        let data = Sample.figure("Revenue", "1284.6", period: "2025", unit: unit)
        #expect((Sample.verdict(data, [Self.statement]) == .verified) == isVerified)
    }

    @Test("A value without the scale that is printed is too small")
    func missingScale() {
        func verdict(_ label: String, _ value: JSONValue, unit: JSONValue, _ page: String) -> Verdict? {
            Sample.verdict(
                ["keyFigures": [["label": .string(label), "value": value, "unit": unit, "scale": nil]]], [TypedPage.page(page)])
        }
        let prose = "Revenue rose to EUR 1,284.6 million in the year.\n"
        #expect(verdict("Revenue", number("1284.6"), unit: "EUR", prose) == .located)
        #expect(verdict("Revenue", number("1284600000"), unit: "EUR", prose) == .verified)
        #expect(verdict("Revenue", number("1284.6"), unit: "EUR million", prose) == .verified)
        #expect(verdict("Revenue", number("1284.6"), unit: "EUR", "Figures (EUR million)\nRevenue  1,284.6\n") == .located)
        #expect(verdict("Revenue (EUR)", number("1284.6"), unit: "EUR", "Figures\nRevenue (EUR)  1,284.6\n") == .verified)
        #expect(verdict("Injuries per million hours", number("1.9"), unit: nil, "Safety\nInjuries per million hours  1.9\n") == .verified)
        #expect(verdict("Basic EPS", number("2.71"), unit: "EUR", "Figures (EUR million)\nBasic EPS (EUR per share)  2.71\n") == .verified)
    }

    @Test(
        "A part of the year, and a plan for it, are other periods",
        arguments: [
            ("2025", true), ("first half of 2025", false), ("budget 2025", false), ("fourth quarter 2025", false),
            ("2025 forecast", false), ("six months of 2025", false), ("FY2025", true), ("pro forma 2025", false),
        ])
    func periods(period: String, isVerified: Bool) {
        #expect((Sample.verdict(Sample.figure("Revenue", "1284.6", period: period), [Self.statement]) == .verified) == isVerified)
    }

    @Test("A half and a quarter are found under either name")
    func namedParts() {
        let page = TypedPage.page(
            "                  H1 2025   Q3 2025    Budget 2025\nRevenue             600.1     310.2        1,300.0\n")
        #expect(Sample.verdict(Sample.figure("Revenue", "600.1", period: "first half of 2025"), [page]) == .verified)
        #expect(Sample.verdict(Sample.figure("Revenue", "600.1", period: "2025"), [page]) != .verified)
        #expect(Sample.verdict(Sample.figure("Revenue", "310.2", period: "third quarter of 2025"), [page]) == .verified)
        #expect(Sample.verdict(Sample.figure("Revenue", "1300.0", period: "2025"), [page]) != .verified)
    }

    @Test("The line at the head of every page gives its values no period")
    func runningHead() {
        let pages = (1...2).map {
            TypedPage.page("Group | Annual Report 2025\nKey figures\nRevenue  1,284.\($0)\nTax  \($0)8.1\n", number: $0)
        }
        #expect(Sample.verdict(Sample.figure("Revenue", "1284.1", period: "2025"), pages) == .located)
    }
}
