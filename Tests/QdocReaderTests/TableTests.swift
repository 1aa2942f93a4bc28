import QdocCore
import QdocReader
import Testing

@Suite("Tables")
struct TableTests {
    @Test("Rules of one width bound a table, and the rule under the header tells header from body")
    func ruled() throws {
        var page = PageBuilder()
        page.text("Table 1: Income (EUR million)", x: 50, y: 85, bold: true)
        page.rule(45, 505, y: 100)
        page.row(["Year to December", "Note", "2025", "2024"], y: 104, bold: true)
        page.rule(45, 505, y: 118)
        page.row(["Revenue", "3", "1,284.6", "1,192.3"], y: 122)
        page.row(["Cost of sales", "", "(846.2)", "(801.7)"], y: 140)
        page.row(["Impairment", "11", "–", "(7.7)"], y: 158)
        page.row(["Share of total", "", "12.5%", "13.0%"], y: 176)
        page.rule(45, 505, y: 190)
        let table = try #require(page.read().tables.first)
        #expect(page.read().tables.count == 1)
        #expect(table.title?.text == "Table 1: Income (EUR million)")
        #expect(table.names == ["Year to December", "Note", "2025", "2024"])
        #expect(
            table.values == [
                ["'Revenue'", "3", "1284.6", "1192.3"], ["'Cost of sales'", "null", "-846.2", "-801.7"],
                ["'Impairment'", "11", "null", "-7.7"],
                ["'Share of total'", "null", "12.5", "13.0"],
            ])
        #expect(table.measure == PrintedMeasure(unit: "EUR", scale: .million, scaleText: "million"))
    }

    @Test("A rule under a header cell says which columns it spans")
    func spans() throws {
        var page = PageBuilder()
        page.rule(45, 605, y: 100)
        page.text("2024", x: 250, y: 104, bold: true)
        page.text("2025", x: 450, y: 104, bold: true)
        page.rule(210, 300, y: 117)
        page.rule(410, 500, y: 117)
        for (index, name) in ["Segment", "Q1", "Q2", "Q1", "Q2"].enumerated() {
            page.text(name, x: index == 0 ? 50 : [0, 250, 300, 450, 500][index], y: 120, bold: true, right: index > 0)
        }
        page.rule(45, 605, y: 134)
        for (row, cells) in [["Ports", "1.1", "1.2", "1.3", "1.4"], ["Freight", "2.1", "2.2", "2.3", "2.4"]].enumerated() {
            for (index, cell) in cells.enumerated() {
                page.text(cell, x: index == 0 ? 50 : [0, 250, 300, 450, 500][index], y: 138 + 18 * Double(row), right: index > 0)
            }
        }
        page.rule(45, 605, y: 172)
        let table = try #require(page.read().tables.first)
        #expect(table.names == ["Segment", "2024 Q1", "2024 Q2", "2025 Q1", "2025 Q2"])
        #expect(table.values == [["'Ports'", "1.1", "1.2", "1.3", "1.4"], ["'Freight'", "2.1", "2.2", "2.3", "2.4"]])
    }

    /// Walls at 45, 205, 305 and 405, with rows at the given heights.
    private func grid(_ heights: [Double]) -> PageBuilder {
        var page = PageBuilder()
        for y in heights { page.rule(45, 405, y: y) }
        for x in [45.0, 205, 305, 405] { page.upright(x, heights.first ?? 0, heights.last ?? 0) }
        return page
    }

    @Test("In a grid a cell is what its walls hold, wrapped lines included")
    func grid() throws {
        var page = grid([100, 120, 140, 175])
        page.row(["Unit", "2025", "2024"], y: 105, bold: true)
        page.row(["Ports", "5.5", "4.0"], y: 125)
        page.row(["Warehouses and", "6.5", "5.0"], y: 145)
        page.text("cold stores", x: 50, y: 159)
        let table = try #require(page.read().tables.first)
        #expect(table.names == ["Unit", "2025", "2024"])
        #expect(table.values == [["'Ports'", "5.5", "4.0"], ["'Warehouses and cold stores'", "6.5", "5.0"]])
    }

    @Test("A missing wall joins header cells, and their text stands for each column")
    func joinedHeader() throws {
        var page = PageBuilder()
        for y in [100.0, 120, 140, 160, 180] { page.rule(45, 405, y: y) }
        for x in [45.0, 205, 405] { page.upright(x, 100, 180) }
        page.upright(305, 120, 180)
        page.text("Revenue", x: 270, y: 105, bold: true)
        page.row(["Segment", "2025", "2024"], y: 125, bold: true)
        page.row(["Ports", "5.5", "4.0"], y: 145)
        page.row(["Freight", "6.5", "5.0"], y: 165)
        let table = try #require(page.read().tables.first)
        #expect(table.names == ["Segment", "Revenue 2025", "Revenue 2024"])
    }

    @Test("A band without inner rules is split where a column stacks numbers")
    func stackedBand() throws {
        var page = grid([100, 120, 180])
        page.row(["Segment", "2025", "2024"], y: 105, bold: true)
        page.row(["Ports", "5.5", "4.0"], y: 125)
        page.row(["Freight", "6.5", "5.0"], y: 143)
        page.row(["Other", "0.5", "–"], y: 161)
        let table = try #require(page.read().tables.first)
        #expect(table.values == [["'Ports'", "5.5", "4.0"], ["'Freight'", "6.5", "5.0"], ["'Other'", "0.5", "null"]])
    }

    @Test("Aligned columns of numbers are a table without any rule")
    func unruled() throws {
        var page = PageBuilder()
        page.row(["Region", "2025", "2024"], y: 100, bold: true)
        page.row(["Nordics", "493.3", "452.0"], y: 116)
        page.row(["Germany", "309.6", "291.9"], y: 132)
        page.row(["Total", "802.9", "743.9"], y: 148)
        let table = try #require(page.read().tables.first)
        #expect(table.names == ["Region", "2025", "2024"])
        #expect(table.values.last == ["'Total'", "802.9", "743.9"])
        #expect(table.title == nil)
    }

    @Test("Columns of prose are no table")
    func prose() {
        var page = PageBuilder()
        let text = String(repeating: "Goods moved through the port in 2025 and the year before in good order. ", count: 4)
        page.prose(text, x: 50, y: 100)
        page.prose(text, x: 320, y: 100)
        #expect(page.read().tables.isEmpty)
        #expect(page.read().blocks.count == 2)
    }

    @Test("A label on two lines set tighter than the rows joins them; a section title on a line of its own does not")
    func wraps() throws {
        var page = PageBuilder()
        page.row(["", "2025", "2024"], y: 100, bold: true)
        page.row(["Goodwill", "1.5", "1.0"], y: 120)
        page.text("Purchase of property, plant", x: 50, y: 140)
        page.row(["and equipment", "(2.5)", "(2.0)"], y: 151)
        page.row(["Other", "3.5", "3.0"], y: 171)
        page.text("Current assets", x: 50, y: 191)
        page.row(["Inventories", "4.5", "4.0"], y: 211)
        page.row(["Receivables", "5.5", "5.0"], y: 231)
        let table = try #require(page.read().tables.first)
        #expect(table.values[1] == ["'Purchase of property, plant and equipment'", "-2.5", "-2.0"])
        #expect(table.values[3] == ["'Current assets'", "null", "null"])
        #expect(table.values.count == 6)
    }

    @Test("A raised footnote mark leaves the label and the number")
    func marks() throws {
        var page = PageBuilder()
        page.row(["Region", "2025", "2024"], y: 100, bold: true)
        page.row(["Nordics", "493.3", "452.0"], y: 116)
        page.content.words.append(Word(text: "1", box: Box(x: 85, y: 115, width: 3, height: 5.5), fontSize: 5.5))
        page.content.words.append(Word(text: "2", box: Box(x: 300, y: 115, width: 3, height: 5.5), fontSize: 5.5))
        page.row(["Germany", "309.6", "291.9"], y: 132)
        page.row(["Total", "802.9", "743.9"], y: 148)
        let table = try #require(page.read().tables.first)
        #expect(table.values.first == ["'Nordics'", "493.3", "452.0"])
    }

    @Test("Tables that follow each other under rules of one width stay apart")
    func twoTables() {
        var page = PageBuilder()
        for (start, name) in [(100.0, "First"), (220.0, "Second")] {
            page.text("\(name) table", x: 50, y: start - 14, bold: true)
            page.rule(45, 505, y: start)
            page.row([name, "2025", "2024"], y: start + 4, bold: true)
            page.rule(45, 505, y: start + 18)
            page.row(["Basic", "2.71", "1.97"], y: start + 22)
            page.row(["Diluted", "2.69", "1.96"], y: start + 40)
            page.rule(45, 505, y: start + 56)
        }
        let tables = page.read().tables
        #expect(tables.map(\.title?.text) == ["First table", "Second table"])
        #expect(tables.allSatisfy { $0.rows.count == 2 })
    }

    @Test("European separators are settled by the page's other numbers")
    func european() throws {
        var page = PageBuilder()
        page.row(["in Tausend EUR", "2025", "2024"], y: 100, bold: true)
        page.row(["Umsatz", "1.234,5", "1.180,2"], y: 116)
        page.row(["Mitarbeiter", "6.418", "6.102"], y: 132)
        page.row(["Quote", "45,2", "43,1"], y: 148)
        let table = try #require(page.read().tables.first)
        #expect(table.values == [["'Umsatz'", "1234.5", "1180.2"], ["'Mitarbeiter'", "6418", "6102"], ["'Quote'", "45.2", "43.1"]])
        #expect(table.measure?.scale == .thousand)
    }
}
