import QdocCore
import Testing

@testable import QdocPipeline

@Suite("Limits of a question")
struct QuestionSettingsTests {
    private static let rule = ImageRule(patch: 28, minPixels: 3_136, maxPixels: 1_003_520)
    private static let hybrid = endpoint(
        ModelProfile(
            thinking: .hybrid(isOnByDefault: true), fields: [.images, .maxTokens, .thinkingBudget], maxOutput: 65_536, maxThought: 81_920,
            image: rule, price: .unknown), .enableThinking)
    private static let qvq = endpoint(
        ModelProfile(
            thinking: .always, streaming: .only, fields: [.images, .maxTokens], maxOutput: 8_192, maxThought: 16_384, image: rule,
            price: .unknown), .none)

    private static func endpoint(_ profile: ModelProfile, _ thinkingSwitch: ThinkingSwitch) -> ModelEndpoint {
        ModelEndpoint(
            provider: "dashscope", model: "m", baseURL: "http://127.0.0.1/v1", key: nil, thinkingSwitch: thinkingSwitch, profile: profile)
    }

    @Test("A hybrid is always told whether to think, and how long")
    func hybrid() {
        let plain = QuestionSettings().limits(pages: 8, at: Self.hybrid)
        #expect(plain.thinks == false && plain.thinkingBudget == nil && plain.mostTokens == 8_192 && !plain.expectsThought)
        let thinking = QuestionSettings(thinks: true).limits(pages: 8, at: Self.hybrid)
        #expect(thinking.thinks == true && thinking.thinkingBudget == 10_240 && thinking.mostTokens == 8_192 + 10_240)
        #expect(QuestionSettings(thinks: true).limits(pages: 1, at: Self.hybrid).mostTokens == 4_096 + 3_072)
    }

    @Test("QVQ is told nothing, and reserved for all it may think")
    func always() {
        let limits = QuestionSettings().limits(pages: 1, at: Self.qvq)
        #expect(limits.thinks == nil && limits.thinkingBudget == nil && limits.expectsThought)
        #expect(limits.mostTokens == 4_096 + 16_384)
        #expect(QuestionSettings(thinks: false).limits(pages: 1, at: Self.qvq).thinks == false)
    }

    @Test("What the user says rules")
    func chosen() {
        let settings = QuestionSettings(thinks: true, thinkingBudget: 500, maxOutputTokens: 1_000)
        let limits = settings.limits(pages: 8, at: Self.hybrid)
        #expect(limits.thinkingBudget == 500 && limits.maxOutputTokens == 1_000 && limits.mostTokens == 1_500)
    }

    @Test("The likely answer is never above the largest", arguments: 1...64)
    func likely(pages: Int) {
        for endpoint in [Self.hybrid, Self.qvq] {
            for thinks in [true, false, nil] as [Bool?] {
                let limits = QuestionSettings(thinks: thinks).limits(pages: pages, at: endpoint)
                #expect(limits.likelyTokens <= limits.mostTokens)
            }
        }
    }
}
