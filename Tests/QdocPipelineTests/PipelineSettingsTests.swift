import QdocCore
import QdocReport
import QdocTesting
import Testing

@testable import QdocPipeline

/// What the keys of a pipeline file do to what is sent.
@Suite("A pipeline's settings", .timeLimit(.minutes(2)))
struct PipelineSettingsTests {
    private static func pipeline(_ lines: String...) throws -> Pipeline {
        let head = ["pipeline: qdoc.pipeline/1", "name: mine", "instructions: Decide which number is the total.", "fields: {total: money}"]
        return try Pipeline(Array((head + lines).joined(separator: "\n").utf8), origin: "p.yaml")
    }

    /// The text and the number of images of each request, in the order of their windows.
    private static func asked(_ server: LoopbackServer) throws -> [(text: String, images: Int)] {
        try server.requests.map { request in
            let parts = try JSONParser.parse(request.body)["messages"]?.array?.last?["content"]
            guard let list = parts?.array else { return (parts?.string ?? "", 0) }
            return (list.compactMap { $0["text"]?.string }.joined(separator: "\n"), list.filter { $0["image_url"] != nil }.count)
        }
    }

    private static func run(
        _ sample: String, _ pipeline: Pipeline, _ options: RunOptions = RunOptions(jobs: 1)
    ) async throws -> (report: Report, asked: [(text: String, images: Int)]) {
        let server = try LoopbackServer { ScriptedModel.stream($0, answer: "{\"_image\":1,\"_quote\":\"\",\"total\":7076.25}") }
        defer { server.stop() }
        let report = try await Bench.run(Bench.sample(sample), hostedAt: server.address + "/v1", options: options, pipeline: pipeline)
        return (report, try asked(server))
    }

    @Test("“images: none” sends the words and no image, and its values are proven all the same")
    func textOnly() async throws {
        let (report, asked) = try await Self.run("invoice.pdf", try Self.pipeline("images: none"))
        #expect(report.run.state == .complete)
        #expect(asked.count == 1)
        #expect(asked[0].images == 0)
        #expect(asked[0].text.contains("Text 1: the words of source 1, page 1:\n| "))
        #expect(asked[0].text.contains("7,076.25"))
        #expect(report.images.isEmpty)
        #expect(report.egress.map(\.images) == [[]])
        #expect(report.evidence.map(\.verdict) == [.verified])
        #expect(report.evidence.flatMap(\.places).map(\.image) == [nil])
    }

    @Test("“images: none” says of a page without words that it was not read, and sends nothing")
    func textOnlyScan() async throws {
        let (report, asked) = try await Self.run("scanned-letter.pdf", try Self.pipeline("images: none"))
        #expect(asked.isEmpty)
        #expect(report.run.state == .partial)
        #expect(report.pages.map(\.outcome) == [.notRead(.noTextLayer)])
    }

    @Test("“anchor: text” puts the words of each page behind its image")
    func anchor() async throws {
        let plain = try await Self.run("invoice.pdf", try Self.pipeline())
        let anchored = try await Self.run("invoice.pdf", try Self.pipeline("anchor: text"))
        #expect(anchored.asked.map(\.images) == [1])
        #expect(anchored.asked[0].text.contains("The words that the document stores for source 1, page 1:\n| "))
        #expect(!plain.asked[0].text.contains("| "))
    }

    @Test("What is planned is what is asked: the same identity, with anchors, overlap and without images")
    func planned() async throws {
        for lines in [
            ["anchor: text", "window: {pages: 5, overlap: 2}"], ["images: none", "window: 4"], ["window: all", "language: de"],
        ] {
            let folder = try TemporaryFolder()
            let server = try LoopbackServer { ScriptedModel.stream($0, answer: "{\"_image\":1,\"_quote\":\"\",\"total\":1}") }
            defer { server.stop() }
            let access = try await Bench.access(to: server.address + "/v1", store: folder("store.db"))
            let head = "pipeline: qdoc.pipeline/1\nname: mine\ninstructions: Decide which is the total.\nfields: {total: money}\n"
            let pipeline = try Pipeline(Array((head + lines.joined(separator: "\n")).utf8), origin: "p.yaml")
            let report = try await Bench.run(Bench.sample("annual-report.pdf"), answerer: .hosted(access), pipeline: pipeline)
            #expect(report.run.state == .complete, "\(lines)")
            let sent = server.requests.count
            let again = try await Bench.run(Bench.sample("annual-report.pdf"), answerer: .hosted(access), pipeline: pipeline)
            #expect(server.requests.count == sent, "\(lines)")
            #expect(again.calls.allSatisfy { $0.isReused }, "\(lines)")
            let other = try pipeline.changed(Pipeline.Changes(question: "Which total?"))
            _ = try await Bench.run(Bench.sample("annual-report.pdf"), answerer: .hosted(access), pipeline: other)
            #expect(server.requests.count == 2 * sent, "\(lines)")
            await access.close()
        }
    }

    @Test("Overlapping windows show pages twice and count them once")
    func overlap() async throws {
        let pipeline = try Self.pipeline("window: {pages: 6, overlap: 2}")
        let server = try LoopbackServer { ScriptedModel.stream($0, answer: "{\"_image\":1,\"_quote\":\"\",\"total\":1}") }
        defer { server.stop() }
        let collector = EventCollector()
        let report = try await Bench.run(
            Bench.sample("annual-report.pdf"), hostedAt: server.address + "/v1", options: RunOptions(jobs: 1), pipeline: pipeline
        ) { await collector.add($0) }
        #expect(report.calls.map(\.images) == [Array(1...6), Array(5...10), Array(9...14)])
        #expect(report.images.map(\.number) == Array(1...14))
        #expect(report.pages.count == 14)
        let finished = await collector.events.filter { if case .pageFinished = $0.payload { true } else { false } }
        #expect(finished.count == 14)
    }

    @Test("“window: all” is one request where the model takes it, for the local reader it changes nothing")
    func all() async throws {
        let pipeline = try Self.pipeline("window: all")
        let (report, asked) = try await Self.run("annual-report.pdf", pipeline)
        #expect(report.run.state == .complete)
        #expect(asked.map(\.images) == [14])
        let local = try await Bench.run(Bench.sample("invoice.pdf"), pipeline: pipeline)
        #expect(local.data["total"]?.number?.double == 7076.25)
    }

    @Test("“system: auto” moves the role where the model takes a system message, and nowhere else")
    func system() throws {
        for (fields, expected) in [([.images, .system], true), ([.images], false)] as [(Set<RequestField>, Bool)] {
            let rule = ImageRule(patch: 28, minPixels: 3_136, maxPixels: 1_003_520)
            let endpoint = ModelEndpoint(
                provider: "openai", model: "m", baseURL: "http://127.0.0.1/v1", key: nil,
                profile: ModelProfile(fields: fields, image: rule, price: .free))
            let source = Source(ordinal: 1, path: "a.pdf", sha256: "00", mediaType: .pdf, byteCount: 1, pageCount: 1)
            func questions(_ pipeline: Pipeline) -> Questions {
                Questions(pipeline: pipeline, endpoint: endpoint, settings: QuestionSettings(), source: source, occurrence: "")
            }
            let plain = questions(try Self.pipeline()), system = questions(try Self.pipeline("system: auto"))
            #expect((system.request(pages: [], call: 1).system != nil) == expected)
            #expect(plain.request(pages: [], call: 1).system == nil)
            // The role is counted wherever it stands; the two lack the blank between.
            let most = (
                plain.inputTokens(of: plain.request(pages: [], call: 1)).most,
                system.inputTokens(of: system.request(pages: [], call: 1)).most
            )
            #expect(most.0 - most.1 == (expected ? 1 : 0))
            #expect(
                (plain.identity(of: plain.request(pages: [], call: 1)) != system.identity(of: system.request(pages: [], call: 1)))
                    == expected)
        }
    }

    @Test("A pipeline's limits are kept to what the model takes, and give way to the user's")
    func limits() throws {
        let pipeline = try Self.pipeline("limits: {max-output: 9000, thinking-budget: 500}")
        let rule = ImageRule(patch: 28, minPixels: 3_136, maxPixels: 1_003_520)
        func endpoint(_ thinking: Thinking, _ fields: Set<RequestField>) -> ModelEndpoint {
            ModelEndpoint(
                provider: "openai", model: "m", baseURL: "http://127.0.0.1/v1", key: nil,
                profile: ModelProfile(thinking: thinking, fields: fields, maxOutput: 8_192, maxThought: 300, image: rule, price: .free))
        }
        let hybrid = endpoint(.hybrid(isOnByDefault: false), [.images, .thinkingBudget])
        #expect(QuestionSettings().filled(from: pipeline, for: hybrid) == QuestionSettings(maxOutputTokens: 8_192))
        #expect(QuestionSettings(thinks: true).filled(from: pipeline, for: hybrid).thinkingBudget == 300)
        #expect(QuestionSettings().filled(from: pipeline, for: endpoint(.always, [.images])).thinkingBudget == nil)
        #expect(QuestionSettings(maxOutputTokens: 700).filled(from: pipeline, for: hybrid).maxOutputTokens == 700)
    }

    @Test("Times of a video's events lie in what was shown, or become null and are told")
    func frameTimes() throws {
        let schema = try Pipeline.find("video").schema
        let data: JSONValue = [
            "events": [["start": "0:10", "end": "0:12.480", "happens": "a"], ["start": "0:09", "end": "0:14", "happens": "b"]], "texts": [],
        ]
        var frames = try #require(FrameTimes(of: [10.5, 12.48], call: 3))
        let confined = frames.confine(data, to: SchemaView(schema))
        #expect(confined["events"]?[0] == ["start": "0:10", "end": "0:12.480", "happens": "a"])
        #expect(confined["events"]?[1] == ["start": nil, "end": nil, "happens": "b"])
        #expect(frames.repairs.map(\.pointer) == [JSONPointer(["events", "1", "start"]), JSONPointer(["events", "1", "end"])])
        #expect(FrameTimes(of: [], call: 1) == nil)
    }
}
