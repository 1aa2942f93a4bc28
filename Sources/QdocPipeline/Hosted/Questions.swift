import QdocCore
import QdocExtract
import QdocPrompt

/// Puts the questions of one run together: the same for planning, when pages have a size and no pixels yet, and for asking.
struct Questions: Sendable {
    let endpoint: ModelEndpoint
    let settings: QuestionSettings
    /// What is asked for, in parts where the answer would be longer than the model writes.
    private let parts: [Part]
    private let digests: [Int: String]
    private let occurrence: String
    /// Whether frames go as one video with its rate.
    let isVideo: Bool
    let showsImages: Bool
    /// Whether the words that the document stores are shown.
    let showsWords: Bool

    /// What asks for a part of the schema, and what reads the answer.
    private struct Part: Sendable {
        let composer: PromptComposer
        let extractor: Extractor

        init(_ pipeline: Pipeline, schema: JSONValue, at endpoint: ModelEndpoint) throws(Failure) {
            self.init(pipeline, schema: schema, extractor: try Extractor(schema: schema), at: endpoint)
        }

        init(whole pipeline: Pipeline, at endpoint: ModelEndpoint) {
            self.init(pipeline, schema: pipeline.schema, extractor: pipeline.extractor, at: endpoint)
        }

        private init(_ pipeline: Pipeline, schema: JSONValue, extractor: Extractor, at endpoint: ModelEndpoint) {
            composer = PromptComposer(
                task: PromptTask(
                    instructions: pipeline.instructions, question: pipeline.question, language: pipeline.language, schema: schema),
                hasSystem: pipeline.wantsSystem && endpoint.profile.fields.contains(.system))
            self.extractor = extractor
        }
    }

    /// - Parameters:
    ///   - occurrence: Tells a run apart that asks anew on purpose; empty for one that takes what is known.
    ///   - isVideo: Whether frames are wanted as one video.
    ///   - frames: How many there are; fewer than the model takes as a video go as single images.
    init(
        pipeline: Pipeline, endpoint: ModelEndpoint, settings: QuestionSettings, source: Source, occurrence: String,
        isVideo: Bool = false, frames: Int = .max
    ) {
        self.endpoint = endpoint
        self.settings = settings
        parts = Self.parts(of: pipeline, at: endpoint)
        showsImages = pipeline.showsImages
        showsWords = pipeline.isAnchored || !pipeline.showsImages
        digests = [source.ordinal: source.sha256]
        self.occurrence = occurrence
        self.isVideo =
            isVideo && showsImages && source.mediaType.family == .video && frames >= endpoint.profile.videoFrames?.lowerBound ?? 0
    }

    var partCount: Int { parts.count }
    /// What reads the answers to each part.
    var extractors: [Extractor] { parts.map(\.extractor) }

    private static func parts(of pipeline: Pipeline, at endpoint: ModelEndpoint) -> [Part] {
        // Half of what the model writes: values are longer than they likely are, and lists have more records.
        let budget = min(endpoint.profile.maxOutput ?? .max, QuestionSettings.largestAnswer) / 2
        let schemas = SchemaParts.divide(pipeline.schema, budget: budget)
        // A schema whose references lead from one part into another is asked for whole.
        guard schemas.count > 1, let parts = try? schemas.map({ try Part(pipeline, schema: $0, at: endpoint) }) else {
            return [Part(whole: pipeline, at: endpoint)]
        }
        return parts
    }

    /// How images are made and counted: as pages, or as frames of one video.
    ///
    /// - Parameter frames: Of the video, at most.
    func imageRule(frames: Int) -> ImageRule {
        let profile = endpoint.profile
        guard isVideo, let video = profile.video else { return profile.image }
        let share = video.totalPixels.map { $0 / max(1, frames) * video.framesPerSlot } ?? .max
        return ImageRule(
            patch: video.patch, minPixels: video.minPixels, maxPixels: max(video.minPixels, min(video.maxPixels, share)),
            maxSide: profile.image.maxSide, counting: video.counting)
    }

    /// Frames a second of images that were taken at times; nil where they go as single images.
    private func rate(of images: [EncodedImage]) -> JSONNumber? {
        guard isVideo, images.count > 1, let first = images.first?.record.timestamp, let last = images.last?.record.timestamp, last > first
        else { return nil }
        let rate = Double(images.count - 1) / (last - first)
        // The providers take a tenth to ten; frames of scenes stand at uneven times, which their labels tell.
        return JSONNumber(String((min(max(rate, 0.1), 10) * 100).rounded() / 100))
    }

    /// An image is worth a page: each may say as much.
    func limits(pages: [PromptPage]) -> QuestionSettings.Limits {
        settings.limits(pages: pages.reduce(0) { $0 + max(1, $1.images.count) }, at: endpoint)
    }

    func limits(images: Int) -> QuestionSettings.Limits { settings.limits(pages: images, at: endpoint) }

    /// The words of a page as they are shown; nil where they are not.
    func words(of content: PageContent?) -> String? {
        showsWords ? content.map { PageWords.text(of: $0.words) } ?? "" : nil
    }

    /// - Parameters:
    ///   - call: Its number, which decides the part of the schema that is asked for.
    ///   - unfit: The answer that came before, where the question is asked again for its faults.
    func request(pages: [PromptPage], call: Int, unfit: UnfitAnswer? = nil) -> ModelRequest {
        let limits = limits(pages: pages)
        var request = parts[CallNumbers.part(of: call, among: parts.count)].composer.request(
            pages: pages, maxOutputTokens: limits.maxOutputTokens, framesPerSecond: rate(of: pages.flatMap(\.images)), unfit: unfit)
        request.thinks = limits.thinks
        request.thinkingBudget = limits.thinkingBudget
        request.temperature = settings.temperature
        request.seed = settings.seed
        return request
    }

    func identity(of request: ModelRequest) -> String {
        CallIdentity.digest(request, to: endpoint, digests: digests, occurrence: occurrence)
    }

    /// The most input tokens that asking again adds to a question.
    static let correctionTokens = PromptComposer.correctionBytes

    /// Input tokens of a request: images exact, text bounded from above, or as it likely counts.
    func inputTokens(of request: ModelRequest) -> (most: Int, likely: Int) {
        let system = request.system ?? ""
        let begin = (Self.frameTokens + TextTokens.upperBound(of: system), Self.frameTokens + TextTokens.likely(of: system))
        return request.parts.reduce(begin) { sum, part in
            switch part {
            case .text(let text): (sum.0 + TextTokens.upperBound(of: text), sum.1 + TextTokens.likely(of: text))
            case .image(let image): (sum.0 + image.record.tokens, sum.1 + image.record.tokens)
            case .video(let frames, _):
                Self.add(videoTokens(frames), to: sum)
            }
        }
    }

    private static func add(_ tokens: Int, to sum: (Int, Int)) -> (Int, Int) { (sum.0 + tokens, sum.1 + tokens) }

    private func videoTokens(_ frames: [EncodedImage]) -> Int {
        guard let rule = endpoint.profile.video, let size = frames.first?.record.size else {
            return frames.reduce(0) { $0 + $1.record.tokens }
        }
        return VideoTokens.count(frames: frames.count, size: size, rule: rule)
    }

    /// Tokens around a message: role, marks of begin and end, the head of the answer.
    ///
    /// - Source: the chat template of the Qwen models: `<|im_start|>user`, `<|im_end|>`, `<|im_start|>assistant` with line feeds, and a
    ///   default system message of nine tokens on models that have one.
    private static let frameTokens = 32
}
