import QdocCore
import QdocTransport
import Testing

@testable import QdocModel

@Suite struct KeyFilterTests {
    @Test("A key is taken out wherever the pieces are cut, and everything else stays", arguments: 1...12)
    func cuts(size: Int) {
        let text = "sk-sk-abc1 sk-abc12 ü sk-abc, sk-"
        var filter = KeyFilter(Secret("sk-abc1"))
        var shown = ""
        var rest = Substring(text)
        while !rest.isEmpty {
            shown += filter.take(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        shown += filter.finish()
        #expect(shown == "sk-••• •••2 ü sk-abc, sk-")
    }

    @Test("Without a key nothing is held back")
    func none() {
        var filter = KeyFilter(nil)
        #expect(filter.take("sk-") == "sk-")
        #expect(filter.finish() == "")
    }

    @Test("A key that the server echoes reaches no event")
    func echoed() {
        let head = ResponseHead(status: 200, headers: [HTTPHeader("x-request-id", "id-sk-secret")])
        var decoder = AnswerDecoder(endpoint: .test(key: Secret("sk-secret")), head: head)
        let stream = """
            data: {"id":"sk-secret","model":"m-sk-secret","choices":[{"delta":{"reasoning_content":"a sk-se"}}]}

            data: {"choices":[{"delta":{"reasoning_content":"cret b"}}]}

            data: {"choices":[{"delta":{"content":"{\\"x\\":\\"sk-secret\\"}"},"finish_reason":"sk-secret"}],"usage":{"x":"sk-secret"}}

            data: [DONE]


            """
        let events = decoder.decode(Array(stream.utf8)) + decoder.end()
        #expect(!"\(events)".contains("sk-secret"))
        #expect("\(events)".contains("a ••• b"))
    }

    @Test("The beginning of a key at which a stream breaks off is not shown")
    func cut() {
        let decoded = Decoded([Array(stream(delta(#""content":"a sk-secr""#)).utf8)], at: .test(key: Secret("sk-secret")))
        #expect(decoded.answer == "a ")
        #expect(decoded.code == .streamTruncated)
    }
}
