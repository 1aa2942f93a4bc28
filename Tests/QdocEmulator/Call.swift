internal import QdocCore
internal import QdocCrypto
internal import QdocRuntime
internal import QdocTesting
import Synchronization

/// One request for an answer, from its keys to its last byte.
final class Call {
    private let emulator: Emulator
    private let route: Route
    private let exchange: LoopbackServer.Exchange
    private let number: Int
    private let id: String
    private var entry: Ledger.Entry
    /// DashScope's own protocol answers a stream with status 200, whatever is wrong with what it was asked.
    private var refusesInStream = false
    /// Whether it counts among those under way.
    private var isActive = false
    private var headers: [String: String] { exchange.request.headers }

    init(_ emulator: Emulator, _ route: Route, _ path: String, _ exchange: LoopbackServer.Exchange) {
        self.emulator = emulator
        self.route = route
        self.exchange = exchange
        let number = emulator.state.withLock { state in
            state.stats.requests += 1
            return state.stats.requests
        }
        self.number = number
        id = Emulator.id(number)
        entry = Ledger.Entry(
            time: 0, number: number, connection: exchange.request.connection, path: path, model: "",
            bodySHA256: SHA256.hexDigest(of: exchange.request.body), images: [], promptDigest: "", event: .received, inputTokens: 0,
            outputTokens: 0, state: "")
    }

    private func note(_ event: Ledger.Event, _ said: String) {
        entry.time = WallClock.now()
        entry.event = event
        entry.state = said
        emulator.book.append(entry)
        let (input, output) = (entry.inputTokens, entry.outputTokens)
        emulator.state.withLock { state in
            switch event {
            case .received: break
            case .refused: state.stats.refused += 1
            case .billed:
                state.stats.billed += 1
                state.stats.inputTokens += input
            case .finished:
                state.stats.finished += 1
                state.stats.outputTokens += output
            case .dropped:
                state.stats.dropped += 1
                state.stats.outputTokens += output
            }
        }
    }

    func serve() {
        note(.received, "")
        let ask: Ask
        do throws(Refusal) {
            ask = try admitted()
        } catch {
            return refuse(error)
        }
        let fault = emulator.fault(path: entry.path, number: number, model: ask.model, ask: ask)
        if let fault, !fault.bills { return play(unbilled: fault) }
        do throws(Refusal) {
            try emulator.state.withLock { (state) throws(Refusal) in
                try state.limits.admit(input: ask.inputTokens, now: .now)
            }
        } catch {
            return refuse(error)
        }
        isActive = true
        note(.billed, ask.thinks ? "thinking" : "plain")
        guard emulator.options.latency <= 0 || !exchange.pause(Int32(clamping: emulator.options.latency)) else {
            return settle(.dropped, "client")
        }
        answer(ask, fault)
        settle(.dropped, "client")
    }

    /// Books the end, once. Before the last byte leaves or the connection ends, so that a client that has seen the end finds it booked.
    private func settle(_ event: Ledger.Event, _ said: String) {
        guard isActive else { return }
        isActive = false
        note(event, said)
        let output = entry.outputTokens
        emulator.state.withLock { $0.limits.leave(output: output, now: .now) }
    }

    /// - Throws: `Refusal` of what the provider's rules do not let pass.
    private func admitted() throws(Refusal) -> Ask {
        try emulator.keyring.check(route, headers: headers)
        var reader = try AskReader(route, headers: headers, body: exchange.request.body)
        entry.model = reader.model
        if case .native = route.operation { refusesInStream = reader.streams }
        let ask = try reader.read()
        refusesInStream = false
        entry.images = ask.imageNumbers
        entry.promptDigest = ask.promptDigest
        entry.inputTokens = ask.inputTokens
        return ask
    }
}

// Refusals, those of the script among them.
extension Call {
    private func refuse(_ refusal: Refusal) {
        note(.refused, "\(refusal.status(route.scope.flavour)) \(refusal.reason)")
        guard refusesInStream else { return emulator.send(withCredits(refusal.reply(route, id: id)), exchange) }
        var encoder = ReplyEncoder(route: route, ask: Ask(), id: id)
        exchange.send(head(200, "text/event-stream;charset=UTF-8", ["Transfer-Encoding: chunked"]))
        exchange.chunk(encoder.stream(.error(refusal)))
        exchange.chunk([])
    }

    private func play(unbilled fault: Fault) {
        if let reply = Self.reply(instead: fault, route, headers: headers) {
            note(.refused, "fault \(fault.kind.rawValue)")
            return emulator.send(withCredits(reply), exchange)
        }
        note(.dropped, "fault \(fault.kind.rawValue)")
        Outlet(exchange, fault: fault, isChunked: false).breakOff(fault)
    }

    private func withCredits(_ reply: WholeReply) -> WholeReply {
        var reply = reply
        reply.headers += creditHeaders
        return reply
    }

    private var creditHeaders: [String] {
        guard route.scope.flavour == .segmind else { return [] }
        let left = emulator.state.withLock { $0.limits.credits } ?? 1_000
        return ["x-remaining-credits: \(JSONNumber(left)?.lexical ?? "0")"]
    }

    /// What a fault sends in place of an answer; nil of faults that are played otherwise.
    static func reply(instead fault: Fault, _ route: Route, headers: [String: String]) -> WholeReply? {
        let id = Emulator.id(0)
        var reply: WholeReply
        switch fault.kind {
        case .tooMany:
            reply = Refusal(fault.how == "tokens" ? .tooManyTokens : .tooManyRequests, "slow down (scripted)").reply(route, id: id)
            // What the script says about waiting stands alone.
            if fault.how == "bare" || !fault.headers.isEmpty || fault.retryDate != nil {
                reply.headers.removeAll { $0.hasPrefix("Retry-After") }
            }
        case .status:
            let status = fault.status ?? 500
            reply = refusal(status).reply(route, id: id)
            reply.status = status
        case .html:
            reply = WholeReply(
                fault.status ?? 502, type: "text/html",
                "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body>No.</body></html>\n")
        case .redirect:
            reply = WholeReply(fault.status ?? 307, ["error": "moved"], headers: ["Location: \(fault.text ?? "http://127.0.0.1:1/")"])
        case .echoKey where fault.how != "answer":
            let key = headers["authorization"] ?? headers["x-api-key"] ?? ""
            reply = Refusal(.unauthorized, "Incorrect API key provided: \(key)").reply(route, id: id)
        case .contentBlocked where fault.at == 0: reply = Refusal(.blocked, "the content check withholds this").reply(route, id: id)
        default: return nil
        }
        if let body = fault.body { reply.body = Array(body.utf8) }
        if let seconds = fault.retryDate { reply.headers.append("Retry-After: \(date(in: seconds))") }
        reply.headers += fault.headers
        return reply
    }

    private static func refusal(_ status: Int) -> Refusal {
        switch status {
        case 401: Refusal(.unauthorized, "the key was not accepted (scripted)")
        case 404: Refusal(.unknownModel, "no such model (scripted)")
        case 402, 406: Refusal(.noCredits, "balance 0, the call needs 1 (scripted)")
        case 429: Refusal(.tooManyRequests, "slow down (scripted)")
        case 500...: Refusal(.server, "a fault of the server (scripted)", status: status)
        default: Refusal(.invalid, "not like this (scripted)")
        }
    }

    /// An HTTP date.
    ///
    /// - Source: RFC 9110 §5.6.7.
    private static func date(in seconds: Int) -> String {
        let time = WallClock.now() + Int64(seconds) * 1_000_000
        let text = WallClock.rfc3339(time)
        let parts = text.prefix(10).split(separator: "-")
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = months[(Int(parts[1]) ?? 1) - 1]
        return "\(days[Int(time / 86_400_000_000) % 7]), \(parts[2]) \(month) \(parts[0]) \(text.dropFirst(11).prefix(8)) GMT"
    }
}

// Answers.
extension Call {
    private func answer(_ ask: Ask, _ fault: Fault?) {
        // A fault that stands in place of an answer and is billed all the same.
        if let fault, let reply = Self.reply(instead: fault, route, headers: headers) {
            settle(.finished, "fault \(fault.kind.rawValue)")
            return emulator.send(withCredits(reply), exchange)
        }
        if let fault, [.drop, .stall].contains(fault.kind), fault.when == "request" { return breakOff(fault) }
        var answer = fault?.text ?? emulator.options.answer ?? AnswerWriting.answer(ask)
        if fault?.kind == .repetition { answer = emulator.options.answer ?? AnswerWriting.answer(ask) }
        if let fault, fault.kind == .echoKey {
            let key = headers["authorization"] ?? headers["x-api-key"] ?? ""
            answer = answer.split(separator: "Emulated", omittingEmptySubsequences: false).joined(separator: key)
        }
        let thought = fault?.reasoning ?? emulator.options.reasoning ?? Emulator.thought
        var steps = [Step].answer(route, ask, thought: thought, answer: answer)
        var encoder = ReplyEncoder(route: route, ask: ask, id: id)
        if let fault { Self.bend(&steps, &encoder, by: fault) }
        if ask.streams { stream(steps, &encoder, fault) } else { whole(steps, &encoder, fault) }
    }

    private func breakOff(_ fault: Fault) {
        outlet(fault, isChunked: false).breakOff(fault)
    }

    private func outlet(_ fault: Fault?, isChunked: Bool) -> Outlet {
        Outlet(exchange, fault: fault, isChunked: isChunked) { [self] in settle(.dropped, "fault \(fault?.kind.rawValue ?? "")") }
    }

    /// Changes an answer as a fault wants it.
    private static func bend(_ steps: inout [Step], _ encoder: inout ReplyEncoder, by fault: Fault) {
        let place = steps.place(ofToken: fault.at)
        switch fault.kind {
        case .halfJSON: steps.insert(.raw("data: {\"choices\":[{\"index\":0,\"delta\":{\"con\n\n"), at: place)
        case .bigLine:
            steps.insert(.answer(String(decoding: [UInt8](repeating: 0x20, count: fault.size ?? 10 << 20), as: UTF8.self)), at: place)
        case .unknownEvent:
            let control = "event: ping\nid: 9\nretry: 3000\n\n: a note\n\n"
            steps.insert(.raw(fault.how == "data" ? "event: heartbeat\ndata: {\"type\":\"heartbeat\"}\n\n" : control), at: place)
        case .keepAlive: steps = steps.flatMap { [.raw(": keep-alive\n\n"), $0] }
        case .duplicateFinish:
            if let index = steps.firstIndex(where: { if case .finish = $0 { true } else { false } }) {
                steps.insert(steps[index], at: index)
            }
        case .inStreamError:
            steps.removeSubrange(place...)
            steps.append(.error(Refusal(.server, "the model stopped (scripted)", status: fault.status)))
        case .contentBlocked:
            if fault.how == "finish" { return steps.end(at: place, "content_filter") }
            steps.removeSubrange(place...)
            steps.append(.error(Refusal(.blocked, "the content check withholds the answer (scripted)")))
        case .noUsage:
            encoder.hidesUsage = true
            steps.removeUsage()
        case .noDone: steps.removeDone()
        case .noFinish: steps.removeFinish()
        case .partialResponse:
            steps.removeSubrange(place...)
        case .toolCalls: steps.end(at: place, "tool_calls", with: [.tool])
        case .lengthCut: steps.end(at: place, "length")
        case .repetition: steps.end(at: place, "length", with: [.endless(fault.text ?? "the same again, ")])
        default: break
        }
    }

    private func head(_ status: Int, _ type: String, _ lines: [String], version: String = "HTTP/1.1") -> String {
        var lines = ["\(version) \(status) Emulated", "Content-Type: \(type)"] + lines
        switch route.scope.flavour {
        case .dashscope: lines += ["x-request-id: \(id)", "server: istio-envoy"]
        case .openai: lines += ["x-request-id: req_\(id)"]
        case .aimlapi: lines += ["x-request-id: \(id)", "x-inference-id: \(id)"]
        default: break
        }
        return (lines + creditHeaders).joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// Sends the head; false where that is all that there will be.
    private func begin(_ type: String, length: Int?, _ fault: Fault?, _ extra: [String] = []) -> Bool {
        var lines = extra
        var version = "HTTP/1.1"
        if fault?.kind == .http10 {
            version = "HTTP/1.0"
        } else {
            lines.append(length.map { "Content-Length: \($0)" } ?? "Transfer-Encoding: chunked")
        }
        switch fault?.kind {
        case .hugeHeaders: lines += (0..<(fault?.size ?? 2_000)).map { "x-filler-\($0): \(String(repeating: "f", count: 100))" }
        case .partialResponse: lines.append("x-dashscope-partialresponse: true")
        case .informational:
            exchange.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n")
        default: break
        }
        let wrong = fault?.text ?? (length == nil ? "application/json" : "text/plain")
        let text = head(200, fault?.kind == .wrongContentType ? wrong : type, lines + (fault?.headers ?? []), version: version)
        if let fault, [.drop, .stall].contains(fault.kind), fault.when == "headers" {
            exchange.send(Array(text.utf8.prefix(text.utf8.count / 2)))
            breakOff(fault)
            return false
        }
        exchange.send(text)
        return true
    }

    /// Sends a body as a whole, or the last of it.
    private func end(_ outlet: Outlet, _ fault: Fault?, _ body: [UInt8]) {
        _ = outlet.send(Array(body.dropLast()))
        if outlet.end == .complete { settle(.finished, fault.map { "fault \($0.kind.rawValue)" } ?? "") }
        _ = outlet.send(Array(body.suffix(1)))
        outlet.close()
        if fault?.kind == .http10 { exchange.hangUp() }
    }

    private func whole(_ steps: [Step], _ encoder: inout ReplyEncoder, _ fault: Fault?) {
        var pacer = Pacer(tokensPerSecond: emulator.options.tokensPerSecond)
        var refusal: Refusal?
        for step in steps {
            if case .endless(let text) = step {
                while encoder.outputTokens < encoder.ask.maxOutput { encoder.collect(.answer(text)) }
            }
            if case .error(let said) = step { refusal = said }
            encoder.collect(step)
        }
        entry.outputTokens = encoder.outputTokens
        guard pacer.wait(tokens: encoder.outputTokens, exchange) else { return }
        var body = refusal.map { $0.reply(route, id: id).body } ?? Array(JSONWriter.text(encoder.whole).utf8)
        if case .submit = route.operation {
            let failure = fault?.kind == .jobFailed ? fault?.text ?? "the model failed (scripted)" : nil
            let (whole, id, polls) = (encoder.whole, id, emulator.options.polls)
            emulator.state.withLock { state in
                // Nobody fetches jobs that old.
                if state.jobs.count >= 10_000 { state.jobs.removeAll() }
                state.jobs[id] = Emulator.Job(output: whole, failure: failure, polls: polls)
            }
            let base = "http://\(headers["host"] ?? "127.0.0.1")/segmind/v2/requests/\(id)"
            body = Array(
                JSONWriter.text(["request_id": .string(id), "status_url": .string(base + "/status"), "response_url": .string(base)]).utf8)
        }
        var lines: [String] = []
        switch fault?.kind {
        case .halfJSON: body = Array(body.prefix(body.count / 2))
        case .emptyBody: body = []
        case .gzip: (body, lines) = (Gzip.stored(body), ["Content-Encoding: gzip"])
        case .gzipBomb: (body, lines) = (Gzip.bomb(of: fault?.size ?? 64 << 20), ["Content-Encoding: gzip"])
        default: break
        }
        guard begin("application/json", length: body.count, fault, lines) else { return }
        end(outlet(fault, isChunked: false), fault, body)
    }

    private func stream(_ steps: [Step], _ encoder: inout ReplyEncoder, _ fault: Fault?) {
        let type = route.scope.flavour == .dashscope ? "text/event-stream;charset=UTF-8" : "text/event-stream"
        if let fault, [.emptyBody, .gzip, .gzipBomb].contains(fault.kind) { return packed(steps, &encoder, fault, type) }
        guard begin(type, length: nil, fault) else { return }
        let outlet = outlet(fault, isChunked: fault?.kind != .http10)
        var pacer = Pacer(tokensPerSecond: emulator.options.tokensPerSecond)
        for step in steps {
            if case .endless(let text) = step {
                for piece in cycle([Step].pieces(of: text), until: encoder.ask.maxOutput) {
                    guard pass(.answer(piece), &encoder, outlet, &pacer) else { break }
                }
            } else {
                _ = pass(step, &encoder, outlet, &pacer)
            }
            if outlet.end != .complete { break }
        }
        end(outlet, fault, [])
    }

    private func cycle(_ pieces: [String], until count: Int) -> some Sequence<String> {
        (0..<count).lazy.map { pieces[$0 % pieces.count] }
    }

    private func pass(_ step: Step, _ encoder: inout ReplyEncoder, _ outlet: Outlet, _ pacer: inout Pacer) -> Bool {
        guard pacer.wait(tokens: step.tokens, exchange) else { return outlet.leave() }
        let bytes = Array(encoder.stream(step).utf8)
        entry.outputTokens = encoder.outputTokens
        return outlet.send(bytes)
    }

    /// A stream that goes out in one piece, which is what a proxy in between makes of it.
    private func packed(_ steps: [Step], _ encoder: inout ReplyEncoder, _ fault: Fault, _ type: String) {
        var body: [UInt8] = []
        for step in steps { body += Array(encoder.stream(step).utf8) }
        var lines = ["Content-Encoding: gzip"]
        switch fault.kind {
        case .gzip: body = Gzip.stored(body)
        case .gzipBomb: body = Gzip.bomb(of: fault.size ?? 64 << 20)
        default: (body, lines) = ([], [])
        }
        entry.outputTokens = encoder.outputTokens
        guard begin(type, length: body.count, fault, lines) else { return }
        end(outlet(fault, isChunked: false), fault, body)
    }
}
