import Glibc
import QdocCore
import QdocModel
import QdocRuntime
import QdocTesting
import QdocTransport
import Synchronization

// What a streamed token costs, and how late it comes. Without arguments a server in this process feeds children of itself, which measure
// their own processor time:
//
//     QdocBenchmarks                                         all measurements
//     QdocBenchmarks crowd                                   200 streams on one core alone
//     QdocBenchmarks pages FILE [LANES [PARTS]]             every page of a file as an image; see `PagesBenchmark`
//     QdocBenchmarks proof [PAGES [VALUES]]                 values held against pages; see `ProofBenchmark`
//     QdocBenchmarks answer [KILOBYTES [ROUNDS]]            an answer read, mended and checked; see `AnswerBenchmark`
//     QdocBenchmarks URL STREAMS ROUNDS [IMAGE-KB [WIRE]]    against a server of your own, `http://127.0.0.1:8900/v1`

/// User and system time of this process, in microseconds.
func processorTime() -> Int {
    var usage = rusage()
    unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1_000_000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
}

/// Microseconds of a clock that all processes of the machine share.
func sharedTime() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
}

/// The most memory this process has had, and what it has now without what others share, in KiB.
func memory() -> (peak: Int, proportional: Int) {
    func read(_ path: String, _ name: String) -> Int {
        guard let file = unsafe fopen(path, "r") else { return 0 }
        defer { unsafe fclose(file) }
        var buffer = [CChar](repeating: 0, count: 256)
        while unsafe fgets(&buffer, Int32(buffer.count), file) != nil {
            let line = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if line.hasPrefix(name) { return Int(line.dropFirst(name.count).filter(\.isNumber)) ?? 0 }
        }
        return 0
    }
    return (read("/proc/self/status", "VmHWM:"), read("/proc/self/smaps_rollup", "Pss:"))
}

final class Tally: Sendable {
    struct Counts {
        var tokens = 0
        var events = 0
        /// Microseconds from the server's stamp in each token to its consumer.
        var lateness: [Int] = []
        var proportional = 0

        /// Takes the stamps (`@` and digits) out of a piece of an answer.
        mutating func note(_ text: String) {
            let now = sharedTime()
            var stamp: Int?
            for byte in text.utf8 {
                if byte == UInt8(ascii: "@") {
                    stamp = 0
                } else if let value = stamp, (0x30...0x39).contains(byte) {
                    stamp = value * 10 + Int(byte - 0x30)
                } else if let value = stamp {
                    lateness.append(now - value)
                    stamp = nil
                }
            }
        }
    }

    let counts = Mutex(Counts())
}

/// Asks `rounds` times on each of `streams` tasks and prints the processor time for each event, which the server tells by its usage.
func measure(url: String, streams: Int, rounds: Int, imageBytes: Int, wire: WireProtocol) async throws {
    let rule = ImageRule(patch: 28, minPixels: 3136, maxPixels: 1_003_520)
    let profile = ModelProfile(fields: [.images], image: rule, price: .free)
    let endpoint = ModelEndpoint(provider: "bench", model: "mock-json", wire: wire, baseURL: url, key: nil, profile: profile)
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
                if case .answer(let text) = event { counts.note(text) }
                if case .usage(let usage) = event {
                    counts.tokens += usage.outputTokens ?? 0
                    // Once, while the others still run: the kernel walks all pages for it.
                    if counts.proportional == 0 { counts.proportional = memory().proportional }
                }
            }
        }
    }
    try await ask()
    tally.counts.withLock { $0 = Tally.Counts() }
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
    let late = counts.lateness.sorted()
    guard let latest = late.last else { return }
    let (median, high) = (late[late.count / 2] / 1_000, late[late.count * 99 / 100] / 1_000)
    print(
        "    late by \(median) ms in the median, \(high) ms at 99 %, \(latest / 1_000) ms at most; "
            + "memory \(memory().peak >> 10) MB at most, \(counts.proportional >> 10) MB unshared at an end")
}

/// A frame with a text, and the frames that end the stream.
func frames(_ wire: WireProtocol, count: Int) -> (frame: @Sendable (String) -> String, end: String) {
    if wire == .dashscope {
        let make = { @Sendable (content: String, finish: String) in
            "id:1\nevent:result\n:HTTP_STATUS/200\n"
                + #"data:{"output":{"choices":[{"message":{"content":[\#(content)],"role":"assistant"},"finish_reason":"\#(finish)"}]},"#
                + #""usage":{"total_tokens":1252,"input_tokens_details":{"image_tokens":1198,"text_tokens":33},"output_tokens":\#(count),"#
                + #""input_tokens":1231,"output_tokens_details":{"text_tokens":21},"image_tokens":1198},"#
                + #""request_id":"5b0c7c1e-41d2-9a36-8f77-2c9e6a10d4b1"}"# + "\n\n"
        }
        return ({ make(#"{"text":"\#($0)word"}"#, "null") }, make("", "stop"))
    }
    let make = { @Sendable (text: String) in
        #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1767000202,"model":"mock-json","choices":[{"index":0,"#
            + #""delta":{"content":"\#(text)word"},"logprobs":null,"finish_reason":null}]}"# + "\n\n"
    }
    let end =
        #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
        + #"data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":\#(count)}}"# + "\n\ndata: [DONE]\n\n"
    return (make, end)
}

/// Answers each request with `count` tokens, `interval` milliseconds apart, each with the time at which it was sent.
func makeServer(_ wire: WireProtocol = .chat, count: Int, interval: Int32) throws -> LoopbackServer {
    let (frame, end) = frames(wire, count: count)
    @Sendable func chunk(_ stamp: String) -> String {
        let frame = frame(stamp)
        return String(frame.utf8.count, radix: 16) + "\r\n" + frame + "\r\n"
    }
    let bulk = String(repeating: chunk(" "), count: count)
    return try LoopbackServer { exchange in
        exchange.beginStream()
        if interval == 0 {
            exchange.send(bulk)
        } else {
            for _ in 0..<count where exchange.send(chunk("@\(sharedTime()) ")) { if exchange.pause(interval) { return } }
        }
        exchange.chunk(end)
        exchange.chunk("")
    }
}

let arguments = CommandLine.arguments.dropFirst().map { $0 }
if arguments.first == "pages", arguments.count >= 2 {
    try await PagesBenchmark(arguments.dropFirst().map { $0 }).run()
} else if arguments.first == "proof" {
    ProofBenchmark(arguments.dropFirst().map { $0 }).run()
} else if arguments.first == "answer" {
    try AnswerBenchmark(arguments.dropFirst().map { $0 }).run()
} else if arguments.count >= 3, let streams = Int(arguments[1]), let rounds = Int(arguments[2]) {
    let kilobytes = arguments.count > 3 ? Int(arguments[3]) ?? 0 : 0
    let wire = arguments.count > 4 ? WireProtocol(rawValue: arguments[4]) ?? .chat : .chat
    try await measure(url: arguments[0], streams: streams, rounds: rounds, imageBytes: kilobytes << 10, wire: wire)
} else {
    let program = Files.programFolder + "/QdocBenchmarks"
    let oneByOne = "one by one, 60 a second"
    if arguments.first != "crowd" {
        for (name, wire, interval, rounds) in [
            ("in bulk", WireProtocol.chat, Int32(0), 50), ("in bulk, native", .dashscope, 0, 50), (oneByOne, .chat, 16, 1),
        ] {
            for streams in [1, 8, 100] {
                let server = try makeServer(wire, count: 500, interval: interval)
                let result = try Subprocess(program).run(server.address + "/v1", String(streams), String(rounds), "0", wire.rawValue)
                print("\(name): \(result.output)\(result.errors)", terminator: "")
                server.stop()
            }
        }
    }
    let server = try makeServer(count: 500, interval: 16)
    let result = try Subprocess("taskset").run("-c", "0", program, server.address + "/v1", "200", "1")
    print("on one core, \(oneByOne): \(result.output)\(result.errors)", terminator: "")
    server.stop()
}
