import QdocCore
import Testing

struct MeasureCase: Sendable {
    let text: String
    let lexical: String
    let unit: String?
    let scale: PrintedScale?
}

private let measures: [MeasureCase] = [
    MeasureCase(text: "EUR 412.6 million", lexical: "412.6", unit: "EUR", scale: .million),
    MeasureCase(text: "€1,234.5m", lexical: "1234.5", unit: "€", scale: .million),
    MeasureCase(text: "US$3.2bn", lexical: "3.2", unit: "US$", scale: .billion),
    MeasureCase(text: "412.6 million EUR", lexical: "412.6", unit: "EUR", scale: .million),
    MeasureCase(text: "3.2 billion", lexical: "3.2", unit: nil, scale: .billion),
    MeasureCase(text: "EURm 12.5", lexical: "12.5", unit: "EUR", scale: .million),
    MeasureCase(text: "TEUR 1,250", lexical: "1250", unit: "EUR", scale: .thousand),
    MeasureCase(text: "-€5.0m", lexical: "-5.0", unit: "€", scale: .million),
    MeasureCase(text: "€(5.0)", lexical: "-5.0", unit: "€", scale: nil),
    MeasureCase(text: "(€5.0m)", lexical: "-5.0", unit: "€", scale: .million),
    MeasureCase(text: "+4.6 %", lexical: "4.6", unit: "%", scale: nil), MeasureCase(text: "4.6%", lexical: "4.6", unit: "%", scale: nil),
    MeasureCase(text: "(4.6)%", lexical: "-4.6", unit: "%", scale: nil),
    MeasureCase(text: "(4.6 %)", lexical: "-4.6", unit: "%", scale: nil),
    MeasureCase(text: "12 m", lexical: "12", unit: "m", scale: nil),
    MeasureCase(text: "25 bps", lexical: "25", unit: "bps", scale: nil),
    MeasureCase(text: "3.1 percentage points", lexical: "3.1", unit: "percentage points", scale: nil),
    MeasureCase(text: "18,400 tonnes", lexical: "18400", unit: "tonnes", scale: nil),
    MeasureCase(text: "412 Mio. EUR", lexical: "412", unit: "EUR", scale: .million),
    MeasureCase(text: "120k", lexical: "120", unit: nil, scale: .thousand),
]

@Suite("Printed numbers")
struct PrintedNumberTests {
    @Test(
        "A whole text is read as printed",
        arguments: [
            ("1,234.5", "1234.5", 1), ("1234", "1234", 0), ("0.50", "0.50", 2), (".5", "0.5", 1), ("12.30", "12.30", 2),
            ("(845.1)", "-845.1", 1), ("-845.1", "-845.1", 1), ("−845.1", "-845.1", 1), ("845.1-", "-845.1", 1), ("– 3", "-3", 0),
            ("1.234,5", "1234.5", 1), ("4,6", "4.6", 1), ("1 234 567,8", "1234567.8", 1), ("1'234.50", "1234.50", 2),
            ("1,234,567", "1234567", 0),
            ("1,23,456.78", "123456.78", 2), ("１２３", "123", 0), ("0", "0", 0), ("(0.0)", "0.0", 1), ("1\u{202F}234,5", "1234.5", 1),
        ])
    func wholeText(text: String, lexical: String, decimals: Int) throws {
        let number = try #require(PrintedNumber(text))
        #expect(number.lexical == lexical)
        #expect(number.decimals == decimals)
        #expect(number.value == Double(lexical))
        #expect(number.json == .number(try #require(JSONNumber(lexical))))
    }

    @Test(
        "Units and scales leave the number",
        arguments: measures)
    func readMeasures(expected: MeasureCase) throws {
        let number = try #require(PrintedNumber(expected.text))
        #expect(number.lexical == expected.lexical)
        #expect(number.unit == expected.unit)
        #expect(number.scale == expected.scale)
    }

    @Test("One separator before three digits has two readings, and the document's vote picks the main one")
    func readings() throws {
        let comma = try #require(PrintedNumber("1,234"))
        #expect(comma.lexical == "1234" && comma.otherLexical == "1.234")
        let point = try #require(PrintedNumber("1.234"))
        #expect(point.lexical == "1.234" && point.otherLexical == "1234")
        #expect(PrintedNumber("1.234", decimalMark: .comma)?.lexical == "1234")
        #expect(PrintedNumber("1,234", decimalMark: .comma)?.lexical == "1.234")
        #expect(PrintedNumber("0,125")?.lexical == "0.125")
        #expect(PrintedNumber.vote(["1.234,5", "4,6", "1.234", "words", "7.5"]) == .comma)
        #expect(PrintedNumber.vote(["1,234.5", "x"]) == .point)
        #expect(PrintedNumber.vote(["1,234"]) == nil)
    }

    @Test(
        "Footnote marks leave the number",
        arguments: [("1,234¹", "1234", "¹"), ("12.5*", "12.5", "*"), ("31 (1)", "31", "(1)"), ("(7.1)²", "-7.1", "²")])
    func marks(text: String, lexical: String, mark: String) throws {
        let number = try #require(PrintedNumber(text))
        #expect(number.lexical == lexical)
        #expect(number.mark == mark)
    }

    @Test(
        "Ranges, dates, names, identifiers and broken groups are no numbers",
        arguments: [
            "", "-", "–", "3-5", "2019-20", "12.03.2024", "12/03/2024", "Q1", "Note 17", "1,23,4", "1,2345,678", "007", "12:30", "A4",
            "1.2.3", "--5",
            "(-5)", "1 2", "%", "EUR", "5 apples", "EUR 5 USD",
        ])
    func noNumbers(text: String) {
        #expect(PrintedNumber(text) == nil)
    }

    @Test("A bare year is told from a quantity")
    func years() {
        #expect(PrintedNumber("2025")?.isBareYear == true)
        #expect(PrintedNumber("2,025")?.isBareYear == false)
        #expect(PrintedNumber("EUR 2025")?.isBareYear == false)
        #expect(PrintedNumber("1850")?.isBareYear == false)
    }

    @Test("Numbers are found in a sentence, with their words")
    func scan() {
        let words = "Revenue rose by 4.6 % to EUR 412.6 million, in 2025 (2024: 394.4).".split(separator: " ").map(String.init)
        let found = PrintedNumber.scan(words)
        #expect(found.map(\.number.lexical).prefix(3) == ["4.6", "412.6", "2025"])
        #expect(found.map(\.words).prefix(3) == [3..<5, 6..<9, 10..<11])
    }

    @Test(
        "Captions state units and scales",
        arguments: [
            ("Income statement (EUR million)", "EUR", PrintedScale.million), ("in thousands of tonnes", "tonnes", .thousand),
            ("EUR '000", "EUR", .thousand),
            ("€m", "€", .million), ("Change %", "%", nil), ("in Tausend EUR", "EUR", .thousand),
        ])
    func captions(text: String, unit: String?, scale: PrintedScale?) throws {
        let measure = try #require(PrintedMeasure(caption: text))
        #expect(measure.unit == unit)
        #expect(measure.scale == scale)
    }

    @Test("A caption of two currencies settles nothing")
    func ambiguousCaption() {
        #expect(PrintedMeasure(caption: "EUR and USD") == nil)
        #expect(PrintedMeasure(caption: "Employees by region at year end") == nil)
        #expect(PrintedMeasure(caption: "Income statement") == nil)
    }

    @Test("Dashes stand for nothing")
    func dashes() {
        #expect(["-", "–", "—", "--"].allSatisfy(PrintedNumber.isDash))
        #expect(!PrintedNumber.isDash("-5") && !PrintedNumber.isDash(""))
    }
}
