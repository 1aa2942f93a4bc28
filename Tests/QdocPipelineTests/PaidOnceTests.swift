import QdocCore
import QdocJournal
import QdocModel
import QdocReport
import QdocTesting
import Testing

@testable import QdocPipeline

@Suite("What was paid for", .timeLimit(.minutes(2)))
struct PaidOnceTests {
    private static let price = Price.tokens(
        .usd, [PriceTier(input: TokenRate(picos: 1_200_000), output: TokenRate(picos: 4_800_000))])
    private let folder: TemporaryFolder
    private var store: String { folder("store.db") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func answer(_ exchange: LoopbackServer.Exchange) {
        let images = (try? ScriptedModel.imageNumbers(exchange.request)) ?? []
        ScriptedModel.stream(
            exchange,
            answer: "{\"_image\":\(images.first ?? 0),\"_quote\":\"\",\"keyFigures\":[],\"tables\":[],\"charts\":[],\"findings\":[]}")
    }

    private func run(
        _ server: LoopbackServer, _ name: String = "invoice.pdf", options: RunOptions = RunOptions(),
        rules: ModelAccess.Rules = ModelAccess.Rules(), price: Price = price,
        onEvent: @escaping @Sendable (RunEvent) async -> Void = { _ in }
    ) async throws -> (report: Report, access: ModelAccess) {
        let access = try await Bench.access(to: server.address + "/v1", store: store, price: price, rules: rules)
        return (try await Bench.run(Bench.sample(name), answerer: .hosted(access), options: options, onEvent: onEvent), access)
    }

    @Test("is not asked again: a second run sends nothing, costs nothing, and says the same")
    func reused() async throws {
        let server = try LoopbackServer(Self.answer)
        defer { server.stop() }
        let (first, access) = try await run(server, "annual-report.pdf", options: RunOptions(window: 4))
        await access.close()
        #expect(first.run.state == .complete && server.requests.count == 4)
        // 11 tokens in at $1.2 a million, 7 out at $4.8.
        let cost = Money(nanos: 46_800, .usd)
        #expect(first.calls.allSatisfy { $0.cost == cost && $0.attempts == 1 })
        let (second, again) = try await run(server, "annual-report.pdf", options: RunOptions(window: 4))
        #expect(server.requests.count == 4)
        #expect(second.run.state == .complete && second.egress.isEmpty)
        #expect(second.calls.allSatisfy { $0.isReused && $0.attempts == 0 && $0.cost == Money.zero(.usd) })
        #expect(second.data == first.data)
        let spend = try await again.journal.spend(by: .day)
        #expect(spend.map(\.settled) == [4 * 46_800])
        await again.close()
    }

    @Test("is asked again where the user says so, and where the question differs")
    func asksAnew() async throws {
        let server = try LoopbackServer(Self.answer)
        defer { server.stop() }
        for _ in 0..<2 { await (try run(server)).access.close() }
        #expect(server.requests.count == 1)
        var options = RunOptions()
        options.isFresh = true
        await (try run(server, options: options)).access.close()
        #expect(server.requests.count == 2)
        await (try run(server, options: RunOptions(question: QuestionSettings(maxOutputTokens: 512)))).access.close()
        #expect(server.requests.count == 3)
    }

    @Test("is reserved before anything is sent: a run over its cap sends nothing")
    func overCap() async throws {
        let server = try LoopbackServer(Self.answer)
        defer { server.stop() }
        var rules = ModelAccess.Rules()
        rules.caps.perRun[.usd] = Money(nanos: 1_000_000, .usd)
        let (report, access) = try await run(server, rules: rules)
        #expect(report.run.failure?.code == .budgetExceeded)
        #expect(server.requests.isEmpty)
        #expect(try await access.journal.committed(.usd) == .zero(.usd))
        await access.close()
    }

    @Test("is bounded where nobody knows the price")
    func unknownPrice() async throws {
        let server = try LoopbackServer(Self.answer)
        defer { server.stop() }
        let (refused, access) = try await run(server, price: .unknown)
        #expect(refused.run.failure?.code == .priceUnknown && server.requests.isEmpty)
        await access.close()
        let (bounded, other) = try await run(server, rules: ModelAccess.Rules(maxCalls: 1), price: .unknown)
        #expect(bounded.run.state == .complete && server.requests.count == 1)
        #expect(bounded.calls.first?.cost == nil && bounded.totals.unpricedCalls == 1)
        await other.close()
    }

    @Test("is known to the cent after a broken stream, at what was counted; the same is not asked again unasked")
    func broken() async throws {
        let server = try LoopbackServer { exchange in
            guard exchange.request.number == 1 else { return Self.answer(exchange) }
            exchange.beginStream()
            exchange.chunk(ScriptedModel.event(["reasoning_content": "Let me look at the table for a while."]))
            exchange.hangUp()
        }
        defer { server.stop() }
        let (report, access) = try await run(server)
        let call = try #require(report.calls.first)
        #expect(call.state == .settled && call.isEstimated && call.failure?.code == .streamTruncated)
        #expect(try #require(call.cost).nanos > 0)
        #expect(try #require(call.cost).nanos < #require(call.reservation).nanos)
        await access.close()
        let (held, second) = try await run(server)
        #expect(held.run.failure?.code == .outcomeUnknown && server.requests.count == 1)
        await second.close()
        let (asked, third) = try await run(server, rules: ModelAccess.Rules(onUnknown: .retryOnce))
        #expect(asked.run.state == .complete && server.requests.count == 2)
        await third.close()
    }

    @Test("is retried only where nothing was charged", arguments: [429, 500, 503])
    func retried(status: Int) async throws {
        let server = try LoopbackServer { exchange in
            guard exchange.request.number == 1 else { return Self.answer(exchange) }
            exchange.respond(status, headers: ["Retry-After: 0"], Array("{\"error\":{\"message\":\"busy\"}}".utf8))
        }
        defer { server.stop() }
        let collector = EventCollector()
        let (report, access) = try await run(server) { await collector.add($0) }
        #expect(report.run.state == .complete && report.calls.first?.attempts == 2 && server.requests.count == 2)
        let retries = await collector.events.filter { if case .callRetried = $0.payload { true } else { false } }
        #expect(retries.count == 1)
        let calls = try await access.journal.calls(run: report.run.id)
        #expect(calls.map(\.state) == [.refused, .settled])
        await access.close()
    }

    @Test("leaves its history in the journal: every event, and the state of the run")
    func history() async throws {
        let server = try LoopbackServer(Self.answer)
        defer { server.stop() }
        let collector = EventCollector()
        let (report, access) = try await run(server) { await collector.add($0) }
        let kept = try await access.journal.events(run: report.run.id, after: 0)
        #expect(kept.map(\.sequence) == (await collector.events).map(\.sequence))
        #expect(kept.last?.kind == "runFinished")
        #expect(try await access.journal.run(idPrefix: report.run.id).state == .complete)
        await access.close()
    }

    @Test("waits at an endpoint whose credits ran out, and goes on after a top-up; nothing is marked failed")
    func pause() async throws {
        let server = try LoopbackServer { exchange in
            guard exchange.request.number == 2 else { return Self.answer(exchange) }
            exchange.respond(402, Array("{\"error\":{\"message\":\"Insufficient credits\",\"code\":402}}".utf8))
        }
        defer { server.stop() }
        let collector = EventCollector()
        let access = try await Bench.access(to: server.address + "/v1", store: store, price: Self.price)
        let running = Task {
            try await Bench.run(Bench.sample("annual-report.pdf"), answerer: .hosted(access), options: RunOptions(window: 4, jobs: 1)) {
                event in
                await collector.add(event)
                // What a probe would find out after its interval.
                if case .endpointPaused = event.payload { await access.gate.resume() }
            }
        }
        let report = try await running.value
        #expect(report.run.state == .complete)
        #expect(report.calls.map(\.state) == [.settled, .settled, .settled, .settled])
        #expect(server.requests.count == 5)
        let kinds = await collector.events.map { EventJSON.kind($0) }
        #expect(kinds.filter { $0 == "endpointPaused" }.count == 1 && kinds.filter { $0 == "endpointResumed" }.count == 1)
        await access.close()
    }
}
