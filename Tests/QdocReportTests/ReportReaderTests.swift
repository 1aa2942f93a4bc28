import QdocCore
import QdocReport
import QdocTesting
import Testing

@Suite struct ReportReaderTests {
    /// A report whose every optional member is there.
    private static let whole: Report = {
        var report = SampleReport.full
        report.run.failure = Failure(.streamTruncated, "call 2 ended early", remedy: "run it again")
        report.pages[0].geometry.timestamp = 61.5
        report.images[0].timestamp = 61.5
        report.calls[0].usage.imageTokens = 2_400
        report.calls[0].usage.cachedTokens = 12
        report.calls[0].cost = Money(nanos: 12_345_678, .usd)
        report.calls[0].reservation = Money(nanos: 2_000_000_000, .cny)
        report.calls[0].isEstimated = true
        report.calls[0].isReused = true
        report.calls[0].isThoughtCut = true
        report.calls[0].remainingCredits = JSONNumber("12.50")
        report.calls[0].finishReason = .other("content_filter")
        report.calls[1].finishReason = .length
        report.repairs.append(Repair(kind: "trailing_comma", pointer: JSONPointer(["a/b", "0"]), note: "a comma was removed"))
        report.warnings.append(Warning(code: .fontMissing, message: "Frutiger is missing"))
        return report
    }()

    @Test(
        "What is read back is written again byte for byte",
        arguments: [SampleReport.full, SampleReport.local, SampleReport.failed, whole])
    func roundTrip(report: Report) throws {
        let text = ReportJSON.text(report)
        let read = try ReportReader.read(Array(text.utf8), name: "r.json")
        #expect(ReportJSON.text(read) == text)
        #expect(read.totals == report.totals)
        #expect(try ReportReader.read(Array(ReportJSON.text(report, layout: .line).utf8), name: "r.json") == read)
    }

    @Test("Members that a later qdoc added are passed over")
    func unknownMembers() throws {
        let text = ReportJSON.text(SampleReport.full)
        let later = text.replacing("\"pipeline\":", with: "\"mood\": {\"a\": [1]}, \"pipeline\":").replacing(
            "\"totals\":", with: "\"extra\": 1, \"totals\":")
        #expect(later != text)
        #expect(ReportJSON.text(try ReportReader.read(Array(later.utf8), name: "r.json")) == text)
    }

    private static let mistakes: [(from: String, to: String, names: String)] = [
        ("qdoc.report/1", "qdoc.report/2", "qdoc.report/2"), ("\"id\":", "\"ID\":", "/run/id is missing"),
        ("\"state\": \"partial\"", "\"state\": \"fine\"", "/run/state is “fine”"),
        ("2026-11-18T11:06:40.123Z", "2026-02-31T11:06:40.123Z", "/run/startedAt"),
        ("2026-11-18T11:06:40.123Z", "yesterday", "/run/startedAt"), ("\"page\":1,", "\"page\":-1,", "/pages/0/page is no count"),
        ("\"verdict\": \"verified\"", "\"verdict\": \"true\"", "/evidence/0/verdict"),
        ("\"pointer\": \"/title\"", "\"pointer\": \"title\"", "/evidence/0/pointer"),
        ("\"duration\": 12.235", "\"duration\": 1e300", "/run/duration"),
        ("\"box\":[72,90.12,45,12]", "\"box\":[72,90.12,45]", "/places/0/box is no box"),
        ("{", "[", "byte"), ("\"sources\": [", "\"sources\": 3, \"x\": [", "/sources is no list"),
    ]

    @Test("A report with a mistake is refused by name", arguments: mistakes)
    func refused(from: String, to: String, names: String) throws {
        let text = ReportJSON.text(SampleReport.full)
        let range = try #require(text.firstRange(of: from), "\(from)")
        let broken = text.replacingCharacters(in: range, with: to)
        let failure = #expect(throws: Failure.self) { try ReportReader.read(Array(broken.utf8), name: "r.json") }
        #expect(failure?.code == .reportInvalid)
        #expect(failure?.message.contains(names) == true, "\(failure?.message ?? "")")
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
