import QdocCore
import QdocTransport
import Testing

@testable import QdocModel

/// Where an error came from: whose table of meanings holds, and in which shape it is told.
struct ErrorOrigin: Sendable, CustomTestStringConvertible {
    var name: String
    var provider: String
    var wire = WireProtocol.chat
    /// The body around a message.
    var body: String

    var testDescription: String { name }

    func refusal(_ status: Int, headers: [HTTPHeader] = [], _ body: String? = nil) -> CallFailure {
        let endpoint = ModelEndpoint(
            provider: provider, model: "m", wire: wire, baseURL: "https://host/v1", key: Secret("sk-canary-1"),
            profile: ModelProfile(fields: [], image: ImageRule(patch: 28, minPixels: 1, maxPixels: 1), price: .free))
        let reader = FailureReader(endpoint: endpoint)
        return reader.refusal(ResponseHead(status: status, headers: headers), body: Array((body ?? self.body).utf8))
    }
}

@Suite("A refusal") struct RefusalTests {
    static let compat = #"{"error":{"message":"said so","type":"t","param":null,"code":null},"id":"b1","request_id":"b1"}"#
    static let origins = [
        ErrorOrigin(name: "dashscope chat", provider: "dashscope", body: compat),
        ErrorOrigin(
            name: "dashscope native", provider: "dashscope", wire: .dashscope,
            body: #"{"code":"Some.Code","message":"said so","request_id":"b1"}"#),
        ErrorOrigin(name: "segmind", provider: "segmind", wire: .segmind, body: #"{"error":"said so"}"#),
        ErrorOrigin(
            name: "aimlapi", provider: "aimlapi",
            body: #"{"message":"said so","path":"/v1/chat/completions","requestId":"b1","statusCode":"0","timestamp":"t"}"#),
        ErrorOrigin(name: "openai", provider: "openai", body: compat),
        ErrorOrigin(name: "openrouter", provider: "openrouter", body: #"{"error":{"code":0,"message":"said so"},"user_id":"u"}"#),
    ]

    private static let refused = "request_refused, not billed"
    private static let key = "unauthorized, not billed, pauses for key"
    private static let credits = "quota_exceeded, not billed, pauses for credits"
    private static let blocked = "content_blocked, not billed"
    private static let rate = "rate_limited, not billed, again"
    private static let rate5 = "rate_limited, not billed, again after 5 s"
    private static let fault = "provider_unavailable, not billed, again"
    private static let down = "provider_unavailable, not billed, again, pauses for service"
    private static let gateway = "provider_unavailable, perhaps billed, again, pauses for service"
    private static let late = "provider_unavailable, perhaps billed, again"

    /// By status, for each origin in turn.
    static let table: [(Int, [String])] = [
        (400, [refused, refused, refused, refused, refused, refused]),
        (401, [key, key, key, key, key, key]),
        (402, [credits, credits, credits, credits, credits, credits]),
        (403, [key, key, key, credits, key, blocked]),
        (404, [refused, refused, refused, refused, refused, refused]),
        (405, [refused, refused, refused, refused, refused, refused]),
        (406, [refused, refused, refused, refused, refused, refused]),
        (408, [late, late, fault, late, late, late]),
        (409, [refused, refused, refused, refused, refused, refused]),
        (422, [refused, refused, refused, refused, refused, refused]),
        (429, [rate5, rate5, rate, rate, rate, rate]),
        (500, [fault, fault, fault, fault, fault, fault]),
        (502, [gateway, gateway, down, gateway, gateway, gateway]),
        (503, [down, down, down, down, down, down]),
        (504, [late, late, fault, late, late, late]),
    ]

    private func shown(_ failure: CallFailure) -> String {
        var parts = [failure.failure.code.rawValue, failure.billing == .no ? "not billed" : "perhaps billed"]
        if failure.isRetriable { parts.append("again" + (failure.retryAfter.map { " after \($0.components.seconds) s" } ?? "")) }
        if let pause = failure.pause { parts.append("pauses for \(pause.rawValue)") }
        return parts.joined(separator: ", ")
    }

    @Test("means the same by status and provider as the provider's own pages say", arguments: table)
    func means(status: Int, expected: [String]) {
        for (origin, expected) in zip(Self.origins, expected) {
            let failure = origin.refusal(status)
            #expect(shown(failure) == expected, "\(status) from \(origin.name)")
            #expect(failure.status == status)
            #expect(failure.failure.message.contains("said so"), "\(status) from \(origin.name)")
            #expect(failure.failure.message.contains("\(origin.provider)/m"))
        }
    }

    static let codes: [(Int, String, String, String)] = [
        (400, "dashscope", "Arrearage", credits), (400, "dashscope", "DataInspectionFailed", blocked),
        (400, "dashscope", "data_inspection_failed", blocked), (400, "dashscope", "invalid_parameter_error", refused),
        (400, "dashscope", "Throttling.AllocationQuota", credits), (400, "dashscope", "ServiceUnavailableError", refused),
        (401, "dashscope", "InvalidApiKey", key), (403, "dashscope", "Model.AccessDenied", key),
        (403, "dashscope", "AllocationQuota.FreeTierOnly", credits), (404, "dashscope", "ModelNotFound", refused),
        (409, "dashscope", "Conflict", refused), (429, "dashscope", "Throttling", rate5), (429, "dashscope", "limit_requests", rate5),
        (429, "dashscope", "Throttling.AllocationQuota", "rate_limited, not billed, again after 60 s"),
        (429, "dashscope", "insufficient_quota", "rate_limited, not billed, again after 60 s"),
        (429, "dashscope", "PrepaidBillOverdue", credits), (429, "dashscope", "CommodityNotPurchased", credits),
        (500, "dashscope", "InternalError.Algo", fault), (500, "dashscope", "RequestTimeOut", "model_timed_out, perhaps billed"),
        (500, "dashscope", "ModelServingError", fault), (503, "dashscope", "ModelUnavailable", down),
        (429, "openai", "insufficient_quota", credits), (429, "openai", "rate_limit_exceeded", rate),
        (429, "openrouter", "insufficient_quota", rate),
    ]

    @Test("is told by the provider's own code rather than by its status", arguments: codes)
    func ownCodes(status: Int, provider: String, code: String, expected: String) {
        let origin = ErrorOrigin(name: "", provider: provider, body: "")
        #expect(shown(origin.refusal(status, #"{"error":{"message":"m","code":"\#(code)"}}"#)) == expected)
        #expect(shown(origin.refusal(status, #"{"code":"\#(code)","message":"m"}"#)) == expected)
    }

    @Test(
        "of Segmind with status 406 is told by its words",
        arguments: [
            (#"{"error":"Insufficient credits (balance 0.0011)"}"#, credits), (#"{"error":"Invalid content type"}"#, refused),
            ("", credits),
            (#"{"error":"Team spend limit reached"}"#, credits), (#"{"error":"value rejected"}"#, refused),
        ])
    func notAcceptable(body: String, expected: String) {
        #expect(shown(Self.origins[2].refusal(406, body)) == expected)
    }

    @Test("keeps what the account has left and the provider's id for the call")
    func kept() {
        let headers = [HTTPHeader("X-Remaining-Credits", "0.0011"), HTTPHeader("x-request-id", "h1")]
        #expect(Self.origins[2].refusal(406, headers: headers).remainingCredits == JSONNumber("0.0011"))
        #expect(Self.origins[0].refusal(400, headers: headers).requestID == "h1")
        #expect(Self.origins.map { $0.refusal(400).requestID } == ["b1", "b1", nil, "b1", "b1", nil])
    }

    static let waits: [([HTTPHeader], Duration?)] = [
        ([], nil), ([HTTPHeader("Retry-After", "7")], .seconds(7)), ([HTTPHeader("retry-after-ms", "1500")], .milliseconds(1_500)),
        ([HTTPHeader("Retry-After", "9000")], .seconds(120)), ([HTTPHeader("Retry-After", "-1")], nil),
        ([HTTPHeader("Retry-After", "nan")], nil),
        (
            [HTTPHeader("Date", "Fri, 02 Oct 2026 08:41:30 GMT"), HTTPHeader("Retry-After", "Fri, 02 Oct 2026 08:42:00 GMT")], .seconds(30)
        ),
        (
            [HTTPHeader("Date", "Fri, 02 Oct 2026 08:41:48 GMT"), HTTPHeader("x-rate-limit-reset-at-utc", "2026-10-02T08:42:00Z")],
            .seconds(12)
        ),
        ([HTTPHeader("Date", "Fri, 02 Oct 2026 08:42:48 GMT"), HTTPHeader("x-rate-limit-reset-at-utc", "2026-10-02T08:42:00Z")], nil),
        ([HTTPHeader("x-rate-limit-reset-at-utc", "soon")], nil),
    ]

    @Test("is waited out as long as the server asks, and no longer than two minutes", arguments: waits)
    func hints(headers: [HTTPHeader], expected: Duration?) {
        #expect(Self.origins[2].refusal(429, headers: headers).retryAfter == expected)
        // 2026-10-02T08:41:30Z.
        let head = ResponseHead(status: 429, headers: [HTTPHeader("x-rate-limit-reset-at-utc", "2026-10-02T08:42:00.5Z")])
        #expect(RetryHint.wait(head, now: 1_790_930_490_000_000) == .milliseconds(30_500))
    }

    @Test("of Model Studio that hints less than its own minute is not taken at its word")
    func leastWait() {
        #expect(Self.origins[0].refusal(429, headers: [HTTPHeader("Retry-After", "1")]).retryAfter == .seconds(5))
        #expect(Self.origins[0].refusal(400, headers: [HTTPHeader("Retry-After", "1")]).retryAfter == nil)
    }

    @Test("of OpenRouter for money is final, unless it says when to come again")
    func openRouter() {
        #expect(
            shown(Self.origins[5].refusal(402, headers: [HTTPHeader("Retry-After", "3")])) == "rate_limited, not billed, again after 3 s")
        #expect(shown(Self.origins[5].refusal(402)) == Self.credits)
    }

    @Test("of a key asks whether it is another region's, where the provider has regions")
    func region() {
        #expect(Self.origins[0].refusal(401).failure.remedy?.contains("another region") == true)
        #expect(Self.origins[4].refusal(401).failure.remedy?.contains("region") == false)
    }

    @Test("shows neither the key nor a web page, and is one bounded line")
    func words() {
        for origin in Self.origins {
            let failure = origin.refusal(401, origin.body.replacing("said so", with: "key sk-canary-1 is\\nwrong"))
            #expect(failure.failure.message.contains("key ••• is wrong"))
            #expect(!"\(failure)".contains("sk-canary"))
            #expect(!origin.refusal(405, "<html><body>no</body></html>").failure.message.contains("<"))
            #expect(
                origin.refusal(400, origin.body.replacing("said so", with: String(repeating: "x", count: 9_000))).failure.message.count
                    < 400)
        }
        let words = ProviderWords(key: Secret("sk-secret"))
        #expect(words.shown("bad key sk-secret\n\u{1B}[31m here") == "bad key ••• [31m here")
        #expect(words.shown(String(repeating: "a", count: 5000)).count == 301)
    }

    @Test("has a remedy where there is one")
    func remedies() {
        #expect(Self.origins[0].refusal(301).failure.remedy?.contains("redirects") == true)
        #expect(Self.origins[0].refusal(404).failure.remedy?.contains("name") == true)
        #expect(
            Self.origins[0].refusal(400, #"{"error":{"message":"Range of input length should be [1, 9]"}}"#).failure.remedy?.contains(
                "pages")
                == true)
        #expect(Self.origins[0].refusal(503).failure.remedy == "try again later")
    }

    @Test(
        "inside a stream has the status that it names",
        arguments: [
            (#"{"error":{"message":"m","code":"401"}}"#, Failure.Code.unauthorized),
            (#"{"object":"error","message":"m","code":400}"#, .requestRefused),
            (#"{"error":{"message":"m"}}"#, .providerUnavailable), (#"{"error":{"message":"m","code":429}}"#, .rateLimited),
        ])
    func inside(body: String, expected: Failure.Code) {
        #expect(Decoded(stream(body)).code == expected)
    }

    @Test(
        "of the network may be sent again only where nothing had left",
        arguments: [
            (HTTPFailure.Kind.connection, 0, Failure.Code.connectionFailed, true, CallFailure.Billing.no),
            (.timedOut, 0, .connectionFailed, true, .no),
            (.malformed, 0, .connectionFailed, true, .no), (.tls, 0, .connectionFailed, false, .no),
            (.invalidRequest, 0, .invalidConfiguration, false, .no), (.connection, 1, .streamTruncated, false, .unknown),
            (.timedOut, 1, .modelTimedOut, false, .unknown), (.malformed, 1, .streamTruncated, false, .unknown),
        ])
    func network(kind: HTTPFailure.Kind, sent: Int, code: Failure.Code, isRetriable: Bool, billing: CallFailure.Billing) {
        let failure = FailureReader(endpoint: .test()).lost(HTTPFailure(kind: kind, message: "m", bodyBytesSent: sent))
        #expect(failure.failure.code == code)
        #expect(failure.isRetriable == isRetriable)
        #expect(failure.billing == billing)
    }
}
