import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocModel

/// Transcripts of the servers in the field, byte for byte, with what must come out.
@Suite struct WireTests {
    private static let folder = (Project.shared ?? "") + "/reference/wire"

    static let names: [String] = Files.names(in: folder).filter { $0.hasSuffix(".sse") }

    /// The endpoint that such a stream comes from, as far as reading it goes.
    private static func endpoint(_ name: String, _ expected: JSONValue) -> ModelEndpoint {
        let isNative = name.hasPrefix("dashscope-native")
        return .test(
            provider: isNative || name.hasPrefix("openai-compat") ? "dashscope" : "test", wire: isNative ? .dashscope : .chat,
            thinking: .hybrid(isOnByDefault: true), hasInlineThought: expected["inline_think_mode"]?.bool == true)
    }

    private func check(_ decoded: Decoded, _ expected: JSONValue, _ note: String) {
        #expect(decoded.reasoning == expected["reasoning"]?.string, "\(note)")
        #expect(decoded.answer == expected["text"]?.string, "\(note)")
        #expect(decoded.usage?.inputTokens == expected["usage"]?["in"]?.int, "\(note)")
        #expect(decoded.usage?.outputTokens == expected["usage"]?["out"]?.int, "\(note)")
        #expect(decoded.hasDoneMark == expected["saw_done"]?.bool, "\(note)")
        let isComplete = expected["complete"]?.bool == true
        #expect((decoded.failure == nil) == isComplete, "\(note)")
        #expect(decoded.finish?.slug == (isComplete ? expected["finish_reason"]?.string : nil), "\(note)")
    }

    private static let codes: [String: Failure.Code] = [
        "dashscope-native-error-200.sse": .requestRefused, "dashscope-native-mid-stream-error.sse": .contentBlocked,
        "mid-stream-error.sse": .streamTruncated, "truncated-stream.sse": .streamTruncated, "vllm-mid-stream-error.sse": .streamTruncated,
    ]

    @Test("every transcript gives what is expected: whole, byte by byte, and cut anywhere", .enabled(if: !names.isEmpty), arguments: names)
    func transcripts(name: String) async throws {
        let all = try JSONParser.parse(try Files.read(Self.folder + "/expected.json", limit: 1 << 20))
        let expected = try #require(all[name])
        let bytes = try Files.read(Self.folder + "/" + name, limit: 1 << 20)
        let endpoint = Self.endpoint(name, expected)
        let isCumulative = expected["cumulative_mode"]?.bool == true
        let whole = Decoded([bytes], at: endpoint, isCumulative: isCumulative)
        check(whole, expected, name)
        #expect(whole.code == Self.codes[name])
        if let status = expected["error"]?["status"]?.int { #expect(whole.failure?.status == status) }
        #expect(Decoded(bytes.map { [$0] }, at: endpoint, isCumulative: isCumulative) == whole, "\(name) byte by byte")
        for cut in 1..<bytes.count {
            // Other tests wait for the same two threads.
            if cut % 64 == 0 { await Task.yield() }
            let decoded = Decoded([Array(bytes[..<cut]), Array(bytes[cut...])], at: endpoint, isCumulative: isCumulative)
            #expect(decoded == whole, "\(name) cut at \(cut)")
        }
    }

    @Test("all twenty streams are read", .enabled(if: !names.isEmpty))
    func count() {
        #expect(Self.names.count == 20)
    }
}
