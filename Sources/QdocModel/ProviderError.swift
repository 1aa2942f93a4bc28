internal import QdocCore

/// What a provider says went wrong, in whichever shape it says it.
struct ProviderError: Equatable {
    var code: String?
    var message: String
    /// The HTTP status that the body names, where the response's own is no guide.
    var status: Int?

    init(code: String? = nil, message: String, status: Int? = nil) {
        self.code = code
        self.message = message
        self.status = status
    }

    /// Finds an error in a body; nil where it has none.
    ///
    /// OpenAI, vLLM, llama.cpp, Ollama, OpenRouter, LiteLLM and Model Studio's compatible mode have an object `error`; gateways a text `error`;
    /// DashScope a `code` and a `message`; older vLLM `object: error`.
    init?(_ body: JSONValue) {
        let inner = body["error"]
        if let text = inner?.string {
            self.init(code: nil, message: [text, body["error_description"]?.string].compactMap { $0 }.joined(separator: ": "))
        } else if let inner, inner.object != nil {
            let code = inner["code"]
            self.init(
                code: code?.string ?? inner["type"]?.string, message: inner["message"]?.string ?? "",
                status: code?.int ?? code?.string.flatMap { Int($0) })
        } else if let message = body["message"]?.string, body["choices"] == nil {
            let code = body["code"]
            let status = code?.int
            guard code?.string?.isEmpty == false || status != nil || body["object"]?.string == "error" else { return nil }
            self.init(code: code?.string ?? body["type"]?.string, message: message, status: status)
        } else {
            return nil
        }
    }

    /// The program's code for it.
    ///
    /// A provider's own code rules over the HTTP status, which is 200 inside a stream and the same for throttling and billing.
    ///
    /// - Source: Model Studio's error codes, OpenRouter's errors (2026).
    static func failureCode(status: Int, error: ProviderError?, provider: String) -> Failure.Code {
        let status = (200..<300).contains(status) ? error?.status ?? 500 : status
        if let code = error?.code.flatMap({ own(code: $0, status: status, provider: provider) }) { return code }
        switch status {
        case 401, 403: return .unauthorized
        case 402: return .quotaExceeded
        case 429: return .rateLimited
        case 408, 500...: return .providerUnavailable
        default: return .requestRefused
        }
    }

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
        case _ where code.hasPrefix("Throttling"): return .rateLimited
        default: return nil
        }
    }
}

/// Makes a provider's words fit to be shown: one line, bounded, without the key.
struct ProviderWords {
    /// Characters; enough for any provider's sentence, too few for a page of HTML.
    private static let limit = 300

    let key: Secret?

    func shown(_ text: String) -> String {
        var text = text
        if let key = key?.exposed, !key.isEmpty {
            text = text.split(separator: key, omittingEmptySubsequences: false).joined(separator: "•••")
        }
        var line = ""
        for scalar in text.unicodeScalars.prefix(4 * Self.limit) {
            let isControl = scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
            line.unicodeScalars.append(isControl ? " " : scalar)
        }
        let words = line.split(separator: " ").joined(separator: " ")
        return words.count > Self.limit ? String(words.prefix(Self.limit)) + "…" : words
    }
}
