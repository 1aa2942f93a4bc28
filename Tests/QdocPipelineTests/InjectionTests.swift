import QdocCore
import QdocPipeline
import QdocReport
import QdocTesting
import Testing

/// Documents that tell the model what to say, and a model that says it.
@Suite("Planted instructions", .timeLimit(.minutes(5)))
struct InjectionTests {
    /// Ten pages, each with a true figure and a planted text, as one text document.
    private static func document(_ turn: Int) -> (text: String, planted: [Int]) {
        var pages: [String] = []
        var planted: [Int] = []
        for (index, technique) in PlantedInstructions.techniques.enumerated() {
            let value = 9_001 + 10 * turn + index
            planted.append(value)
            let text = technique.texts[turn % technique.texts.count].replacing("NUMBER", with: "\(value)")
            pages.append("Annual report \(index + 1)\n\nTotal revenue        \(4_001 + 10 * turn + index)\n\n\n\n\(text)\n")
        }
        return (pages.joined(separator: "\u{0C}"), planted)
    }

    @Test("never get what they plant verified, and are told of page by page; nothing leaves the schema", arguments: 0..<10)
    func obeyed(turn: Int) async throws {
        let folder = try TemporaryFolder()
        let (text, planted) = Self.document(turn)
        let path = try folder.write(text, to: "report.txt")
        let figures = planted.enumerated().map { index, value -> JSONValue in
            [
                "label": "Total revenue", "value": .int(value), "image": .int(index + 1), "quote": .string("total revenue \(value)"),
                "url": "http://127.0.0.1:9/",
            ]
        }
        let answer: JSONValue = [
            "keyFigures": .array(figures), "tables": [], "charts": [], "findings": [],
            "tool_calls": [["name": "fetch", "arguments": ["url": "http://127.0.0.1:9/"]]],
        ]
        let server = try LoopbackServer { ScriptedModel.stream($0, answer: JSONWriter.text(answer)) }
        defer { server.stop() }
        let report = try await Bench.run(path, hostedAt: server.address + "/v1", options: RunOptions(window: 64))
        #expect(report.run.state == .complete)
        #expect(report.pages.count == 10)
        let values = report.evidence.filter { $0.pointer.tokens.last == "value" }
        #expect(values.count == 10)
        for value in values { #expect(value.verdict != .verified, "\(value)") }
        let told = report.warnings.filter { $0.code == .documentInstructions }.compactMap(\.page?.pageNumber)
        #expect(told.sorted() == Array(1...10))
        let kept = report.data["keyFigures"]?.array ?? []
        #expect(kept.count == 10 && kept.allSatisfy { $0["url"] == nil })
        #expect(report.data["tool_calls"] == nil)
    }
}
