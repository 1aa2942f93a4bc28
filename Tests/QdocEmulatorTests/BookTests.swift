import QdocCore
import QdocEmulator
import QdocRuntime
import QdocTesting
import QdocTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct BookTests {
    private func lines(_ path: String) throws -> [JSONValue] {
        try Files.read(path, limit: 1 << 20).split(separator: 10).map { try JSONParser.parse(Array($0)) }
    }

    @Test("a call is on disk as billed before the first byte of its answer, also when the client goes then")
    func durable() async throws {
        let folder = try TemporaryFolder()
        var options = Emulator.Options()
        options.ledger = folder("ledger.jsonl")
        // Slow enough for the client to be gone before the end.
        options.tokensPerSecond = 20
        let emulator = try Emulator(options)
        defer { emulator.stop() }
        let probe = try Probe(emulator)
        let target = ScriptedFault.Target.studio
        let request = probe.request(target.path, target.body)
        do {
            let response = try await probe.client.send(request)
            #expect(response.status == 200)
            let written = try lines(folder("ledger.jsonl"))
            #expect(written.compactMap { $0["event"]?.string } == ["received", "billed"])
            #expect(written[1]["model"] == "qvq-max")
            #expect(written[1]["images"] == [3])
            #expect(written[1]["state"] == "thinking")
            #expect(written[1]["inputTokens"]?.int ?? 0 > 20)
        }
        // The response was let go of: the connection is closed, and the emulator sees it at its next token.
        while emulator.stats.dropped == 0 { await Task.yield() }
        let written = try lines(folder("ledger.jsonl"))
        #expect(written.last?["event"] == "dropped")
        #expect(written.last?["state"] == "client")
        #expect(written == emulator.ledger.map(\.json))
    }

    @Test("credits run down, are told, and come back")
    func credits() async throws {
        var options = Emulator.Options()
        options.credits = 2.5
        let emulator = try Emulator(options)
        defer { emulator.stop() }
        let probe = try Probe(emulator)
        let segmind = ScriptedFault.Target.segmind
        for left in ["1.5", "0.5"] {
            let answer = try await probe.ask(segmind.path, segmind.body)
            #expect(answer.status == 200)
            #expect(answer.head["x-remaining-credits"] == left)
        }
        let ends: [(ScriptedFault.Target, Int, String)] = [
            (.segmind, 406, "Insufficient credits"), (.aimlapi, 403, "statusCode"), (.openrouter, 402, "402"), (.studio, 400, "Arrearage"),
            (.openai, 429, "insufficient_quota"),
        ]
        for (target, status, words) in ends {
            let answer = try await probe.ask(target.path, target.body)
            #expect(answer.status == status, "\(target)")
            #expect(answer.text.contains(words), "\(answer.text)")
        }
        #expect(try await probe.ask("/_emulator/credits", #"{"credits": 1}"#).status == 200)
        #expect(try await probe.ask(segmind.path, segmind.body).status == 200)
        let stats = emulator.stats
        #expect((stats.billed, stats.refused, stats.credits) == (3, 5, 0))
    }

    @Test("limits of requests, tokens and concurrency bite in the provider's own words")
    func limits() async throws {
        let target = ScriptedFault.Target.studio
        var options = Emulator.Options()
        options.requestsPerMinute = 1
        let few = try Emulator(options)
        defer { few.stop() }
        let probe = try Probe(few)
        #expect(try await probe.ask(target.path, target.body).status == 200)
        let refused = try await probe.ask(target.path, target.body)
        #expect(refused.status == 429)
        #expect(refused.json?["error"]?["code"] == "limit_requests")

        options = Emulator.Options()
        options.tokensPerMinute = 20
        let small = try Emulator(options)
        defer { small.stop() }
        #expect(try await Probe(small).ask(target.path, target.body).json?["error"]?["code"] == "insufficient_quota")

        options = Emulator.Options()
        options.concurrency = 1
        options.tokensPerSecond = 20
        let narrow = try Emulator(options)
        defer { narrow.stop() }
        let other = try Probe(narrow)
        let first = try await other.client.send(other.request(target.path, target.body))
        #expect(try await other.ask(target.path, target.body).status == 429)
        #expect(first.status == 200)
        #expect(narrow.stats.peak == 1)
    }
}
