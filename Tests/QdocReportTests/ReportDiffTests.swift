import QdocCore
import QdocSchema
import QdocTesting
import Testing

@testable import QdocReport

@Suite struct ReportDiffTests {
    private static let old = SampleReport.full

    private static func changed(_ change: (inout Report) throws -> Void) rethrows -> Report {
        var report = old
        try change(&report)
        return report
    }

    private static func figure(_ label: String, _ value: JSONValue, _ period: String = "2025") -> JSONValue {
        ["label": .string(label), "value": value, "unit": "EUR", "scale": "million", "period": .string(period)]
    }

    /// A report of some figures, each found on a page.
    private static func figures(_ figures: [JSONValue], page: Int = 2, verdict: Verdict = .verified) -> Report {
        changed { report in
            report.data = ["keyFigures": .array(figures)]
            report.evidence = figures.enumerated().map { index, figure in
                SampleReport.evidence(
                    "/keyFigures/\(index)/value", figure["value"] ?? .null, verdict,
                    verdict == .notFound ? [] : [SampleReport.place(page, 100, "x")])
            }
        }
    }

    @Test("A report is the same as itself, in another order as well")
    func same() {
        #expect(ReportDiff(old: Self.old, new: Self.old).isEmpty)
        let one = Self.figures([Self.figure("Revenue", 1), Self.figure("Profit", 2)])
        let other = Self.figures([Self.figure("Profit", 2), Self.figure("Revenue", 1)])
        #expect(ReportDiff(old: one, new: other).isEmpty)
        let written = Self.figures([Self.figure("Revenue", .number(JSONNumber("1.0") ?? JSONNumber(0))), Self.figure("Profit", 2)])
        #expect(ReportDiff(old: one, new: written).isEmpty)
    }

    private static let cases: [(name: String, old: Report, new: Report, kind: ReportDiff.Kind)] = [
        ("another value", figures([figure("Revenue", 1)]), figures([figure("Revenue", 2)]), .changed),
        ("another page", figures([figure("Revenue", 1)]), figures([figure("Revenue", 1)], page: 3), .moved),
        ("proof lost", figures([figure("Revenue", 1)]), figures([figure("Revenue", 1)], verdict: .notFound), .evidenceLost),
        ("proof weaker", figures([figure("Revenue", 1)]), figures([figure("Revenue", 1)], verdict: .located), .evidenceLost),
        ("proof found", figures([figure("Revenue", 1)], verdict: .ambiguous), figures([figure("Revenue", 1)]), .evidenceFound),
    ]

    @Test("One change is told as what it is", arguments: cases)
    func kinds(name: String, old: Report, new: Report, kind: ReportDiff.Kind) {
        let diff = ReportDiff(old: old, new: new)
        #expect(diff.changes.map(\.kind) == [kind], "\(name)")
        #expect(diff.changes.first?.name == ["Key figures", "Revenue, 2025, EUR", "Value"])
    }

    @Test("A figure of another period is another figure")
    func newAndGone() {
        let diff = ReportDiff(
            old: Self.figures([Self.figure("Revenue", 1, "2024")]), new: Self.figures([Self.figure("Revenue", 1, "2025")]))
        #expect(diff.count(.new) == 5)
        #expect(diff.count(.gone) == 5)
        #expect(diff.count(.changed) == 0)
    }

    @Test("A cell is known by its row and its column, wherever they stand")
    func tables() throws {
        let table: JSONValue = ["title": "T", "columns": [nil, "2025", "2024"], "rows": [["Revenue", 3, 2], ["Profit", 1, 1]]]
        let turned: JSONValue = ["title": "T", "columns": [nil, "2024", "2025"], "rows": [["Profit", 1, 1], ["Revenue", 2, 4]]]
        let old = Self.changed {
            $0.data = ["tables": [table]]; $0.evidence = []
        }
        let new = Self.changed {
            $0.data = ["tables": [turned]]; $0.evidence = []
        }
        let cells = ReportDiff(old: old, new: new).changes.filter { $0.name.count == 4 }
        #expect(cells.map(\.name) == [["Tables", "T", "Revenue", "2025"]])
        #expect(cells.first?.kind == .changed)
        #expect(cells.first?.new?.pointer == JSONPointer(text: "/tables/0/rows/1/2"))
    }

    @Test("Another document, pipeline or model is told and is no difference")
    func circumstances() {
        let new = Self.changed { report in
            report.run.model = "openai/gpt-4.1"
            report.run.digest = String(repeating: "0", count: 64)
            report.sources[0].sha256 = report.run.digest
            report.calls[0].modelAnswered = "gpt-4.1"
        }
        let diff = ReportDiff(old: Self.old, new: new)
        #expect(diff.isEmpty)
        #expect(diff.circumstances.count == 3)
        #expect(diff.circumstances.contains("model changed: dashscope/qvq-max (qvq-max-2025-03-25), now openai/gpt-4.1 (gpt-4.1)"))
    }

    @Test("Text and JSON tell the same, safely, and the JSON fits its schema")
    func rendering() throws {
        let old = Self.figures([Self.figure("Re\u{1B}[2Jvenue", 1), Self.figure("Old", 9)])
        let new = Self.figures([Self.figure("Re\u{1B}[2Jvenue", 2), Self.figure("New", 8)])
        let diff = ReportDiff(old: old, new: new)
        let text = DiffText.text(diff, style: TerminalStyle(width: 100))
        #expect(text.hasPrefix("5 new, 5 gone, 1 changed\n"))
        #expect(text.contains("Key figures › Re␛[2Jvenue, 2025, EUR › Value: 1 ✓ p. 2 → 2 ✓ p. 2"))
        let json = DiffText.json(diff, old: old, new: new)
        let schema = try JSONSchema(try JSONParser.parse(try Project.text("schemas/qdoc.diff-1.json")))
        #expect(schema.isValid(json))
        #expect(json["counts"]?["changed"] == 1)
        #expect(!schema.isValid(["schema": "qdoc.diff/1"]))
    }
}
