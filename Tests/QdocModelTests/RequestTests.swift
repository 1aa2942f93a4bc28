import QdocCore
import QdocCrypto
import QdocTesting
import QdocTransport
import Testing

@testable import QdocModel

/// What leaves for each provider of the model pages, as captured.
@Suite("The request", .timeLimit(.minutes(1))) struct RequestTests {
    private static let rule = ImageRule(patch: 28, minPixels: 3136, maxPixels: 1_003_520)
    private static let image = ModelRequest.Part.image(Question.image())
    private static let video = ModelRequest.Part.video((1...4).map { Question.image($0) }, framesPerSecond: JSONNumber(2))
    private static let uri = "data:image/png;base64,//79/A=="

    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var endpoint: ModelEndpoint
        var request: ModelRequest
        var path: String
        var headers: [String: String]
        var body: String
    }

    private static func endpoint(
        _ provider: String, _ model: String, wire: WireProtocol = .chat, keyHeader: KeyHeader = .bearer,
        thinkingSwitch: ThinkingSwitch = .none, outputLimitField: String = "max_tokens", _ profile: ModelProfile
    ) -> ModelEndpoint {
        let suffix =
            switch wire {
            case .dashscope: "/api/v1"
            case .segmindAsync: "/v2"
            case .chat where provider == "dashscope": "/compatible-mode/v1"
            case .chat, .segmind: "/v1"
            }
        return ModelEndpoint(
            provider: provider, model: model, wire: wire, baseURL: suffix, key: Secret("sk-1"), keyHeader: keyHeader,
            thinkingSwitch: thinkingSwitch, outputLimitField: outputLimitField, profile: profile)
    }

    private static let bearer = ["authorization": "Bearer sk-1", "content-type": "application/json"]
    private static let apiKey = ["x-api-key": "sk-1", "content-type": "application/json", "accept": "application/json"]
    private static let streamed = bearer.merging(["accept": "text/event-stream"]) { $1 }
    private static let native = streamed.merging(["x-dashscope-sse": "enable"]) { $1 }

    static let examples: [Example] = [
        Example(
            testDescription: "Segmind QVQ Max",
            endpoint: endpoint("segmind", "qvq-max", wire: .segmind, keyHeader: .apiKey, Question.profile(.always, [.images, .system])),
            request: Question.request([.text("tell me a joke on cats")]), path: "/v1/qvq-max", headers: apiKey,
            body: #"{"messages":[{"role":"user","content":"tell me a joke on cats"}]}"#),
        Example(
            testDescription: "Segmind Qwen3.5 Flash",
            endpoint: endpoint(
                "segmind", "qwen3.5-flash", wire: .segmind, keyHeader: .apiKey,
                Question.profile(.hybrid(isOnByDefault: true), [.images, .system])),
            request: Question.request([image, .text("What is it?")]) { $0.system = "You read charts." }, path: "/v1/qwen3.5-flash",
            headers: apiKey,
            body: """
                {"messages":[{"role":"system","content":"You read charts."},{"role":"user","content":[\
                {"type":"image_url","image_url":{"url":"\(uri)"}},{"type":"text","text":"What is it?"}]}]}
                """),
        Example(
            testDescription: "Segmind Qwen2.5-VL 32B Instruct",
            endpoint: endpoint("segmind", "qwen2p5-vl-32b-instruct", wire: .segmind, Question.profile(.none, [.images])),
            request: Question.request([.text("What's in this image?"), image]), path: "/v1/qwen2p5-vl-32b-instruct",
            headers: bearer.merging(["accept": "application/json"]) { $1 },
            body: """
                {"messages":[{"role":"user","content":[{"type":"text","text":"What's in this image?"},\
                {"type":"image_url","image_url":{"url":"\(uri)"}}]}]}
                """),
        Example(
            testDescription: "Segmind with the fields that a profile lists",
            endpoint: endpoint(
                "segmind", "m", wire: .segmindAsync, keyHeader: .apiKey,
                Question.profile(.none, [.images, .maxTokens, .temperature, .seed])),
            request: Question.request {
                $0.temperature = JSONNumber("0.10")
                $0.seed = 7
            }, path: "/v2/m", headers: apiKey,
            body: #"{"messages":[{"role":"user","content":"Hello"}],"max_tokens":100,"temperature":0.10,"seed":7}"#),
        Example(
            testDescription: "Model Studio QVQ, compatible",
            endpoint: endpoint("dashscope", "qvq-max", Question.profile(.always) { $0.streaming = .only }),
            request: Question.request([image, .text("Solve this problem")]), path: "/compatible-mode/v1/chat/completions",
            headers: streamed,
            body: """
                {"model":"qvq-max","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"\(uri)"}},\
                {"type":"text","text":"Solve this problem"}]}],"stream":true,"stream_options":{"include_usage":true},"max_tokens":100}
                """),
        Example(
            testDescription: "Model Studio hybrid, compatible, thinking within a budget",
            endpoint: endpoint(
                "dashscope", "qwen3.5-plus", thinkingSwitch: .enableThinking,
                Question.profile(.hybrid(isOnByDefault: true), [.images, .maxTokens, .thinkingBudget])),
            request: Question.request([image, .text("Solve")]) { $0.thinkingBudget = 81_920 }, path: "/compatible-mode/v1/chat/completions",
            headers: streamed,
            body: """
                {"model":"qwen3.5-plus","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"\(uri)"}},\
                {"type":"text","text":"Solve"}]}],"stream":true,"stream_options":{"include_usage":true},"max_tokens":100,\
                "enable_thinking":true,"thinking_budget":81920}
                """),
        Example(
            testDescription: "Model Studio hybrid, compatible, a video without thinking, held to JSON",
            endpoint: endpoint(
                "dashscope", "qwen3-vl-plus", thinkingSwitch: .enableThinking,
                Question.profile(.hybrid(isOnByDefault: false), Set(RequestField.allCases))),
            request: Question.request([video, .text("As JSON.")]) {
                $0.thinkingBudget = 100
                $0.responseFormat = .jsonObject
            }, path: "/compatible-mode/v1/chat/completions", headers: streamed,
            body: """
                {"model":"qwen3-vl-plus","messages":[{"role":"user","content":[{"type":"video","video":["\(uri)","\(uri)","\(uri)","\(uri)"],\
                "fps":2},{"type":"text","text":"As JSON."}]}],"stream":true,"stream_options":{"include_usage":true},"max_tokens":100,\
                "enable_thinking":false,"response_format":{"type":"json_object"}}
                """),
        Example(
            testDescription: "Model Studio QVQ, native",
            endpoint: endpoint("dashscope", "qvq-max", wire: .dashscope, Question.profile(.always) { $0.streaming = .only }),
            request: Question.request([image, .text("Solve this problem")]),
            path: "/api/v1/services/aigc/multimodal-generation/generation", headers: native,
            body: """
                {"model":"qvq-max","input":{"messages":[{"role":"user","content":[{"image":"\(uri)"},{"text":"Solve this problem"}]}]},\
                "parameters":{"incremental_output":true,"result_format":"message","max_tokens":100}}
                """),
        Example(
            testDescription: "Model Studio hybrid, native, every field",
            endpoint: endpoint(
                "dashscope", "qwen3.5-plus", wire: .dashscope, thinkingSwitch: .enableThinking,
                Question.profile(.hybrid(isOnByDefault: false), Set(RequestField.allCases))),
            request: Question.request([video, .text("Solve")]) {
                $0.system = "s"
                $0.thinks = true
                $0.thinkingBudget = 81_920
                $0.temperature = JSONNumber("0.6")
                $0.seed = 3407
            }, path: "/api/v1/services/aigc/multimodal-generation/generation", headers: native,
            body: """
                {"model":"qwen3.5-plus","input":{"messages":[{"role":"system","content":"s"},{"role":"user","content":[\
                {"video":["\(uri)","\(uri)","\(uri)","\(uri)"],"fps":2},{"text":"Solve"}]}]},\
                "parameters":{"incremental_output":true,"result_format":"message","max_tokens":100,"temperature":0.6,"seed":3407,\
                "enable_thinking":true,"thinking_budget":81920}}
                """),
        Example(
            testDescription: "Model Studio model of text, native",
            endpoint: endpoint(
                "dashscope", "qwen-max", wire: .dashscope, Question.profile(.none, [.maxTokens, .jsonSchema]) { $0.streaming = .never }),
            request: Question.request { $0.responseFormat = .jsonSchema(name: "page", ["type": "object"]) },
            path: "/api/v1/services/aigc/text-generation/generation", headers: bearer.merging(["accept": "application/json"]) { $1 },
            body: """
                {"model":"qwen-max","input":{"messages":[{"role":"user","content":"Hello"}]},"parameters":{"result_format":"message",\
                "max_tokens":100,"response_format":{"type":"json_schema","json_schema":{"name":"page","strict":true,\
                "schema":{"type":"object"}}}}}
                """),
        Example(
            testDescription: "AI/ML API, not streamed",
            endpoint: endpoint("aimlapi", "qwen-max", Question.profile(.none, [.maxTokens]) { $0.streaming = .never }),
            request: Question.request(),
            path: "/v1/chat/completions", headers: bearer.merging(["accept": "application/json"]) { $1 },
            body: #"{"model":"qwen-max","messages":[{"role":"user","content":"Hello"}],"max_tokens":100}"#),
        Example(
            testDescription: "AI/ML API, streamed",
            endpoint: endpoint("aimlapi", "qwen-max-2025-01-25", Question.profile(.none, [.maxTokens])),
            request: Question.request([.text("Hello"), .text("you")]), path: "/v1/chat/completions", headers: streamed,
            body: """
                {"model":"qwen-max-2025-01-25","messages":[{"role":"user","content":"Hello\\nyou"}],"stream":true,\
                "stream_options":{"include_usage":true},"max_tokens":100}
                """),
        Example(
            testDescription: "OpenAI",
            endpoint: endpoint(
                "openai", "gpt", thinkingSwitch: .reasoningEffort, outputLimitField: "max_completion_tokens",
                Question.profile(.hybrid(isOnByDefault: true))), request: Question.request { $0.thinks = false },
            path: "/v1/chat/completions",
            headers: streamed,
            body: """
                {"model":"gpt","messages":[{"role":"user","content":"Hello"}],"stream":true,"stream_options":{"include_usage":true},\
                "max_completion_tokens":100,"reasoning_effort":"none"}
                """),
        Example(
            testDescription: "vLLM, llama.cpp",
            endpoint: endpoint("local", "q", thinkingSwitch: .chatTemplate, Question.profile(.hybrid(isOnByDefault: true), [])),
            request: Question.request { $0.thinks = false }, path: "/v1/chat/completions", headers: streamed,
            body: """
                {"model":"q","messages":[{"role":"user","content":"Hello"}],"stream":true,"stream_options":{"include_usage":true},\
                "chat_template_kwargs":{"enable_thinking":false}}
                """),
        Example(
            testDescription: "OpenRouter",
            endpoint: endpoint(
                "openrouter", "q", thinkingSwitch: .reasoning, Question.profile(.hybrid(isOnByDefault: true), [.thinkingBudget])),
            request: Question.request { $0.thinkingBudget = 9 }, path: "/v1/chat/completions", headers: streamed,
            body: """
                {"model":"q","messages":[{"role":"user","content":"Hello"}],"stream":true,"stream_options":{"include_usage":true},\
                "reasoning":{"max_tokens":9}}
                """),
    ]

    @Test("is, field for field, what the provider's documentation asks for", arguments: examples)
    func captured(example: Example) async throws {
        let answer = #"{"choices":[{"message":{"content":"A"},"finish_reason":"stop"}]}"#
        let isNative = example.endpoint.wire == .dashscope
        let server = try LoopbackServer { $0.respond(200, Array((isNative ? "{\"output\":\(answer)}" : answer).utf8)) }
        defer { server.stop() }
        var endpoint = example.endpoint
        endpoint.baseURL = server.address + endpoint.baseURL
        let client = ModelClient(endpoint: endpoint, transport: try HTTPClient())
        let call = try client.prepare(example.request, call: 1)
        do {
            try await client.stream(call) { _ in }
        } catch let failure as CallFailure {
            // The queue's answer is another one.
            #expect(endpoint.wire == .segmindAsync, "\(failure)")
        }
        let request = try #require(server.requests.first)
        #expect(request.line == "POST \(example.path) HTTP/1.1")
        for (name, value) in example.headers { #expect(request.headers[name] == value) }
        #expect((request.headers["x-dashscope-sse"] != nil) == (example.headers["x-dashscope-sse"] != nil))
        #expect((request.headers["authorization"] != nil) == (example.headers["authorization"] != nil))
        #expect(String(decoding: request.body, as: UTF8.self) == example.body)
        #expect(call.egress.sha256 == SHA256.hexDigest(of: request.body))
    }
}
