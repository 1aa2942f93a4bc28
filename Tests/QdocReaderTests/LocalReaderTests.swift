import QdocCore
import QdocReader
import Testing

@Suite("The local reader")
struct LocalReaderTests {
    private actor Events {
        var all: [AnswerEvent] = []
        func append(_ event: AnswerEvent) { all.append(event) }
    }

    private func answer(
        _ pages: [PageBuilder?], schema: JSONValue, firstPage: Int = 1, imageSources: Set<Int> = []
    ) async throws -> PlacedAnswer {
        let window = AnswerWindow(
            number: 1,
            pages: pages.enumerated().map { index, page in
                WindowPage(
                    imageNumbers: [index + 11], reference: PageReference(source: 1, pageNumber: firstPage + index),
                    geometry: PageBuilder().geometry,
                    content: { () async throws(Failure) in
                        guard let page else { throw Failure(.pageDamaged, "page is damaged") }
                        return page.content
                    },
                    images: { () async throws(Failure) in throw Failure(.internalError, "no image is wanted") })
            })
        let events = Events()
        try await LocalReader(schema: schema, imageSources: imageSources).answer(window) { await events.append($0) }
        let all = await events.all
        #expect(all.count == 2)
        guard case .finished(.stop)? = all.last, case .placed(let placed)? = all.first else {
            throw Failure(.internalError, "the reader said something else")
        }
        return placed
    }

    private var cover: PageBuilder {
        var page = PageBuilder()
        page.text("Vestholm Logistics Group", x: 50, y: 100, size: 14, bold: true)
        page.text("Annual Report 2025", x: 50, y: 160, size: 30, bold: true)
        page.text("Ports and freight", x: 50, y: 700)
        return page
    }

    private var letter: PageBuilder {
        var page = PageBuilder()
        page.text("Letter to our shareholders", x: 50, y: 100, size: 18, bold: true)
        page.prose("Revenue rose to EUR 412.6 million in 2025. It was a good year. We hope for more of the kind.", x: 50, y: 140, width: 80)
        page.text("What we conclude", x: 50, y: 220, size: 13, bold: true)
        page.text("• Growth came from volume.", x: 50, y: 250)
        page.text("• Cold storage is scarce.", x: 50, y: 270)
        return page
    }

    private let reportSchema: JSONValue = [
        "type": "object", "required": ["keyFigures", "tables", "charts", "findings"],
        "properties": [
            "title": ["type": ["string", "null"]], "organisation": ["type": ["string", "null"]], "period": ["type": ["string", "null"]],
            "summary": ["type": ["string", "null"]],
            "keyFigures": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["label", "value"],
                    "properties": [
                        "label": ["type": "string"], "value": ["type": "number"], "unit": ["type": ["string", "null"]],
                        "scale": ["type": ["string", "null"]], "period": ["type": ["string", "null"]],
                    ],
                ],
            ],
            "tables": [
                "type": "array",
                "items": [
                    "type": "object",
                    "properties": ["title": ["type": ["string", "null"]], "columns": ["type": "array"], "rows": ["type": "array"]],
                ],
            ],
            "charts": ["type": "array"],
            "findings": ["type": "array", "items": ["type": "object", "properties": ["text": ["type": "string"]]]],
        ],
    ]

    /// Pointers of all leaves that hold something.
    private func leaves(_ value: JSONValue, _ pointer: JSONPointer = JSONPointer()) -> [JSONPointer] {
        switch value {
        case .object(let object): object.members.flatMap { leaves($0.value, pointer.appending($0.name)) }
        case .array(let items): items.enumerated().flatMap { leaves($0.element, pointer.appending($0.offset)) }
        case .null: []
        default: [pointer]
        }
    }

    @Test("A report's concepts are filled by name, each leaf with its place")
    func report() async throws {
        var figures = PageBuilder()
        figures.text("Key figures", x: 50, y: 84, bold: true)
        figures.row(["", "2025", "2024"], y: 100, bold: true)
        figures.row(["Revenue (EUR million)", "412.6", "394.4"], y: 118)
        figures.row(["Employees", "6,418", "6,102"], y: 136)
        let placed = try await answer([cover, letter, figures], schema: reportSchema)
        let data = placed.data
        #expect(data["title"] == "Annual Report 2025")
        #expect(data["organisation"] == "Vestholm Logistics Group")
        #expect(data["period"] == "2025")
        #expect(data["summary"] == "Revenue rose to EUR 412.6 million in 2025. It was a good year.")
        #expect(data["findings"] == [["text": "Growth came from volume."], ["text": "Cold storage is scarce."]])
        #expect(data["charts"] == [])
        #expect(data["keyFigures"]?.array?.compactMap { $0["label"]?.string } == ["Revenue", "Employees"], "the same figure is told once")
        #expect(data["keyFigures"]?[0]?["unit"] == "EUR")
        #expect(data["tables"]?[0]?["columns"] == [nil, "2025", "2024"])
        for pointer in leaves(data) {
            let places = try #require(placed.places[pointer], "\(pointer) has no place")
            #expect(places.allSatisfy { $0.box.area > 0 && !$0.text.isEmpty && $0.image == $0.page.pageNumber + 10 })
        }
        #expect(Set(placed.places.keys) == Set(leaves(data)))
    }

    @Test("A window without the first page states no title")
    func laterWindow() async throws {
        let placed = try await answer([cover], schema: reportSchema, firstPage: 9)
        #expect(placed.data["title"] == .null)
        #expect(placed.data["keyFigures"] == [])
    }

    @Test("A page that fails is passed over, and a page that is a picture is reported as not read")
    func failedPages() async throws {
        var scan = PageBuilder()
        scan.content.pictures = [Box(x: 0, y: 0, width: 600, height: 800)]
        let placed = try await answer([nil, scan, letter], schema: reportSchema)
        #expect(placed.notRead == [PageReference(source: 1, pageNumber: 2): .noTextLayer])
        #expect(placed.data["keyFigures"]?.array?.count == 1)
        let image = try await answer([scan], schema: reportSchema, imageSources: [1])
        #expect(image.notRead.values.map(\.self) == [.pictureNotRead])
    }

    private var invoice: PageBuilder {
        var page = PageBuilder()
        page.text("Invoice number:", x: 50, y: 100)
        page.text("2025-118", x: 200, y: 100)
        page.text("Due date: 12 December 2025", x: 50, y: 120)
        page.row(["Description", "Qty", "Unit price", "Amount"], y: 200, bold: true)
        page.row(["Mooring line", "12", "184.50", "2,214.00"], y: 218)
        page.row(["Fender", "4", "610.00", "2,440.00"], y: 236)
        page.row(["Delivery", "1", "145.00", "145.00"], y: 254)
        page.text("Total", x: 350, y: 330)
        page.text("EUR 4,799.00", x: 500, y: 330, right: true)
        return page
    }

    @Test("Any other schema is filled from labels and from tables whose columns bear its names")
    func form() async throws {
        let schema: JSONValue = [
            "type": "object",
            "properties": [
                "invoiceNumber": ["type": "string"], "due_date": ["type": "string", "format": "date"], "total": ["type": "number"],
                "reference": ["type": ["string", "null"]], "vat": ["type": "number"],
                "lines": [
                    "type": "array",
                    "items": [
                        "type": "object", "required": ["description", "amount"],
                        "properties": [
                            "description": ["type": "string"], "quantity": ["type": "integer"], "unitPrice": ["type": "number"],
                            "amount": ["type": "number"],
                        ],
                    ],
                ],
            ],
        ]
        let placed = try await answer([invoice], schema: schema)
        #expect(placed.data["invoiceNumber"] == "2025-118")
        #expect(placed.data["due_date"] == "2025-12-12")
        #expect(placed.data["total"]?.double == 4799)
        #expect(placed.data["reference"] == .null)
        #expect(placed.data["vat"] == nil)
        let lines = try #require(placed.data["lines"]?.array)
        #expect(lines.compactMap { $0["quantity"]?.int } == [12, 4, 1])
        #expect(lines.compactMap { $0["amount"]?.double } == [2214, 2440, 145])
        #expect(Set(placed.places.keys) == Set(leaves(placed.data)))
    }

    @Test("Two values beside one label are left out")
    func ambiguous() async throws {
        var page = invoice
        page.text("Invoice number:", x: 50, y: 400)
        page.text("2025-119", x: 200, y: 400)
        let placed = try await answer([page], schema: ["type": "object", "properties": ["invoiceNumber": ["type": "string"]]])
        #expect(placed.data == .object(JSONObject()))
    }
}
