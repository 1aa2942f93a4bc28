internal import QdocCore

/// What an error of a provider means for the call and for the endpoint.
///
/// - Source: Model Studio's error codes (February 2026), Segmind's model pages and status tables, AI/ML API's and OpenRouter's error pages.
struct RefusalRules {
    var code: Failure.Code
    var isRetriable = false
    /// The least wait where the provider gives none.
    var wait: Duration?
    var pause: CallFailure.Pause?
    var billing = CallFailure.Billing.no

    /// - Parameters:
    ///   - status: 200 inside a stream, where the error may name another.
    ///   - hasHint: Whether the server says when to ask again.
    init(status: Int, error: ProviderError?, provider: String, hasHint: Bool = false) {
        let status = (200..<300).contains(status) ? error?.status ?? 500 : status
        code =
            error?.code.flatMap { Self.own(code: $0, status: status, provider: provider) }
            ?? Self.code(status: status, said: error?.message ?? "", provider: provider)
        // OpenRouter's 402 with a wait is a limit on what is under way, without it an empty account.
        if provider == "openrouter", status == 402, hasHint { code = .rateLimited }
        switch code {
        case .rateLimited:
            isRetriable = true
            wait = Self.wait(error?.code, provider: provider)
        case .unauthorized: pause = .key
        case .quotaExceeded: pause = .credits
        case .providerUnavailable:
            isRetriable = true
            // A gateway gives up where the model behind it may go on; a server's own fault brings no answer. Segmind's table has neither billed.
            if provider != "segmind", [408, 502, 504].contains(status) { billing = .unknown }
            // Others may be about this one request.
            if status == 502 || status == 503 { pause = .service }
        case .modelTimedOut: billing = .unknown
        default: break
        }
    }

    /// A provider's own code rules over the HTTP status, which is 200 inside a stream and the same for throttling and billing.
    private static func own(code: String, status: Int, provider: String) -> Failure.Code? {
        switch code {
        // OpenAI means an empty account by it, Model Studio a minute's token allowance.
        case "insufficient_quota": return provider == "openai" ? .quotaExceeded : .rateLimited
        case "Throttling.AllocationQuota" where status == 400: return .quotaExceeded
        case "Arrearage", "CommodityNotPurchased", "PrepaidBillOverdue", "PostpaidBillOverdue", "AllocationQuota.FreeTierOnly",
            "billing_hard_limit_reached":
            return .quotaExceeded
        case "LimitRequests", "limit_requests", "limit_burst_rate", "rate_limit_exceeded": return .rateLimited
        case "InvalidApiKey", "invalid_api_key": return .unauthorized
        case "DataInspectionFailed", "data_inspection_failed", "content_filter", "content_policy_violation": return .contentBlocked
        case "ModelNotFound", "model_not_found", "model_not_supported": return .requestRefused
        // Over the 300 s of a call; the same request would be again.
        case "RequestTimeOut": return .modelTimedOut
        case "ModelUnavailable", "ModelServingError": return .providerUnavailable
        case _ where code.hasPrefix("Throttling"): return .rateLimited
        default: return nil
        }
    }

    private static func code(status: Int, said: String, provider: String) -> Failure.Code {
        switch (status, provider) {
        case (402, _), (403, "aimlapi"): return .quotaExceeded
        case (403, "openrouter"): return .contentBlocked
        case (401, _), (403, _): return .unauthorized
        case (406, "segmind"):
            // Its pages have one meaning for it, its gateway two more: only the words tell them apart.
            let words = said.lowercased()
            return words.isEmpty || words.contains("credit") || words.contains("spend") ? .quotaExceeded : .requestRefused
        case (429, _): return .rateLimited
        case (408, _), (500..., _): return .providerUnavailable
        default: return .requestRefused
        }
    }

    /// Model Studio's limits are of a minute, counted in seconds, too, and it never says when to ask again.
    private static func wait(_ code: String?, provider: String) -> Duration? {
        guard provider.hasPrefix("dashscope") else { return nil }
        return code == "insufficient_quota" || code == "Throttling.AllocationQuota" ? .seconds(60) : .seconds(5)
    }
}
