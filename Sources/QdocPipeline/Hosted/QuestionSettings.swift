public import QdocCore

/// How a model is asked: what the user decided, and what follows from the model and the size of a window.
///
/// Limits are sent with every question, sized to its window, so that the worst case stays near the likely one.
public struct QuestionSettings: Sendable, Hashable {
    /// Nil where nothing was decided: a hybrid is then told not to think.
    public var thinks: Bool?
    /// Tokens of thought of one question; nil for one sized to its window.
    public var thinkingBudget: Int?
    /// Tokens of one answer; nil for a limit sized to its window.
    public var maxOutputTokens: Int?
    public var temperature: JSONNumber?
    public var seed: Int?
    /// How often a question is asked again at most where its answer is not valid.
    public var maxRepairs: Int

    public init(
        thinks: Bool? = nil, thinkingBudget: Int? = nil, maxOutputTokens: Int? = nil, temperature: JSONNumber? = nil, seed: Int? = nil,
        maxRepairs: Int = defaultMaxRepairs
    ) {
        self.thinks = thinks
        self.thinkingBudget = thinkingBudget
        self.maxOutputTokens = maxOutputTokens
        self.temperature = temperature
        self.seed = seed
        self.maxRepairs = maxRepairs
    }

    /// Once: a model that fails twice at the same form fails at it, and each time costs as much as the first.
    public static let defaultMaxRepairs = 1

    /// With the pipeline's limits where nothing else was decided, as far as the model takes them.
    ///
    /// A pipeline is written for any model: what one cannot be told is left out. What a user says himself is refused instead.
    public func filled(from pipeline: Pipeline, for endpoint: ModelEndpoint) -> QuestionSettings {
        let profile = endpoint.profile
        var settings = self
        settings.maxOutputTokens = maxOutputTokens ?? pipeline.limits.maxOutput.map { min($0, profile.maxOutput ?? $0) }
        if profile.fields.contains(.thinkingBudget), thinks ?? (profile.thinking == .always) {
            settings.thinkingBudget = thinkingBudget ?? pipeline.limits.thinkingBudget.map { min($0, profile.maxThought ?? $0) }
        }
        return settings
    }

    /// Tokens of an answer for each page of its window: the data of `samples/annual-report.pdf` in the answer form takes 990 a page, the
    /// densest page of it twice that.
    static let answerTokensPerPage = 1_000
    /// The largest answer that every model of the catalogue can give (QVQ, Qwen2.5-VL).
    static let largestAnswer = 8_192
    /// No window's answer is limited to less: one dense page must fit.
    private static let smallestAnswer = 4_096
    /// Thought for each page, and beside: twice what the visual reasoning guide's own samples take on one image.
    private static let thoughtTokensPerPage = 1_024
    private static let thoughtTokensBeside = 2_048
    /// Thought of a model that cannot be limited and whose limit nobody states: the largest of any model known.
    private static let largestThought = 81_920

    /// What one question says and may bring, at most and likely.
    struct Limits: Hashable {
        /// Sent with the question where the model takes it.
        var maxOutputTokens: Int
        /// Nil for models that cannot be told.
        var thinks: Bool?
        var thinkingBudget: Int?
        /// Thought and answer together.
        var mostTokens: Int
        var likelyTokens: Int
        /// Whether thought is to be expected.
        var expectsThought: Bool
    }

    /// The limits of a question about so many pages.
    func limits(pages: Int, at endpoint: ModelEndpoint) -> Limits {
        let profile = endpoint.profile
        let own = min(max(2 * Self.answerTokensPerPage * pages, Self.smallestAnswer), Self.largestAnswer)
        let answer = maxOutputTokens ?? min(own, profile.maxOutput ?? own)
        let isTold: Bool? =
            switch profile.thinking {
            case .hybrid: endpoint.thinkingSwitch == .none ? thinks : thinks ?? false
            // What these cannot do is refused before anything is sent.
            case .none, .always: thinks
            }
        let expectsThought =
            switch profile.thinking {
            case .none: false
            case .hybrid(let isOnByDefault): isTold ?? isOnByDefault
            case .always: true
            }
        let wanted = Self.thoughtTokensPerPage * pages + Self.thoughtTokensBeside
        let budget =
            profile.fields.contains(.thinkingBudget) && expectsThought
            ? thinkingBudget ?? min(wanted, profile.maxThought ?? wanted) : thinkingBudget
        let mostThought =
            expectsThought ? (profile.fields.contains(.thinkingBudget) ? budget : nil) ?? profile.maxThought ?? Self.largestThought : 0
        let mostAnswer = profile.fields.contains(.maxTokens) ? answer : max(answer, profile.maxOutput ?? answer)
        return Limits(
            maxOutputTokens: answer, thinks: isTold, thinkingBudget: budget, mostTokens: mostAnswer + mostThought,
            likelyTokens: min(Self.answerTokensPerPage * pages, mostAnswer) + min(expectsThought ? wanted / 2 : 0, mostThought),
            expectsThought: expectsThought)
    }
}
