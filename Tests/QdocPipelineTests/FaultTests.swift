import QdocCore
import QdocEmulator
import QdocJournal
@testable import QdocPipeline
import QdocReport
import QdocTesting
import QdocTransport
import Testing

@Suite("Faults of providers", .timeLimit(.minutes(5)))
struct FaultTests {
    private static let price = Price.tokens(
        .usd, [PriceTier(input: TokenRate(picos: 1_200_000), output: TokenRate(picos: 4_800_000))])

    @Test("Sixty and more scripted faults each end in their typed result, in time, billed and retried as they should be")
    func all() async throws {
        #expect(FaultScript.all.count >= 60)
        // Four at a time: most of them wait.
        let outcomes = try await withThrowingTaskGroup(of: (String, [String]).self) { group in
            var faults = FaultScript.all[...]
            var outcomes: [(String, [String])] = []
            for _ in 0..<4 {
                if let fault = faults.popFirst() { group.addTask { (fault.name, try await Self.faults(of: fault)) } }
            }
            while let outcome = try await group.next() {
                outcomes.append(outcome)
                if let fault = faults.popFirst() { group.addTask { (fault.name, try await Self.faults(of: fault)) } }
            }
            return outcomes
        }
        for (name, faults) in outcomes { #expect(faults.isEmpty, "\(name): \(faults.joined(separator: "; "))") }
        print("\(outcomes.filter(\.1.isEmpty).count) of \(outcomes.count) faults end as they should")
    }

    /// Runs into a fault; gives what was not as it should be.
    private static func faults(of fault: ScriptedFault) async throws -> [String] {
        let folder = try TemporaryFolder()
        var options = Emulator.Options()
        options.ledger = folder("ledger.jsonl")
        options.rules = try fault.rules
        let emulator = try Emulator(options)
        defer { emulator.stop() }
        var timeouts = HTTPTimeouts()
        timeouts.firstByte = .seconds(1)
        timeouts.idle = .seconds(1)
        timeouts.total = .seconds(10)
        let journal = try await Journal(path: folder("store.db"))
        let access = ModelAccess(
            endpoint: endpoint(fault.target, at: emulator.address), transport: try HTTPClient(), journal: journal,
            rules: ModelAccess.Rules(), timeouts: timeouts)
        let start = ContinuousClock.now
        let report = try await Bench.run(Bench.sample("invoice.pdf"), answerer: .hosted(access))
        let took = ContinuousClock.now - start
        let calls = try await journal.calls(run: report.run.id)
        await access.close()
        return judge(fault, report, calls, billed: emulator.ledger.count { $0.event == .billed }, took: took)
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
        if (attempts > 1) != fault.isRetried { faults.append("\(attempts) attempts") }
        if billed != fault.billed { faults.append("\(billed) bills instead of \(fault.billed)") }
        if took > fault.deadline { faults.append("took \(took)") }
        // The books agree with the provider's: what it billed is settled, or known to be unknown.
        let booked = calls.count { $0.state == .settled || $0.state == .unknown }
        if booked < billed { faults.append("\(booked) calls booked for \(billed) bills") }
        if calls.contains(where: { ![.settled, .unknown, .refused].contains($0.state) }) { faults.append("a call is left open") }
        return faults
    }
}
