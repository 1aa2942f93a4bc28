public import QdocCore
public import QdocTransport

/// One question, ready to be sent, and what it will take out of the machine.
public struct ModelCall: Sendable {
    public let egress: Egress
    let request: WireRequest
}

/// Asks a hosted model in the language of its endpoint.
///
/// A question is sent once; nothing is sent again by itself.
public struct ModelClient: Sendable {
    /// An endpoint that does not stream says nothing until it has thought: Model Studio's own limit for that.
    private static let leastSilence = Duration.seconds(300)

    public let endpoint: ModelEndpoint
    private let transport: HTTPClient
    let timeouts: HTTPTimeouts
    /// Between two looks at a queued call; shorter in tests alone.
    package var pollInterval = CallExchange.pollInterval

    public init(endpoint: ModelEndpoint, transport: HTTPClient, timeouts: HTTPTimeouts = HTTPTimeouts()) {
        self.endpoint = endpoint
        self.transport = transport
        var timeouts = timeouts
        if !endpoint.isStreamed {
            timeouts.firstByte = max(timeouts.firstByte, Self.leastSilence)
            timeouts.idle = max(timeouts.idle, Self.leastSilence)
        }
        self.timeouts = timeouts
    }

    /// Puts a question together without sending it, so that what will leave can be recorded first.
    ///
    /// - Throws: `request_unsupported` where the endpoint is known not to take it.
    public func prepare(_ request: ModelRequest, call: Int) throws(Failure) -> ModelCall {
        try RequestRules(request: request, endpoint: endpoint).check()
        let body = RequestBody(request: request, endpoint: endpoint).make()
        return ModelCall(
            egress: Egress(request, body: body, to: endpoint, call: call),
            request: WireRequest(url: endpoint.questionURL, headers: endpoint.questionHeaders, body: body))
    }

    /// Sends a prepared question and gives its answer as it comes, ending with `usage`, where the provider reports it, and `finished`.
    ///
    /// That it left (`sent`) is for the caller to say, who knows when to record it: `call.egress` is known beforehand.
    ///
    /// - Parameters:
    ///   - beforeBody: Awaited once, right before anything of the question can leave; what it throws ends the call with nothing sent.
    ///   - emit: Awaited before more of the answer is read.
    /// - Throws: `CallFailure`, after everything that came before it; what `beforeBody` and `emit` throw; `CancellationError`.
    public func stream(
        _ call: ModelCall, beforeBody: (@Sendable () async throws -> Void)? = nil, emit: @Sendable (AnswerEvent) async throws -> Void
    ) async throws {
        var exchange = CallExchange(call.request, to: endpoint, pollInterval: pollInterval)
        let start = ContinuousClock.now
        var beforeBody = beforeBody
        while true {
            switch exchange.next(elapsed: .now - start) {
            case .done: return
            case .wait(let duration): try await Task.sleep(for: duration)
            case .send(let request):
                try await send(request, beforeBody, &exchange, emit)
                // Only the question is paid for; what comes after asks how far it is.
                beforeBody = nil
                if let failure = exchange.failure { throw failure }
            }
        }
    }

    private func send(
        _ request: WireRequest, _ beforeBody: (@Sendable () async throws -> Void)?, _ exchange: inout CallExchange,
        _ emit: @Sendable (AnswerEvent) async throws -> Void
    ) async throws {
        var message = HTTPRequest(url: request.url, headers: request.headers, body: request.body)
        message.beforeBody = beforeBody
        message.timeouts = timeouts
        let response: HTTPResponse
        do {
            response = try await transport.send(message)
        } catch let failure as HTTPFailure {
            for event in exchange.breakOff(failure) { try await emit(event) }
            return
        }
        exchange.begin(ResponseHead(status: response.status, headers: response.head.headers))
        var body = response.body.makeAsyncIterator()
        var watch = Watch(timeouts)
        while !exchange.isRead {
            let bytes: [UInt8]?
            do {
                bytes = try await body.next()
            } catch let failure as HTTPFailure
                where failure.kind != .closed && (exchange.isComplete || !(200..<300).contains(response.status))
            {
                // The answer's end was there, or the status says enough; only the connection's end is missing.
                break
            } catch let failure as HTTPFailure {
                for event in exchange.breakOff(failure) { try await emit(event) }
                return
            }
            guard let bytes else { break }
            for event in exchange.take(bytes) { try await emit(event) }
            if let limit = watch.silence(exchange.progressCount) {
                if exchange.isComplete { break }
                for event in exchange.timeOut(after: limit) { try await emit(event) }
                return
            }
        }
        // A failure closes the connection: its server may be sending on.
        if exchange.isRead, exchange.failure == nil { response.body.discardRest() }
        for event in exchange.end() { try await emit(event) }
    }

    /// Notices a stream that is kept alive by comments or empty frames while nothing is produced; the transport sees only that bytes come.
    private struct Watch {
        private let timeouts: HTTPTimeouts
        private var steps = 0
        private var progress = ContinuousClock.now

        init(_ timeouts: HTTPTimeouts) {
            self.timeouts = timeouts
        }

        /// How long nothing has come, where that is too long.
        mutating func silence(_ count: Int) -> Duration? {
            guard count == steps else {
                steps = count
                progress = .now
                return nil
            }
            let limit = steps == 0 ? timeouts.firstByte : timeouts.idle
            return .now - progress > limit ? limit : nil
        }
    }
}
