import Glibc
import QdocCore
import QdocModel
import QdocRuntime
import QdocTesting
import QdocTransport
import Synchronization

// What a streamed token costs. Without arguments a server in this process feeds a child of itself, which measures its own processor time:
//
//     QdocBenchmarks                                         all measurements
//     QdocBenchmarks URL STREAMS ROUNDS [IMAGE-KB [WIRE]]    against a server of your own, `http://127.0.0.1:8900/v1`

/// User and system time of this process, in microseconds.
func processorTime() -> Int {
    var usage = rusage()
    unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1_000_000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
}

final class Tally: Sendable {
    let counts = Mutex((tokens: 0, events: 0))
}

/// Asks `rounds` times on each of `streams` tasks and prints the processor time for each event, which the server tells by its usage.
func measure(url: String, streams: Int, rounds: Int, imageBytes: Int, wire: WireProtocol) async throws {
    let rule = ImageRule(patch: 28, minPixels: 3136, maxPixels: 1_003_520)
    let endpoint = ModelEndpoint(
        provider: "bench", model: "mock-json", wire: wire, baseURL: url, key: nil,
        profile: ModelProfile(fields: [.images], image: rule, price: .free))
    let client = ModelClient(endpoint: endpoint, transport: try HTTPClient())
    var parts: [ModelRequest.Part] = [.text("Count.")]
    if imageBytes > 0 {
        let record = ImageRecord(
            number: 1, page: PageReference(source: 1, pageNumber: 1), size: PixelSize(width: 28, height: 28), byteCount: imageBytes,
            encoding: .png, sha256: "", tokens: 3, pixelsPerPoint: 1)
        parts.append(.image(EncodedImage(record: record, bytes: [UInt8](repeating: 0x5A, count: imageBytes))))
    }
    let request = ModelRequest(parts: parts, maxOutputTokens: 1000)
    let tally = Tally()
    let ask = { @Sendable in
        try await client.stream(try client.prepare(request, call: 1)) { event in
            tally.counts.withLock { counts in
                counts.events += 1
                if case .usage(let usage) = event { counts.tokens += usage.outputTokens ?? 0 }
            }
        }
    }
    try await ask()
    tally.counts.withLock { $0 = (0, 0) }
    let start = processorTime()
    let clock = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<streams {
            group.addTask { for _ in 0..<rounds { try await ask() } }
        }
        try await group.waitForAll()
    }
    let spent = processorTime() - start
    let counts = tally.counts.withLock { $0 }
    let count = max(1, counts.tokens)
    let perEvent = Double(spent * 100 / count) / 100
    print(
        "\(count) tokens in \(counts.events) events over \(streams) streams: \(perEvent) us processor time a token, "
            + "\(spent / (streams * rounds)) us a call, wall \(ContinuousClock.now - clock)")
}

/// Answers each request with `count` tokens, `interval` milliseconds apart.
func makeServer(_ wire: WireProtocol, count: Int, interval: Int32) throws -> LoopbackServer {
    let frame: String
    let end: String
    if wire == .dashscope {
        let make = { (content: String, finish: String) in
            "id:1\nevent:result\n:HTTP_STATUS/200\n"
                + #"data:{"output":{"choices":[{"message":{"content":[\#(content)],"role":"assistant"},"finish_reason":"\#(finish)"}]},"#
                + #""usage":{"total_tokens":1252,"input_tokens_details":{"image_tokens":1198,"text_tokens":33},"output_tokens":\#(count),"#
                + #""input_tokens":1231,"output_tokens_details":{"text_tokens":21},"image_tokens":1198},"#
                + #""request_id":"5b0c7c1e-41d2-9a36-8f77-2c9e6a10d4b1"}"# + "\n\n"
        }
        frame = make(#"{"text":" word"}"#, "null")
        end = make("", "stop")
    } else {
        frame =
            #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1767000202,"model":"mock-json","choices":[{"index":0,"#
            + #""delta":{"content":" word"},"logprobs":null,"finish_reason":null}]}"# + "\n\n"
        end =
            #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
            + #"data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":\#(count)}}"# + "\n\ndata: [DONE]\n\n"
    }
    let chunk = String(frame.utf8.count, radix: 16) + "\r\n" + frame + "\r\n"
    return try LoopbackServer { exchange in
        exchange.beginStream()
        if interval == 0 {
            exchange.send(String(repeating: chunk, count: count))
        } else {
            for _ in 0..<count where exchange.send(chunk) { if exchange.pause(interval) { return } }
        }
        exchange.chunk(end)
        exchange.chunk("")
    }
}

let arguments = CommandLine.arguments.dropFirst().map { $0 }
if arguments.count >= 3, let streams = Int(arguments[1]), let rounds = Int(arguments[2]) {
    let kilobytes = arguments.count > 3 ? Int(arguments[3]) ?? 0 : 0
    let wire = arguments.count > 4 ? WireProtocol(rawValue: arguments[4]) ?? .chat : .chat
    try await measure(url: arguments[0], streams: streams, rounds: rounds, imageBytes: kilobytes << 10, wire: wire)
} else {
    for (name, wire, interval, rounds) in [
        ("in bulk", WireProtocol.chat, Int32(0), 50), ("in bulk, native", .dashscope, 0, 50), ("one by one, 60 a second", .chat, 16, 1),
    ] {
        for streams in [1, 8, 100] {
            let server = try makeServer(wire, count: 500, interval: interval)
            let result = try Subprocess(Files.programFolder + "/QdocBenchmarks").run(
                server.address + "/v1", String(streams), String(rounds), "0", wire.rawValue)
            print("\(name): \(result.output)\(result.errors)", terminator: "")
            server.stop()
        }
    }
}
