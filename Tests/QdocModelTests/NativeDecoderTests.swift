import QdocCore
import QdocTransport
import Testing

@testable import QdocModel

@Suite("DashScope's own frames") struct NativeDecoderTests {
    private let endpoint = ModelEndpoint.test(provider: "dashscope", wire: .dashscope, thinking: .always, hasInlineThought: false)

    @Test("give thought and answer from one frame, and the last of the cumulative usages")
    func boundary() {
        let decoded = Decoded(
            stream(
                frame(#""content":[],"reasoning_content":"R1 ""#, tokens: 1),
                frame(#""content":[{"text":"A1 "}],"reasoning_content":"R2""#, tokens: 2),
                frame(#""content":[{"text":"A2"}]"#, finish: "stop", tokens: 9), frame(#""content":[{"text":"never"}]"#)), at: endpoint)
        #expect(decoded.reasoning == "R1 R2")
        #expect(decoded.answer == "A1 A2")
        #expect(decoded.usage?.outputTokens == 9)
        #expect(decoded.usage?.imageTokens == 5)
        #expect(decoded.usage?.raw?["output_tokens"] == 9)
        #expect(decoded.heads == [CallHead(requestID: "r1")])
        #expect(decoded.finish == .stop)
    }

    @Test("are read without blank lines between them, as they come")
    func noBlankLines() {
        var decoder = AnswerDecoder(endpoint: endpoint, head: ResponseHead(status: 200, headers: []))
        let frames = [frame(#""content":[{"text":"A"}]"#), frame(#""content":[{"text":"B"}]"#)].map { "id:1\nevent:result\ndata:\($0)\n" }
        _ = decoder.decode(Array(frames.joined().utf8))
        #expect(decoder.progressCount == 2, "the first text and its usage, before the second frame's end")
    }

    @Test("that repeat the whole text give it once")
    func cumulative() {
        let frames = stream(
            frame(#""content":[{"text":"é"}]"#), frame(#""content":[{"text":"éé"}]"#), frame(#""content":[{"text":"ééx"}]"#, finish: "stop")
        )
        #expect(Decoded([Array(frames.utf8)], at: endpoint, isCumulative: true).answer == "ééx")
    }

    @Test("of the path for text carry the text as a string, or beside the choices")
    func text() {
        #expect(Decoded(stream(frame(#""content":"A""#, finish: "length")), at: endpoint).answer == "A")
        let old = #"{"output":{"text":"A","finish_reason":"stop"},"usage":{},"request_id":"r"}"#
        #expect(Decoded(stream(old), at: endpoint).answer == "A")
        #expect(Decoded(old, at: endpoint).finish == .stop)
    }

    @Test("name their error's status in a comment; what came before it, and its usage, is kept")
    func errors() {
        let error =
            "id:2\nevent:error\n:HTTP_STATUS/429\ndata:{\"code\":\"Throttling.RateQuota\",\"message\":\"m\",\"request_id\":\"r9\"}\n\n"
        let first = Decoded(error, at: endpoint)
        #expect(first.code == .rateLimited)
        #expect(first.failure?.status == 429)
        #expect(first.failure?.isRetriable == true)
        #expect(first.failure?.retryAfter == .seconds(5))
        #expect(first.failure?.billing == .no)
        #expect(first.failure?.requestID == "r9")
        let later = Decoded(stream(frame(#""content":[],"reasoning_content":"R""#)) + error, at: endpoint)
        #expect(later.code == .streamTruncated)
        #expect(later.failure?.isRetriable == false)
        #expect(later.failure?.billing == .unknown)
        #expect(later.reasoning == "R")
        #expect(later.usage?.outputTokens == 3)
    }

    @Test("in one piece that the gateway cut are truncated")
    func cutByGateway() {
        let body = Array(frame(#""content":[{"text":"A"}]"#, finish: "stop").utf8)
        #expect(Decoded([body], at: endpoint).failure == nil)
        let cut = Decoded([body], at: endpoint, headers: [HTTPHeader("X-DashScope-PartialResponse", "true")])
        #expect(cut.code == .streamTruncated)
        #expect(cut.answer == "A")
    }

    @Test("without a finish reason are a truncated stream")
    func truncated() {
        #expect(Decoded(stream(frame(#""content":[{"text":"A"}]"#)), at: endpoint).code == .streamTruncated)
        #expect(Decoded(stream(frame(#""content":[{"text":"A"}]"#)), at: endpoint).answer == "A")
    }
}

@Suite struct InlineThoughtTests {
    private func separated(_ text: String, _ mode: InlineThought.Mode, isCut: Bool = false) -> [[String]] {
        [1, 3, 1000].map { size in
            var inline = InlineThought(mode)
            var parts = ["", ""]
            var rest = Substring(text)
            while !rest.isEmpty {
                let (thought, answer) = inline.take(String(rest.prefix(size)))
                parts[0] += thought
                parts[1] += answer
                rest = rest.dropFirst(size)
            }
            let (thought, answer) = inline.finish(isCut: isCut)
            return [parts[0] + thought, parts[1] + answer]
        }
    }

    private static let untagged = InlineThought.Mode.untagged(isCertain: false)
    private static let certain = InlineThought.Mode.untagged(isCertain: true)

    @Test(
        "what stands before the closing tag is thought, with and without the opening one",
        arguments: [
            ("<think>\nA < B\n</think>\n\nC", InlineThought.Mode.tagged, ["A < B", "C"]), ("A</think>C", .tagged, ["", "A</think>C"]),
            ("<think>A</think>C", .off, ["", "<think>A</think>C"]), ("A\n</think>\n\nC", untagged, ["A", "C"]),
            ("<think>A</think>C", untagged, ["A", "C"]), ("</think>C", untagged, ["", "C"]), ("only prose", untagged, ["", "only prose"]),
            (#"{"a":"</think>"}"#, untagged, ["", #"{"a":"</think>"}"#]), ("  ```json\n{}", untagged, ["", "  ```json\n{}"]),
            ("A {\"draft\":1} B</think>{}", certain, ["A {\"draft\":1} B", "{}"]),
        ])
    func separates(text: String, mode: InlineThought.Mode, expected: [String]) {
        for parts in separated(text, mode) { #expect(parts == expected) }
    }

    @Test("a text that is cut before any tag is thought where the model always thinks, else an answer")
    func cut() {
        for parts in separated("on and on", Self.certain, isCut: true) { #expect(parts == ["on and on", ""]) }
        for parts in separated("on and on", Self.certain) { #expect(parts == ["", "on and on"]) }
        for parts in separated("on and on", Self.untagged, isCut: true) { #expect(parts == ["", "on and on"]) }
    }

    @Test("an answer in JSON is given out as it comes, whatever the mode", arguments: [InlineThought.Mode.off, .tagged, untagged, certain])
    func streams(mode: InlineThought.Mode) {
        var inline = InlineThought(mode)
        #expect(inline.take("{\"a\":").answer == "{\"a\":")
        #expect(inline.take("1").answer == "1")
    }
}
