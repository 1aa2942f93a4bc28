import QdocCore
import QdocProof
import Testing

@Suite struct TableTextTests {
    private static func table(_ columns: [String?], _ rows: [[JSONValue]]) -> JSONValue {
        let names = columns.map { $0.map(JSONValue.string) ?? .null }
        return ["tables": [["columns": .array(names), "rows": .array(rows.map { .array($0) })]]]
    }

    private static func verdicts(_ data: JSONValue, _ page: ProofPage, row: Int) -> [Verdict?] {
        let found = Sample.prove(data, [page])
        let cells = data[JSONPointer(["tables", "0", "rows", String(row)])]?.array ?? []
        return cells.indices.map { found["/tables/0/rows/\(row)/\($0)"]?.verdict }
    }

    /// Headers centred over columns of text that begin left of them.
    private static let notices = TypedPage.page(
        """
        Notice Date  Effective    Received             Company                      City
        06/22/2015   03/25/2016   07/01/2015   Maxim Integrated Product     San Jose
        06/30/2015   08/29/2015   07/01/2015   McGraw-Hill Education        Monterey
        07/01/2015   09/02/2015   07/01/2015   Leidos                       El Segundo
        """)
    private static let columns = ["Notice Date", "Effective", "Received", "Company", "City"]

    @Test("Text cells are verified under their header, in their row")
    func faultless() {
        let data = Self.table(
            Self.columns,
            [
                ["06/22/2015", "03/25/2016", "07/01/2015", "Maxim Integrated Product", "San Jose"],
                ["06/30/2015", "08/29/2015", "07/01/2015", "McGraw-Hill Education", "Monterey"],
                ["07/01/2015", "09/02/2015", "07/01/2015", "Leidos", "El Segundo"],
            ])
        for row in 0..<3 { #expect(Self.verdicts(data, Self.notices, row: row).allSatisfy { $0 == .verified }, "row \(row)") }
    }

    @Test("Cells of two columns that changed places are not verified")
    func swappedColumns() {
        let data = Self.table(
            Self.columns,
            [
                ["06/22/2015", "03/25/2016", "07/01/2015", "San Jose", "Maxim Integrated Product"],
                ["06/30/2015", "07/01/2015", "08/29/2015", "McGraw-Hill Education", "San Jose"],
                ["07/01/2015", "09/02/2015", "07/01/2015", "El Segundo", "Leidos"],
            ])
        #expect(Self.verdicts(data, Self.notices, row: 0) == [.verified, .verified, .verified, .located, .located])
        #expect(Self.verdicts(data, Self.notices, row: 1) == [.verified, .located, .located, .verified, .located])
        #expect(Self.verdicts(data, Self.notices, row: 2).suffix(2) == [.located, .located])
    }

    @Test("A label from another column is none")
    func swappedLabels() {
        let data = Self.table(Self.columns, [["03/25/2016", "06/22/2015", "07/01/2015", "Maxim Integrated Product", "San Jose"]])
        #expect(Self.verdicts(data, Self.notices, row: 0).allSatisfy { $0 != .verified })
    }

    @Test("A text of the row above, of a row left out, or of an uneven line of another row is not verified")
    func neighbours() {
        let page = TypedPage.page(
            """
            Product           Current      From 2010    Industrial
            gasoline (litre)                            374 / 497
                              359 / 477    359 / 477

            Diesel (litre)
                              302 / 402    330 / 439    21 / 28

            Kerosene (litre)  305 / 405    331 / 440    22 / 29
            """)
        func verdict(_ label: String, _ text: String, column: Int) -> Verdict? {
            var row: [JSONValue] = [.string(label), nil, nil, nil]
            row[column] = .string(text)
            return Self.verdicts(Self.table(["Product", "Current", "From 2010", "Industrial"], [row]), page, row: 0)[column]
        }
        #expect(verdict("gasoline (litre)", "359 / 477", column: 1) == .verified)
        #expect(verdict("gasoline (litre)", "374 / 497", column: 3) == .verified)
        #expect(verdict("gasoline (litre)", "374 / 497", column: 1) == .located)
        #expect(verdict("gasoline (litre)", "302 / 402", column: 1) == .located)
        #expect(verdict("gasoline (litre)", "359 / 477", column: 3) == .located)
        #expect(verdict("Diesel (litre)", "359 / 477", column: 1) == .located)
        #expect(verdict("Diesel (litre)", "302 / 402", column: 1) == .verified)
        #expect(verdict("Kerosene (litre)", "21 / 28", column: 3) == .located)
        #expect(verdict("Kerosene (litre)", "305 / 405", column: 1) == .verified)
    }

    @Test("The unit of the row above is not this row's")
    func rowAbove() {
        let page = TypedPage.page(
            """
            Segment      Sites   Unit                      Capacity
            Ports           11   thousand TEU a year          5,900
            Freight         27   lorries                      1,340
            """)
        let columns = ["Segment", "Sites", "Unit", "Capacity"]
        let wrong = Self.table(columns, [["Freight", 27, "thousand TEU a year", 1340]])
        #expect(Self.verdicts(wrong, page, row: 0) == [.verified, .verified, .located, .verified])
        let below = Self.table(columns, [["Ports", 11, "lorries", 5900]])
        #expect(Self.verdicts(below, page, row: 0) == [.verified, .verified, .located, .verified])
        let alien = Self.table(columns, [["Rail", 27, "lorries", 1340]])
        #expect(Self.verdicts(alien, page, row: 0).allSatisfy { $0 != .verified })
    }

    @Test("Without headers the order of a full row tells its cells")
    func headerless() {
        let page = TypedPage.page(
            """
            07/17/2015   09/18/2015   Boeing Company     Huntington Beach
            07/20/2015   07/17/2015   Safeway            Walnut Creek
            """)
        let none: [String?] = [nil, nil, nil, nil]
        let data = Self.table(
            none,
            [
                ["07/17/2015", "09/18/2015", "Boeing Company", "Huntington Beach"],
                ["07/20/2015", "07/17/2015", "Walnut Creek", "Safeway"],
            ])
        #expect(Self.verdicts(data, page, row: 0).allSatisfy { $0 == .verified })
        #expect(Self.verdicts(data, page, row: 1) == [.verified, .verified, .located, .located])
    }
}
