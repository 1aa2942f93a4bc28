import QdocCore
import QdocTesting
import QdocTransport
import Testing

@testable import QdocEmulator

@Suite(.timeLimit(.minutes(1))) struct RuleTests {
    struct Case: Sendable, CustomStringConvertible {
        var description: String
        var path = "/dashscope/compatible-mode/v1/chat/completions"
        /// Top-level fields; the message is added.
        var fields: String
        var image: (Int, Int)? = (100, 80)
        var status: Int
        /// What the refusal says.
        var words = ""
    }

    static let cases: [Case] = [
        Case(description: "QVQ as a stream", fields: #""model": "qvq-max", "stream": true"#, status: 200),
        Case(description: "QVQ as a whole", fields: #""model": "qvq-max""#, status: 400, words: "only support stream"),
        Case(
            description: "QVQ told to think", fields: #""model": "qvq-plus", "stream": true, "enable_thinking": true"#, status: 400,
            words: "enable_thinking"),
        Case(
            description: "QVQ with a budget", fields: #""model": "qvq-max-latest", "stream": true, "thinking_budget": 9"#, status: 400,
            words: "thinking_budget"),
        Case(description: "a hybrid by its date", fields: #""model": "qwen3.5-plus-2026-02-15", "enable_thinking": false"#, status: 200),
        Case(
            description: "a budget above the most", fields: #""model": "qwen3.5-plus", "thinking_budget": 81921"#, status: 400,
            words: "81920"),
        Case(
            description: "a thinker told not to", fields: #""model": "qwen3-vl-8b-thinking", "enable_thinking": false"#, status: 400,
            words: "only true"),
        Case(
            description: "a model without a switch", fields: #""model": "qwen2.5-vl-32b-instruct", "enable_thinking": true"#, status: 400,
            words: "enable_thinking"),
        Case(description: "a model of another region", fields: #""model": "kimi-k2.5""#, status: 404),
        Case(
            description: "the same in its own", path: "/dashscope-beijing/compatible-mode/v1/chat/completions",
            fields: #""model": "kimi-k2.5", "enable_thinking": true"#, status: 200),
        Case(description: "an image for a model of text", fields: #""model": "qwen-max""#, status: 400, words: "text alone"),
        Case(description: "text for it", fields: #""model": "qwen-max""#, image: nil, status: 200),
        Case(description: "a narrow image", fields: #""model": "qwen3-vl-plus""#, image: (11, 2_201), status: 400, words: "200 to 1"),
        Case(description: "a small image", fields: #""model": "qwen3-vl-plus""#, image: (10, 10), status: 400),
        Case(description: "the smallest image", fields: #""model": "qwen3-vl-plus""#, image: (11, 11), status: 200),
        Case(
            description: "JSON while thinking",
            fields: #""model": "qwen3-vl-plus", "enable_thinking": true, "response_format": {"type": "json_object"}"#, status: 400,
            words: "Json mode"),
        Case(
            description: "JSON without the word", fields: #""model": "qwen3-vl-plus", "response_format": {"type": "json_object"}"#,
            status: 400,
            words: "'json'"),
        Case(
            description: "a schema for a model of images",
            fields: #""model": "qwen3-vl-plus", "response_format": {"type": "json_schema", "json_schema": {"name": "a"}}"#, status: 400),
        Case(description: "too many tokens", fields: #""model": "qwen3-vl-plus", "max_tokens": 32769"#, status: 400, words: "32768"),
        Case(description: "no token", fields: #""model": "qwen3-vl-plus", "max_tokens": 0"#, status: 400, words: "max_tokens"),
        Case(
            description: "stream options without a stream", fields: #""model": "qwen3-vl-plus", "stream_options": {"include_usage": true}"#,
            status: 400, words: "stream_options"),
        Case(description: "a temperature of 2", fields: #""model": "qwen3-vl-plus", "temperature": 2"#, status: 400),
        Case(
            description: "the same elsewhere", path: "/openrouter/api/v1/chat/completions",
            fields: #""model": "qwen/qwen3-vl-8b", "temperature": 2"#, status: 200),
        Case(
            description: "Alibaba's field at OpenAI", path: "/openai/v1/chat/completions",
            fields: #""model": "gpt-4.1", "enable_thinking": true"#,
            status: 400),
        Case(description: "a stream from Segmind", path: "/segmind/v1/qvq-max", fields: #""stream": true"#, status: 400),
        Case(description: "Segmind's slug", path: "/segmind/v1/qvq-max", fields: #""max_tokens": 100"#, status: 200),
        Case(description: "no slug of Segmind's", path: "/segmind/v1/nothing", fields: #""max_tokens": 100"#, status: 404),
    ]

    @Test("requests are taken and refused as their providers do", arguments: cases)
    func rules(_ each: Case) async throws {
        let emulator = try Emulator()
        defer { emulator.stop() }
        let image = each.image == nil ? "" : #"{"type": "image_url", "image_url": {"url": "IMAGE"}}, "#
        let message = #""messages": [{"role": "user", "content": [\#(image){"type": "text", "text": "What is it?"}]}]"#
        let answer = try await Probe(emulator).ask(each.path, "{\(each.fields), \(message)}", image: each.image)
        #expect(answer.status == each.status, "\(answer.text)")
        #expect(each.words.isEmpty || answer.text.contains(each.words), "\(answer.text)")
        #expect(emulator.stats.billed == (each.status == 200 ? 1 : 0))
    }

    @Test("a data URI of more than ten megabytes is refused")
    func largeImage() async throws {
        let emulator = try Emulator()
        defer { emulator.stop() }
        let filler = String(repeating: "A", count: 10_485_760)
        let message = #"[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "IMAGE\#(filler)"}}]}]"#
        let body = #"{"model": "qwen3-vl-plus", "messages": \#(message)}"#
        let answer = try await Probe(emulator).ask(ScriptedFault.Target.studio.path, body, image: (100, 100))
        #expect(answer.status == 400)
        #expect(answer.text.contains("data-uri item"))
    }

    @Test("DashScope's own stream says in its frames what is wrong, and its paths take their own models alone")
    func native() async throws {
        let emulator = try Emulator()
        defer { emulator.stop() }
        let probe = try Probe(emulator)
        let target = ScriptedFault.Target.native
        let messages = #""input": {"messages": [{"role": "user", "content": [{"text": "a"}]}]}"#
        let body = #"{"model": "qvq-max", \#(messages), "parameters": {"incremental_output": false}}"#
        let refused = try await probe.ask(target.path, body, headers: target.headers)
        #expect(refused.status == 200)
        #expect(refused.text.hasPrefix("id:1\nevent:error\n:HTTP_STATUS/400\ndata:{\"code\":\"InvalidParameter\""))
        let elsewhere = try await probe.ask(
            "/dashscope/api/v1/services/aigc/text-generation/generation", target.body, headers: target.headers)
        #expect(elsewhere.text.contains("url error"))
        let taken = try await probe.ask(target.path, target.body, headers: target.headers)
        #expect(!taken.text.contains("[DONE]"))
        #expect(taken.text.contains("\"finish_reason\":\"stop\""))
        let whole = try await probe.ask(target.path, target.body)
        #expect(whole.status == 400)
        #expect(whole.json?["code"]?.string == "InvalidParameter")
    }

    @Test("a key opens its own region alone, in the header that its provider reads")
    func keys() async throws {
        var options = Emulator.Options()
        options.keys = "dashscope=sk-s,dashscope@beijing=sk-b,segmind=sg"
        let emulator = try Emulator(options)
        defer { emulator.stop() }
        let probe = try Probe(emulator)
        func status(_ target: ScriptedFault.Target, _ path: String, _ name: String, _ value: String) async throws -> Int {
            try await probe.ask(path, target.body, headers: [HTTPHeader(name, value)]).status
        }
        let studio = ScriptedFault.Target.studio
        let beijing = "/dashscope-beijing/compatible-mode/v1/chat/completions"
        #expect(try await status(studio, studio.path, "Authorization", "Bearer sk-s") == 200)
        #expect(try await status(studio, studio.path, "Authorization", "Bearer sk-b") == 401)
        #expect(try await status(studio, beijing, "Authorization", "Bearer sk-b") == 200)
        #expect(try await status(studio, studio.path, "x-api-key", "sk-s") == 401)
        let segmind = ScriptedFault.Target.segmind
        #expect(try await status(segmind, segmind.path, "x-api-key", "sg") == 200)
        #expect(try await status(segmind, segmind.path, "Authorization", "Bearer sg") == 401)
        #expect(try await status(segmind, "/segmind/v1/qwen2p5-vl-32b-instruct", "Authorization", "Bearer sg") == 200)
    }

    // Source: the worked examples of the vendors' arithmetic; the first is the vendor's own transcript.
    @Test(
        "images count as their providers count them",
        arguments: [
            ("qvq-max", 1_024, 406, 520), ("qvq-max", 1_280, 720, 1_198), ("qvq-max", 1_920, 1_080, 1_224),
            ("qwen3.5-plus", 1_920, 1_080, 2_042),
            ("qwen3.5-flash", 2_480, 3_508, 2_522), ("qvq-max", 2_480, 3_508, 1_262), ("qvq-plus", 200, 160, 44),
            ("qwen3-vl-plus", 200, 160, 74),
            ("qwen3-vl-flash", 2_044, 1_372, 2_503), ("qwen3-vl-8b-thinking", 800, 600, 477), ("kimi-k2.5", 1_280, 720, 1_196),
            ("kimi-k2.5", 2_480, 3_508, 4_158),
        ])
    func arithmetic(model: String, width: Int, height: Int, tokens: Int) throws {
        let hosted = try #require(HostedModel.named(model, at: Scope(flavour: .dashscope, region: "beijing")))
        #expect(hosted.counting.tokens(width: width, height: height, isHigh: false) == tokens)
    }

    @Test("large images and videos count likewise")
    func moreArithmetic() throws {
        let scope = Scope(flavour: .dashscope)
        let (qvq, plus) = (
            try #require(HostedModel.named("qvq-max", at: scope)), try #require(HostedModel.named("qwen3-vl-plus", at: scope))
        )
        #expect(qvq.counting.tokens(width: 2_480, height: 3_508, isHigh: true) == 11_127)
        #expect(plus.counting.tokens(width: 2_480, height: 3_508, isHigh: true) == 8_582)
        let tiles = TokenCounting.tiles(base: 85, perTile: 170)
        #expect(tiles.tokens(width: 1_024, height: 1_024, isHigh: false) == 765)
        #expect(tiles.tokens(width: 1_600, height: 900, isHigh: false) == 1_105)
        #expect(plus.counting.videoTokens(frames: 4, width: 1_280, height: 720, isWide: true) == 1_190)
        #expect(plus.counting.videoTokens(frames: 4, width: 1_280, height: 720, isWide: false) == 1_442)
        #expect(qvq.counting.videoTokens(frames: 4, width: 1_280, height: 720, isWide: false) == 1_190)
        #expect(plus.counting.videoTokens(frames: 30, width: 1_280, height: 720, isWide: true) == 8_912)
        #expect(plus.counting.videoTokens(frames: 240, width: 1_920, height: 1_080, isWide: true) == 71_282)
    }
}
