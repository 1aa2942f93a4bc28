import QdocCore
import QdocTesting
import QdocTransport
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPClientTests {
    private func text(_ response: HTTPResponse) async throws -> String {
        String(decoding: try await response.body.collect(upTo: 1 << 20), as: UTF8.self)
    }

    private func failure(_ work: () async throws -> Void) async -> HTTPFailure? {
        do {
            try await work()
            return nil
        } catch {
            return error as? HTTPFailure
        }
    }

    @Test("a body of pieces arrives byte for byte, with its length and without Expect")
    func upload() async throws {
        let server = try LoopbackServer { $0.respond(200, Array("ok".utf8)) }
        defer { server.stop() }
        let image = (0..<1_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let body = HTTPBody([.bytes(Array("{\"image\":\"".utf8)), .base64(image), .bytes(Array("\"}".utf8))])
        let client = try HTTPClient()
        let response = try await client.send(HTTPRequest(url: server.address + "/x?y=1", headers: [HTTPHeader("X-Key", "k")], body: body))
        #expect(response.status == 200)
        #expect(response.head["content-type"] == "application/json")
        #expect(try await text(response) == "ok")
        let request = try #require(server.requests.first)
        #expect(request.line == "POST /x?y=1 HTTP/1.1")
        #expect(request.headers["content-length"] == "\(body.byteCount)")
        #expect(request.headers["expect"] == nil)
        #expect(request.headers["x-key"] == "k")
        var sent: [UInt8] = []
        body.forEachBlock { sent += $0 }
        #expect(request.body == sent)
    }

    @Test("a connection is reused by the next request")
    func reuse() async throws {
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            exchange.chunk("one")
            exchange.chunk("")
        }
        defer { server.stop() }
        let client = try HTTPClient()
        for _ in 0..<3 {
            let response = try await client.send(HTTPRequest(url: server.address, body: HTTPBody([.bytes([1, 2, 3])])))
            #expect(try await text(response) == "one")
        }
        #expect(server.requests.count == 3)
        #expect(server.connectionCount == 1)
    }

    @Test("a response whose rest is discarded leaves its connection to the next request")
    func discardKeepsConnection() async throws {
        let gate = Gate()
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            exchange.chunk("data: [DONE]\n\n")
            if exchange.request.number == 1 { gate.wait() }
            exchange.chunk("")
        }
        defer { server.stop() }
        let client = try HTTPClient()
        let first = try await client.send(HTTPRequest(url: server.address))
        var reader = first.body.makeAsyncIterator()
        #expect(try await reader.next() != nil)
        first.body.discardRest()
        gate.open()
        // The end of the first response and the second request race; either way the second is answered.
        let second = try await client.send(HTTPRequest(url: server.address))
        #expect(try await text(second) == "data: [DONE]\n\n")
    }

    @Test("an error status is a response like any other", arguments: [301, 400, 404, 429, 503])
    func statuses(status: Int) async throws {
        let server = try LoopbackServer { $0.respond(status, headers: ["Location: http://127.0.0.1:1/"], Array("why".utf8)) }
        defer { server.stop() }
        let response = try await HTTPClient().send(HTTPRequest(url: server.address, body: HTTPBody([.bytes([0])])))
        #expect(response.status == status)
        #expect(try await text(response) == "why")
        #expect(server.requests.count == 1)
    }

    @Test("a connection closed after the request was read is never sent again, fresh or reused")
    func neverResent() async throws {
        let server = try LoopbackServer { exchange in
            if exchange.request.number <= 3 { exchange.respond(200, [1]) } else { exchange.hangUp() }
        }
        defer { server.stop() }
        let client = try HTTPClient()
        let body = HTTPBody([.bytes([UInt8](repeating: 7, count: 300_000))])
        for _ in 0..<3 { _ = try await text(try await client.send(HTTPRequest(url: server.address, body: body))) }
        #expect(server.connectionCount == 1)
        let lost = await failure { _ = try await client.send(HTTPRequest(url: server.address, body: body)) }
        #expect(lost?.isSafeToResend == false)
        #expect(lost?.bodyBytesSent == body.byteCount)
        #expect(lost?.failure.code == .streamTruncated)
        // libcurl may connect anew before it finds that it cannot rewind; the request is not read a second time.
        #expect(server.requests.map(\.connection) == [1, 1, 1, 1])
        let fresh = await failure { _ = try await HTTPClient().send(HTTPRequest(url: server.address, body: body)) }
        #expect(fresh?.isSafeToResend == false)
        #expect(fresh?.bodyBytesSent == body.byteCount)
        #expect(server.requests.count == 5)
    }

    @Test("a server that cannot be reached leaves the request safe to resend")
    func refused() async throws {
        let server = try LoopbackServer { $0.hangUp() }
        server.stop()
        let client = try HTTPClient()
        // The listener's port is closed by a thread of its own; until then connections are reset unread.
        let lost = await failure { _ = try await client.send(HTTPRequest(url: "http://127.0.0.1:1/", body: HTTPBody([.bytes([1])]))) }
        #expect(lost?.kind == .connection)
        #expect(lost?.isSafeToResend == true)
        #expect(lost?.failure.code == .connectionFailed)
    }

    @Test("a body cut short gives what came, then a failure")
    func truncated() async throws {
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            exchange.chunk("half")
            exchange.hangUp()
        }
        defer { server.stop() }
        let response = try await HTTPClient().send(HTTPRequest(url: server.address, body: HTTPBody([.bytes([1])])))
        var received: [UInt8] = []
        let lost = await failure { for try await bytes in response.body { received += bytes } }
        #expect(String(decoding: received, as: UTF8.self) == "half")
        #expect(lost?.kind == .connection)
        #expect(lost?.failure.code == .streamTruncated)
    }

    @Test("a reader that does not read holds the server back")
    func backpressure() async throws {
        let sent = Mutex(0)
        let total = 64 << 20
        let block = [UInt8](repeating: 0x61, count: 64 << 10)
        let server = try LoopbackServer { exchange in
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            for _ in 0..<total / block.count {
                guard exchange.send(block) else { return }
                sent.withLock { $0 += block.count }
            }
        }
        defer { server.stop() }
        let response = try await HTTPClient().send(HTTPRequest(url: server.address))
        // What lies in the kernel's buffers and in ours is bounded: the largest piece a reader is ever given shows the latter.
        var largest = 0
        var received = 0
        for try await bytes in response.body {
            largest = max(largest, bytes.count)
            received += bytes.count
            #expect(sent.withLock { $0 } - received < 32 << 20)
        }
        #expect(received == total)
        #expect(largest < 512 << 10)
    }

    @Test("cancelling a waiting reader ends it and closes the connection", arguments: [false, true])
    func cancel(afterHead: Bool) async throws {
        let closed = Gate()
        let asked = Gate()
        let cancelled = Mutex(ContinuousClock.now)
        let server = try LoopbackServer { exchange in
            if afterHead { exchange.beginStream() }
            asked.open()
            exchange.waitForClose()
            closed.open()
        }
        defer { server.stop() }
        let client = try HTTPClient()
        let address = server.address
        let outcome = await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                do {
                    let response = try await client.send(HTTPRequest(url: address, body: HTTPBody([.bytes([1])])))
                    for try await _ in response.body {}
                    return nil
                } catch {
                    return error
                }
            }
            group.addTask {
                // What the server saw, not this task's own fate, is waited for.
                try? await asked.opened()
                return CancellationError()
            }
            _ = await group.next()
            cancelled.withLock { $0 = .now }
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(outcome is CancellationError)
        try await closed.opened()
        #expect(.now - cancelled.withLock { $0 } < .seconds(1))
        #expect(server.requests.count == 1)
    }

    @Test("letting go of a body closes its connection")
    func abandon() async throws {
        let closed = Gate()
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            exchange.waitForClose()
            closed.open()
        }
        defer { server.stop() }
        let client = try HTTPClient()
        do { _ = try await client.send(HTTPRequest(url: server.address)) }
        try await closed.opened()
    }

    @Test("a silent server is given up on, before and after its head", arguments: [false, true])
    func silence(afterHead: Bool) async throws {
        let server = try LoopbackServer { exchange in
            if afterHead { exchange.beginStream() }
            exchange.waitForClose()
        }
        defer { server.stop() }
        var request = HTTPRequest(url: server.address, body: HTTPBody([.bytes([1])]))
        request.timeouts.firstByte = afterHead ? .seconds(60) : .milliseconds(50)
        request.timeouts.idle = afterHead ? .milliseconds(50) : .seconds(60)
        let client = try HTTPClient()
        let sent = request
        let lost = await failure {
            let response = try await client.send(sent)
            for try await _ in response.body {}
        }
        #expect(lost?.kind == .timedOut)
        #expect(lost?.failure.code == .modelTimedOut)
    }

    @Test("a stream that keeps coming ends when its time as a whole is over, read or not", arguments: [false, true])
    func total(isRead: Bool) async throws {
        let ended = Gate()
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            let block = String(repeating: "a", count: isRead ? 10 : 64 << 10)
            while exchange.chunk(block), !exchange.pause(isRead ? 5 : 0) {}
            ended.open()
        }
        defer { server.stop() }
        var request = HTTPRequest(url: server.address, body: HTTPBody([.bytes([1])]))
        request.timeouts.total = .milliseconds(300)
        request.timeouts.idle = .seconds(60)
        let response = try await HTTPClient().send(request)
        if !isRead { try await ended.opened() }
        let lost = await failure { for try await _ in response.body {} }
        #expect(lost?.kind == .timedOut)
        #expect(lost?.failure.code == .modelTimedOut)
    }

    @Test("headers without end, and what is no HTTP, are refused")
    func malformed() async throws {
        let endless = try LoopbackServer { exchange in
            exchange.send("HTTP/1.1 200 OK\r\n")
            while exchange.send("X-Filler: \(String(repeating: "a", count: 1000))\r\n") {}
        }
        defer { endless.stop() }
        let client = try HTTPClient()
        let first = await failure { _ = try await client.send(HTTPRequest(url: endless.address)) }
        #expect(first?.kind == .malformed)
        let alien = try LoopbackServer {
            $0.send("220 smtp ready\r\n"); $0.hangUp()
        }
        defer { alien.stop() }
        let second = await failure { _ = try await client.send(HTTPRequest(url: alien.address)) }
        #expect(second?.kind == .malformed)
    }

    @Test(
        "an address or a header that could be misread is refused before anything is sent",
        arguments: [
            "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://user:secret@127.0.0.1/", "http://127.0.0.1/ x", "127.0.0.1",
        ])
    func invalid(address: String) async throws {
        let client = try HTTPClient()
        let refused = await failure { _ = try await client.send(HTTPRequest(url: address)) }
        #expect(refused?.kind == .invalidRequest)
        #expect(refused?.message.contains("secret") == false)
        let split = await failure {
            _ = try await client.send(HTTPRequest(url: "http://127.0.0.1:1/", headers: [HTTPHeader("Authorization", "a\r\nX: secret")]))
        }
        #expect(split?.kind == .invalidRequest)
        #expect(split?.message.contains("secret") == false)
    }

    @Test("a closed client ends what is under way and takes nothing more")
    func close() async throws {
        let asked = Gate()
        let server = try LoopbackServer { exchange in
            asked.open()
            exchange.waitForClose()
        }
        defer { server.stop() }
        let client = try HTTPClient()
        let address = server.address
        async let under = failure { _ = try await client.send(HTTPRequest(url: address)) }
        try await asked.opened()
        client.close()
        #expect(await under?.kind == .closed)
        let late = await failure { _ = try await client.send(HTTPRequest(url: address)) }
        #expect(late?.kind == .closed)
    }

    @Test("many requests at once are all answered")
    func crowd() async throws {
        let server = try LoopbackServer { $0.respond(200, $0.request.body) }
        defer { server.stop() }
        let client = try HTTPClient()
        let address = server.address
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<64 {
                group.addTask {
                    let body = HTTPBody([.bytes([UInt8](repeating: UInt8(index), count: 1000 + index))])
                    let response = try await client.send(HTTPRequest(url: address, body: body))
                    return try await response.body.collect(upTo: 1 << 20).count
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(total == (0..<64).reduce(0) { $0 + 1000 + $1 })
    }
}
