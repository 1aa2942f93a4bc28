import QdocCore
import QdocReport

/// A report in which every list has something, and some of it is hostile.
enum SampleReport {
    static let digest = String(repeating: "0123456789abcdef", count: 4)
    static let run = ReportRun(
        id: "01jd3x8m4hq7v2", pipeline: "report", digest: digest, model: "dashscope/qvq-max", state: .partial,
        startedAt: 1_795_000_000_123_000,
        duration: .milliseconds(12_235), failure: nil)
    static let source = Source(
        ordinal: 1, path: "annual.pdf", sha256: digest, mediaType: .pdf, byteCount: 81_920, pageCount: 4)

    static func page(_ number: Int, _ outcome: PageOutcome = .read) -> PageRecord {
        PageRecord(
            reference: PageReference(source: 1, pageNumber: number),
            geometry: PageGeometry(size: PageSize(width: 595.276, height: 841.89), rotation: number == 4 ? 90 : 0), outcome: outcome)
    }

    static func image(_ number: Int) -> ImageRecord {
        ImageRecord(
            number: number, page: PageReference(source: 1, pageNumber: number),
            region: number == 2 ? Box(x: 10, y: 20.005, width: 300, height: 200) : nil, size: PixelSize(width: 840, height: 1176),
            byteCount: 123_456, encoding: number == 2 ? .png : .jpeg, sha256: digest, tokens: 1_262, pixelsPerPoint: 1.411_116)
    }

    static func place(_ page: Int, _ x: Double, _ text: String) -> Place {
        Place(
            page: PageReference(source: 1, pageNumber: page), image: page, box: Box(x: x, y: 90.123_4, width: 45, height: 12), text: text)
    }

    static let data: JSONValue = [
        "title": "Annual Report 2025", "organisation": "Nordlicht Energie AG", "period": "2025",
        "summary":
            "Revenue grew by 4.6 % to EUR 412.6 million. The company invested in storage and closed its last coal plant in the summer.",
        "keyFigures": [
            [
                "label": "Revenue", "value": .number(JSONNumber("412.60") ?? JSONNumber(0)), "unit": "EUR", "scale": "million",
                "period": "2025",
            ],
            ["label": "売上高 (総計)", "value": 38, "unit": "百万円", "scale": nil, "period": "2025年度"],
            ["label": "Net debt \u{1B}]0;owned\u{7}\u{202E}evil", "value": .int(-12), "unit": nil, "scale": nil, "period": nil],
        ],
        "tables": [
            [
                "title": "Table 1: Consolidated income statement", "columns": [nil, "2025", "2024"],
                "rows": .array(
                    (1...25).map { ["Line \($0)" == "Line 1" ? "Revenue" : .string("Line \($0)"), .int($0 * 100), .int($0 * 90)] }),
            ],
            ["title": nil, "columns": .array((1...40).map { .string("C\($0)") }), "rows": [.array((1...40).map(JSONValue.int))]],
        ],
        "charts": [
            [
                "title": "Revenue by segment", "kind": "bar",
                "series": [["name": "Grid", "points": [["x": "2024", "y": 100], ["x": "2025", "y": 112]]]],
            ]
        ],
        "findings": [["text": "Emissions fell for the fifth year in a row."]],
        "auditor": ["name": "Muster & Söhne", "city": "Kiel"],
        "offices": [["city": "Kiel", "staff": 120], ["city": "東京", "staff": 8]],
    ]

    static func evidence(_ pointer: String, _ value: JSONValue, _ verdict: Verdict, _ places: [Place] = []) -> Evidence {
        Evidence(
            pointer: JSONPointer(text: pointer) ?? JSONPointer(), value: value, verdict: verdict, places: places,
            quote: places.isEmpty ? nil : "as printed", call: 1, note: verdict == .ambiguous ? "stands in 2 places" : nil)
    }

    static let derived = Evidence(
        pointer: JSONPointer(["tables", "0", "rows", "1", "1"]), value: 200, verdict: .derived,
        places: [place(2, 400, "100"), place(2, 420, "100")], call: 1,
        derivation: Derivation(formula: "100 + 100", operands: [JSONPointer(["tables", "0", "rows", "0", "1"])]))

    static let contradicted = Evidence(
        pointer: JSONPointer(["tables", "0", "rows", "1", "2"]), value: 180, verdict: .contradicted, places: [place(2, 450, "810")],
        call: 1, note: "its cell reads 810", found: 810)

    static let check = ArithmeticCheck(
        kind: .columnSum, pointer: JSONPointer(["tables", "0", "rows", "2", "1"]),
        operands: [JSONPointer(["tables", "0", "rows", "0", "1"]), JSONPointer(["tables", "0", "rows", "1", "1"])],
        place: place(2, 400, "301"), expected: JSONNumber(300), printed: JSONNumber(301), difference: JSONNumber(1))

    static let full = Report(
        run: run, sources: [source],
        pages: [
            page(1), page(2), page(3, .notRead(.noTextLayer)),
            page(4, .failed(Failure(.decodeCrashed, "page 4 crashed the decoder twice"))),
        ],
        images: [image(1), image(2)],
        calls: [
            CallRecord(
                number: 1, provider: "dashscope", modelAsked: "qvq-max", modelAnswered: "qvq-max-2025-03-25", images: [1, 2],
                requestID: "req-7", state: .settled, usage: Usage(inputTokens: 2_600, outputTokens: 1_450, reasoningTokens: 900),
                attempts: 1,
                startedAt: 1_795_000_000_200_000, firstEvent: .milliseconds(850), duration: .milliseconds(11_000), finishReason: .stop),
            CallRecord(
                number: 2, provider: "dashscope", modelAsked: "qvq-max", images: [4], state: .unknown,
                usage: Usage(inputTokens: 10, outputTokens: 5, reasoningTokens: 0), attempts: 1, startedAt: 1_795_000_000_300_000,
                duration: .seconds(2), failure: Failure(.streamTruncated, "the stream of call 2 ended early", remedy: "run it again")),
        ],
        data: data,
        evidence: [
            evidence("/title", "Annual Report 2025", .verified, [place(1, 72, "Annual Report 2025")]),
            evidence("/keyFigures/0/value", .number(JSONNumber("412.60") ?? JSONNumber(0)), .verified, [place(2, 300, "412.60")]),
            evidence("/keyFigures/1/value", 38, .ambiguous, [place(2, 310, "38"), place(2, 350, "38")]),
            evidence("/keyFigures/2/value", .int(-12), .notFound),
            evidence("/tables/0/rows/0/1", 100, .verified, [place(2, 400, "100")]),
            evidence("/tables/0/rows/0/2", 90, .located, [place(2, 450, "90")]),
            derived, contradicted,
            evidence("/auditor/name", "Muster & Söhne", .unreadable),
        ],
        repairs: [Repair(kind: "code_fence", call: 1, note: "a code fence around the answer was removed")],
        conflicts: [Conflict(pointer: JSONPointer(["period"]), kept: "2025", other: "2024", call: 2)],
        checks: [check],
        warnings: [
            Warning(code: .chartNotRead, message: "a line chart was found and not read", page: PageReference(source: 1, pageNumber: 2))
        ],
        reasoning: [ReasoningRecord(call: 1, text: "Image 2 shows the income statement.\nRevenue is 412.60.")],
        egress: [
            Egress(host: "dashscope-intl.aliyuncs.com", region: "Singapore", call: 1, images: [1, 2], textBytes: 4_321, sha256: digest),
            Egress(host: "dashscope-intl.aliyuncs.com", call: 2, images: [4], textBytes: 4_100, sha256: digest),
        ])

    /// What the local reader gives of a document that it could read whole.
    static let local: Report = {
        var report = full
        report.run.model = "local"
        report.run.state = .complete
        report.pages = [page(1), page(2)]
        report.images = []
        report.calls = []
        report.reasoning = []
        report.egress = []
        report.repairs = []
        report.conflicts = []
        return report
    }()

    static let failed = Report(
        run: ReportRun(
            id: "01jd3x8m4hq7v3", pipeline: "report", digest: digest, model: "local", state: .failed, startedAt: 0, duration: .zero,
            failure: Failure(.fileNotFound, "nothing.pdf does not exist", remedy: "check the path")))

    static let inspected = PageInspection(
        number: 1, geometry: PageGeometry(size: PageSize(width: 595.276, height: 841.89), rotation: 0), outcome: .read,
        textSource: .textLayer,
        words: [
            Word(text: "Revenue", box: Box(x: 72, y: 90, width: 40, height: 10)),
            Word(text: "412.6", box: Box(x: 120, y: 90, width: 40, height: 10), source: .ocr, confidence: 0.93),
        ],
        tables: [
            InspectedTable(
                title: "Table 1", box: Box(x: 72, y: 100, width: 400, height: 200), rows: [["", "2025"], ["Revenue", "412.6"]],
                headerRows: 1)
        ],
        charts: [
            InspectedChart(box: Box(x: 72, y: 400, width: 300, height: 200), kind: "bar"),
            InspectedChart(box: Box(x: 0, y: 0, width: 1, height: 1)),
        ],
        keyFigures: [
            InspectedFigure(
                label: "Revenue", value: JSONNumber("412.6") ?? JSONNumber(0), unit: "EUR", scale: "million", period: "2025",
                box: Box(x: 72, y: 90, width: 100, height: 10))
        ],
        images: [
            InspectedImage(size: PixelSize(width: 840, height: 1176), tokens: 1_262, encoding: .jpeg, byteCount: 98_765),
            InspectedImage(
                region: Box(x: 0, y: 0, width: 300, height: 420), size: PixelSize(width: 840, height: 1176), tokens: 1_262, encoding: .png,
                byteCount: 54_321),
        ],
        missingFonts: ["Frutiger-Light"])
}
