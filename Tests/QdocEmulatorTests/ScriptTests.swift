import QdocCore
import QdocEmulator
import QdocTesting
import QdocTransport
import Testing

@Suite(.timeLimit(.minutes(2))) struct ScriptTests {
    @Test("a rule meets what it names, as often as it says")
    func matching() async throws {
        var options = Emulator.Options()
        options.rules = try FaultRule.list(
            Array(
                """
                [{"match": {"model": "gpt-4.1"}, "fault": {"kind": "status", "status": 503}},
                 {"match": {"imagesContain": 3, "path": "compatible-mode"}, "times": 1, "fault": {"kind": "status", "status": 502}},
                 {"match": {"number": 5}, "fault": {"kind": "status", "status": 500}},
                 {"match": {"promptContains": "Answer in JSON", "path": "vllm"}, "fault": {"kind": "status", "status": 504}},
                 {"match": {"imagesContain": 4}, "fault": {"kind": "status", "status": 400}}]
                """.utf8))
        let emulator = try Emulator(options)
        defer { emulator.stop() }
        let probe = try Probe(emulator)
        var statuses: [Int] = []
        for target in [ScriptedFault.Target.studio, .studio, .openai, .vllm, .studio, .studio] {
            statuses.append(try await probe.ask(target.path, target.body).status)
        }
        #expect(statuses == [502, 200, 503, 504, 500, 200])
        #expect(try await probe.ask("/_emulator/script", #"[{"fault": {"kind": "nothing"}}]"#).status == 400)
        #expect(try await probe.ask("/_emulator/script", "[]").status == 200)
        #expect(try await probe.ask(ScriptedFault.Target.openai.path, ScriptedFault.Target.openai.body).status == 200)
        #expect(try await probe.get("/_emulator/stats").json?["billed"] == 3)
    }

    @Test("a job of Segmind's is polled, fetched, and may fail")
    func jobs() async throws {
        let emulator = try Emulator()
        defer { emulator.stop() }
        let probe = try Probe(emulator)
        let target = ScriptedFault.Target.segmindAsync
        let submitted = try #require(try await probe.ask(target.path, target.body).json)
        let id = try #require(submitted["request_id"]?.string)
        #expect(submitted["status_url"]?.string == "\(emulator.address)/segmind/v2/requests/\(id)/status")
        var states: [String] = []
        for _ in 0..<3 { states.append(try await probe.get("/segmind/v2/requests/\(id)/status").json?["status"]?.string ?? "") }
        #expect(states == ["QUEUED", "PROCESSING", "COMPLETED"])
        let output = try await probe.get("/segmind/v2/requests/\(id)").json?["output"]?.string
        let answer = try JSONParser.parse(try #require(output))["choices"]?[0]?["message"]?["content"]?.string
        #expect(answer == #"{"title":"Emulated","keyFigures":[]}"#)
        #expect(try await probe.get("/segmind/v2/requests/none").status == 404)
    }

    @Test("there are sixty faults and more, each with a name of its own")
    func count() {
        #expect(FaultScript.all.count >= 60)
        #expect(Set(FaultScript.all.map(\.name)).count == FaultScript.all.count)
    }

    @Test("each fault shows itself, and is billed as its rule says", arguments: FaultScript.all)
    func faults(_ each: ScriptedFault) async throws {
        var options = Emulator.Options()
        options.rules = try each.rules
        options.polls = 0
        let emulator = try Emulator(options)
        defer { emulator.stop() }
        var probe = try Probe(emulator)
        // The stalls end by these.
        probe.timeouts.firstByte = .milliseconds(300)
        probe.timeouts.total = each.name.contains("silence") || each.name.contains("comments") ? .milliseconds(300) : .seconds(10)
        let fault = try #require(try each.rules.first?.fault)
        let target = each.target
        var answer: Probe.Answer?
        do {
            answer = try await probe.ask(target.path, target.body, headers: target.headers)
        } catch let failure as HTTPFailure {
            #expect([.drop, .stall, .badChunk, .hugeHeaders, .gzip, .gzipBomb].contains(fault.kind), "\(failure)")
        }
        let isPoll = each.rule.contains("/status")
        #expect(emulator.stats.billed == (fault.bills || isPoll ? 1 : 0))
        if let answer {
            let sound = try await sound(target)
            #expect(isPoll || fault.kind == .jobFailed || answer.status != 200 || normalised(answer, fault) != sound)
            if fault.kind == .status { #expect(isPoll || answer.status == fault.status) }
        }
    }

    /// What an answer without a fault looks like, ids and times aside.
    private func sound(_ target: ScriptedFault.Target) async throws -> String {
        let emulator = try Emulator()
        defer { emulator.stop() }
        return plain(try await Probe(emulator).ask(target.path, target.body, headers: target.headers).text)
    }

    /// Faults that show on the wire alone leave the text as it is.
    private func normalised(_ answer: Probe.Answer, _ fault: Fault) -> String {
        switch fault.kind {
        case .splitUTF8, .oneByteChunks, .slowDrip, .http10, .informational, .hugeHeaders, .wrongContentType, .partialResponse:
            fault.kind.rawValue
        default: plain(answer.text)
        }
    }

    private func plain(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            // JSON that cannot be read stays as it is.
            guard let start = line.firstIndex(of: "{"), var object = (try? JSONParser.parse(String(line[start...])))?.object else {
                return String(line)
            }
            for name in ["id", "request_id", "created"] where object[name] != nil { object[name] = 0 }
            return line[..<start] + JSONWriter.text(.object(object))
        }.joined(separator: "\n")
    }
}
