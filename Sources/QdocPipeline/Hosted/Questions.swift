import QdocCore
import QdocPrompt

/// Puts the questions of one run together: the same for planning, when pages have a size and no pixels yet, and for asking.
struct Questions: Sendable {
    let endpoint: ModelEndpoint
    let settings: QuestionSettings
    private let composer: PromptComposer
    private let digests: [Int: String]
    private let occurrence: String

    /// - Parameter occurrence: Tells a run apart that asks anew on purpose; empty for one that takes what is known.
    init(pipeline: Pipeline, endpoint: ModelEndpoint, settings: QuestionSettings, source: Source, occurrence: String) {
        self.endpoint = endpoint
        self.settings = settings
        composer = PromptComposer(instructions: pipeline.instructions, schema: pipeline.schema)
        digests = [source.ordinal: source.sha256]
        self.occurrence = occurrence
    }

    func limits(images: Int) -> QuestionSettings.Limits { settings.limits(pages: images, at: endpoint) }

    func request(images: [EncodedImage]) -> ModelRequest {
        let limits = limits(images: images.count)
        var request = composer.request(images: images, maxOutputTokens: limits.maxOutputTokens)
        request.thinks = limits.thinks
        request.thinkingBudget = limits.thinkingBudget
        request.temperature = settings.temperature
        request.seed = settings.seed
        return request
    }

    func identity(of request: ModelRequest) -> String {
        CallIdentity.digest(request, to: endpoint, digests: digests, occurrence: occurrence)
    }

    /// Input tokens of a request: images exact, text bounded from above, or as it likely counts.
    func inputTokens(of request: ModelRequest) -> (most: Int, likely: Int) {
        request.parts.reduce((Self.frameTokens, Self.frameTokens)) { sum, part in
            switch part {
            case .text(let text): (sum.0 + TextTokens.upperBound(of: text), sum.1 + TextTokens.likely(of: text))
            case .image(let image): (sum.0 + image.record.tokens, sum.1 + image.record.tokens)
            case .video(let frames, _):
                frames.reduce(sum) { ($0.0 + $1.record.tokens, $0.1 + $1.record.tokens) }
            }
        }
    }

    /// Tokens around a message: role, marks of begin and end, the head of the answer.
    ///
    /// - Source: the chat template of the Qwen models: `<|im_start|>user`, `<|im_end|>`, `<|im_start|>assistant` with line feeds, and a
    ///   default system message of nine tokens on models that have one.
    private static let frameTokens = 32
}
