internal import QdocCore
internal import QdocRuntime

/// Why a provider does not take a request; its status and the shape of its body follow from whose protocol is spoken.
struct Refusal: Error, Equatable {
    enum Reason {
        case invalid, noThinkingSwitch, unknownModel, unauthorized, noCredits, tooManyRequests, tooManyTokens, tooManyAtOnce
        case contentType, method, notFound, blocked, tooLarge, server
    }

    var reason: Reason
    var message: String
    /// Of `server`; 500 where nothing is said.
    var status: Int?

    init(_ reason: Reason, _ message: String, status: Int? = nil) {
        self.reason = reason
        self.message = message
        self.status = status
    }
}

/// A response that is there as a whole.
struct WholeReply {
    var status: Int
    var type = "application/json"
    var headers: [String] = []
    var body: [UInt8]

    init(_ status: Int, _ body: JSONValue, headers: [String] = []) {
        self.status = status
        self.headers = headers
        self.body = Array(JSONWriter.text(body).utf8)
    }

    init(_ status: Int, type: String, _ body: String) {
        self.status = status
        self.type = type
        self.body = Array(body.utf8)
    }
}

extension Refusal {
    /// The answer of a route's provider.
    func reply(_ route: Route, id: String) -> WholeReply {
        let flavour = route.scope.flavour
        let status = self.status(flavour)
        switch flavour {
        case .dashscope:
            let code = studioCode
            if case .native = route.operation {
                return WholeReply(
                    status, ["code": .string(code.native), "message": .string(message), "request_id": .string(id)],
                    headers: ["x-request-id: \(id)"])
            }
            let type = [.tooManyRequests, .tooManyTokens, .noCredits, .server].contains(reason) ? code.compatible : "invalid_request_error"
            return WholeReply(
                status,
                [
                    "error": ["message": .string(message), "type": .string(type), "param": nil, "code": .string(code.compatible)],
                    "id": .string("chatcmpl-\(id)"), "request_id": .string(id),
                ], headers: ["x-request-id: \(id)"])
        case .segmind: return segmind(status, id: id)
        case .aimlapi:
            return WholeReply(
                status,
                [
                    "message": .string(message), "path": .string(route.path), "requestId": .string(id), "statusCode": .string("\(status)"),
                    "timestamp": .string(WallClock.rfc3339(WallClock.now())),
                ], headers: ["x-request-id: \(id)", "x-inference-id: \(id)"])
        case .openai, .litellm:
            let code: JSONValue = flavour == .litellm ? .string("\(status)") : openAICode.map { .string($0) } ?? nil
            let headers = ["x-request-id: req_\(id)"] + (flavour == .openai && reason == .tooManyRequests ? limitHeaders : [])
            return WholeReply(
                status, ["error": ["message": .string(message), "type": .string(openAIType), "param": nil, "code": code]],
                headers: headers)
        case .vllm:
            let type = status == 404 ? "NotFoundError" : status >= 500 ? "InternalServerError" : "BadRequestError"
            return WholeReply(status, ["error": ["message": .string(message), "type": .string(type), "param": nil, "code": .int(status)]])
        case .ollama:
            let type = status == 404 ? "not_found_error" : status >= 500 ? "api_error" : "invalid_request_error"
            return WholeReply(status, ["error": ["message": .string(message), "type": .string(type), "param": nil, "code": nil]])
        case .llamacpp:
            let type = status == 401 ? "authentication_error" : status == 503 ? "unavailable_error" : "invalid_request_error"
            return WholeReply(status, ["error": ["code": .int(status), "message": .string(message), "type": .string(type)]])
        case .openrouter:
            let headers = reason == .tooManyRequests ? ["Retry-After: 1"] : []
            return WholeReply(
                status, ["error": ["message": .string(message), "code": .int(status)], "user_id": "user_emulator"], headers: headers)
        }
    }

    private var limitHeaders: [String] {
        ["x-ratelimit-limit-requests: 60", "x-ratelimit-remaining-requests: 0", "x-ratelimit-reset-requests: 1s", "Retry-After: 1"]
    }

    private func segmind(_ status: Int, id: String) -> WholeReply {
        switch reason {
        case .method:
            return WholeReply(405, type: "text/html", "<html><head><title>405</title></head><body><h1>No such method</h1></body></html>\n")
        case .contentType: return WholeReply(status, ["error": "Invalid content type"])
        case .noCredits: return WholeReply(status, ["error": .string("Insufficient credits (\(message))")])
        case .tooManyRequests, .tooManyTokens, .tooManyAtOnce:
            let reset = WallClock.rfc3339(WallClock.now() + 1_000_000)
            return WholeReply(status, ["error": "rate_limit_exceeded"], headers: ["x-rate-limit-reset-at-utc: \(reset)"])
        default: return WholeReply(status, ["error": .string(message)])
        }
    }

    func status(_ flavour: Flavour) -> Int {
        switch reason {
        case .invalid, .noThinkingSwitch, .blocked, .tooLarge: 400
        case .unknownModel, .notFound: 404
        case .unauthorized: 401
        case .noCredits:
            switch flavour {
            case .dashscope, .vllm, .ollama, .llamacpp, .litellm: 400
            case .segmind: 406
            case .aimlapi: 403
            case .openrouter: 402
            case .openai: 429
            }
        case .tooManyRequests, .tooManyTokens, .tooManyAtOnce: 429
        case .contentType: flavour == .segmind ? 406 : flavour == .vllm ? 415 : 400
        case .method: 405
        case .server: status ?? 500
        }
    }

    /// Model Studio's codes, in the spelling of its own protocol and in that of the compatible one.
    var studioCode: (native: String, compatible: String) {
        switch reason {
        case .invalid, .contentType, .method, .notFound: ("InvalidParameter", "invalid_parameter_error")
        case .noThinkingSwitch: ("InvalidParameter.NotSupportEnableThinking", "invalid_parameter_error")
        case .unknownModel: ("ModelNotFound", "model_not_found")
        case .unauthorized: ("InvalidApiKey", "invalid_api_key")
        case .noCredits: ("Arrearage", "Arrearage")
        case .tooManyRequests: ("Throttling.RateQuota", "limit_requests")
        case .tooManyTokens: ("Throttling.AllocationQuota", "insufficient_quota")
        case .tooManyAtOnce: ("Throttling.BurstRate", "limit_burst_rate")
        case .blocked: ("DataInspectionFailed", "data_inspection_failed")
        case .tooLarge: ("BadRequest.TooLarge", "invalid_parameter_error")
        case .server: (status == 503 ? "ModelUnavailable" : "InternalError", "internal_error")
        }
    }

    private var openAIType: String {
        switch reason {
        case .tooManyRequests, .tooManyAtOnce: "requests"
        case .tooManyTokens: "tokens"
        case .noCredits: "insufficient_quota"
        case .server: "server_error"
        default: "invalid_request_error"
        }
    }

    private var openAICode: String? {
        switch reason {
        case .unauthorized: "invalid_api_key"
        case .unknownModel: "model_not_found"
        case .noCredits: "insufficient_quota"
        case .tooManyRequests, .tooManyTokens, .tooManyAtOnce: "rate_limit_exceeded"
        case .blocked: "content_policy_violation"
        default: nil
        }
    }
}
