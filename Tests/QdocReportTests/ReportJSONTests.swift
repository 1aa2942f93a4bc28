import QdocCore
import QdocReport
import QdocTesting
import Testing

@Suite struct ReportJSONTests {
    @Test(
        "A report is JSON with the members of qdoc.report/1, in both layouts",
        arguments: [SampleReport.full, SampleReport.local, SampleReport.failed])
    func members(report: Report) throws {
        let pretty = try JSONParser.parse(ReportJSON.text(report))
        #expect(try JSONParser.parse(ReportJSON.text(report, layout: .line)) == pretty)
        #expect(
            pretty.object?.names == [
                "schema", "run", "sources", "pages", "images", "calls", "data", "evidence", "repairs", "conflicts", "findings", "checks",
                "warnings", "reasoning", "egress", "totals",
            ])
        #expect(pretty["data"] == report.data)
        #expect(pretty["evidence"]?.array?.count == report.evidence.count)
    }

    @Test("A line is one line")
    func line() {
        let text = ReportJSON.text(SampleReport.full, layout: .line)
        #expect(text.hasSuffix("\n"))
        #expect(text.split(separator: "\n").count == 1)
    }

    @Test("Boxes are rounded to hundredths and numbers keep their form")
    func numbers() throws {
        let text = ReportJSON.text(SampleReport.full)
        #expect(text.contains("\"box\":[300,90.12,45,12]"))
        #expect(text.contains("\"value\": 412.60"))
        #expect(text.contains("\"duration\": 12.235"))
        #expect(text.contains("\"startedAt\": \"2026-11-18T11:06:40.123Z\""))
    }

    @Test("A long report comes in pieces that join to the same text")
    func pieces() throws {
        var report = SampleReport.full
        report.evidence = (0..<2_000).map {
            SampleReport.evidence("/keyFigures/\($0)/value", .int($0), .verified, [SampleReport.place(1, 1, "x")])
        }
        var pieces: [[UInt8]] = []
        try ReportJSON.write(report) { (piece) throws(Failure) in pieces.append(piece) }
        #expect(pieces.count > 5)
        #expect(pieces.allSatisfy { $0.count < 80 << 10 })
        #expect(String(decoding: pieces.joined(), as: UTF8.self) == ReportJSON.text(report))
    }

    @Test("What the sink throws comes through")
    func sink() {
        #expect(throws: Failure(.outputUnwritable, "full")) {
            try ReportJSON.write(SampleReport.full) { (_) throws(Failure) in throw Failure(.outputUnwritable, "full") }
        }
    }

    @Test("Totals count pages by outcome and values by verdict; counts from a provider never overflow")
    func totals() {
        var report = SampleReport.full
        #expect(report.totals.pagesRead == 2)
        #expect(report.totals.pagesNotRead == 1)
        #expect(report.totals.pagesFailed == 1)
        #expect(report.totals.count(.verified) == 3)
        #expect(report.totals.inputTokens == 2_610)
        report.calls[0].usage.inputTokens = Int.max
        #expect(report.totals.inputTokens == Int.max)
        report.calls[0].usage.inputTokens = nil
        #expect(report.totals.inputTokens == nil)
    }
}

/// One event of each kind.
enum SampleEvents {
    static let payloads: [RunEvent.Payload] = [
        .runStarted(pipeline: "report", model: "local", sources: ["annual.pdf"]),
        .sourceOpened(SampleReport.source, pages: 4),
        .pageFinished(PageReference(source: 1, pageNumber: 1), outcome: .read),
        .pageFinished(PageReference(source: 1, pageNumber: 3), outcome: .notRead(.noTextLayer)),
        .pageFinished(PageReference(source: 1, pageNumber: 4), outcome: .failed(Failure(.pageDamaged, "page 4 is damaged"))),
        .imageMade(number: 1, page: PageReference(source: 1, pageNumber: 1), size: PixelSize(width: 840, height: 1176), byteCount: 99),
        .planned(windows: 1, images: 2, inputTokens: 2_600, worst: Money(nanos: 120_000_000, .usd), likely: nil),
        .callStarted(call: 1, images: [1, 2]),
        .callRetried(call: 1, attempt: 2, code: .rateLimited, wait: .milliseconds(1_500)),
        .endpointPaused(endpoint: "segmind/qvq-max", failure: Failure(.quotaExceeded, "no credits", remedy: "top up")),
        .endpointResumed(endpoint: "segmind/qvq-max"),
        .reasoning(call: 1, text: "First,\n\u{1B}[2J"),
        .answer(call: 1, text: "{\""),
        .callFinished(call: 1, state: .settled, usage: Usage(inputTokens: 3), cost: Money(nanos: 3, .cny), isReused: true),
        .callFinished(call: 2, state: .unknown, usage: Usage(), cost: nil, isReused: false),
        .field(pointer: JSONPointer(["a/b", "0"]), value: 3, verdict: .verified),
        .warning(Warning(code: .chartNotRead, message: "not read", page: PageReference(source: 1, pageNumber: 2))),
        .warning(Warning(code: .chartNotRead, message: "not read")),
        .runFinished(state: .partial, failure: nil),
        .runFinished(state: .failed, failure: Failure(.fileEmpty, "x is empty", remedy: "look at it")),
    ]
    static let events = payloads.enumerated().map { index, payload in
        RunEvent(run: "01jd", sequence: index + 1, time: 1_795_000_000_000_000, payload: payload)
    }
}

@Suite struct EventJSONTests {
    @Test("An event is one line of JSON", arguments: SampleEvents.events)
    func line(event: RunEvent) throws {
        let line = EventJSON.line(event)
        #expect(line.last == 0x0A)
        #expect(!line.dropLast().contains(0x0A))
        let value = try JSONParser.parse(Array(line.dropLast()))
        #expect(value.object?.names == ["schema", "run", "seq", "time", "kind", "payload"])
        #expect(value["seq"]?.int == event.sequence)
    }
}

@Suite struct InspectJSONTests {
    @Test("Pages come one by one and join to one document")
    func document() throws {
        var writer = InspectJSON(SampleReport.source)
        var bytes = writer.page(SampleReport.inspected)
        bytes += writer.page(
            PageInspection(
                number: 2, geometry: PageGeometry(size: PageSize(width: 1, height: 1), rotation: 0), outcome: .notRead(.noTextLayer)))
        bytes += writer.finish()
        let value = try JSONParser.parse(bytes)
        #expect(value["schema"] == "qdoc.inspect/1")
        #expect(value["pages"]?[0]?["tables"]?[0]?["rows"]?[1]?[1] == "412.6")
        #expect(value["pages"]?[0]?["image"]?["tokens"] == 1_262)
        #expect(value["pages"]?[1]?["textSource"] == .null)
        #expect(value["pages"]?[1]?["code"] == "no_text_layer")
    }
}
