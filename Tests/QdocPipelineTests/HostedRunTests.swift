import QdocCore
import QdocPipeline
import QdocReport
import QdocRuntime
import QdocTesting
import Synchronization
import Testing

@Suite("A run with a hosted model", .timeLimit(.minutes(2)))
struct HostedRunTests {
    private static func minimal(_ images: [Int]) -> String {
        "{\"_image\":\(images.first ?? 0),\"_quote\":\"\",\"keyFigures\":[],\"tables\":[],\"charts\":[],\"findings\":[]}"
    }

    @Test("asks in windows of numbered images, and reports what left the machine")
    func windows() async throws {
        let server = try LoopbackServer { exchange in
            ScriptedModel.stream(exchange, answer: Self.minimal((try? ScriptedModel.imageNumbers(exchange.request)) ?? []))
        }
        defer { server.stop() }
        let collector = EventCollector()
        let report = try await Bench.run(
            Bench.sample("annual-report.pdf"), hostedAt: server.address + "/v1", options: RunOptions(window: 4)
        ) { await collector.add($0) }
        #expect(report.run.state == .complete)
        let asked = try server.requests.map { try ScriptedModel.imageNumbers($0) }.sorted { ($0.first ?? 0) < ($1.first ?? 0) }
        #expect(asked == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14]])
        #expect(report.calls.map(\.images) == asked)
        #expect(report.calls.allSatisfy { $0.state == .settled && $0.usage.inputTokens == 11 && $0.modelAnswered == "scripted-1" })
        #expect(report.egress.map(\.images) == asked)
        #expect(report.egress.allSatisfy { $0.host.hasPrefix("127.0.0.1") && $0.textBytes > 100 && $0.sha256.count == 64 })
        #expect(report.images.map(\.number) == Array(1...14))
        #expect(report.images.allSatisfy { $0.size.width % 28 == 0 && $0.size.height % 28 == 0 && $0.tokens > 0 })
        #expect(report.reasoning.map(\.text) == Array(repeating: "Looking. ", count: 4))
        let events = await collector.events
        #expect(events.map(\.sequence) == Array(1...events.count))
        #expect(events.contains { if case .reasoning(_, "Looking. ") = $0.payload { true } else { false } })
    }

    @Test("is partial where one window has no answer, and keeps the others")
    func brokenWindow() async throws {
        let server = try LoopbackServer { exchange in
            let images = (try? ScriptedModel.imageNumbers(exchange.request)) ?? []
            if images.contains(5) {
                exchange.beginStream()
                exchange.chunk(ScriptedModel.event(["content": "{\"keyFig"]))
                exchange.hangUp()
            } else {
                ScriptedModel.stream(exchange, answer: Self.minimal(images))
            }
        }
        defer { server.stop() }
        let report = try await Bench.run(
            Bench.sample("annual-report.pdf"), hostedAt: server.address + "/v1", options: RunOptions(window: 4))
        #expect(report.run.state == .partial)
        // What had come of the broken one is settled at what was counted.
        #expect(report.calls.map(\.state) == [.settled, .settled, .settled, .settled])
        #expect(report.calls.map(\.isEstimated) == [false, true, false, false])
        #expect(report.calls.first { $0.number == 2 }?.failure?.code == .streamTruncated)
        #expect(report.pages.filter { $0.outcome == .notRead(.streamTruncated) }.map(\.reference.pageNumber) == [5, 6, 7, 8])
        #expect(report.egress.count == 4)
    }

    @Test("fails with the provider's refusal, and nothing is asked twice")
    func refused() async throws {
        let server = try LoopbackServer {
            $0.respond(401, Array("{\"error\":{\"message\":\"wrong key\",\"code\":\"invalid_api_key\"}}".utf8))
        }
        defer { server.stop() }
        let report = try await Bench.run(Bench.sample("invoice.pdf"), hostedAt: server.address + "/v1")
        #expect(report.run.state == .failed)
        #expect(report.run.failure?.code == .unauthorized)
        #expect(report.calls.map(\.state) == [.refused])
        #expect(server.requests.count == 1)
    }

    @Test("stops asking where the endpoint refuses the key from the first question on")
    func wrongKey() async throws {
        let server = try LoopbackServer {
            $0.respond(401, Array("{\"error\":{\"message\":\"wrong key\",\"code\":\"invalid_api_key\"}}".utf8))
        }
        defer { server.stop() }
        let collector = EventCollector()
        let report = try await Bench.run(
            Bench.sample("annual-report.pdf"), hostedAt: server.address + "/v1", options: RunOptions(window: 1, jobs: 1)
        ) { await collector.add($0) }
        #expect(server.requests.count == 1)
        #expect(report.run.state == .failed)
        #expect(report.run.failure?.code == .unauthorized)
        #expect(report.pages.filter { $0.outcome == .notRead(.unauthorized) }.count == 14)
        let last = await collector.events.last?.payload
        #expect(last == .runFinished(state: .failed, failure: report.run.failure))
    }

    @Test("is slowed by a slow listener instead of filling memory, and loses no event")
    func slowListener() async throws {
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            for number in 0..<2_000 { exchange.chunk(ScriptedModel.event(["reasoning_content": .string("\(number) ")])) }
            exchange.chunk(ScriptedModel.event(["content": .string(Self.minimal([1]))]))
            exchange.chunk(ScriptedModel.event([:], finish: "stop"))
            exchange.chunk("data: [DONE]\n\n")
            exchange.chunk("")
        }
        defer { server.stop() }
        let collector = EventCollector()
        let report = try await Bench.run(Bench.sample("invoice.pdf"), hostedAt: server.address + "/v1") { event in
            await Task.yield()
            await collector.add(event)
        }
        let text = await collector.events.reduce(into: "") { if case .reasoning(_, let text) = $1.payload { $0 += text } }
        #expect(text == (0..<2_000).map { "\($0) " }.joined())
        #expect(report.reasoning.first?.text == text)
    }

    @Test("marks an answer that was cut as partial, and keeps what stood before the cut")
    func truncated() async throws {
        let server = try LoopbackServer { exchange in
            ScriptedModel.stream(
                exchange,
                answer:
                    "{\"keyFigures\":[{\"_image\":1,\"_quote\":\"\",\"label\":\"Total\",\"value\":7076.25,\"unit\":\"EUR\"},{\"label\":\"Sub",
                finish: "length")
        }
        defer { server.stop() }
        let report = try await Bench.run(Bench.sample("invoice.pdf"), hostedAt: server.address + "/v1")
        #expect(report.run.state == .partial)
        #expect(report.data["keyFigures"]?[0]?["value"]?.number?.lexical == "7076.25")
        #expect(report.repairs.contains { $0.kind == "truncated" })
        #expect(report.warnings.contains { $0.code == .answerTruncated })
    }

    @Test("that is interrupted ends with what was done so far")
    func interrupted() async throws {
        let isAsked = Channel<Bool>(capacity: 1)
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            exchange.chunk(ScriptedModel.event(["reasoning_content": "Thinking"]))
            exchange.waitForClose()
        }
        defer { server.stop() }
        let run = Task {
            try await Bench.run(Bench.sample("annual-report.pdf"), hostedAt: server.address + "/v1") { event in
                // Once only: the channel is finished after the first, which later sends notice.
                if case .reasoning = event.payload { try? await isAsked.send(true) }
            }
        }
        _ = try await isAsked.receive()
        isAsked.finish()
        let clock = ContinuousClock.now
        run.cancel()
        let report = try await run.value
        #expect(.now - clock < .seconds(1))
        #expect(report.run.state == .partial)
        #expect(report.run.failure?.code == .interrupted)
        #expect(report.calls.first?.state == .unknown || report.calls.first?.isEstimated == true)
        #expect(report.reasoning.first?.text == "Thinking")
        #expect(report.egress.first?.call == 1)
    }
}
