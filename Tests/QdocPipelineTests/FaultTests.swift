import QdocCore
import QdocEmulator
import QdocJournal
import QdocReport
import QdocTesting
import QdocTransport
import Testing

@testable import QdocPipeline

@Suite("Faults of providers", .timeLimit(.minutes(1)))
struct FaultTests {
    private static let price = Price.tokens(
        .usd, [PriceTier(input: TokenRate(picos: 1_200_000), output: TokenRate(picos: 4_800_000))])

    /// A chessboard of 56 pixels a side, as PNG: small, so that a run is as good as its call.
    private static let picture = [
        "89504e470d0a1a0a0000000d49484452000000380000003808000000008ded64c2000000354944415478da63608082ff50402c9f6154e3a0d248aa06",
        "387f54e3a0d2389ac847f3e3a8c6d1fc38aa71343f8e6a1ccd8fc3542300d374fa4c0df34bad0000000049454e44ae426082",
    ].joined()

    @Test("There are sixty and more")
    func count() {
        #expect(FaultScript.all.count >= 60)
    }

    /// All but those of a provider whose one model takes no images, which the table of statuses covers.
    private static let faults = FaultScript.all.filter { $0.target != .aimlapi }

    @Test("Each ends in its typed result, in time, billed and retried as it should be, and the books agree", arguments: faults)
    func ends(fault: ScriptedFault) async throws {
        let folder = try TemporaryFolder()
        let picture = try folder.write(Self.bytes(ofHex: Self.picture), to: "picture.png")
        var options = Emulator.Options()
        options.rules = try fault.rules
        let emulator = try Emulator(options)
        defer { emulator.stop() }
        var timeouts = HTTPTimeouts()
        timeouts.firstByte = .seconds(1)
        timeouts.idle = .seconds(1)
        timeouts.total = .seconds(10)
        let access = ModelAccess(
            endpoint: Self.endpoint(fault.target, at: emulator.address), transport: try HTTPClient(),
            journal: try await Journal(path: folder("store.db")), rules: ModelAccess.Rules(), timeouts: timeouts)
        let start = ContinuousClock.now
        let report = try await Bench.run(picture, answerer: .hosted(access))
        let took = ContinuousClock.now - start
        let calls = try await access.journal.calls(run: report.run.id)
        await access.close()
        let faults = Self.judge(fault, report, calls, billed: emulator.ledger.count { $0.event == .billed }, took: took)
        #expect(faults == [])
    }

    private static func bytes(ofHex text: String) -> [UInt8] {
        stride(from: 0, to: text.utf8.count, by: 2).compactMap { UInt8(text.dropFirst($0).prefix(2), radix: 16) }
    }

    private static func endpoint(_ target: ScriptedFault.Target, at address: String) -> ModelEndpoint {
        let isSegmind = target == .segmind || target == .segmindAsync
        let isStreamed = !isSegmind && target != .nativeWhole && target != .aimlapi
        let fields: Set<RequestField> = isSegmind ? [.images] : [.images, .maxTokens]
        let thinks = target == .studio || target == .native || isSegmind
        return ModelEndpoint(
            provider: "\(target)", model: target.model, wire: target.wire, baseURL: address + target.basePath, key: Secret("sk-fault"),
            keyHeader: isSegmind ? .apiKey : .bearer, thinkingSwitch: target == .nativeWhole ? .enableThinking : .none,
            profile: ModelProfile(
                thinking: target == .nativeWhole ? .hybrid(isOnByDefault: false) : thinks ? .always : .none,
                streaming: isStreamed ? .optional : .never, fields: fields, maxOutput: 8_192, maxThought: 16_384,
                image: ImageRule(patch: 28, minPixels: 3_136, maxPixels: 1_003_520), price: price))
    }

    private static func judge(
        _ fault: ScriptedFault, _ report: Report, _ calls: [StoredCall], billed: Int, took: Duration
    ) -> [String] {
        var faults: [String] = []
        let code = report.calls.first?.failure?.code ?? report.run.failure?.code
        let isWhole = report.run.state == .complete
        let isCut = report.warnings.contains { $0.code == .answerTruncated }
        let ended = code ?? (isCut ? .answerTruncated : nil)
        if isWhole ? !fault.ending.isAnswer : !(ended.map(fault.ending.codes.contains) ?? false) {
            faults.append("ended as \(ended?.rawValue ?? "an answer"), \(report.run.failure?.message ?? "")")
        }
        let attempts = report.calls.first?.attempts ?? 0
        // Whether the kernel takes the body before a closing shows is chance, and what may have been received is not sent again.
        let mayBeTaken = fault.isRetried && ended == .outcomeUnknown
        if (attempts > 1) != fault.isRetried, !mayBeTaken { faults.append("\(attempts) attempts") }
        if billed != fault.billed { faults.append("\(billed) bills instead of \(fault.billed)") }
        if took > fault.deadline { faults.append("took \(took)") }
        // The books agree with the provider's: what it billed is settled, or known to be unknown.
        let booked = calls.count { $0.state == .settled || $0.state == .unknown }
        // A failed job of Segmind's is not charged, says its table, though the emulator's ledger has it.
        if booked < billed, fault.target != .segmindAsync { faults.append("\(booked) calls booked for \(billed) bills") }
        if calls.contains(where: { ![.settled, .unknown, .refused].contains($0.state) }) { faults.append("a call is left open") }
        return faults
    }
}
