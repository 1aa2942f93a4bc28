import QdocCore
import QdocRuntime
import QdocTesting
import QdocTransport
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct BodyGateTests {
    /// Larger than what the kernel and libcurl hold between them.
    private let body = HTTPBody([.bytes([UInt8](repeating: 0x62, count: 8 << 20))])

    private func request(_ server: LoopbackServer, _ body: HTTPBody?, gate: @escaping @Sendable () async throws -> Void) -> HTTPRequest {
        var request = HTTPRequest(url: server.address, body: body)
        request.beforeBody = gate
        return request
    }

    private func failure(_ work: () async throws -> Void) async -> (any Error)? {
        do {
            try await work()
            return nil
        } catch {
            return error
        }
    }

    @Test("no byte of the body leaves before the gate has returned; it is run once, after the headers left")
    func order() async throws {
        let isEarly = Mutex<Bool?>(nil)
        let looked = Gate()
        let server = try LoopbackServer { exchange in
            let cameAlong = !exchange.request.body.isEmpty
            isEarly.withLock { $0 = cameAlong || exchange.pause(100) }
            looked.open()
        } _: { exchange in
            exchange.respond(200, Array("ok".utf8))
        }
        defer { server.stop() }
        let runs = Mutex(0)
        let client = try HTTPClient()
        let response = try await client.send(
            request(server, body) {
                runs.withLock { $0 += 1 }
                try await looked.opened()
                #expect(server.requests.isEmpty)
            })
        #expect(response.status == 200)
        #expect(isEarly.withLock { $0 } == false)
        #expect(runs.withLock { $0 } == 1)
        #expect(server.requests.map(\.body.count) == [body.byteCount])
    }

    @Test("what the gate throws is thrown, and nothing of the body has left")
    func refusal() async throws {
        let closed = Gate()
        let count = Mutex(-1)
        let server = try LoopbackServer { exchange in
            let dropped = exchange.waitForClose()
            count.withLock { $0 = exchange.request.body.count + dropped }
            closed.open()
        } _: { _ in
        }
        defer { server.stop() }
        let client = try HTTPClient()
        let thrown = await failure {
            _ = try await client.send(request(server, body) { throw Failure(.budgetExceeded, "the cap is reached") })
        }
        #expect((thrown as? Failure)?.code == .budgetExceeded)
        try await closed.opened()
        #expect(count.withLock { $0 } == 0)
        #expect(server.requests.isEmpty)
    }

    @Test("cancelling while the gate is waited for closes the connection at once, before the gate has returned")
    func cancel() async throws {
        let (asked, closed, leave) = (Gate(), Gate(), Gate())
        let count = Mutex(-1)
        let server = try LoopbackServer { exchange in
            let dropped = exchange.waitForClose()
            count.withLock { $0 = dropped }
            closed.open()
        } _: { _ in
        }
        defer { server.stop() }
        let client = try HTTPClient()
        let sent = request(server, body) {
            asked.open()
            try await leave.opened()
        }
        let outcome = await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask { await failure { _ = try await client.send(sent) } }
            group.addTask {
                try? await asked.opened()
                return nil
            }
            _ = await group.next()
            group.cancelAll()
            // The gate is still being waited for.
            try? await closed.opened()
            leave.open()
            var outcomes: [(any Error)?] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes.compactMap { $0 }.first
        }
        #expect(outcome is CancellationError)
        #expect(count.withLock { $0 } == 0)
    }

    @Test("a kept connection that closes while the gate is waited for is replaced: gate once, body once")
    func keptConnectionCloses() async throws {
        let hungUp = Gate()
        let server = try LoopbackServer { exchange in
            guard exchange.request.connection == 1, exchange.request.headers["x-second"] != nil else { return }
            exchange.hangUp()
            hungUp.open()
        } _: { exchange in
            exchange.respond(200, Array("\(exchange.request.connection)".utf8))
        }
        defer { server.stop() }
        let client = try HTTPClient()
        _ = try await client.send(HTTPRequest(url: server.address, body: HTTPBody([.bytes([1])]))).body.collect(upTo: 10)
        let runs = Mutex(0)
        var second = request(server, body) {
            runs.withLock { $0 += 1 }
            try await hungUp.opened()
        }
        second.headers = [HTTPHeader("X-Second", "1")]
        let response = try await client.send(second)
        #expect(try await response.body.collect(upTo: 10) == Array("2".utf8))
        #expect(runs.withLock { $0 } == 1)
        #expect(server.requests.map(\.body.count) == [1, body.byteCount])
    }

    @Test("a new connection that closes while the gate is waited for is a failure that is safe to resend")
    func newConnectionCloses() async throws {
        let hungUp = Gate()
        let server = try LoopbackServer { exchange in
            exchange.hangUp()
            hungUp.open()
        } _: { _ in
        }
        defer { server.stop() }
        let client = try HTTPClient()
        let lost = await failure { _ = try await client.send(request(server, body) { try await hungUp.opened() }) } as? HTTPFailure
        #expect(lost?.kind == .connection)
        #expect(lost?.bodyBytesSent == 0)
        #expect(lost?.failure.code == .connectionFailed)
        #expect(server.connectionCount == 1)
    }

    @Test("an answer before the body is delivered, and the body stays", arguments: [200, 401])
    func earlyAnswer(status: Int) async throws {
        let (answered, closed) = (Gate(), Gate())
        let count = Mutex(-1)
        let server = try LoopbackServer { exchange in
            exchange.respond(status, Array("why".utf8))
            answered.open()
            guard status >= 300 else { return }
            let dropped = exchange.waitForClose()
            count.withLock { $0 = dropped }
            closed.open()
        } _: { _ in
        }
        defer { server.stop() }
        let client = try HTTPClient()
        let response = try await client.send(request(server, body) { try await answered.opened() })
        #expect(response.status == status)
        #expect(try await response.body.collect(upTo: 10) == Array("why".utf8))
        guard status >= 300 else { return }
        try await closed.opened()
        #expect(count.withLock { $0 } == 0)
    }

    @Test("an answer in the middle of an ungated upload is delivered")
    func earlyAnswerWithoutGate() async throws {
        let server = try LoopbackServer { exchange in
            exchange.respond(413, Array("too large".utf8))
            exchange.waitForClose()
        } _: { _ in
        }
        defer { server.stop() }
        let response = try await HTTPClient().send(HTTPRequest(url: server.address, body: body))
        #expect(response.status == 413)
        #expect(try await response.body.collect(upTo: 20) == Array("too large".utf8))
    }

    @Test("a request without a body is not held back", arguments: [nil, HTTPBody([])])
    func bodyless(body: HTTPBody?) async throws {
        let server = try LoopbackServer { $0.respond(200, [1]) }
        defer { server.stop() }
        let response = try await HTTPClient().send(request(server, body) { Issue.record("the gate was run") })
        #expect(response.status == 200)
    }

    @Test("the time at the gate is not the server's silence, but counts for the whole")
    func clocks() async throws {
        let asked = Gate()
        let server = try LoopbackServer { exchange in
            // Longer than the transfer's clocks, which are looked at every 100 ms.
            _ = exchange.pause(300)
            asked.open()
        } _: { exchange in
            exchange.respond(200, [1])
        }
        defer { server.stop() }
        let client = try HTTPClient()
        var patient = request(server, HTTPBody([.bytes([1])])) { try await asked.opened() }
        patient.timeouts.firstByte = .milliseconds(50)
        patient.timeouts.idle = .milliseconds(50)
        // The answer itself may need its time on a busy machine; it is the wait before the body that must not be counted.
        let first = await failure { _ = try await client.send(patient) } as? HTTPFailure
        #expect(first == nil || first?.bodyBytesSent == 1)
        #expect(server.requests.count == 1)

        var bounded = request(server, HTTPBody([.bytes([1])])) { try await asked.opened() }
        bounded.timeouts.total = .milliseconds(100)
        let lost = await failure { _ = try await client.send(bounded) } as? HTTPFailure
        #expect(lost?.kind == .timedOut)
        #expect(lost?.bodyBytesSent == 0)
        #expect(server.requests.count == 1)
    }

    @Test("a server that takes nothing of a body is given up on")
    func stalledUpload() async throws {
        let over = Gate()
        let server = try LoopbackServer { _ in
            over.wait()
        } _: { _ in
        }
        defer { server.stop() }
        var request = HTTPRequest(url: server.address, body: HTTPBody([.bytes([UInt8](repeating: 1, count: 64 << 20))]))
        request.timeouts.idle = .milliseconds(100)
        let sent = request
        let client = try HTTPClient()
        let lost = await failure { _ = try await client.send(sent) } as? HTTPFailure
        over.open()
        #expect(lost?.kind == .timedOut)
        #expect((lost?.bodyBytesSent ?? 0) > 0)
        #expect((lost?.bodyBytesSent ?? .max) < 64 << 20)
    }
}
