import QdocCore
import QdocTransport
import Testing

@testable import QdocModel

/// What came out of a body, the pieces joined.
struct Decoded: Equatable {
    var reasoning = ""
    var answer = ""
    var heads: [CallHead] = []
    var usage: Usage?
    var finish: FinishReason?
    var failure: CallFailure?
    var hasDoneMark = false

    init(_ chunks: [[UInt8]], at endpoint: ModelEndpoint = .test(), headers: [HTTPHeader] = [], isCumulative: Bool = false) {
        let head = ResponseHead(status: 200, headers: headers)
        var decoder = AnswerDecoder(endpoint: endpoint, head: head, isCumulative: isCumulative)
        for chunk in chunks { take(decoder.decode(chunk)) }
        hasDoneMark = decoder.hasDoneMark
        take(decoder.end())
        failure = decoder.failure
    }

    init(_ text: String, at endpoint: ModelEndpoint = .test()) {
        self.init([Array(text.utf8)], at: endpoint)
    }

    var code: Failure.Code? { failure?.failure.code }

    private mutating func take(_ events: [AnswerEvent]) {
        for event in events {
            switch event {
            case .head(let head): heads.append(head)
            case .reasoning(let text): reasoning += text
            case .answer(let text): answer += text
            case .usage(let usage): self.usage = usage
            case .finished(let reason): finish = reason
            default: Issue.record("that is not a decoder's to say")
            }
        }
    }
}

extension ModelEndpoint {
    /// An endpoint whose protocol and thought are what a test is about.
    static func test(
        provider: String = "test", wire: WireProtocol = .chat, thinking: Thinking = .none, hasInlineThought: Bool = true, key: Secret? = nil
    ) -> ModelEndpoint {
        ModelEndpoint(
            provider: provider, model: "m", wire: wire, baseURL: "http://127.0.0.1/v1", key: key, hasInlineThought: hasInlineThought,
            profile: ModelProfile(
                thinking: thinking, fields: [.images], image: ImageRule(patch: 28, minPixels: 3136, maxPixels: 1_003_520), price: .free))
    }
}

/// The body of a stream with one event for each frame.
func stream(_ frames: String...) -> String {
    frames.map { "data: \($0)\n\n" }.joined()
}

/// A frame with one choice.
func delta(_ members: String, finish: String = "null") -> String {
    "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\(members)},\"finish_reason\":\(finish)}]}"
}

/// A frame of DashScope's own protocol.
func frame(_ members: String, finish: String = "null", tokens: Int = 3) -> String {
    "{\"output\":{\"choices\":[{\"message\":{\(members),\"role\":\"assistant\"},\"finish_reason\":\"\(finish)\"}]},"
        + "\"usage\":{\"input_tokens\":7,\"output_tokens\":\(tokens),\"image_tokens\":5},\"request_id\":\"r1\"}"
}

@Suite struct AnswerDecoderTests {
    @Test("a stream gives head, reasoning, answer, usage and end")
    func whole() {
        let decoded = Decoded(
            stream(
                delta(#""role":"assistant","content":null,"reasoning_content":"""#), delta(#""content":null,"reasoning_content":"Look.""#),
                delta(#""content":"{\"a\":""#), delta(#""content":"1}""#), delta("", finish: #""stop""#),
                #"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":{"image_tokens":5}}}"#, "[DONE]"))
        #expect(decoded.reasoning == "Look.")
        #expect(decoded.answer == #"{"a":1}"#)
        #expect(decoded.heads == [CallHead(requestID: "c1", modelAnswered: "m")])
        var usage = decoded.usage
        #expect(usage?.raw?["prompt_tokens_details"]?["image_tokens"] == 5)
        usage?.raw = nil
        #expect(usage == Usage(inputTokens: 7, outputTokens: 3, imageTokens: 5))
        #expect(decoded.finish == .stop)
        #expect(decoded.hasDoneMark)
        #expect(decoded.failure == nil)
    }

    @Test("thought and answer in one frame are both kept, and a thought given twice is read once")
    func bothInOneFrame() {
        let decoded = Decoded(
            stream(
                delta(#""content":"A","reasoning":"R","reasoning_content":"R","reasoning_details":[{"text":"R"}]"#),
                delta(#""content":"B","reasoning_content":"","reasoning":"S""#, finish: #""length""#)))
        #expect(decoded.reasoning == "RS")
        #expect(decoded.answer == "AB")
        #expect(decoded.finish == .length)
    }

    @Test("escapes, surrogate pairs and split characters come through")
    func escapes() {
        let body = stream(delta(#""content":"\u003c\ud83d\ude00\n\"é北\\""#), delta("", finish: #""stop""#))
        #expect(Decoded(body).answer == "<😀\n\"é北\\")
        #expect(Decoded(Array(body.utf8).map { [$0] }).answer == "<😀\n\"é北\\")
    }

    @Test("what is no finish reason ends nothing", arguments: ["null", #""""#, #""null""#])
    func noFinish(reason: String) {
        let decoded = Decoded(stream(delta(#""content":"x""#, finish: reason), "[DONE]"))
        #expect(decoded.code == .streamTruncated)
        #expect(decoded.finish == nil)
    }

    @Test(
        "a body without its end mark is truncated, however it stops",
        arguments: [
            "", "\n\n", ": ping\n\n", "data: [DONE]\n\n", "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n", "data: {\"cho",
            "{\"choices\":[",
        ])
    func truncated(body: String) {
        #expect(Decoded(body).code == .streamTruncated)
    }

    @Test("an event that is cut off after the finish reason does no harm")
    func tail() {
        let decoded = Decoded(stream(delta(#""content":"x""#, finish: #""stop""#)) + "data: {\"choi")
        #expect(decoded.answer == "x")
        #expect(decoded.finish == .stop)
    }

    @Test("an event in the middle that is no JSON is malformed, never skipped")
    func malformed() {
        #expect(Decoded("data: {broken\n\n" + stream(delta("", finish: #""stop""#))).code == .streamMalformed)
        #expect(Decoded(stream(delta(#""content":"\x""#), delta("", finish: #""stop""#))).code == .streamMalformed)
    }

    @Test("a completion in one piece is read like a stream")
    func document() {
        let decoded = Decoded(
            #" {"id":"c","model":"m","choices":[{"message":{"reasoning_content":"R","content":"A"},"finish_reason":"stop"}],"#
                + #""usage":{"prompt_tokens":1}}"#)
        #expect(decoded.reasoning == "R")
        #expect(decoded.answer == "A")
        #expect(decoded.usage?.inputTokens == 1)
        #expect(decoded.finish == .stop)
    }

    @Test("a web page, and JSON of another kind, are named as such")
    func otherDocuments() {
        #expect(Decoded("<html></html>").code == .streamMalformed)
        #expect(Decoded(#"{"ok":true}"#).code == .streamMalformed)
        #expect(Decoded(#"{"error":{"message":"no","code":"invalid_api_key"}}"#).code == .unauthorized)
    }

    @Test("an error before any text keeps its kind; after text it is a broken stream that nothing retries")
    func errors() {
        let error = #"{"error":{"message":"too many","code":429}}"#
        #expect(Decoded(stream(error)).code == .rateLimited)
        let broken = Decoded(stream(delta(#""content":"x""#), error))
        #expect(broken.code == .streamTruncated)
        #expect(broken.failure?.failure.message.contains("too many") == true)
        let blocked = stream(delta(#""content":"x""#), #"{"error":{"message":"no","code":"data_inspection_failed"}}"#)
        #expect(Decoded(blocked).code == .contentBlocked)
    }

    @Test("DashScope's error event is an error although HTTP says 200")
    func dashScopeError() {
        let body = "id:1\nevent:error\n:HTTP_STATUS/400\ndata:{\"code\":\"InvalidParameter\",\"message\":\"bad\",\"request_id\":\"r\"}\n\n"
        #expect(Decoded(body).code == .requestRefused)
    }

    @Test("a model that asks for a tool, or is blocked, has not answered")
    func otherEnds() {
        #expect(Decoded(stream(delta("", finish: #""tool_calls""#))).code == .toolRequested)
        #expect(Decoded(stream(delta("", finish: #""content_filter""#))).code == .contentBlocked)
        #expect(Decoded(stream(delta("", finish: #""eos""#))).finish == .other("eos"))
    }

    @Test("nothing is read after the stream's own end")
    func afterDone() {
        let decoded = Decoded(stream(delta(#""content":"x""#, finish: #""stop""#), "[DONE]", delta(#""content":"y""#)))
        #expect(decoded.answer == "x")
    }

    @Test("tags inside an answer stay in the answer")
    func tagsInAnswer() {
        let body = stream(delta(#""content":"{\"a\":\"<think>x</think>\"}""#), delta("", finish: #""stop""#))
        #expect(Decoded(body).answer == #"{"a":"<think>x</think>"}"#)
    }

    @Test("an open thought that the output limit cut has no answer after it")
    func cutThought() {
        let body = stream(delta(#""content":"<think>on and on""#), delta("", finish: #""length""#))
        #expect(Decoded(body).reasoning == "on and on")
        #expect(Decoded(body).answer.isEmpty)
    }

    @Test("the scanner agrees with the full reading wherever it gives an answer")
    func scannerAgrees() throws {
        let frames = [
            delta(#""content":"x\ty""#), delta(#""content":null"#), delta(#""content":"","tool_calls":[{"a":[1,{"b":"]}"}]}]"#),
            delta("", finish: #""stop""#), #"{"choices":[],"usage":null}"#, #" { "choices" : [ { "delta" : { } } ] , "x" : -1.5e3 } "#,
            #"{"choices":[{"delta":{"content":"x"},"logprobs":{"content":[{"token":"{"}]}}]}"#, "{}", "[]", #"{"choices":[{}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}"#,
        ]
        let native = [
            frame(#""content":[],"reasoning_content":"R""#), frame(#""content":[{"text":"A"}],"reasoning_content":"R""#),
            frame(#""content":"A""#, finish: "stop"), frame(#""content":[{"text":"A"},{"text":"B"}]"#),
            frame(#""content":[{"image_hw":[[1,2]]}]"#), #"{"output":{"text":"A","finish_reason":"stop"},"request_id":"r"}"#,
            #"{"code":"X","message":"m"}"#, #"{"output":null}"#,
        ]
        for (form, frames, unusual) in [(FrameForm.chat, frames, 1), (.native, native, 4)] {
            var scanned = 0
            for frame in frames {
                guard let chunk = FrameScanner.scan(Array(frame.utf8), form: form, wantsHead: true) else { continue }
                scanned += 1
                let full = AnswerChunk(try JSONParser.parse(frame), form: form)
                #expect(chunk.answer == full.answer, "\(frame)")
                #expect(chunk.reasoning == full.reasoning, "\(frame)")
                #expect(chunk.finish == full.finish, "\(frame)")
                #expect(chunk.id == full.id && chunk.model == full.model, "\(frame)")
                #expect(chunk.usage?.usage == full.usage?.usage, "\(frame)")
            }
            #expect(scanned == frames.count - unusual)
        }
    }
}
