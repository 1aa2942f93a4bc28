import QdocCore
import Testing

@testable import QdocModel

@Suite struct ProviderErrorTests {
    static let cases: [(Int, String, String, Failure.Code)] = [
        (400, #"{"error":{"message":"m","code":"invalid_parameter_error"}}"#, "dashscope", .requestRefused),
        (400, #"{"code":"Arrearage","message":"m"}"#, "dashscope", .quotaExceeded),
        (400, #"{"code":"DataInspectionFailed","message":"m"}"#, "dashscope", .contentBlocked),
        (400, #"{"code":"Throttling.AllocationQuota","message":"m"}"#, "dashscope", .quotaExceeded),
        (401, #"{"code":"InvalidApiKey","message":"m"}"#, "dashscope", .unauthorized),
        (401, #"{"error":"no key"}"#, "gateway", .unauthorized),
        (402, #"{"error":{"code":402,"message":"m"}}"#, "openrouter", .quotaExceeded),
        (403, #"{"error":{"message":"m"}}"#, "dashscope", .unauthorized),
        (403, #"{"code":"AllocationQuota.FreeTierOnly","message":"m"}"#, "dashscope", .quotaExceeded),
        (404, #"{"error":{"message":"m","code":"model_not_found"}}"#, "dashscope", .requestRefused),
        (405, "<html></html>", "gateway", .requestRefused),
        (413, "", "x", .requestRefused),
        (429, #"{"error":"rate_limit_exceeded"}"#, "gateway", .rateLimited),
        (429, #"{"error":{"message":"m","code":"insufficient_quota"}}"#, "dashscope", .rateLimited),
        (429, #"{"error":{"message":"m","code":"insufficient_quota"}}"#, "openai", .quotaExceeded),
        (429, #"{"code":"PrepaidBillOverdue","message":"m"}"#, "dashscope", .quotaExceeded),
        (500, #"{"error":{"message":"m","type":"server_error"}}"#, "openai", .providerUnavailable),
        (503, "", "x", .providerUnavailable),
        (301, "", "x", .requestRefused),
        (200, #"{"error":{"message":"m","code":"401"}}"#, "litellm", .unauthorized),
        (200, #"{"object":"error","message":"m","code":400}"#, "vllm", .requestRefused),
    ]

    @Test("each provider's way to say no has its code", arguments: cases)
    func codes(status: Int, body: String, provider: String, expected: Failure.Code) {
        let error = (try? JSONParser.parse(body)).flatMap { ProviderError($0) }
        #expect(ProviderError.failureCode(status: status, error: error, provider: provider) == expected)
    }

    @Test("a provider's words are shown on one line, bounded, without the key")
    func words() {
        let words = ProviderWords(key: Secret("sk-secret"))
        #expect(words.shown("bad key sk-secret\n\u{1B}[31m here") == "bad key ••• [31m here")
        #expect(words.shown(String(repeating: "a", count: 5000)).count == 301)
    }
}
