internal import QdocCore

/// How the frames of an answer are spelt.
enum FrameForm: Sendable, Hashable {
    /// OpenAI's chat completions.
    case chat
    /// DashScope's own.
    case native
}

/// What one frame of an answer says.
struct AnswerChunk {
    var id: String?
    var model: String?
    var reasoning: String?
    var answer: String?
    /// Nil while the model is at work.
    var finish: String?
    var usage: ReportedUsage?
    var error: ProviderError?

    init() {}

    /// Reads a frame of a stream, or an answer that came in one piece.
    init(_ value: JSONValue, form: FrameForm) {
        error = ProviderError(value)
        if let usage = value["usage"], usage.object != nil { self.usage = .value(usage) }
        let choice: JSONValue?
        let message: JSONValue?
        switch form {
        case .chat:
            id = value["id"]?.string
            model = value["model"]?.string
            choice = value["choices"]?[0]
            message = choice?["delta"]?.object.map(JSONValue.object) ?? choice?["message"]
        case .native:
            id = value["request_id"]?.string
            let output = value["output"]
            // Without a message the text path writes text and finish reason into the output itself.
            choice = output?["choices"]?[0] ?? output
            message = choice?["message"]
            answer = Self.text(output?["text"])
        }
        reasoning = Self.text(message?["reasoning_content"]) ?? Self.text(message?["reasoning"])
        answer = Self.text(message?["content"]) ?? answer
        finish = choice?["finish_reason"]?.string.flatMap(Self.finish)
    }

    /// A finish reason that is one: `""` and `"null"` stand for none on some servers.
    static func finish(_ text: String) -> String? {
        text.isEmpty || text == "null" ? nil : text
    }

    /// A text, or a list of parts with texts; nil where there is none.
    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): text.isEmpty ? nil : text
        case .array(let parts): text(.string(parts.compactMap { $0["text"]?.string }.joined()))
        default: nil
        }
    }
}

/// A usage as it came: DashScope repeats it in every frame, and only the last is worth reading.
enum ReportedUsage {
    case value(JSONValue)
    /// One JSON object, not looked into.
    case text([UInt8])

    /// The counts under whichever names they have; nil of what is no JSON object.
    var usage: Usage? {
        let value: JSONValue
        switch self {
        case .value(let read): value = read
        case .text(let bytes):
            // What is no JSON tells no usage.
            guard let read = try? JSONParser.parse(bytes) else { return nil }
            value = read
        }
        guard value.object != nil else { return nil }
        let input = [value["prompt_tokens_details"], value["input_tokens_details"]]
        let output = [value["completion_tokens_details"], value["output_tokens_details"]]
        return Usage(
            inputTokens: (value["prompt_tokens"] ?? value["input_tokens"])?.int,
            outputTokens: (value["completion_tokens"] ?? value["output_tokens"])?.int,
            reasoningTokens: output.compactMap { $0?["reasoning_tokens"]?.int }.first,
            imageTokens: value["image_tokens"]?.int ?? input.compactMap { $0?["image_tokens"]?.int }.first,
            cachedTokens: input.compactMap { $0?["cached_tokens"]?.int }.first, raw: value)
    }
}
