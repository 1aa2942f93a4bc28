import QdocCore
import QdocRuntime
import QdocTesting
import QdocTransport
import Synchronization
import Testing

@testable import QdocModel

/// Answers of the servers in the field that are no streams, sent byte for byte over a connection.
@Suite("An answer in one piece", .timeLimit(.minutes(1))) struct WireAnswerTests {
    private static let folder = (Project.shared ?? "") + "/reference/wire"

    struct Expected: Sendable {
        var wire = WireProtocol.chat
        var provider: String
        var answer = ""
        var reasoning = ""
        /// In and out.
        var usage: [Int?] = []
        var failure: CallFailure?
        var credits: String?
        var requestID: String?

        /// The status is the one of the file; the message only what it must hold.
        static func refusal(
            _ provider: String, _ wire: WireProtocol, _ code: Failure.Code, _ words: String, again: Duration? = nil,
            isRetriable: Bool = false, pause: CallFailure.Pause? = nil, credits: String? = nil, requestID: String? = nil
        ) -> Expected {
            Expected(
                wire: wire, provider: provider,
                failure: CallFailure(
                    Failure(code, words), isRetriable: isRetriable, retryAfter: again, pause: pause, billing: .no,
                    remainingCredits: credits.flatMap { JSONNumber($0) }, requestID: requestID))
        }
    }

    static let expected: [String: Expected] = [
        "aimlapi-403.http": .refusal(
            "aimlapi", .chat, .quotaExceeded, "no credits left", pause: .credits, requestID: "7f3e1b60-2c94-4d8a-9b05-e6a1c8d70f42"),
        "aimlapi-qwen-max.json": Expected(
            provider: "aimlapi", answer: "Median latency fell from 82 ms to 61 ms.", usage: [57, 13],
            requestID: "chatcmpl-6d20b7f4-93ea-95c1-a0d8-4f7b1e6c2593"),
        "dashscope-native-401.http": .refusal(
            "dashscope", .dashscope, .unauthorized, "the key was not accepted", pause: .key,
            requestID: "8d37c0b4-5f1e-9a82-b6c9-1e40f7a2d563"),
        "dashscope-native-429.http": .refusal(
            "dashscope", .dashscope, .rateLimited, "too many calls this minute", again: .seconds(5), isRetriable: true,
            requestID: "f19b6e02-7ac3-9d50-8e14-6b5c0d3f2a78"),
        "dashscope-native-nonstream.json": Expected(
            wire: .dashscope, provider: "dashscope", answer: "Bar C is tallest at 57 units.",
            reasoning: "Bars A, B and C read 31, 44 and 57; C is the largest.", usage: [499, 42],
            requestID: "4c1f8e29-b05d-9367-8ae4-f2d7096b3c15"),
        "nonstream-qwen25vl.json": Expected(
            wire: .segmind, provider: "segmind", answer: "The receipt total is 48.60 EUR.", usage: [640, 14], requestID: "chat_ferry9931"),
        "openai-compat-429.http": .refusal(
            "dashscope", .chat, .rateLimited, "token allowance for this minute used up", again: .seconds(60), isRetriable: true,
            requestID: "b5e80c3d-19f4-9a67-8d2b-703f6c9e1a54"),
        "openai-compat-stream-only-400.http": .refusal(
            "dashscope", .chat, .requestRefused, "qvq-max answers only as a stream", requestID: "2a6f9d81-c0e7-9b43-a158-d4e37c0b6f92"),
        "segmind-200.http": Expected(
            wire: .segmind, provider: "segmind", answer: "The receipt total is 48.60 EUR.", usage: [640, 14], credits: "118.4372",
            requestID: "chat_ferry9931"),
        "segmind-401.http": .refusal("segmind", .segmind, .unauthorized, "neither Authorization nor x-api-key", pause: .key),
        "segmind-405.http": .refusal("segmind", .segmind, .requestRefused, "HTTP 405"),
        "segmind-406-content-type.http": .refusal("segmind", .segmind, .requestRefused, "Invalid content type"),
        "segmind-406.http": .refusal("segmind", .segmind, .quotaExceeded, "Insufficient credits", pause: .credits, credits: "0.0011"),
        "segmind-429.http": .refusal("segmind", .segmind, .rateLimited, "rate_limit_exceeded", isRetriable: true),
    ]

    static let names: [String] = Files.names(in: folder).filter { $0.hasSuffix(".http") || $0.hasSuffix(".json") && $0 != "expected.json" }

    @Test("has the result that its provider's pages give it", .enabled(if: !names.isEmpty), arguments: names)
    func answers(name: String) async throws {
        let expected = try #require(Self.expected[name])
        let bytes = try Files.read(Self.folder + "/" + name, limit: 1 << 20)
        let server = try LoopbackServer { exchange in
            if name.hasSuffix(".json") {
                exchange.respond(200, bytes)
            } else {
                exchange.send(bytes)
            }
        }
        defer { server.stop() }
        let endpoint = ModelEndpoint(
            provider: expected.provider, model: "m", wire: expected.wire, baseURL: server.address, key: Secret("sk-1"),
            profile: Question.profile(.none, [.images]) { $0.streaming = .never })
        let client = ModelClient(endpoint: endpoint, transport: try HTTPClient())
        let events = Mutex<[AnswerEvent]>([])
        var failure: CallFailure?
        do {
            try await client.stream(try client.prepare(Question.request(), call: 1)) { event in events.withLock { $0.append(event) } }
        } catch let thrown as CallFailure {
            failure = thrown
        }
        guard var wanted = expected.failure else {
            #expect(failure == nil)
            return check(events.withLock { $0 }, expected)
        }
        #expect(failure?.failure.message.contains(wanted.failure.message) == true, "\(String(describing: failure))")
        #expect(failure.map { "\(name) ".contains("-\($0.status ?? 0)") || name.contains("\($0.status ?? 0)") } == true)
        wanted.failure = failure?.failure ?? wanted.failure
        wanted.failure.code = expected.failure?.failure.code ?? .internalError
        wanted.status = failure?.status
        #expect(failure == wanted)
    }

    private func check(_ events: [AnswerEvent], _ expected: Expected) {
        var answer = ""
        var reasoning = ""
        for event in events {
            switch event {
            case .answer(let text): answer += text
            case .reasoning(let text): reasoning += text
            case .usage(let usage): #expect([usage.inputTokens, usage.outputTokens] == expected.usage)
            case .head(let head):
                #expect(head.requestID == expected.requestID)
                #expect(head.remainingCredits?.lexical == expected.credits)
            case .finished(let reason): #expect(reason == .stop)
            default: Issue.record("that is not a client's to say")
            }
        }
        #expect(answer == expected.answer)
        #expect(reasoning == expected.reasoning)
        #expect(events.count == (reasoning.isEmpty ? 4 : 5))
    }

    @Test("all fourteen are read", .enabled(if: !names.isEmpty))
    func count() {
        #expect(Self.names.count == 14)
    }
}
