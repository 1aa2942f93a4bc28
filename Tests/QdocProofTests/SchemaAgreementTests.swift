import QdocCore
import QdocExtract
import QdocProof
import QdocReader
import Synchronization
import Testing

/// The stages that read a schema see the same field, however the schema is put together.
@Suite struct SchemaAgreementTests {
    private static let page = TypedPage.page("Net revenue:  412.6\n")

    private static func schema(_ field: JSONValue) -> JSONValue {
        [
            "type": "object", "required": ["netRevenue", "motto"],
            "properties": ["netRevenue": field, "motto": ["allOf": [["$ref": "#/$defs/prose"]]]],
            "$defs": [
                "amount": ["type": ["number", "null"]],
                "prose": ["type": ["string", "null"], "x-qdoc-proof": "none"],
            ],
        ]
    }

    private func read(_ schema: JSONValue) async throws -> JSONValue? {
        let window = AnswerWindow(
            number: 1,
            pages: [
                WindowPage(
                    imageNumbers: [1], reference: Self.page.reference,
                    geometry: PageGeometry(size: PageSize(width: 595, height: 842), rotation: 0), content: { Self.page.content },
                    images: { () async throws(Failure) in throw Failure(.internalError, "no image is wanted") })
            ])
        let placed = Mutex<PlacedAnswer?>(nil)
        try await LocalReader(schema: schema).answer(window) { event in
            if case .placed(let answer) = event { placed.withLock { $0 = answer } }
        }
        return placed.withLock { $0?.data }
    }

    @Test(
        "A field by allOf and $ref is read, conformed and proved as one that is written out",
        arguments: [["type": ["number", "null"]], ["$ref": "#/$defs/amount"], ["allOf": [["$ref": "#/$defs/amount"]]]] as [JSONValue])
    func seenAlike(field: JSONValue) async throws {
        let schema = Self.schema(field)
        // Read as a number, and null where nothing is found.
        let read = try await read(schema)
        #expect(read == ["netRevenue": .number(try #require(JSONNumber("412.6"))), "motto": nil])
        // A text is taken as the number that the field wants, a missing member as null.
        let extraction = try Extractor(schema: schema).extract(answer: #"{"netRevenue": "412.6"}"#, call: 1, finish: .stop)
        #expect(extraction.data == read)
        // Proved under its name, and prose is left alone.
        let said: JSONValue = ["netRevenue": .number(try #require(JSONNumber("412.6"))), "motto": "Ever onwards"]
        let evidence = Prover(schema: schema).prove(data: said, citations: [:], places: [:], pages: [Self.page], call: 1)
        #expect(evidence.map(\.pointer.description) == ["/netRevenue"])
        #expect(evidence.first?.verdict == .verified)
    }
}
