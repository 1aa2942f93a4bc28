internal import QdocCore
internal import QdocCrypto
internal import QdocRuntime
internal import QdocTesting
import Synchronization

/// All providers' endpoints on one loopback port, with their own rules, limits and books, and with every fault that a script asks for.
public final class Emulator: Sendable {
    /// How it is set up.
    public struct Options: Sendable {
        /// 0 for a free one.
        public var port: UInt16 = 0
        /// A file that the ledger is appended to.
        public var ledger: String?
        /// `dashscope=KEY,dashscope@beijing=KEY,segmind=KEY`: a provider that is not among them knows no key. Nil takes any key.
        public var keys: String?
        /// Nil where they never end.
        public var credits: Double?
        public var creditsPerCall = 1.0
        public var requestsPerMinute: Int?
        /// Input and output, the output when it is known.
        public var tokensPerMinute: Int?
        public var concurrency: Int?
        /// Before the first byte of an answer, in milliseconds.
        public var latency = 0
        /// Nil for as fast as they go.
        public var tokensPerSecond: Double?
        /// Instead of an instance of the schema that was asked for.
        public var answer: String?
        /// Instead of some 30 words.
        public var reasoning: String?
        /// Polls that find a job of Segmind's unfinished.
        public var polls = 2
        public var rules: [FaultRule] = []

        public init() {}
    }

    /// What came of the requests so far.
    public struct Stats: Sendable, Hashable {
        public var requests = 0
        public var refused = 0
        public var billed = 0
        public var finished = 0
        public var dropped = 0
        public var inputTokens = 0
        public var outputTokens = 0
        public var active = 0
        /// The most that were answered at once.
        public var peak = 0
        public var connections = 0
        public var credits: Double?
    }

    struct State {
        var stats = Stats()
        var limits: Limits
        var rules: [FaultRule]
        var jobs: [String: Job] = [:]
    }

    /// A call of Segmind's second version, from its submission on.
    struct Job {
        var output: JSONValue
        var failure: String?
        var polls: Int
    }

    /// Thirty words, some of them with letters beyond ASCII.
    static let thought =
        "First the legend — it names three bars. Then the axis: it begins at zero, in thousand tonnes. Müller's bar reaches 57, "
        + "the others 31 and 44. So the third is the tallest."

    /// `http://127.0.0.1:port`.
    public var address: String { listening.withLock { $0?.address ?? "" } }
    let options: Options
    let book: Ledger
    let keyring: Keyring
    let state: Mutex<State>
    private let listening = Mutex<LoopbackServer?>(nil)

    /// Starts to listen.
    public init(_ options: Options = Options()) throws {
        self.options = options
        book = try Ledger(options.ledger)
        keyring = Keyring(options.keys)
        let settings = Limits.Settings(
            requestsPerMinute: options.requestsPerMinute, tokensPerMinute: options.tokensPerMinute, concurrency: options.concurrency,
            creditsPerCall: options.creditsPerCall)
        state = Mutex(State(limits: Limits(settings, credits: options.credits), rules: options.rules))
        let server = try LoopbackServer(port: options.port, keepsRequests: false, reading: { [weak self] in self?.reading($0) ?? .whole }) {
            [weak self] exchange in self?.serve(exchange)
        }
        listening.withLock { $0 = server }
    }

    deinit {
        stop()
    }

    /// Ends every connection and listens no more.
    public func stop() {
        listening.withLock { $0?.stop() }
    }

    /// The base URL of a provider, to which a client adds `/chat/completions`, or a slug for Segmind.
    public func base(_ flavour: Flavour) -> String { address + flavour.basePath }

    /// All lines of the ledger.
    public var ledger: [Ledger.Entry] { book.entries }

    public var stats: Stats {
        let connections = listening.withLock { $0?.connectionCount ?? 0 }
        return state.withLock { state in
            var stats = state.stats
            stats.active = state.limits.active
            stats.peak = state.limits.peak
            stats.credits = state.limits.credits
            stats.connections = connections
            return stats
        }
    }

    /// Replaces the script.
    public func setRules(_ rules: [FaultRule]) {
        state.withLock { $0.rules = rules }
    }

    /// Fills an account up; nil makes it endless.
    public func setCredits(_ credits: Double?) {
        state.withLock { $0.limits.credits = credits }
    }

    /// The fault that meets a request, counted as used.
    func fault(path: String, number: Int?, model: String?, ask: Ask?) -> Fault? {
        state.withLock { state in
            let number = number ?? state.stats.requests + 1
            guard let index = state.rules.firstIndex(where: { $0.meets(path: path, number: number, model: model, ask: ask) }) else {
                return nil
            }
            if let times = state.rules[index].times { state.rules[index].times = times - 1 }
            return state.rules[index].fault
        }
    }

    private func reading(_ request: LoopbackServer.Request) -> LoopbackServer.Reading {
        let path = Self.path(request)
        guard let route = Route(path), route.isAsked, let fault = fault(path: path, number: nil, model: nil, ask: nil) else {
            return .whole
        }
        return .hangUp(afterBodyBytes: fault.at ?? 0, resets: fault.how == "reset")
    }

    static func path(_ request: LoopbackServer.Request) -> String {
        let words = request.line.split(separator: " ")
        return words.count > 1 ? String(words[1]) : ""
    }

    private func serve(_ exchange: LoopbackServer.Exchange) {
        let path = Self.path(exchange.request)
        if path.hasPrefix("/_emulator/") { return control(path, exchange) }
        guard let route = Route(path) else {
            return exchange.respond(404, Array(#"{"error": {"message": "nobody answers here", "code": 404}}"#.utf8))
        }
        let method = exchange.request.line.prefix { $0 != " " }
        guard method == (route.isAsked ? "POST" : "GET") else {
            return send(Refusal(.method, "the method \(method.prefix(10)) is not for this").reply(route, id: Self.id(0)), exchange)
        }
        if route.isAsked { Call(self, route, path, exchange).serve() } else { query(route, path, exchange) }
    }

    func send(_ reply: WholeReply, _ exchange: LoopbackServer.Exchange) {
        exchange.respond(reply.status, type: reply.type, headers: reply.headers, reply.body)
    }

    /// An id that looks like a provider's and does not come twice.
    static func id(_ number: Int) -> String {
        let digits = Array(SHA256.hexDigest(of: Array("\(number) \(WallClock.now())".utf8)))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return parts.map { String(digits[$0]) }.joined(separator: "-")
    }
}

// Jobs, and the emulator's own paths.
extension Emulator {
    private func query(_ route: Route, _ path: String, _ exchange: LoopbackServer.Exchange) {
        do throws(Refusal) {
            try keyring.check(route, headers: exchange.request.headers)
        } catch {
            return send(error.reply(route, id: Self.id(0)), exchange)
        }
        if let fault = fault(path: path, number: nil, model: "", ask: nil) {
            if let reply = Call.reply(instead: fault, route, headers: exchange.request.headers) { return send(reply, exchange) }
            return Outlet(exchange, fault: nil, isChunked: false).breakOff(fault)
        }
        let (id, isStatus) =
            switch route.operation {
            case .status(let id): (id, true)
            case .result(let id): (id, false)
            default: ("", false)
            }
        let reply: WholeReply? = state.withLock { state in
            guard let job = state.jobs[id] else { return nil }
            if isStatus, job.polls > 0 { state.jobs[id]?.polls -= 1 }
            guard job.polls <= 0 else {
                let status = job.polls >= options.polls ? "QUEUED" : "PROCESSING"
                return WholeReply(200, ["request_id": .string(id), "status": .string(status), "metrics": .object(JSONObject())])
            }
            if let failure = job.failure {
                return WholeReply(422, ["status": "FAILED", "error": .string(failure), "metrics": .object(JSONObject())])
            }
            let metrics: JSONValue = ["inference_time": 1]
            guard !isStatus else { return WholeReply(200, ["request_id": .string(id), "status": "COMPLETED", "metrics": metrics]) }
            let output = JSONWriter.text(job.output)
            return WholeReply(200, ["request_id": .string(id), "status": "COMPLETED", "output": .string(output), "metrics": metrics])
        }
        send(reply ?? Refusal(.notFound, "no request has this id").reply(route, id: Self.id(0)), exchange)
    }

    private func control(_ path: String, _ exchange: LoopbackServer.Exchange) {
        let body = exchange.request.body
        switch path {
        case "/_emulator/stats": exchange.respond(200, Array(JSONWriter.text(Self.json(stats)).utf8))
        case "/_emulator/ledger":
            let lines = ledger.map { JSONWriter.text($0.json) + "\n" }.joined()
            exchange.respond(200, type: "application/jsonl", Array(lines.utf8))
        case "/_emulator/credits":
            // Text that is no JSON sets nothing.
            guard let value = try? JSONParser.parse(body), value.object != nil else { return exchange.respond(400, []) }
            setCredits(value["credits"]?.double)
            exchange.respond(200, Array("{}".utf8))
        case "/_emulator/script":
            do throws(Failure) {
                setRules(try FaultRule.list(body))
                exchange.respond(200, Array("{}".utf8))
            } catch {
                exchange.respond(400, Array(JSONWriter.text(["error": .string(error.message)]).utf8))
            }
        default: exchange.respond(404, [])
        }
    }

    private static func json(_ stats: Stats) -> JSONValue {
        [
            "requests": .int(stats.requests), "refused": .int(stats.refused), "billed": .int(stats.billed),
            "finished": .int(stats.finished),
            "dropped": .int(stats.dropped), "inputTokens": .int(stats.inputTokens), "outputTokens": .int(stats.outputTokens),
            "active": .int(stats.active), "peak": .int(stats.peak), "connections": .int(stats.connections),
            "credits": stats.credits.map { .double($0) } ?? nil,
        ]
    }
}
