import QdocCore
import QdocSchema
import QdocTesting
import Testing

@testable import QdocReport

@Suite struct ReviewTests {
    private static let text = """
        {"schema": "qdoc.review/1", "run": "01jd3x8m4hq7v2", "decidedAt": "2026-11-18T11:06:40.123Z", "decisions": [
          {"pointer": "/title", "value": "Annual Report 2025", "decision": "accepted"},
          {"pointer": "/keyFigures/1/value", "value": 38, "decision": "corrected", "correction": "38.5"},
          {"pointer": "/keyFigures/2/value", "value": -12, "decision": "rejected"}]}
        """

    private func review(_ text: String = text) throws -> Review { try Review(Array(text.utf8), name: "r.json") }

    @Test("Decisions are applied: a corrected number stays a number, a rejected value is null, all else is as it was")
    func applied() throws {
        let data = try review().applied(to: SampleReport.full)
        #expect(data["keyFigures"]?[1]?["value"] == .number(try #require(JSONNumber("38.5"))))
        #expect(data["keyFigures"]?[2]?["value"] == .null)
        #expect(data["tables"] == SampleReport.data["tables"])
        #expect(data.object?.names == SampleReport.data.object?.names)
        let schema = try JSONSchema(try JSONParser.parse(try Project.text("schemas/qdoc.review-1.json")))
        #expect(schema.isValid(try JSONParser.parse(Self.text)))
    }

    @Test("What proof left open and nobody decided on is open")
    func open() throws {
        #expect(
            try Set(review().open(in: SampleReport.full).map(\.pointer.description)) == [
                "/tables/0/rows/0/2", "/tables/0/rows/1/2", "/auditor/name",
            ])
        let text = try review().text(of: SampleReport.full, style: TerminalStyle())
        #expect(text.hasPrefix("1 accepted, 1 corrected, 1 rejected, 3 open\n"))
        #expect(text.contains("/keyFigures/1/value: 38 → 38.5"))
    }

    @Test(
        "Decisions about another report, and what are none, are refused",
        arguments: [
            ("01jd3x8m4hq7v2", "01jd", Failure.Code.invalidArguments), ("38,", "39,", .invalidArguments),
            ("qdoc.review/1", "qdoc.report/1", .reportInvalid),
            ("\"rejected\"", "\"maybe\"", .reportInvalid), (", \"correction\": \"38.5\"", "", .reportInvalid), ("[", "{", .reportInvalid),
        ])
    func refused(from: String, to: String, code: Failure.Code) {
        let failure = #expect(throws: Failure.self) { try review(Self.text.replacing(from, with: to)).applied(to: SampleReport.full) }
        #expect(failure?.code == code)
    }
}
