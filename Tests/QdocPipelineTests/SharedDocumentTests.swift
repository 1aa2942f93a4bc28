import QdocCore
import QdocPipeline
import QdocReport
import QdocTesting
import Testing

/// Answers to found documents whose text cells stand in a wrong row or column.
@Suite("Found documents", .enabled(if: Project.shared != nil), .timeLimit(.minutes(1)))
struct SharedDocumentTests {
    private static let folder = (Project.shared ?? "") + "/data/pdf/"

    private static func verdicts(_ name: String, pages: String, _ columns: [String], _ rows: [[JSONValue]]) async throws -> [[Verdict?]] {
        let table: JSONValue = ["columns": .array(columns.map { .string($0) }), "rows": .array(rows.map { .array($0) })]
        let text = JSONWriter.text(["title": nil, "keyFigures": [], "charts": [], "findings": [], "tables": [table]])
        let pages = try PageRanges(pages)
        let server = try LoopbackServer { ScriptedModel.stream($0, answer: text) }
        defer { server.stop() }
        let report = try await Bench.run(
            folder + name, hostedAt: server.address + "/v1", options: RunOptions(pages: pages, window: 64))
        let evidence = Dictionary(report.evidence.map { ($0.pointer.description, $0.verdict) }, uniquingKeysWith: { first, _ in first })
        return rows.indices.map { row in rows[row].indices.map { evidence["/tables/0/rows/\(row)/\($0)"] } }
    }

    @Test("Dates, companies and cities that changed columns are not verified; true ones are")
    func notices() async throws {
        let columns = ["Notice Date", "Effective", "Received", "Company", "City", "No. Of", "Layoff/Closure"]
        let rows: [[JSONValue]] = [
            ["07/01/2015", "03/25/2016", "06/22/2015", "San Jose", "Maxim Integrated Product", 150, "Closure Permanent"],
            ["07/01/2015", "08/29/2015", "06/30/2015", "Monterey", "McGraw-Hill Education", 137, "Layoff Unknown at this time"],
        ]
        let found = try await Self.verdicts("ca-warn-report.pdf", pages: "1", columns, rows)
        for row in found { #expect(row.dropFirst().allSatisfy { $0 != .verified }, "\(row)") }
        let truth: [JSONValue] = [
            "06/22/2015", "03/25/2016", "07/01/2015", "Maxim Integrated Product", "San Jose", 150, "Closure Permanent",
        ]
        let faultless = try await Self.verdicts("ca-warn-report.pdf", pages: "1", columns, [truth])
        #expect(faultless[0].allSatisfy { $0 == .verified }, "\(faultless[0])")
    }

    @Test("Rates of other rows and columns are not verified")
    func rates() async throws {
        let columns = ["EURO/USD", "Current", "From 2010", "Non-business use", "Business use"]
        let rows: [[JSONValue]] = [
            ["gasoline (1000 liter)", "374 / 497", "302 / 402", nil, nil],
            ["Kerosene (1000 liter)", "374 / 497", "302 / 402", "125 / 166", "21 / 28"],
            ["electricity (1 MWh)", nil, nil, "359 / 477", "374 / 497"],
        ]
        let found = try await Self.verdicts("govdocs-176446-report.pdf", pages: "6", columns, rows)
        for row in found { #expect(row.dropFirst().allSatisfy { $0 != .verified }, "\(row)") }
    }
}
