public import QdocCore
internal import QdocTransport

/// Writes a JSON body whose images stay the arrays they are.
struct BodyWriter {
    private var pieces: [HTTPBody.Piece] = []
    private var bytes: [UInt8] = []
    private var needsComma = false

    mutating func object(_ fill: (inout BodyWriter) -> Void) {
        nested(UInt8(ascii: "{"), UInt8(ascii: "}"), fill)
    }

    mutating func array(_ fill: (inout BodyWriter) -> Void) {
        nested(UInt8(ascii: "["), UInt8(ascii: "]"), fill)
    }

    /// Writes the name of a member, whose value is to follow.
    mutating func name(_ name: String) {
        value(.string(name))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func member(_ name: String, _ value: JSONValue) {
        self.name(name)
        self.value(value)
    }

    mutating func value(_ value: JSONValue) {
        separate()
        bytes += JSONWriter.text(value).utf8
        needsComma = true
    }

    /// Writes an image as a string, `data:image/png;base64,…`.
    mutating func dataURI(_ image: EncodedImage) {
        separate()
        bytes += "\"\(image.dataURIPrefix)".utf8
        pieces += [.bytes(bytes), .base64(image.bytes)]
        bytes = [UInt8(ascii: "\"")]
        needsComma = true
    }

    consuming func body() -> HTTPBody {
        HTTPBody(pieces + [.bytes(bytes)])
    }

    private mutating func nested(_ opening: UInt8, _ closing: UInt8, _ fill: (inout BodyWriter) -> Void) {
        separate()
        bytes.append(opening)
        needsComma = false
        fill(&self)
        bytes.append(closing)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }
}

extension EncodedImage {
    fileprivate var dataURIPrefix: String { "data:\(record.encoding.rawValue);base64," }

    /// Bytes of the image as a data URI.
    var dataURICount: Int { dataURIPrefix.utf8.count + (bytes.count + 2) / 3 * 4 }
}

/// A question in the spelling of its endpoint.
///
/// - Source: Model Studio's API and visual reasoning pages (February 2026), Segmind's model pages, AI/ML API's qwen-max page, and the manuals
///   of vLLM, llama.cpp, Ollama and OpenRouter for the switches of thinking.
struct RequestBody {
    let request: ModelRequest
    let endpoint: ModelEndpoint

    func make() -> HTTPBody {
        var writer = BodyWriter()
        writer.object { writer in
            switch endpoint.wire {
            case .chat:
                writer.member("model", .string(endpoint.model))
                writeMessages(&writer)
                if endpoint.isStreamed {
                    writer.member("stream", true)
                    // Without it Model Studio's streams tell no usage at all.
                    writer.member("stream_options", ["include_usage": true])
                }
                writeFields(&writer)
            case .dashscope:
                writer.member("model", .string(endpoint.model))
                writer.name("input")
                writer.object { writeMessages(&$0) }
                writer.name("parameters")
                writer.object { writer in
                    // The default of older models repeats the whole text in every frame; thinking needs the other.
                    if endpoint.isStreamed { writer.member("incremental_output", true) }
                    writer.member("result_format", "message")
                    writeFields(&writer)
                }
            case .segmind, .segmindAsync:
                // The slug in the address is the model.
                writeMessages(&writer)
                writeFields(&writer)
            }
        }
        return writer.body()
    }

    // MARK: - Messages

    private func writeMessages(_ writer: inout BodyWriter) {
        writer.name("messages")
        writer.array { writer in
            if let system = request.system {
                writer.value(["role": "system", "content": .string(system)])
            }
            writer.object { writer in
                writer.member("role", "user")
                writer.name("content")
                // Models of text take a plain string everywhere, a list of parts only in places.
                if let text = request.soleText, !isMultimodalNative { writer.value(.string(text)) } else { writeParts(&writer) }
            }
        }
    }

    private var isMultimodalNative: Bool {
        endpoint.wire == .dashscope && (endpoint.profile.fields.contains(.images) || endpoint.profile.fields.contains(.video))
    }

    private func writeParts(_ writer: inout BodyWriter) {
        let isNative = endpoint.wire == .dashscope
        writer.array { writer in
            for part in request.parts {
                writer.object { writer in
                    switch part {
                    case .text(let text):
                        if !isNative { writer.member("type", "text") }
                        writer.member("text", .string(text))
                    case .image(let image):
                        if isNative {
                            writer.name("image")
                            writer.dataURI(image)
                        } else {
                            writer.member("type", "image_url")
                            writer.name("image_url")
                            writer.object { writer in
                                writer.name("url")
                                writer.dataURI(image)
                            }
                        }
                    case .video(let frames, let framesPerSecond):
                        if !isNative { writer.member("type", "video") }
                        writer.name("video")
                        writer.array { writer in for frame in frames { writer.dataURI(frame) } }
                        writer.member("fps", .number(framesPerSecond))
                    }
                }
            }
        }
    }

    // MARK: - Fields

    private func writeFields(_ writer: inout BodyWriter) {
        let fields = endpoint.profile.fields
        if fields.contains(.maxTokens) { writer.member(endpoint.outputLimitField, .int(request.maxOutputTokens)) }
        if let temperature = request.temperature, fields.contains(.temperature) { writer.member("temperature", .number(temperature)) }
        if let seed = request.seed, fields.contains(.seed) { writer.member("seed", .int(seed)) }
        writeThinking(&writer)
        switch request.responseFormat {
        case .jsonObject: writer.member("response_format", ["type": "json_object"])
        case .jsonSchema(let name, let schema):
            writer.member(
                "response_format",
                ["type": "json_schema", "json_schema": ["name": .string(name), "strict": true, "schema": schema]])
        case nil: break
        }
    }

    /// Said to every model that can be told, as the defaults differ and change; never to one that cannot, which refuses the field.
    private func writeThinking(_ writer: inout BodyWriter) {
        guard endpoint.profile.thinking != .none else { return }
        let thinks = request.thinks(at: endpoint)
        let budget = thinks && endpoint.profile.fields.contains(.thinkingBudget) ? request.thinkingBudget : nil
        switch endpoint.thinkingSwitch {
        case .none: break
        case .enableThinking:
            // QVQ refuses the field, and the models whose names end in -thinking take nothing but true.
            if endpoint.profile.thinking != .always { writer.member("enable_thinking", .bool(thinks)) }
            if let budget { writer.member("thinking_budget", .int(budget)) }
        case .chatTemplate:
            writer.member("chat_template_kwargs", ["enable_thinking": .bool(thinks)])
        case .reasoningEffort:
            // Models that always think have an effort of their own and know no "none".
            if endpoint.profile.thinking != .always { writer.member("reasoning_effort", thinks ? "medium" : "none") }
        case .reasoning:
            writer.member("reasoning", budget.map { ["max_tokens": .int($0)] } ?? ["enabled": .bool(thinks)])
        }
    }
}

extension ModelRequest {
    /// Whether the model will think about this request.
    public func thinks(at endpoint: ModelEndpoint) -> Bool {
        switch endpoint.profile.thinking {
        case .none: false
        case .hybrid(let isOnByDefault): thinks ?? isOnByDefault
        case .always: true
        }
    }

    /// The whole content as one text; nil where it shows anything.
    fileprivate var soleText: String? {
        var texts: [String] = []
        for part in parts {
            guard case .text(let text) = part else { return nil }
            texts.append(text)
        }
        return texts.joined(separator: "\n")
    }
}
