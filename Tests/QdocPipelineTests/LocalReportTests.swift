import QdocCore
import QdocIngest
import QdocPipeline
import QdocReport
import QdocTesting
import Testing

@Suite("The annual report with the local reader", .timeLimit(.minutes(2)))
struct LocalReportTests {
    @Test("is complete, and nothing left this machine")
    func complete() async throws {
        let report = try await Bench.run(Bench.sample("annual-report.pdf"))
        #expect(report.run.state == .complete)
        #expect(report.run.failure == nil)
        #expect(report.egress.isEmpty)
        #expect(report.pages.count == 14)
        #expect(report.pages.allSatisfy { $0.outcome == .read })
        let truth = try Bench.truth("annual-report")
        for name in ["title", "organisation", "period"] { #expect(report.data[name] == truth[name]) }
    }

    @Test("has every table rebuilt cell for cell")
    func tables() async throws {
        let report = try await Bench.run(Bench.sample("annual-report.pdf"))
        let found = report.data["tables"]?.array ?? []
        for table in try Bench.truth("annual-report")["tables"]?.array ?? [] {
            let twin = found.first { Self.sameCells($0, table) }
            #expect(twin != nil, "page \(table["page"]?.int ?? 0): \(table["title"]?.string ?? "no title")")
            if let title = table["title"]?.string { #expect(twin?["title"]?.string == title) }
        }
    }

    @Test("has every key figure of the truth, verified, with a box that holds it")
    func keyFigures() async throws {
        let report = try await Bench.run(Bench.sample("annual-report.pdf"))
        let evidence = Dictionary(report.evidence.map { ($0.pointer, $0) }, uniquingKeysWith: { first, _ in first })
        let found = report.data["keyFigures"]?.array ?? []
        for truth in try Bench.truth("annual-report")["keyFigures"]?.array ?? [] {
            let index = found.indices.first { index in
                // A callout that names no period is the same figure as the table's, which does.
                let names = ["label", "unit", "scale"] + (truth["period"]?.string == nil ? [] : ["period"])
                return names.allSatisfy { (found[index][$0] ?? .null) == (truth[$0] ?? .null) }
                    && found[index]["value"]?.double == truth["value"]?.double
                    && Self.page(of: index, in: evidence) == truth["page"]?.int
            }
            let label = "\(truth["label"]?.string ?? "") \(truth["value"]?.double ?? 0) on page \(truth["page"]?.int ?? 0)"
            guard let index else {
                Issue.record("\(label) was not found")
                continue
            }
            let value = evidence[JSONPointer(["keyFigures", String(index), "value"])]
            #expect(value?.verdict == .verified, "\(label)")
            let printed = value?.places.first?.text ?? ""
            #expect(printed.filter { "0123456789.".contains($0) }.hasPrefix(truth["value"]?.number?.lexical ?? "?"), "\(label): \(printed)")
        }
    }

    private static func page(of index: Int, in evidence: [JSONPointer: Evidence]) -> Int? {
        evidence[JSONPointer(["keyFigures", String(index), "value"])]?.places.first?.page.pageNumber
    }

    private static func sameCells(_ left: JSONValue, _ right: JSONValue) -> Bool {
        guard left["columns"] == right["columns"], let first = left["rows"]?.array, let second = right["rows"]?.array,
            first.count == second.count
        else { return false }
        return zip(first, second).allSatisfy { first, second in
            guard let first = first.array, let second = second.array, first.count == second.count else { return false }
            return zip(first, second).allSatisfy { $0 == $1 || ($0.double != nil && $0.double == $1.double) }
        }
    }
}

@Suite("What the local reader cannot read", .timeLimit(.minutes(1)))
struct NotReadTests {
    @Test("makes the run partial, with the reason", arguments: ["scanned-letter.pdf", "chart.png", "photo-of-chart.jpg"])
    func scans(name: String) async throws {
        let report = try await Bench.run(Bench.sample(name), recognition: Recognition(policy: .never))
        #expect(report.run.state == .partial)
        #expect(report.pages.allSatisfy { $0.outcome != .read })
        #expect(report.warnings.contains { $0.code == .noTextLayer || $0.code == .pictureNotRead })
        #expect(report.evidence.isEmpty)
    }

    @Test("is told with its code where the file is none", arguments: [("not there.pdf", Failure.Code.fileNotFound)])
    func failures(name: String, code: Failure.Code) async throws {
        let report = try await Bench.run(Bench.sample(name))
        #expect(report.run.state == .failed)
        #expect(report.run.failure?.code == code)
    }
}
