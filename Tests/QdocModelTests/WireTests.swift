import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocModel

/// Transcripts of the servers in the field, byte for byte, with what must come out.
@Suite struct WireTests {
    private static let folder = (Project.shared ?? "") + "/reference/wire"

    /// DashScope's native protocol is another one; a thought without its opening tag is not told from an answer.
    static let names: [String] = Files.names(in: folder).filter {
        $0.hasSuffix(".sse") && !$0.hasPrefix("dashscope-native") && !$0.contains("close-tag-only")
    }

    private func check(_ decoded: Decoded, _ expected: JSONValue, _ note: String) {
        let failed = expected["complete"]?.bool == false
        #expect((decoded.failure != nil) == failed, "\(note)")
        #expect(decoded.finish?.slug == (failed ? nil : expected["finish_reason"]?.string), "\(note)")
        #expect(decoded.usage?.inputTokens == expected["usage"]?["in"]?.int, "\(note)")
        #expect(decoded.usage?.outputTokens == expected["usage"]?["out"]?.int, "\(note)")
        guard !failed else { return }
        #expect(decoded.reasoning == expected["reasoning"]?.string, "\(note)")
        #expect(decoded.answer == expected["text"]?.string, "\(note)")
        #expect(decoded.isDone == expected["saw_done"]?.bool, "\(note)")
    }

    @Test("every transcript gives what is expected: whole, byte by byte, and cut anywhere", .enabled(if: !names.isEmpty), arguments: names)
    func transcripts(name: String) async throws {
        let all = try JSONParser.parse(try Files.read(Self.folder + "/expected.json", limit: 1 << 20))
        let expected = try #require(all[name])
        let bytes = try Files.read(Self.folder + "/" + name, limit: 1 << 20)
        let whole = Decoded([bytes])
        check(whole, expected, name)
        check(Decoded(bytes.map { [$0] }), expected, "\(name) byte by byte")
        for cut in 1..<bytes.count {
            // Other tests wait for the same two threads.
            if cut % 64 == 0 { await Task.yield() }
            let decoded = Decoded([Array(bytes[..<cut]), Array(bytes[cut...])])
            if whole.failure == nil {
                #expect(decoded == whole, "\(name) cut at \(cut)")
            } else {
                #expect(decoded.failure == whole.failure, "\(name) cut at \(cut)")
            }
        }
    }
}
