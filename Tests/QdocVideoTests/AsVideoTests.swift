import QdocCore
import QdocEmulator
import QdocIngest
import QdocJournal
import QdocModel
import QdocPipeline
import QdocReport
import QdocRuntime
import QdocTesting
import QdocTransport
import Testing

/// A clip from its bytes to the provider's bill, with the arithmetic of `QdocEmulator`, which knows nothing of ours.
@Suite("A clip sent as one video", .timeLimit(.minutes(1)))
struct AsVideoTests {
    private struct Sent {
        var report: Report
        var plan: RunPlan
        var billed: [Ledger.Entry]
    }

    private static func send(_ clip: [UInt8], to name: String, isVideo: Bool = true) async throws -> Sent {
        let folder = try TemporaryFolder()
        let path = try folder.write(clip, to: "clip.mp4")
        let emulator = try Emulator(Emulator.Options())
        defer { emulator.stop() }
        let model = try #require(try Catalogue.shipped().resolve("dashscope/\(name)"))
        let endpoint = model.endpoint(
            baseURL: emulator.address + "/dashscope/compatible-mode/v1", isOnThisMachine: false, key: Secret("sk-video"), maxSide: nil)
        let access = ModelAccess(
            endpoint: endpoint, transport: try HTTPClient(), journal: try await Journal(path: folder("store.db")),
            rules: ModelAccess.Rules())
        let ingest = try Ingest(options: IngestOptions(decoderPath: Project.products + "/qdoc-decode"), workFile: try WorkFile())
        var options = RunOptions()
        options.frames = FrameSelection(choice: .every(0.5))
        options.isVideo = isVideo
        let runner = Runner(pipeline: try Pipeline.find("report"), answerer: .hosted(access), options: options, ingest: ingest)
        let plan = try #require(try await runner.plan(path: path))
        let report = await runner.run(path: path) { _ in }
        await ingest.close()
        await access.close()
        return Sent(report: report, plan: plan, billed: emulator.ledger.filter { $0.event == .billed })
    }

    private static func slides(_ count: Int, _ size: PixelSize) throws -> [UInt8] {
        try Clip().bytes((0..<count).flatMap { Array(repeating: Picture.slide($0, size), count: 5) })
    }

    @Test(
        "It is one question of all frames, and is billed as was planned",
        arguments: [
            // 640 × 360 becomes 640 × 352 of 20 × 11 cells, and 644 × 364 of 23 × 13; a slot has two frames.
            ("qwen3-vl-plus", 12, 6 * 20 * 11 + 2), ("qwen3-vl-plus", 9, 5 * 20 * 11 + 2), ("qvq-max", 12, 6 * 23 * 13 + 2),
        ])
    func billed(model: String, count: Int, tokens: Int) async throws {
        let sent = try await Self.send(Self.slides(count, PixelSize(width: 640, height: 360)), to: model)
        #expect(sent.report.run.failure == nil, "\(String(describing: sent.report.run.failure))")
        #expect(sent.report.calls.map(\.images) == [Array(1...count)])
        #expect(sent.report.calls.first?.usage.imageTokens == tokens)
        #expect(sent.report.images.compactMap(\.timestamp).map { ($0 * 10).rounded() / 10 } == (0..<count).map { Double($0) / 2 })
        #expect(sent.plan.windows.map { $0.images.count } == [count])
        let (billed, planned) = (try #require(sent.billed.first), try #require(sent.plan.windows.first))
        #expect(sent.billed.count == 1 && billed.inputTokens <= planned.inputTokens)
    }

    @Test("As single images it costs twice as much and goes in windows")
    func singleImages() async throws {
        let sent = try await Self.send(Self.slides(12, PixelSize(width: 640, height: 360)), to: "qwen3-vl-plus", isVideo: false)
        #expect(sent.report.calls.count == 2)
        #expect(sent.report.calls.reduce(0) { $0 + ($1.usage.imageTokens ?? 0) } == 12 * (20 * 11 + 2))
    }
}
