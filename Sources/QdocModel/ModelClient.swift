public import QdocCore
public import QdocTransport

/// One question, ready to be sent, and what it will take out of the machine.
public struct ModelCall: Sendable {
    public let egress: Egress
    let body: HTTPBody
}

/// Asks a hosted model over the OpenAI-compatible protocol.
///
/// A question is sent once; nothing is sent again by itself.
public struct ModelClient: Sendable {
    /// Bytes of an error's body that are read.
    private static let errorLimit = 64 << 10

    public let endpoint: ModelEndpoint
    private let transport: HTTPClient
    private let timeouts: HTTPTimeouts

    public init(endpoint: ModelEndpoint, transport: HTTPClient, timeouts: HTTPTimeouts = HTTPTimeouts()) {
        self.endpoint = endpoint
        self.transport = transport
        self.timeouts = timeouts
    }

    /// Puts a question together without sending it, so that what will leave can be recorded first.
    ///
    /// - Throws: `request_refused` where the provider is known not to take it.
    public func prepare(_ request: ModelRequest, call: Int) throws(Failure) -> ModelCall {
        let body = try ChatCompletionRequest.body(request, to: endpoint)
        return ModelCall(egress: ChatCompletionRequest.egress(request, body: body, to: endpoint, call: call), body: body)
    }

    /// Sends a prepared question and gives its answer as it comes, ending with `usage`, where the provider reports it, and `finished`.
    ///
    /// That it left (`sent`) is for the caller to say, who knows when to record it: `call.egress` is known beforehand.
    ///
    /// - Parameter emit: Awaited before more of the answer is read.
    /// - Throws: `Failure`; what `emit` throws; `CancellationError`.
    public func stream(_ call: ModelCall, emit: @Sendable (AnswerEvent) async throws -> Void) async throws {
        let response: HTTPResponse
        do {
            response = try await transport.send(message(call))
        } catch {
            throw shown(error)
        }
        guard (200..<300).contains(response.status) else { throw try await refusal(response) }
        var decoder = ChatCompletionDecoder(
            provider: endpoint.provider, requestID: response.head["x-request-id"], words: words)
        var body = response.body.makeAsyncIterator()
        var watch = Watch(timeouts)
        while !decoder.isDone {
            let bytes: [UInt8]?
            do {
                bytes = try await body.next()
            } catch let failure as HTTPFailure where decoder.isComplete && failure.kind != .closed {
                // The answer's end was there; only the connection's is missing.
                break
            } catch {
                throw shown(error)
            }
            guard let bytes else { break }
            for event in try decoder.decode(bytes) { try await emit(event) }
            try watch.note(decoder.progressCount)
        }
        if decoder.isDone { response.body.discardRest() }
        for event in try decoder.end() { try await emit(event) }
    }

    private func message(_ call: ModelCall) -> HTTPRequest {
        var headers = [HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", "text/event-stream")]
        if let key = endpoint.key { headers.append(HTTPHeader("Authorization", "Bearer \(key.exposed)")) }
        var request = HTTPRequest(url: endpoint.baseURL + "/chat/completions", headers: headers, body: call.body)
        request.timeouts = timeouts
        return request
    }

    private var words: ProviderWords { ProviderWords(key: endpoint.key) }

    /// The transport's failures in the program's words; anything else as it is.
    private func shown(_ error: any Error) -> any Error {
        guard var failure = (error as? HTTPFailure)?.failure else { return error }
        failure.message = "\(endpoint.name) was not reached or broke off: \(failure.message)"
        return failure
    }

    private func refusal(_ response: HTTPResponse) async throws -> Failure {
        var body: [UInt8] = []
        do {
            body = try await response.body.collect(upTo: Self.errorLimit)
        } catch let failure as HTTPFailure where failure.kind != .closed {
            // The status says enough.
        }
        // A body that is no JSON (a gateway's web page) says nothing worth showing.
        let error = (try? JSONParser.parse(body)).flatMap { ProviderError($0) }
        let code = ProviderError.failureCode(status: response.status, error: error, provider: endpoint.provider)
        let said = error.map { words.shown($0.message) } ?? ""
        let message = "\(endpoint.name) refused the request (HTTP \(response.status))" + (said.isEmpty ? "" : ": \(said)")
        return Failure(code, message, remedy: remedy(code, status: response.status))
    }

    private func remedy(_ code: Failure.Code, status: Int) -> String? {
        switch code {
        case .unauthorized: "check the key, and that it belongs to this endpoint's region"
        case .quotaExceeded: "check the account's balance and limits"
        case .rateLimited: "wait a minute, or ask fewer requests at once"
        case .providerUnavailable: "try again later"
        case .contentBlocked: "the provider's content rules refuse these pages"
        case .requestRefused where status == 404: "check the model's name and the endpoint's address"
        case .requestRefused where (300..<400).contains(status): "give the endpoint's final address; redirects are not followed"
        default: nil
        }
    }

    /// Notices a stream that is kept alive by comments or empty frames while nothing is produced; the transport sees only that bytes come.
    private struct Watch {
        private let timeouts: HTTPTimeouts
        private var steps = 0
        private var progress = ContinuousClock.now

        init(_ timeouts: HTTPTimeouts) {
            self.timeouts = timeouts
        }

        mutating func note(_ count: Int) throws(Failure) {
            guard count == steps else {
                steps = count
                progress = .now
                return
            }
            let limit = steps == 0 ? timeouts.firstByte : timeouts.idle
            guard .now - progress <= limit else {
                throw Failure(
                    .modelTimedOut, "the model produced nothing for \(limit), while its server kept the connection alive",
                    remedy: "the call may have been charged; ask again later")
            }
        }
    }
}
