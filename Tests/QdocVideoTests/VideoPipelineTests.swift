import QdocCore
import QdocIngest
import QdocJournal
import QdocModel
import QdocPipeline
import QdocReport
import QdocRuntime
import QdocTesting
import QdocTransport
import Testing

/// The shipped pipeline of videos, with a scripted model's answer over a clip of three slides.
@Suite("The video pipeline", .timeLimit(.minutes(1)))
struct VideoPipelineTests {
    private static let answer = """
        {"_image": 1, "_quote": "", "events": [
          {"_image": 1, "_quote": "", "start": "0:00.000", "end": "0:00.500", "frames": [1, 2], "happens": "A slide is shown."},
          {"_image": 3, "_quote": "", "start": "0:01", "end": "0:09", "frames": [3], "happens": "Another slide follows."}
        ], "texts": [], "conclusion": "Slides are shown one after another.", "sound": "not read"}
        """

    @Test("keeps events inside the frames that were shown, and says that the sound was not read")
    func report() async throws {
        let server = try LoopbackServer { exchange in
            let delta: JSONValue = ["choices": [["index": 0, "delta": ["content": .string(Self.answer)], "finish_reason": "stop"]]]
            exchange.beginStream()
            exchange.chunk("data: \(JSONWriter.text(delta))\n\ndata: [DONE]\n\n")
            exchange.chunk("")
        }
        defer { server.stop() }
        let folder = try TemporaryFolder()
        let slides = (0..<3).flatMap { Array(repeating: Picture.slide($0), count: 5) }
        let path = try folder.write(try Clip().bytes(slides), to: "clip.mp4")
        let profile = ModelProfile(
            fields: [.images, .maxTokens], maxOutput: 8_192, image: ImageRule(patch: 28, minPixels: 3_136, maxPixels: 1_003_520),
            price: .free)
        let access = ModelAccess(
            endpoint: ModelEndpoint(provider: "openai", model: "scripted", baseURL: server.address + "/v1", key: nil, profile: profile),
            transport: try HTTPClient(), journal: try await Journal(path: folder("store.db")), rules: ModelAccess.Rules())
        let ingest = try Ingest(
            options: IngestOptions(decoderPath: Project.products + "/qdoc-decode", recognition: Recognition(policy: .never)),
            workFile: try WorkFile())
        var options = RunOptions()
        options.frames = FrameSelection(choice: .every(0.5))
        let report = await Runner(pipeline: try Pipeline.find("video"), answerer: .hosted(access), options: options, ingest: ingest)
            .run(path: path) { _ in }
        await ingest.close()
        await access.close()
        #expect(report.run.state == .complete, "\(String(describing: report.run.failure))")
        #expect(report.repairs.map(\.kind) == ["time_outside"])
        let question = try #require(String(validating: server.requests.first?.body ?? [], as: UTF8.self))
        #expect(question.contains("frames 1 to 3, taken from 0:00.000 to 0:01.000"), "\(question.suffix(4_000))")
        #expect(question.contains("the sound is not given"))
        let difference = try Golden.difference(
            JSONWriter.text(report.data, indent: 2) + "\n", from: "Tests/QdocPipelineTests/Golden/video.txt")
        #expect(difference == nil, "\(difference ?? "")")
    }
}
