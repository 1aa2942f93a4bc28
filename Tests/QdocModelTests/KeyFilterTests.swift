import QdocCore
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
    func echoed() throws {
        var decoder = ChatCompletionDecoder(
            provider: "openai", requestID: "id-sk-secret", words: ProviderWords(key: Secret("sk-secret")))
        let stream = """
            data: {"id":"sk-secret","model":"m-sk-secret","choices":[{"delta":{"reasoning_content":"a sk-se"}}]}

            data: {"choices":[{"delta":{"reasoning_content":"cret b"}}]}

            data: {"choices":[{"delta":{"content":"{\\"x\\":\\"sk-secret\\"}"},"finish_reason":"sk-secret"}]}

            data: [DONE]


            """
        let events = try decoder.decode(Array(stream.utf8)) + decoder.end()
        #expect(!"\(events)".contains("sk-secret"))
        #expect("\(events)".contains("a ••• b"))
    }
}
