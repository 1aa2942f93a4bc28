/// The language in which an endpoint is spoken to.
public enum WireProtocol: String, Sendable, Hashable, CaseIterable {
    /// OpenAI-compatible chat completions.
    case chat
    /// DashScope's native multimodal generation.
    case dashscope
    /// Segmind v1: a plain POST to a slug, answered in one JSON document.
    case segmind
    /// Segmind v2: submitted, polled, fetched.
    case segmindAsync = "segmind-async"
}

/// How a key is presented.
public enum KeyHeader: String, Sendable, Hashable, CaseIterable {
    /// `Authorization: Bearer KEY`.
    case bearer
    /// `x-api-key: KEY`.
    case apiKey = "x-api-key"
}

/// Whether a model thinks before it answers.
public enum Thinking: Sendable, Hashable {
    case none
    /// It can be switched; what it does where nothing is said differs by model, so it is always said.
    case hybrid(isOnByDefault: Bool)
    case always
}

/// How an endpoint is told to think or not, and how long.
public enum ThinkingSwitch: String, Sendable, Hashable, CaseIterable {
    /// It cannot be told.
    case none
    /// Alibaba's `enable_thinking` and `thinking_budget`.
    case enableThinking = "enable_thinking"
    /// vLLM and llama.cpp: `chat_template_kwargs: {"enable_thinking": …}`.
    case chatTemplate = "chat_template_kwargs"
    /// Ollama, OpenAI: `reasoning_effort`.
    case reasoningEffort = "reasoning_effort"
    /// OpenRouter: `reasoning: {"enabled": …, "max_tokens": …}`.
    case reasoning
}

/// Whether answers come as a stream.
public enum Streaming: String, Sendable, Hashable, CaseIterable {
    case optional
    /// A call that does not stream is refused.
    case only
    case never
}

/// A field of a request that not every model takes.
public enum RequestField: String, Sendable, Hashable, CaseIterable {
    case images
    case video
    case system
    case temperature
    case seed
    case maxTokens = "max_tokens"
    case thinkingBudget = "thinking_budget"
    /// `response_format: {"type": "json_object"}`, for hybrids without thinking alone.
    case jsonObject = "json_object"
    case jsonSchema = "json_schema"
}

/// What an endpoint allows in a minute and at once; nil where nobody says.
public struct RateLimits: Sendable, Hashable {
    public var requestsPerMinute: Int?
    public var tokensPerMinute: Int?
    public var concurrency: Int?

    public init(requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil, concurrency: Int? = nil) {
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
        self.concurrency = concurrency
    }
}

/// What is known of a model at one endpoint: a row of the catalogue.
///
/// Limits are in tokens and nil where no source settles them.
public struct ModelProfile: Sendable, Hashable {
    public var thinking: Thinking
    public var streaming: Streaming
    public var fields: Set<RequestField>
    public var context: Int?
    /// Without thinking.
    public var maxInput: Int?
    /// With thinking, where it is less.
    public var maxThinkingInput: Int?
    /// Of the answer.
    public var maxOutput: Int?
    /// Of the chain of thought.
    public var maxThought: Int?
    public var image: ImageRule
    /// Nil where no source says how videos are counted.
    public var video: VideoRule?
    /// Bytes of one image as a data URI.
    public var maxDataURI: Int?
    /// Frames of one video: fewest and most.
    public var videoFrames: ClosedRange<Int>?
    public var limits: RateLimits
    public var price: Price
    /// The day of the price, `2026-02-15`; nil of prices that are no list's.
    public var priceDate: String?

    public init(
        thinking: Thinking = .none, streaming: Streaming = .optional, fields: Set<RequestField>, context: Int? = nil, maxInput: Int? = nil,
        maxThinkingInput: Int? = nil, maxOutput: Int? = nil, maxThought: Int? = nil, image: ImageRule, video: VideoRule? = nil,
        maxDataURI: Int? = nil, videoFrames: ClosedRange<Int>? = nil, limits: RateLimits = RateLimits(), price: Price,
        priceDate: String? = nil
    ) {
        self.thinking = thinking
        self.streaming = streaming
        self.fields = fields
        self.context = context
        self.maxInput = maxInput
        self.maxThinkingInput = maxThinkingInput
        self.maxOutput = maxOutput
        self.maxThought = maxThought
        self.image = image
        self.video = video
        self.maxDataURI = maxDataURI
        self.videoFrames = videoFrames
        self.limits = limits
        self.price = price
        self.priceDate = priceDate
    }
}

/// Where a hosted model is asked, and under which rules.
public struct ModelEndpoint: Sendable, Hashable {
    /// `openai`, `dashscope`, …; the part of the model's name before the slash, without a region.
    public var provider: String
    /// `singapore`, `beijing`, `us`; nil where the provider has one address.
    public var region: String?
    /// The model as the endpoint knows it.
    public var model: String
    public var wire: WireProtocol
    /// Without a trailing slash, `https://host/v1`.
    public var baseURL: String
    /// Nil where the endpoint asks for none.
    public var key: Secret?
    public var keyHeader: KeyHeader
    public var thinkingSwitch: ThinkingSwitch
    /// The field that limits the answer: `max_tokens`, or `max_completion_tokens` of OpenAI.
    public var outputLimitField: String
    /// Whether reasoning may stand between `<think>` tags in the answer's text.
    public var hasInlineThought: Bool
    public var profile: ModelProfile

    public init(
        provider: String, region: String? = nil, model: String, wire: WireProtocol = .chat, baseURL: String, key: Secret?,
        keyHeader: KeyHeader = .bearer, thinkingSwitch: ThinkingSwitch = .none, outputLimitField: String = "max_tokens",
        hasInlineThought: Bool = true, profile: ModelProfile
    ) {
        self.provider = provider
        self.region = region
        self.model = model
        self.wire = wire
        self.baseURL = baseURL
        self.key = key
        self.keyHeader = keyHeader
        self.thinkingSwitch = thinkingSwitch
        self.outputLimitField = outputLimitField
        self.hasInlineThought = hasInlineThought
        self.profile = profile
    }

    /// As users write it: `dashscope@beijing/qvq-max`.
    public var name: String { "\(provider)\(region.map { "@\($0)" } ?? "")/\(model)" }
}
