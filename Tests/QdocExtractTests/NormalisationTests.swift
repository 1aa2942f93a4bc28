import QdocCore
import QdocExtract
import Testing

@Suite("Normalisation of values")
struct NormalisationTests {
    private func extract(_ value: JSONValue, _ schema: JSONValue, page: String = "") throws -> Extraction {
        let whole: JSONValue = ["properties": ["records": ["type": "array", "items": ["type": "object", "properties": ["v": schema]]]]]
        let answer: JSONValue = ["records": [["_quote": .string(page), "v": value]]]
        return try Extractor(schema: whole).extract(answer: JSONWriter.text(answer), call: 1, finish: .stop)
    }

    @Test(
        "Printed numbers become numbers, and the repair keeps what was written",
        arguments: [
            ("1.234,5", "1234.5"), ("(1,234.0)", "-1234.0"), ("12 bn", "12000000000"), ("3,5 Mio. €", "3500000"), ("12.5 %", "12.5"),
            ("１２３", "123"), ("EUR 412.6 million", "412600000"), ("1 234 567", "1234567"), ("-3.10", "-3.10"), ("TEUR 12", "12000"),
            ("3,500万", "35000000"), ("1.2億円", "120000000"), ("三千五百", "3500"), ("二〇二四", "2024"), ("△3百万円", "-3000000"),
            ("一亿二千万元", "120000000"), ("十二", "12"),
        ])
    func numbers(text: String, lexical: String) throws {
        let extraction = try extract(.string(text), ["type": "number"])
        #expect(extraction.data["records"]?[0]?["v"]?.number?.lexical == lexical)
        #expect(extraction.repairs.map(\.kind) == ["text_as_number"])
        #expect(extraction.repairs.first?.original == .string(text))
    }

    @Test(
        "What can be read in two ways is left as a fault",
        arguments: ["1.234", "1,234", "3-4", "about 5", "FY24 Q3", "12 apples", "1,23,4", "三四千", "万"])
    func notGuessed(text: String) throws {
        let extraction = try extract(.string(text), ["type": "number"])
        #expect(extraction.data["records"] == [])
        #expect(extraction.repairs.map(\.kind) == ["invalid_record"] && extraction.faults.count == 1)
    }

    @Test("The page's own convention decides between two readings")
    func convention() throws {
        let german = try extract("1.234", ["type": "number"], page: "Umsatz 12,5 und 1.234")
        #expect(german.data["records"]?[0]?["v"]?.number?.lexical == "1234")
        let english = try extract("1,234", ["type": "number"], page: "Revenue 12.5 and 1,234")
        #expect(english.data["records"]?[0]?["v"]?.number?.lexical == "1234")
        let decimal = try extract("1,234", ["type": "number"], page: "12,5 und 1,234")
        #expect(decimal.data["records"]?[0]?["v"]?.number?.lexical == "1.234")
    }

    @Test(
        "Days become ISO days where the schema asks for them",
        arguments: [
            ("31 March 2024", "2024-03-31"), ("March 31st, 2024", "2024-03-31"), ("31. März 2024", "2024-03-31"),
            ("31.03.2024", "2024-03-31"), ("3.4.2024", "2024-04-03"), ("2024/3/31", "2024-03-31"), ("20240331", "2024-03-31"),
            ("2024年3月31日", "2024-03-31"), ("31/03/2024", "2024-03-31"), ("03/31/2024", "2024-03-31"), ("5/5/2024", "2024-05-05"),
            ("Friday, 29 Feb. 2024", "2024-02-29"), ("1er mars 2024", "2024-03-01"), ("２０２４．０３．３１", "2024-03-31"),
        ])
    func days(text: String, iso: String) throws {
        let extraction = try extract(.string(text), ["type": "string", "format": "date"])
        #expect(extraction.data["records"]?[0]?["v"] == .string(iso))
        #expect(extraction.repairs.map(\.kind) == ["text_as_time"] && extraction.repairs.first?.original == .string(text))
    }

    @Test(
        "Days that are two days, or none, are left as a fault",
        arguments: ["03/04/2024", "31.03.24", "30 February 2024", "March 2024", "FY24"])
    func noDays(text: String) throws {
        let extraction = try extract(.string(text), ["type": "string", "format": "date"])
        #expect(extraction.data["records"] == [] && extraction.repairs.map(\.kind) == ["invalid_record"])
    }

    @Test(
        "Periods are spelt as the schema's pattern wants them",
        arguments: [
            ("FY24 Q3", "^[0-9]{4}-Q[1-4]$", "2024-Q3"), ("3Q24", "^Q[1-4] [0-9]{4}$", "Q3 2024"),
            ("H1 2025", "^[0-9]{4}-H[12]$", "2025-H1"),
            ("2024", "^FY[0-9]{4}$", "FY2024"), ("1. Juli 2024", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2024-07-01"),
        ])
    func periods(text: String, pattern: String, spelling: String) throws {
        let extraction = try extract(.string(text), ["type": "string", "pattern": .string(pattern)])
        #expect(extraction.data["records"]?[0]?["v"] == .string(spelling))
        #expect(extraction.repairs.map(\.kind) == ["text_as_time"])
        #expect(try extract(.string(spelling), ["type": "string", "pattern": .string(pattern)]).repairs == [])
    }

    private static let measured: JSONValue = [
        "type": "object",
        "properties": [
            "value": ["type": "number"], "unit": ["type": ["string", "null"]],
            "scale": ["enum": ["thousand", "million", nil], "type": ["string", "null"]],
        ],
    ]

    @Test(
        "A scale and a unit go into their members where the record has such; the number stays as printed",
        arguments: [
            (#"{"value":"3,5 Mio. €"}"#, #"{"value":3.5,"unit":"€","scale":"million"}"#),
            (#"{"value":"3.5 million","unit":"EUR","scale":"million"}"#, #"{"value":3.5,"unit":"EUR","scale":"million"}"#),
            (#"{"value":"12 %","unit":null}"#, #"{"value":12,"unit":"%"}"#),
        ])
    func measures(answer: String, expected: String) throws {
        let extraction = try Extractor(schema: Self.measured).extract(answer: answer, call: 1, finish: .stop)
        let (data, wanted) = (extraction.data, try JSONParser.parse(expected))
        for name in ["value", "unit", "scale"] { #expect(data[name] == wanted[name], "\(name)") }
        #expect(extraction.repairs.contains { $0.kind == "text_as_number" })
    }

    @Test("A scale that contradicts its member, or that the schema does not know, is not guessed", arguments: ["3.5 thousand", "3.5 bn"])
    func contradicted(text: String) {
        let answer = #"{"value":"\#(text)","scale":"million"}"#
        #expect(throws: Failure.self) { try Extractor(schema: Self.measured).extract(answer: answer, call: 1, finish: .stop) }
    }

    @Test("Member names are recognised by letters, title and one slip, never where two could be meant")
    func names() throws {
        let schema: JSONValue = [
            "additionalProperties": false,
            "properties": ["netRevenue": ["title": "Umsatz"], "grossProfit": [:], "unit": [:], "dateFrom": [:], "dateForm": [:]],
        ]
        let answer = #"{"Net revenue":1,"grosProfit":2,"units":3,"dateFrm":4}"#
        let extraction = try Extractor(schema: schema).extract(answer: answer, call: 1, finish: .stop)
        #expect(extraction.data == ["netRevenue": 1, "grossProfit": 2])
        #expect(extraction.repairs.map(\.kind) == ["member_name", "member_name", "additional_member", "additional_member"])
        let titled = try Extractor(schema: schema).extract(answer: #"{"unit":0,"umsatz":1}"#, call: 1, finish: .stop)
        #expect(titled.data["netRevenue"] == 1)
    }
}
