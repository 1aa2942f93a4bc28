import QdocCore
import QdocExtract
import QdocIngest
import QdocReport
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocPipeline

/// Every pipeline that travels inside the program, with a scripted model's answer (`Answers/NAME.json`) over a sample, and what came of it
/// (`Golden/NAME.txt`). `QdocVideoTests` has `video`.
@Suite("Shipped pipelines", .timeLimit(.minutes(3)))
struct ShippedPipelineTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var document: String
        var pages: String?

        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "report", document: "annual-report.pdf", pages: "2"), Case(name: "chart", document: "annual-report.pdf", pages: "5"),
        Case(name: "tables", document: "annual-report.pdf", pages: "7"), Case(name: "invoice", document: "invoice.pdf"),
        Case(name: "compare", document: "annual-report.pdf", pages: "2-3"), Case(name: "question", document: "invoice.pdf"),
        Case(name: "summary", document: "annual-report.pdf", pages: "3"), Case(name: "classify", document: "invoice.pdf"),
        Case(name: "figure", document: "annual-report.pdf", pages: "6"), Case(name: "diagram", document: "annual-report.pdf", pages: "7"),
        Case(name: "screenshot", document: "dashboard.png"), Case(name: "problem", document: "invoice.pdf"),
        Case(name: "compliance", document: "invoice.pdf"), Case(name: "fields", document: "invoice.pdf"),
    ]

    private static var names: [String] { Pipeline.list(environment: Environment([:])).filter { $0.origin == "embedded" }.map(\.name) }

    @Test("are all tried here, but for the one of videos")
    func whole() {
        #expect(Self.names == (Self.cases.map(\.name) + ["video"]).sorted())
        let files = Files.names(in: Project.path("pipelines")).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
        #expect(files.sorted() == Self.names)
    }

    @Test("are worded as the models' guides advise, and described in docs/pipelines.md")
    func wording() throws {
        let document = try Project.text("docs/pipelines.md")
        for name in Self.names {
            let pipeline = try Pipeline.find(name, environment: Environment([:]))
            #expect(pipeline.name == name)
            #expect(!pipeline.description.isEmpty)
            for thinking in [nil, .always, .hybrid(isOnByDefault: true)] as [Thinking?] {
                let advice = pipeline.advice(for: thinking)
                #expect(advice.isEmpty, "\(name): \(advice.map(\.message))")
            }
            #expect(document.contains("### `\(name)`"), "\(name)")
        }
    }

    @Test("make a whole and valid report of a model's answer", arguments: cases)
    func hosted(_ item: Case) async throws {
        let answer = try Project.text("Tests/QdocPipelineTests/Answers/\(item.name).json")
        let server = try LoopbackServer { ScriptedModel.stream($0, answer: answer) }
        defer { server.stop() }
        let folder = try TemporaryFolder()
        let access = try await Bench.access(to: server.address + "/v1", store: folder("store.db"))
        // Without character recognition, which not every machine has, a picture's values are unreadable everywhere.
        let report = try await Bench.run(
            Bench.sample(item.document), answerer: .hosted(access),
            options: RunOptions(pages: try item.pages.map { text throws(Failure) in try PageRanges(text) }),
            pipeline: try Pipeline.find(item.name, environment: Environment([:])), recognition: Recognition(policy: .never))
        await access.close()
        #expect(report.run.state == .complete)
        #expect(report.repairs.isEmpty, "\(report.repairs)")
        let difference = try Golden.difference(Self.text(of: report), from: "Tests/QdocPipelineTests/Golden/\(item.name).txt")
        #expect(difference == nil, "\(difference ?? "")")
    }

    @Test("are answered by the local reader in their own form, too", arguments: cases)
    func local(_ item: Case) async throws {
        let pipeline = try Pipeline.find(item.name, environment: Environment([:]))
        let report = try await Bench.run(
            Bench.sample(item.document), options: RunOptions(pages: try item.pages.map { text throws(Failure) in try PageRanges(text) }),
            pipeline: pipeline, recognition: Recognition(policy: .never))
        #expect(report.run.state == .complete || item.document.hasSuffix(".png"))
        let data = report.data.isNull ? [:] : report.data
        let extraction = try pipeline.extractor.extract(answer: JSONWriter.text(data), call: 1, finish: .stop)
        #expect(extraction.repairs.isEmpty, "\(extraction.repairs)")
        #expect(extraction.data == data)
    }

    /// The data, and what was proven of it on which page.
    private static func text(of report: Report) -> String {
        let evidence = report.evidence.map { item in
            let pages = Set(item.places.map(\.page.pageNumber)).sorted().map(String.init).joined(separator: ",")
            return "\(item.pointer) \(item.verdict.rawValue)\(pages.isEmpty ? "" : " on \(pages)")\n"
        }
        return JSONWriter.text(report.data, indent: 2) + "\n\n" + evidence.joined()
    }
}
