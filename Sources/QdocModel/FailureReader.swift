internal import QdocCore
internal import QdocRuntime
internal import QdocTransport

/// Puts everything that a call can end with other than its answer into the program's words.
struct FailureReader: Sendable {
    let endpoint: ModelEndpoint

    var words: ProviderWords { ProviderWords(key: endpoint.key) }

    /// A response that is an error by its status.
    func refusal(_ head: ResponseHead, body: [UInt8]) -> CallFailure {
        // A body that is no JSON (a gateway's web page) says nothing worth showing.
        let error = (try? JSONParser.parse(body)).flatMap { ProviderError($0, isRefusal: true) }
        return read(error, head: head, what: head.status >= 500 ? "could not answer" : "refused the request")
    }

    /// An error inside a response that is none by its status.
    ///
    /// After text has come, the call may have been charged: only a block of content keeps its own code, the rest is a broken stream, which
    /// nothing retries by itself.
    func broken(_ error: ProviderError, head: ResponseHead, hasText: Bool) -> CallFailure {
        var failure = read(error, head: head, what: "broke the answer off")
        // The endpoint had begun to work: that it faltered does not say that it charges nothing. A throttle or a refusal does.
        let isFault = failure.failure.code == .providerUnavailable || failure.failure.code == .modelTimedOut
        guard hasText || isFault else { return failure }
        failure.isRetriable = false
        failure.retryAfter = nil
        failure.billing = .unknown
        if hasText, failure.failure.code != .contentBlocked {
            failure.failure.code = .streamTruncated
            failure.failure.remedy = "the call may have been charged; ask again"
        }
        return failure
    }

    private func read(_ error: ProviderError?, head: ResponseHead, what: String) -> CallFailure {
        let hint = RetryHint.wait(head, now: WallClock.now())
        let rules = RefusalRules(status: head.status, error: error, provider: endpoint.provider, hasHint: hint != nil)
        let status = head.isSuccess ? error?.status : head.status
        let said = error.map { words.shown($0.message) } ?? ""
        let shownStatus = status.map { " (HTTP \($0))" } ?? ""
        let wait = [hint, rules.wait].compactMap { $0 }.max()
        return CallFailure(
            Failure(
                rules.code, "\(endpoint.name) \(what)\(shownStatus)" + (said.isEmpty ? "" : ": \(said)"),
                remedy: remedy(rules.code, status: status, said: said)),
            status: status, isRetriable: rules.isRetriable, retryAfter: rules.isRetriable ? wait : nil, pause: rules.pause,
            billing: rules.billing, remainingCredits: head.credits, requestID: (head.requestID ?? error?.requestID).map(words.shown))
    }

    /// A response that is not what was asked for, or not all of it.
    func unusable(_ code: Failure.Code, _ message: String, remedy: String, head: ResponseHead) -> CallFailure {
        CallFailure(
            Failure(code, message, remedy: remedy), status: head.status, billing: .unknown, remainingCredits: head.credits,
            requestID: head.requestID.map(words.shown))
    }

    /// The transport's failures.
    ///
    /// Where nothing of the body had left, the call was not made; where something had, its end is not known and nothing sends it again.
    func lost(_ failure: HTTPFailure) -> CallFailure {
        var shown = failure.failure
        shown.message = "\(endpoint.name) was not reached or broke off: \(shown.message)"
        guard failure.isSafeToResend else { return CallFailure(shown, billing: .unknown) }
        let isOurs = failure.kind == .invalidRequest || failure.kind == .closed
        return CallFailure(
            shown, isRetriable: !isOurs && failure.kind != .tls, pause: isOurs ? nil : .service, billing: .no)
    }

    private func remedy(_ code: Failure.Code, status: Int?, said: String) -> String? {
        switch code {
        case .unauthorized:
            guard endpoint.provider.hasPrefix("dashscope"), status != 403 else { return "check the key, and what it is allowed to use" }
            let region = endpoint.region ?? Egress.region(of: Egress.host(of: endpoint.baseURL))
            return "is the key of another region? This endpoint is \(region ?? "of one region") alone; "
                + "dashscope, dashscope@beijing and dashscope@us each take keys of their own"
        case .quotaExceeded: return "check the account's balance and limits"
        case .rateLimited: return "wait a minute, or ask fewer requests at once"
        case .providerUnavailable: return "try again later"
        case .modelTimedOut: return "ask with fewer pages a request; the call may have been charged"
        case .contentBlocked: return "the provider's content rules refuse these pages"
        case .requestRefused where status == 404: return "check the model's name and the endpoint's address"
        case .requestRefused where (300..<400).contains(status ?? 0):
            return "give the endpoint's final address; redirects are not followed"
        default: return Self.hints.first { said.lowercased().contains($0.fragment) }?.remedy
        }
    }

    /// Words of Model Studio's messages that tell what to change. For people only: nothing is decided by them.
    private static let hints: [(fragment: String, remedy: String)] = [
        ("stream mode", "set the model's streaming to “only” in qdoc.yaml"),
        ("range of input length", "ask with fewer pages a request, or smaller images"),
        ("range of max_tokens", "lower --max-output"),
        ("thinking_budget", "lower --thinking-budget, or leave it out"),
        ("data-uri item", "lower the longest side of images"),
        ("image length and width", "leave out pages that are very small or very long"),
        ("url error", "the model is asked on another path: name it in qdoc.yaml with what it can look at"),
        ("word 'json'", "name JSON in the question"),
    ]
}
