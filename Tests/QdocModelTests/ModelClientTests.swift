import QdocCore
import QdocCrypto
import QdocTesting
import QdocTransport
import Synchronization
import Testing

@testable import QdocModel

@Suite(.timeLimit(.minutes(1))) struct ModelClientTests {
    private func endpoint(_ server: LoopbackServer, provider: String = "local") -> ModelEndpoint {
        ModelEndpoint(
            provider: provider, model: "m\"1", baseURL: server.address + "/v1", key: Secret("sk-secret"),
            profile: ModelProfile(
                fields: [.images, .maxTokens], image: ImageRule(patch: 28, minPixels: 3136, maxPixels: 1_003_520), maxDataURI: 10_485_760,
                price: .free))
    }

    private var question: ModelRequest {
        let record = ImageRecord(
            number: 3, page: PageReference(source: 1, pageNumber: 7), size: PixelSize(width: 28, height: 28), byteCount: 4, encoding: .png,
            sha256: "", tokens: 3, pixelsPerPoint: 1)
        let image = EncodedImage(record: record, bytes: [0xFF, 0xFE, 0xFD, 0xFC])
        return ModelRequest(parts: [.text("Image 3:"), .image(image), .text("Say \"北\".")], maxOutputTokens: 99)
    }

    private func ask(_ server: LoopbackServer) async -> (events: [AnswerEvent], egress: Egress?, failure: CallFailure?) {
        let events = Mutex<[AnswerEvent]>([])
        do {
            let client = ModelClient(endpoint: endpoint(server), transport: try HTTPClient())
            let call = try client.prepare(question, call: 5)
            try await client.stream(call) { event in events.withLock { $0.append(event) } }
            return (events.withLock { $0 }, call.egress, nil)
        } catch {
            return (events.withLock { $0 }, nil, error as? CallFailure)
        }
    }

    @Test("a question is one user message with its images in place, and what left is recorded")
    func request() async throws {
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            exchange.chunk(stream(delta(#""reasoning_content":"R""#), delta(#""content":"A""#, finish: #""stop""#), "[DONE]"))
            exchange.chunk("")
        }
        defer { server.stop() }
        let (events, egress, failure) = await ask(server)
        #expect(failure == nil)
        #expect(events.count == 4)
        let request = try #require(server.requests.first)
        #expect(request.line == "POST /v1/chat/completions HTTP/1.1")
        #expect(request.headers["authorization"] == "Bearer sk-secret")
        #expect(request.headers["content-type"] == "application/json")
        let body = try JSONParser.parse(request.body)
        #expect(body["model"] == "m\"1")
        #expect(body["stream"] == true)
        #expect(body["stream_options"]?["include_usage"] == true)
        #expect(body["max_tokens"] == 99)
        #expect(body["messages"]?.array?.count == 1)
        #expect(body["messages"]?[0]?["role"] == "user")
        let parts = body["messages"]?[0]?["content"]
        #expect(parts?[0] == ["type": "text", "text": "Image 3:"])
        #expect(parts?[1] == ["type": "image_url", "image_url": ["url": "data:image/png;base64,//79/A=="]])
        #expect(parts?[2]?["text"] == "Say \"北\".")
        #expect(egress?.sha256 == SHA256.hexDigest(of: request.body))
        #expect(egress?.images == [3])
        #expect(egress?.call == 5)
        #expect(egress?.textBytes == 8 + 10)
        #expect(egress.map { server.address.hasSuffix($0.host) } == true)
    }

    @Test("a refusal is one failure with the provider's words and without the key")
    func refusal() async throws {
        let server = try LoopbackServer { $0.respond(401, Array(#"{"error":{"message":"key sk-secret is wrong"}}"#.utf8)) }
        defer { server.stop() }
        let (events, _, failure) = await ask(server)
        #expect(events.isEmpty)
        #expect(failure?.failure.code == .unauthorized)
        #expect(failure?.failure.message.contains("key ••• is wrong") == true)
        #expect(failure.map { "\($0)".contains("sk-secret") } == false)
        #expect(server.requests.count == 1)
    }

    @Test("a stream that is cut in the middle gives what came, then its failure, and is not asked again", arguments: [false, true])
    func cut(cleanly: Bool) async throws {
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            exchange.chunk(stream(delta(#""content":"half""#)))
            if cleanly { exchange.chunk("") } else { exchange.hangUp() }
        }
        defer { server.stop() }
        let (events, _, failure) = await ask(server)
        #expect(events.count == 2)
        #expect(failure?.failure.code == .streamTruncated)
        #expect(server.requests.count == 1)
    }

    @Test("a connection that breaks after the finish reason leaves the answer whole")
    func breaksAfterFinish() async throws {
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            exchange.chunk(stream(delta(#""content":"all""#, finish: #""stop""#)))
            exchange.hangUp()
        }
        defer { server.stop() }
        let (events, _, failure) = await ask(server)
        #expect(failure == nil)
        guard case .finished(.stop) = events.last else {
            Issue.record("the answer has no end")
            return
        }
    }

    @Test("a server that cannot be reached is a failed connection: the only one that says nothing left")
    func unreachable() async throws {
        var nobody = endpoint(try LoopbackServer { $0.hangUp() })
        nobody.baseURL = "http://127.0.0.1:1"
        let client = ModelClient(endpoint: nobody, transport: try HTTPClient())
        let call = try client.prepare(question, call: 1)
        let failure = await #expect(throws: CallFailure.self) { try await client.stream(call) { _ in } }
        #expect(failure?.failure.code == .connectionFailed)
        #expect(failure?.isRetriable == true)
        #expect(failure?.pause == .service)
        #expect(failure?.billing == .no)
    }

    @Test("a consumer's error ends the call and closes the connection")
    func consumer() async throws {
        struct Enough: Error {}
        let closed = Gate()
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            exchange.chunk(stream(delta(#""content":"x""#)))
            exchange.waitForClose()
            closed.open()
        }
        defer { server.stop() }
        let client = ModelClient(endpoint: endpoint(server), transport: try HTTPClient())
        let call = try client.prepare(question, call: 1)
        await #expect(throws: Enough.self) {
            try await client.stream(call) { event in
                if case .answer = event { throw Enough() }
            }
        }
        try await closed.opened()
    }

    @Test("an image larger than Model Studio takes is refused before anything is sent")
    func tooLarge() async throws {
        let server = try LoopbackServer { $0.respond(200, []) }
        defer { server.stop() }
        var large = question
        if case .image(var image) = large.parts[1] {
            image.bytes = [UInt8](repeating: 0, count: 8 << 20)
            large.parts[1] = .image(image)
        }
        let client = ModelClient(endpoint: endpoint(server, provider: "dashscope"), transport: try HTTPClient())
        #expect(throws: Failure.self) { try client.prepare(large, call: 1) }
        #expect(server.requests.isEmpty)
    }

    @Test("what is to be done before a question leaves is done once, and stops it where it fails")
    func beforeBody() async throws {
        struct NotNow: Error {}
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            exchange.chunk(stream(delta(#""content":"A""#, finish: #""stop""#), "[DONE]"))
            exchange.chunk("")
        }
        defer { server.stop() }
        let client = ModelClient(endpoint: endpoint(server), transport: try HTTPClient())
        let call = try client.prepare(question, call: 1)
        await #expect(throws: NotNow.self) { try await client.stream(call, beforeBody: { throw NotNow() }) { _ in } }
        #expect(server.requests.isEmpty)
        let count = Mutex(0)
        try await client.stream(call, beforeBody: { count.withLock { $0 += 1 } }) { _ in }
        #expect(count.withLock { $0 } == 1)
        #expect(server.requests.count == 1)
    }

    @Test("an endpoint that does not stream may be silent for five minutes, whatever the clocks are set to")
    func silence() throws {
        var timeouts = HTTPTimeouts()
        timeouts.firstByte = .seconds(9)
        timeouts.idle = .seconds(8)
        let transport = try HTTPClient()
        func client(_ wire: WireProtocol, _ streaming: Streaming) -> ModelClient {
            let profile = Question.profile { $0.streaming = streaming }
            let endpoint = ModelEndpoint(provider: "p", model: "m", wire: wire, baseURL: "http://127.0.0.1", key: nil, profile: profile)
            return ModelClient(endpoint: endpoint, transport: transport, timeouts: timeouts)
        }
        for (wire, streaming) in [
            (WireProtocol.segmind, Streaming.optional), (.segmindAsync, .only), (.chat, .never), (.dashscope, .never),
        ] {
            #expect(client(wire, streaming).timeouts.firstByte == .seconds(300))
            #expect(client(wire, streaming).timeouts.idle == .seconds(300))
        }
        #expect(client(.chat, .only).timeouts == timeouts)
        #expect(client(.dashscope, .optional).timeouts == timeouts)
    }

    @Test("a queued call is paid for once: submitted, looked at until it is done, fetched")
    func queued() async throws {
        let server = try LoopbackServer { exchange in
            let answer =
                switch (exchange.request.line.prefix { $0 != " " }, exchange.request.number) {
                case ("POST", _): #"{"request_id":"j-1"}"#
                case (_, 2): #"{"status":"QUEUED"}"#
                case (_, 3): #"{"status":"COMPLETED"}"#
                default: #"{"output":"{\"choices\":[{\"message\":{\"content\":\"A\"},\"finish_reason\":\"stop\"}]}"}"#
                }
            exchange.respond(200, headers: ["x-remaining-credits: 7.5"], Array(answer.utf8))
        }
        defer { server.stop() }
        let endpoint = ModelEndpoint(
            provider: "segmind", model: "qvq-max", wire: .segmindAsync, baseURL: server.address + "/v2", key: Secret("sk-1"),
            keyHeader: .apiKey, profile: Question.profile(.always))
        var client = ModelClient(endpoint: endpoint, transport: try HTTPClient())
        client.pollInterval = .zero
        let count = Mutex(0)
        let events = Mutex<[AnswerEvent]>([])
        let call = try client.prepare(Question.request(), call: 1)
        try await client.stream(call, beforeBody: { count.withLock { $0 += 1 } }) { event in events.withLock { $0.append(event) } }
        #expect(count.withLock { $0 } == 1)
        #expect(
            server.requests.map(\.line) == [
                "POST /v2/qvq-max HTTP/1.1", "GET /v2/requests/j-1/status HTTP/1.1", "GET /v2/requests/j-1/status HTTP/1.1",
                "GET /v2/requests/j-1 HTTP/1.1",
            ])
        #expect(server.requests.allSatisfy { $0.headers["x-api-key"] == "sk-1" })
        #expect(events.withLock { $0 }.contains { if case .answer("A") = $0 { true } else { false } })
        guard case .head(let head)? = events.withLock({ $0 }).first else {
            Issue.record("the job is not named")
            return
        }
        #expect(head == CallHead(requestID: "j-1", remainingCredits: JSONNumber("7.5")))
    }

    @Test("a model that repeats itself is cut, and its connection closed")
    func repeats() async throws {
        let closed = Gate()
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            exchange.chunk(stream(delta(#""content":"{\"summary\":\"""#)))
            for _ in 0..<300 { exchange.chunk(stream(delta(#""content":"The total is five. ""#))) }
            exchange.waitForClose()
            closed.open()
        }
        defer { server.stop() }
        let (events, _, failure) = await ask(server)
        #expect(failure?.failure.code == .answerRepeats)
        #expect(!events.isEmpty)
        try await closed.opened()
    }
}
