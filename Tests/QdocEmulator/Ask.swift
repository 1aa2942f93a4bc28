internal import QdocCore
internal import QdocCrypto

/// A request as its provider understands it, once it has been found good.
struct Ask {
    var model = ""
    var hosted = HostedModel()
    var streams = false
    var includesUsage = false
    var isIncremental = true
    var thinks = false
    var budget: Int?
    var maxOutput = 0
    /// All texts in order.
    var texts: [String] = []
    var media: [DataURI] = []
    var mediaTokens = 0
    /// Numbers that the texts give to images, in order.
    var imageNumbers: [Int] = []
    /// Whether the answer has to be a JSON object, schema or not.
    var wantsJSON = false
    /// Of the answer, where the request forces one.
    var schema: JSONValue?

    var textTokens: Int { (texts.reduce(0) { $0 + $1.utf8.count } + 3) / 4 + 8 }
    var inputTokens: Int { textTokens + mediaTokens }

    /// Of what is asked, not of how: texts and media in order.
    var promptDigest: String {
        SHA256.hexDigest(of: Array((texts + media.map(\.sha256)).joined(separator: "\u{0}").utf8))
    }
}

/// Reads a request by the rules of the provider that it is sent to.
struct AskReader {
    let route: Route
    let headers: [String: String]
    private let body: JSONValue
    private let uris: [DataURI]
    /// Where the fields stand that are no messages.
    private let fields: JSONValue
    private var isHigh = false
    private var ask = Ask()

    /// - Throws: `Refusal` of what is no JSON object, and of a wrong content type.
    init(_ route: Route, headers: [String: String], body: [UInt8]) throws(Refusal) {
        self.route = route
        self.headers = headers
        guard headers["content-type"]?.lowercased().hasPrefix("application/json") == true else {
            throw Refusal(.contentType, "send the body as application/json")
        }
        let (text, uris) = DataURI.excise(body)
        self.uris = uris
        // Why it is no JSON does not matter to any provider.
        guard let value = try? JSONParser.parse(text), value.object != nil else { throw Refusal(.invalid, "the body is no JSON object") }
        self.body = value
        if case .native = route.operation {
            fields = value["parameters"] ?? .object(JSONObject())
        } else {
            fields = value
        }
    }

    private var flavour: Flavour { route.scope.flavour }
    private var isNative: Bool { if case .native = route.operation { true } else { false } }

    /// Whether the answer is asked for as a stream, whatever else is wrong with the request.
    var streams: Bool {
        guard isNative else { return fields["stream"]?.bool == true }
        return headers["x-dashscope-sse"]?.lowercased() == "enable" || headers["accept"]?.contains("text/event-stream") == true
    }

    /// The model that is asked for, known or not.
    var model: String {
        switch route.operation {
        case .run(let slug), .submit(let slug): slug
        default: body["model"]?.string ?? ""
        }
    }

    /// - Throws: `Refusal`.
    mutating func read() throws(Refusal) -> Ask {
        guard !model.isEmpty else { throw Refusal(.invalid, "model: say which") }
        guard let hosted = HostedModel.named(model, at: route.scope) else {
            throw Refusal(.unknownModel, "there is no \(model.prefix(80)) here")
        }
        ask.model = model
        ask.hosted = hosted
        ask.streams = streams
        try readStream()
        try readThinking()
        isHigh = fields["vl_high_resolution_images"]?.bool == true
        try readMessages()
        try readFormat()
        try readNumbers()
        let most = ask.thinks ? hosted.maxThinkingInput ?? hosted.maxInput : hosted.maxInput
        guard ask.inputTokens <= most else {
            throw Refusal(.invalid, "Range of input length is [1, \(most)], and these are \(ask.inputTokens) tokens")
        }
        return ask
    }

    private func flag(_ name: String) throws(Refusal) -> Bool? {
        guard let value = fields[name], !value.isNull else { return nil }
        guard let flag = value.bool else { throw Refusal(.invalid, "\(name): true or false is meant") }
        return flag
    }

    private mutating func readStream() throws(Refusal) {
        _ = isNative ? nil : try flag("stream")
        if flavour == .segmind {
            guard !ask.streams else { throw Refusal(.invalid, "streaming is not supported") }
            return
        }
        guard !ask.hosted.streamsOnly || ask.streams else {
            throw Refusal(.invalid, "this model can only support stream mode: switch the stream on")
        }
        if let options = fields["stream_options"], !options.isNull {
            guard ask.streams else { throw Refusal(.invalid, "stream_options stand with stream: true alone") }
            ask.includesUsage = options["include_usage"]?.bool == true
        }
        if isNative {
            let said = try flag("incremental_output")
            ask.isIncremental = said ?? ask.hosted.isIncremental
            if case .native(let isText) = route.operation, isText == ask.hosted.takesImages {
                throw Refusal(.invalid, "url error: this model is asked elsewhere")
            }
        }
    }

    private mutating func readThinking() throws(Refusal) {
        let known = ask.hosted.thinking
        var said: Bool?
        var budgetField = fields["thinking_budget"]
        switch flavour {
        case .dashscope, .segmind:
            said = try flag("enable_thinking")
            if said != nil, known == .none || ask.hosted.streamsOnly || (flavour == .segmind && HostedModel.undated(model) == "qvq-max") {
                throw Refusal(.noThinkingSwitch, "\(model) has no enable_thinking")
            }
        case .vllm, .llamacpp: said = fields["chat_template_kwargs"]?["enable_thinking"]?.bool
        case .ollama: said = fields["reasoning_effort"]?.string.map { $0 != "none" }
        case .openrouter:
            let reasoning = fields["reasoning"]
            if reasoning?["effort"] != nil, reasoning?["max_tokens"] != nil {
                throw Refusal(.invalid, "reasoning: effort or max_tokens, not both")
            }
            said = reasoning?["enabled"]?.bool ?? reasoning?["effort"]?.string.map { $0 != "none" }
            budgetField = reasoning?["max_tokens"]
        case .aimlapi, .openai, .litellm:
            // Alibaba's fields mean nothing here, and OpenAI refuses what it does not know.
            if flavour == .openai, fields["enable_thinking"] != nil || fields["thinking_budget"] != nil {
                throw Refusal(.invalid, "Unrecognized request argument: enable_thinking or thinking_budget")
            }
        }
        switch known {
        case .none: ask.thinks = false
        case .always:
            guard said != false || flavour != .dashscope else { throw Refusal(.invalid, "enable_thinking: this model takes only true") }
            ask.thinks = true
        case .hybrid(let isOn): ask.thinks = said ?? isOn
        }
        // OpenAI keeps its thoughts.
        if flavour == .openai || flavour == .aimlapi { ask.thinks = false }
        if isNative, !ask.isIncremental, ask.streams, ask.thinks {
            throw Refusal(.invalid, "incremental_output has to be true where the model thinks")
        }
        if let budgetField, !budgetField.isNull {
            guard ask.hosted.takesBudget else { throw Refusal(.invalid, "thinking_budget is no field of \(model)") }
            guard let budget = budgetField.int, (1...ask.hosted.maxThought).contains(budget) else {
                throw Refusal(.invalid, "thinking_budget: 1 to \(ask.hosted.maxThought)")
            }
            ask.budget = budget
        }
    }

    private mutating func readFormat() throws(Refusal) {
        guard let format = fields["response_format"], !format.isNull else { return }
        switch format["type"]?.string {
        case "text": return
        case "json_object":
            guard !ask.thinks else { throw Refusal(.invalid, "Json mode response is not supported while the model thinks") }
            guard ask.hosted.takesJSONObject else { throw Refusal(.invalid, "response_format: not with \(model)") }
            guard ask.texts.contains(where: { $0.lowercased().contains("json") }) else {
                throw Refusal(.invalid, "the messages need the word 'json' for response_format json_object")
            }
            ask.wantsJSON = true
        case "json_schema":
            guard !ask.thinks || flavour != .dashscope else {
                throw Refusal(.invalid, "Json mode response is not supported while the model thinks")
            }
            guard ask.hosted.takesJSONSchema else { throw Refusal(.invalid, "response_format json_schema: not with \(model)") }
            let form = format["json_schema"]
            guard let name = form?["name"]?.string, (1...64).contains(name.count) else {
                throw Refusal(.invalid, "json_schema.name: 1 to 64 characters")
            }
            ask.schema = form?["schema"]
            ask.wantsJSON = true
        default: throw Refusal(.invalid, "response_format.type: text, json_object or json_schema")
        }
    }

    private mutating func readNumbers() throws(Refusal) {
        let limit = fields["max_tokens"] ?? fields["max_completion_tokens"]
        ask.maxOutput = ask.hosted.maxOutput
        if let limit, !limit.isNull {
            guard let count = limit.int, (1...ask.hosted.maxOutput).contains(count) else {
                throw Refusal(.invalid, "Range of max_tokens is [1, \(ask.hosted.maxOutput)]")
            }
            ask.maxOutput = count
        }
        let isStudio = flavour == .dashscope
        try check("temperature") { $0 >= 0 && (isStudio ? $0 < 2 : $0 <= 2) }
        try check("top_p") { $0 > 0 && $0 <= 1 }
        try check("presence_penalty") { (-2...2).contains($0) }
        try check("frequency_penalty") { (-2...2).contains($0) }
        try check("seed") { $0 >= (flavour == .aimlapi ? 1 : 0) && $0 < 9.3e18 && $0 == $0.rounded() }
        try check("n") { (1...4).contains($0) }
    }

    private func check(_ name: String, _ isGood: (Double) -> Bool) throws(Refusal) {
        guard let value = fields[name], !value.isNull else { return }
        guard let number = value.double, isGood(number) else { throw Refusal(.invalid, "\(name) is out of its range") }
    }
}

// Messages and what they hold.
extension AskReader {
    private mutating func readMessages() throws(Refusal) {
        let list = isNative ? body["input"]?["messages"] : body["messages"]
        guard let messages = list?.array, !messages.isEmpty else { throw Refusal(.invalid, "messages: at least one") }
        for message in messages {
            let role = message["role"]?.string ?? ""
            let roles =
                flavour == .segmind && model.hasPrefix("qwen2p5") ? ["user", "assistant"] : ["user", "assistant", "system", "tool"]
            guard roles.contains(role) else { throw Refusal(.invalid, "role: one of \(roles.joined(separator: ", "))") }
            switch message["content"] {
            case .string(let text): ask.texts.append(text)
            case .array(let parts):
                guard !parts.isEmpty else { throw Refusal(.invalid, "content: at least one part") }
                for part in parts { try read(part) }
            default: throw Refusal(.invalid, "content: a text or a list of parts")
            }
        }
        guard messages.contains(where: { $0["role"]?.string == "user" }) else {
            throw Refusal(.invalid, "messages: one of them the user's")
        }
        for text in ask.texts where text.hasPrefix("Image ") {
            if let number = Int(text.dropFirst(6).prefix { $0.isNumber }) { ask.imageNumbers.append(number) }
        }
    }

    private mutating func read(_ part: JSONValue) throws(Refusal) {
        guard !isNative else { return try readNative(part) }
        switch part["type"]?.string {
        case "text":
            guard let text = part["text"]?.string else { throw Refusal(.invalid, "a text part needs its text") }
            ask.texts.append(text)
        case "image_url":
            guard let url = part["image_url"]?["url"]?.string else { throw Refusal(.invalid, "image_url.url: a text") }
            try image(url)
        case "video": try video(part["video"])
        default: throw Refusal(.invalid, "the type of a part is text, image_url or video")
        }
    }

    private mutating func readNative(_ part: JSONValue) throws(Refusal) {
        if let text = part["text"]?.string {
            ask.texts.append(text)
        } else if let url = part["image"]?.string {
            try image(url)
        } else if part["video"] != nil {
            try video(part["video"])
        } else {
            throw Refusal(.invalid, "a part is a text, an image or a video")
        }
    }

    private mutating func image(_ url: String) throws(Refusal) {
        let found = try media(url)
        let size = found.size ?? (0, 0)
        ask.media.append(found)
        ask.mediaTokens += ask.hosted.counting.tokens(width: size.width, height: size.height, isHigh: isHigh)
    }

    private mutating func video(_ value: JSONValue?) throws(Refusal) {
        guard flavour == .dashscope, let frames = value?.array else { throw Refusal(.invalid, "a video is a list of frames") }
        guard ask.hosted.frames.contains(frames.count) else {
            throw Refusal(
                .invalid, "a video has (\(ask.hosted.frames.lowerBound), \(ask.hosted.frames.upperBound)) frames, not \(frames.count)")
        }
        var first: (width: Int, height: Int)?
        for frame in frames {
            let found = try media(frame.string ?? "")
            first = first ?? found.size
            ask.media.append(found)
        }
        ask.mediaTokens += ask.hosted.counting.videoTokens(
            frames: frames.count, width: first?.width ?? 0, height: first?.height ?? 0, isWide: ask.hosted.frames.upperBound >= 2_000)
    }

    /// - Throws: `Refusal` of media that the model or its provider does not take.
    private func media(_ url: String) throws(Refusal) -> DataURI {
        guard ask.hosted.takesImages else { throw Refusal(.invalid, "\(model) reads text alone") }
        guard url.hasPrefix(DataURI.mark), let index = Int(url.dropFirst(DataURI.mark.count)), uris.indices.contains(index) else {
            // No provider of these fetches from a loopback address; Ollama and Segmind fetch nothing.
            throw Refusal(.invalid, "Failed to download multimodal content")
        }
        let found = uris[index]
        guard found.byteCount <= 10_485_760 || !flavour.isHosted || flavour == .openai else {
            throw Refusal(.invalid, "Exceeded limit on max bytes per data-uri item: 10485760")
        }
        guard ["image/png", "image/jpeg", "image/jpg", "image/webp"].contains(found.mediaType) else {
            throw Refusal(.invalid, "media of the type \(found.mediaType.prefix(40)) are not taken")
        }
        guard let size = found.size, size.width > 0, size.height > 0 else { throw Refusal(.invalid, "the image cannot be opened") }
        let (short, long) = (min(size.width, size.height), max(size.width, size.height))
        guard !flavour.isHosted || flavour == .openai || (short > 10 && long <= 200 * short) else {
            throw Refusal(.invalid, "The image length and width do not meet the model restrictions: above 10 pixels, at most 200 to 1")
        }
        return found
    }
}
