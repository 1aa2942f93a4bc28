import QdocCore
import QdocTesting
import Testing

@testable import QdocReport

@Suite struct MarkdownReportTests {
    @Test("A report looks as it was kept", arguments: [("full", SampleReport.full), ("failed", SampleReport.failed)])
    func golden(name: String, report: Report) throws {
        #expect(try Golden.difference(MarkdownReport.text(report), from: "Tests/QdocReportTests/Golden/\(name).md") == nil)
    }

    @Test(
        "Nothing that a document says is markup",
        arguments: [
            ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"), ("[a](javascript:1)", "\\[a\\](javascript:1)"), ("# x", "\\# x"), ("a|b", "a\\|b"),
            ("1. x", "1\\. x"), ("- x", "\\- x"), ("well-known", "well-known"), ("`x`", "\\`x\\`"), ("![x](y)", "\\!\\[x\\](y)"),
            ("http://a.b", "http\\://a.b"), ("www.a.b", "www\\.a.b"), ("&lt;", "&amp;lt;"), ("a\n# b", "a \\# b"),
            ("*a* _b_", "\\*a\\* \\_b\\_"),
            ("3.5 %", "3\\.5 %"),
        ])
    func escaping(text: String, expected: String) {
        #expect(MarkdownReport.safe(text) == expected)
    }
}

@Suite struct CSVReportTests {
    @Test("A report looks as it was kept")
    func golden() throws {
        #expect(try Golden.difference(CSVReport.text(SampleReport.full), from: "Tests/QdocReportTests/Golden/full.csv") == nil)
    }

    @Test(
        "No text of a document is a formula, and a number stays one",
        arguments: [
            ("=1+1", "'=1+1"), ("+49 40", "'+49 40"), ("-x", "'-x"), ("@SUM(A1)", "'@SUM(A1)"), (" =1", "' =1"), ("\t=1", "' =1"),
            ("\r=1", "' =1"), ("＝1", "'＝1"), ("-12", "-12"), ("a=b", "a=b"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""), ("", ""), ("a\nb", "a b"),
        ])
    func formulas(text: String, expected: String) {
        #expect(CSVReport.field(.string(text)) == expected)
        #expect(CSVReport.field(.int(-12)) == "-12")
    }
}

@Suite struct HTMLReportTests {
    /// A web page without its own style and script.
    private static func body(_ report: Report, pictures: [PageReference: HTMLReport.Picture] = [:]) throws -> String {
        var bytes: [UInt8] = []
        try HTMLReport.write(report, pictures: pictures) { (piece) throws(Failure) in bytes += piece }
        let text = String(decoding: bytes, as: UTF8.self)
        let start = try #require(text.firstRange(of: "</head>"))
        let end = try #require(text.firstRange(of: "<script>"))
        return String(text[start.upperBound..<end.lowerBound])
    }

    private static let payload = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"' onload='alert(3){{style}}"

    /// Puts the payload wherever a document or a model has a say.
    private static var hostile: Report {
        var report = SampleReport.full
        report.sources[0].path = payload
        report.run.model = "openai/\(payload)"
        report.data = [
            "title": .string(payload), "organisation": .string(payload), "summary": .string(payload), payload: .string(payload),
            "keyFigures": [["label": .string(payload), "value": .string(payload), "unit": .string(payload), "period": .string(payload)]],
            "tables": [["title": .string(payload), "columns": [.string(payload)], "rows": [[.string(payload)]]]],
            "charts": [
                [
                    "title": .string(payload), "kind": .string(payload),
                    "series": [["name": .string(payload), "points": [["x": .string(payload), "y": 3]]]],
                ]
            ],
            "others": [[payload: .string(payload), "b": 1]],
        ]
        report.evidence = ["/title", "/keyFigures/0/value", "/tables/0/rows/0/0", "/charts/0/series/0/points/0/y"].map {
            Evidence(
                pointer: JSONPointer(text: $0) ?? JSONPointer(), value: .string(payload), verdict: .verified,
                places: [SampleReport.place(1, 10, payload)], quote: payload, note: payload)
        }
        report.warnings[0].message = payload
        report.reasoning[0].text = payload
        report.repairs[0].note = payload
        report.calls[0].modelAnswered = payload
        report.egress[0].host = payload
        return report
    }

    @Test("Nothing that a document or a model says becomes an element or an attribute")
    func hostility() throws {
        let body = try Self.body(Self.hostile)
        #expect(body.contains("&lt;script&gt;"))
        #expect(!body.contains("<script"))
        #expect(!body.contains("<img"))
        // Every quote mark of the payload is written out, so that no attribute ends before its time.
        #expect(!body.contains("\"' onload"))
        #expect(body.contains("alert(3){{style}}"))
    }

    @Test("Each value leads to its first place and each place back to its value")
    func links() throws {
        let body = try Self.body(SampleReport.full)
        for (number, evidence) in SampleReport.full.evidence.enumerated() {
            #expect(body.contains("id=\"v\(number)\" href=\"\(evidence.places.isEmpty ? "#v" : "#p")\(number)\""), "\(evidence.pointer)")
            for rank in evidence.places.indices {
                #expect(body.contains("id=\"\(rank == 0 ? "p\(number)" : "p\(number)-\(rank)")\" href=\"#v\(number)\""))
            }
        }
        // No address but those inside of the page.
        #expect(body.split(separator: "href=\"").dropFirst().allSatisfy { $0.hasPrefix("#") })
        #expect(!body.contains("style=\""))
    }

    @Test("A picture stands behind the boxes of its page, and its chart is shown beside the drawing")
    func pictures() throws {
        let page = PageReference(source: 1, pageNumber: 2)
        var report = SampleReport.full
        report.evidence.append(
            SampleReport.evidence("/charts/0/series/0/points/0/y", 100, .verified, [SampleReport.place(2, 300, "100")]))
        let body = try Self.body(report, pictures: [page: (.jpeg, [1, 2, 3, 4])])
        #expect(body.contains("id=\"picture-1-2\" width=\"595.28\" height=\"841.89\""))
        #expect(body.contains("href=\"data:image/jpeg;base64,AQIDBA==\"") == true || body.contains("data:image/jpeg;base64,AQIDBA=="))
        #expect(body.contains("<use href=\"#picture-1-2\">"))
        #expect(body.contains("class=\"drawn\""))
        #expect(body.contains("Page 1, without its picture"))
    }

    @Test(
        "Base64 is that of RFC 4648",
        arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")])
    func base64(text: String, expected: String) {
        #expect(Base64.text(Array(text.utf8)) == expected)
    }
}

@Suite struct ChartDrawingTests {
    private func grid(_ values: [JSONValue]) -> OutlineGrid {
        let points = values.enumerated().map { JSONValue.object(["x": .string("Q\($0)"), "y": $1]) }
        return OutlineGrid(chart: ["series": [["name": "S", "points": .array(points)]]], at: JSONPointer())
    }

    private func drawn(_ values: [JSONValue], _ kind: String) -> String? {
        ChartDrawing.markup(grid(values), kind: kind, name: "N").map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test("Bars stand on zero, whatever their sign; a value that is missing has none")
    func bars() throws {
        let text = try #require(drawn([10, .int(-5), nil, 20], "bar"))
        #expect(text.split(separator: "<rect class=\"f0\"").count - 1 == 3)
        #expect(text.contains("<title>S, Q1: -5</title>"))
        #expect(!text.contains("nan") && !text.contains("inf") && !text.contains("height=\"-"))
    }

    @Test("Whatever the numbers, nothing traps", arguments: ["bar", "line", "pie", "scatter", "other"])
    func extremes(kind: String) {
        for values in [
            [JSONValue.int(0)], [.int(0), .int(0)], [.int(-1)], [.double(1e300)], [.double(.leastNonzeroMagnitude)],
            [.double(1e-12), .double(3e-12)],
            [.int(999_999_999_999_999)], [.double(0.1), .double(0.30000001)], ["x", nil],
        ] {
            let text = drawn(values, kind) ?? ""
            #expect(!text.contains("nan") && !text.contains("null"), "\(values) \(text)")
        }
        #expect(drawn([], kind) == nil)
    }

    @Test("The slices of a pie are shares of a circle called 100")
    func pie() throws {
        let text = try #require(drawn([30, 10, 60], "pie"))
        #expect(text.contains("stroke-dasharray=\"60 100\" stroke-dashoffset=\"-40\""))
    }
}
