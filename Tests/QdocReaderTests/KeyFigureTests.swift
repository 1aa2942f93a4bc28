import QdocCore
import QdocReader
import Testing

@Suite("Key figures")
struct KeyFigureTests {
    private func figures(_ sentence: String) -> [KeyFigure] {
        var page = PageBuilder()
        page.prose(sentence, x: 50, y: 100, width: 60)
        return page.read().keyFigures
    }

    @Test(
        "A sentence states a figure with unit, scale and period",
        arguments: [
            "Revenue rose to EUR 412.6 million in 2025, after a slow start.",
            "Revenue amounted to EUR 412.6 million for the financial year 2025.",
            "We had luck. Revenue increased slightly to EUR 412.6 million at the end of 2025.",
        ])
    func sentence(text: String) throws {
        let figure = try #require(figures(text).first)
        #expect(figure.label == "Revenue")
        #expect(figure.value.lexical == "412.6")
        #expect(figure.unit == "EUR" && figure.scale == "million")
        #expect(figure.period?.text == "2025")
        #expect(figure.place.text == "EUR 412.6 million")
        #expect(figure.place.box.width > 50)
    }

    @Test(
        "What a sentence leaves open is left out",
        arguments: [
            "Revenue rose by 4.6 % in 2025.", "It rose to EUR 412.6 million in 2025.", "Revenue rose to 412 in 2025.",
            "Revenue rose to 2025.",
            "In a year that was hard, revenue rose to EUR 3.1 million.", "Revenue rose from EUR 3.1 million.",
            "Revenue was good and EUR 3.1 million.",
        ])
    func open(text: String) {
        #expect(figures(text).isEmpty)
    }

    @Test("A number that a line break parts is placed line by line")
    func brokenNumber() throws {
        var page = PageBuilder()
        page.text("In the north nothing changed. Revenue rose to EUR 412.6", x: 50, y: 100)
        page.text("million in 2025, which pleased the owners of the group.", x: 50, y: 114)
        let figure = try #require(page.read().keyFigures.first)
        #expect(figure.valueLines.map(\.text) == ["EUR 412.6", "million"])
        #expect(figure.labelLines.map(\.text) == ["Revenue"])
        #expect(figure.scale == "million" && figure.period?.text == "2025")
    }

    @Test("A sentence without a year has no period")
    func noPeriod() throws {
        let figure = try #require(figures("Net debt fell to EUR 312.5 million, and cash grew.").first)
        #expect(figure.label == "Net debt")
        #expect(figure.period == nil)
    }

    @Test("A large number with one small label is a callout")
    func callout() throws {
        var page = PageBuilder()
        page.prose("Ordinary text sets the size that most words of the page have, here and below it too.", x: 50, y: 300)
        page.text("EUR 1,284.6 million", x: 50, y: 100, size: 20, bold: true)
        page.text("Revenue", x: 50, y: 124)
        let figure = try #require(page.read().keyFigures.first)
        #expect(figure.label == "Revenue")
        #expect(figure.value.lexical == "1284.6")
        #expect(figure.unit == "EUR" && figure.scale == "million" && figure.period == nil)
        page.text("Net debt", x: 50, y: 86)
        #expect(page.read().keyFigures.isEmpty, "two labels leave open which is meant")
    }

    @Test("A table of key figures gives the latest column, with the unit of the row")
    func table() {
        var page = PageBuilder()
        page.text("Key figures", x: 50, y: 84, bold: true)
        page.row(["", "2024", "2025", "Change"], y: 100, bold: true)
        page.row(["Revenue (EUR million)", "1,192.3", "1,284.6", "+7.7%"], y: 118)
        page.row(["Equity ratio (%)", "43.1", "45.2", "–"], y: 136)
        page.row(["Employees", "6,102", "6,418", "+5.2%"], y: 154)
        let figures = page.read().keyFigures
        #expect(figures.map(\.label) == ["Revenue", "Equity ratio", "Employees"])
        #expect(figures.map(\.value.lexical) == ["1284.6", "45.2", "6418"])
        #expect(figures.map(\.unit) == ["EUR", "%", nil])
        #expect(figures.map(\.scale) == ["million", nil, nil])
        #expect(figures.allSatisfy { $0.period?.text == "2025" })
    }

    @Test("A statement gives its results and totals, and its caption's scale does not touch a ratio")
    func statement() {
        var page = PageBuilder()
        page.text("Income statement (EUR million)", x: 50, y: 84, bold: true)
        page.row(["", "2025", "2024"], y: 100, bold: true)
        page.row(["Revenue", "1,284.6", "1,192.3"], y: 118)
        page.row(["Cost of sales", "(846.2)", "(801.7)"], y: 136)
        page.row(["Total earnings per share", "2.71", "1.97"], y: 154)
        let figures = page.read().keyFigures
        #expect(figures.map(\.label) == ["Revenue", "Total earnings per share"])
        #expect(figures.map(\.scale) == ["million", nil])
        #expect(figures.first?.measurePlace?.text == "Income statement (EUR million)")
    }

    @Test("Any other table gives no key figure")
    func otherTable() {
        var page = PageBuilder()
        page.text("Employees by country", x: 50, y: 84, bold: true)
        page.row(["Country", "2025", "2024"], y: 100, bold: true)
        page.row(["Denmark", "1,912", "1,834"], y: 118)
        page.row(["Total", "6,418", "6,102"], y: 136)
        #expect(page.read().keyFigures.isEmpty)
    }
}
