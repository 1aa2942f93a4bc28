internal import QdocCore
internal import QdocRuntime

/// Spells an answer as its provider does, piece by piece or as a whole.
struct ReplyEncoder {
    let route: Route
    let ask: Ask
    let id: String
    private let created = WallClock.now() / 1_000_000
    private let model: String
    private(set) var outputTokens = 0
    private var thoughtTokens = 0
    private var frames = 0
    private var thought = ""
    private var answer = ""
    private var finish: String?
    private var hasRole = false
    private var asksForTool = false
    /// Whether usage is left out, whatever was asked for.
    var hidesUsage = false

    init(route: Route, ask: Ask, id: String) {
        self.route = route
        self.ask = ask
        self.id = id
        model = JSONWriter.text(.string(ask.model))
    }

    private var flavour: Flavour { route.scope.flavour }
    private var isNative: Bool { if case .native = route.operation { true } else { false } }

    /// The bytes of a step in a stream; none where the protocol has nothing to say.
    mutating func stream(_ step: Step) -> String {
        note(step)
        switch step {
        case .raw(let text): return text
        case .done: return isNative ? "" : "data: [DONE]\n\n"
        case .error(let refusal): return error(refusal)
        default: return isNative ? nativeFrame(step) : chatFrame(step)
        }
    }

    private mutating func note(_ step: Step) {
        outputTokens += step.tokens
        switch step {
        case .thought(let text):
            thoughtTokens += 1
            if !ask.isIncremental || !ask.streams { thought += text }
        case .answer(let text): if !ask.isIncremental || !ask.streams { answer += text }
        case .both(let last, let first):
            thoughtTokens += 1
            if !ask.isIncremental || !ask.streams { (thought, answer) = (thought + last, answer + first) }
        case .tool: asksForTool = true
        case .finish(let reason): finish = reason
        default: break
        }
    }

    /// Takes a step of an answer that goes out as a whole.
    mutating func collect(_ step: Step) {
        note(step)
    }

    /// Megabytes come as blanks alone, and need no search for what is to be escaped.
    private func quoted(_ text: String) -> String { text.utf8.count > 1 << 20 ? "\"\(text)\"" : JSONWriter.text(.string(text)) }

    private func error(_ refusal: Refusal) -> String {
        let body = String(decoding: refusal.reply(route, id: id).body, as: UTF8.self)
        switch flavour {
        case .dashscope where isNative:
            return "id:\(frames + 1)\nevent:error\n:HTTP_STATUS/\(refusal.status(flavour))\ndata:\(body)\n\n"
        case .openrouter:
            let code = refusal.reason == .server ? "server_error" : "\(refusal.status(flavour))"
            return
                "data: {\"id\":\"gen-\(id)\",\"provider\":\"Emulator\",\"model\":\(model),\"object\":\"chat.completion.chunk\","
                + "\"created\":\(created),"
                + "\"error\":{\"code\":\"\(code)\",\"message\":\(quoted(refusal.message))},"
                + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n"
        case .vllm, .litellm: return "data: \(body)\n\ndata: [DONE]\n\n"
        // It says nothing and stops.
        case .ollama: return ""
        default: return "data: \(body)\n\n"
        }
    }

    // MARK: Chat completions

    private mutating func chatFrame(_ step: Step) -> String {
        switch step {
        case .usage:
            guard ask.includesUsage, !hidesUsage else { return "" }
            let timings = flavour == .llamacpp ? ",\"timings\":{\"predicted_n\":\(outputTokens),\"predicted_per_second\":60.0}" : ""
            return "data: \(chunk(choices: "", usage: JSONWriter.text(chatUsage), extra: timings))\n\n"
        case .finish(let reason):
            return "data: \(chunk(choice(finishDelta, finish: quoted(reason))))\n\n"
        default:
            guard let delta = delta(step) else { return "" }
            return "data: \(chunk(choice(delta, finish: "null")))\n\n"
        }
    }

    private func choice(_ delta: String, finish: String) -> String {
        switch flavour {
        case .dashscope, .aimlapi: "{\"delta\":\(delta),\"finish_reason\":\(finish),\"index\":0,\"logprobs\":null}"
        case .vllm:
            "{\"index\":0,\"delta\":\(delta),\"logprobs\":null,\"finish_reason\":\(finish)"
                + (finish == "null" ? "}" : ",\"stop_reason\":null}")
        case .openai: "{\"index\":0,\"delta\":\(delta),\"logprobs\":null,\"finish_reason\":\(finish)}"
        case .llamacpp: "{\"finish_reason\":\(finish),\"index\":0,\"delta\":\(delta)}"
        default: "{\"index\":0,\"delta\":\(delta),\"finish_reason\":\(finish)}"
        }
    }

    private func chunk(_ choice: String) -> String { chunk(choices: choice, usage: nil, extra: "") }

    private func chunk(choices: String, usage: String?, extra: String) -> String {
        let object = "\"object\":\"chat.completion.chunk\""
        let said = usage.map { ",\"usage\":\($0)" } ?? ""
        switch flavour {
        case .dashscope, .aimlapi, .segmind:
            return "{\"choices\":[\(choices)],\(object),\"usage\":\(usage ?? "null"),\"created\":\(created),\"system_fingerprint\":null,"
                + "\"model\":\(model),\"id\":\"chatcmpl-\(id)\"}"
        case .openrouter:
            return
                "{\"id\":\"gen-\(id)\",\"provider\":\"Emulator\",\"model\":\(model),\(object),\"created\":\(created),"
                + "\"choices\":[\(choices)]\(said)}"
        case .ollama:
            return
                "{\"id\":\"chatcmpl-\(id.prefix(3))\",\(object),\"created\":\(created),\"model\":\(model),"
                + "\"system_fingerprint\":\"fp_ollama\","
                + "\"choices\":[\(choices)]\(said)}"
        case .llamacpp:
            return
                "{\"choices\":[\(choices)],\"created\":\(created),\"id\":\"chatcmpl-\(id)\",\"model\":\(model),"
                + "\"system_fingerprint\":\"b1-emulator\",\(object)\(said)\(extra)}"
        case .openai:
            let usage = ask.includesUsage ? ",\"usage\":\(usage ?? "null")" : ""
            return "{\"id\":\"chatcmpl-\(id)\",\(object),\"created\":\(created),\"model\":\(model),\"service_tier\":\"default\","
                + "\"system_fingerprint\":\"fp_emulator\",\"choices\":[\(choices)]\(usage)}"
        case .vllm, .litellm:
            return "{\"id\":\"chatcmpl-\(id)\",\(object),\"created\":\(created),\"model\":\(model),\"choices\":[\(choices)]\(said)}"
        }
    }

    private var finishDelta: String {
        switch flavour {
        case .dashscope, .aimlapi, .segmind: ask.thinks ? "{\"content\":\"\",\"reasoning_content\":null}" : "{\"content\":\"\"}"
        case .vllm: "{\"content\":\"\"}"
        case .openrouter: "{\"role\":\"assistant\",\"content\":\"\"}"
        case .ollama, .llamacpp, .openai, .litellm: "{}"
        }
    }

    private mutating func delta(_ step: Step) -> String? {
        switch step {
        case .role:
            switch flavour {
            case .dashscope where ask.thinks: return "{\"content\":null,\"role\":\"assistant\",\"reasoning_content\":\"\"}"
            case .llamacpp: return "{\"role\":\"assistant\",\"content\":null}"
            case .openai: return "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}"
            case .openrouter, .ollama: return nil
            default: return "{\"content\":\"\",\"role\":\"assistant\"}"
            }
        case .thought(let text): return thoughtDelta(quoted(text))
        case .answer(let text), .endless(let text):
            let text = quoted(text)
            switch flavour {
            case .dashscope where ask.thinks && !ask.hosted.streamsOnly: return "{\"content\":\(text),\"reasoning_content\":null}"
            case .ollama where !hasRole:
                hasRole = true
                return "{\"role\":\"assistant\",\"content\":\(text)}"
            case .openrouter: return "{\"role\":\"assistant\",\"content\":\(text)}"
            default: return "{\"content\":\(text)}"
            }
        case .both(let last, let first): return "{\"content\":\(quoted(first)),\"reasoning_content\":\(quoted(last))}"
        case .tool:
            return "{\"content\":null,\"tool_calls\":[{\"index\":0,\"id\":\"call_\(id.prefix(8))\",\"type\":\"function\","
                + "\"function\":{\"name\":\"zoom\",\"arguments\":\"{}\"}}]}"
        case .finish, .usage, .done, .error, .raw: return nil
        }
    }

    private mutating func thoughtDelta(_ text: String) -> String {
        switch flavour {
        case .vllm: return "{\"reasoning\":\(text)}"
        case .ollama:
            defer { hasRole = true }
            return hasRole ? "{\"content\":\"\",\"reasoning\":\(text)}" : "{\"role\":\"assistant\",\"content\":\"\",\"reasoning\":\(text)}"
        case .openrouter:
            return "{\"role\":\"assistant\",\"content\":\"\",\"reasoning\":\(text),"
                + "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\(text),\"format\":\"unknown\",\"index\":0}]}"
        case .llamacpp, .litellm: return "{\"reasoning_content\":\(text)}"
        default: return "{\"content\":null,\"reasoning_content\":\(text)}"
        }
    }

    private var chatUsage: JSONValue {
        var usage: JSONObject = [
            "prompt_tokens": .int(ask.inputTokens), "completion_tokens": .int(outputTokens),
            "total_tokens": .int(ask.inputTokens + outputTokens),
        ]
        switch flavour {
        case .dashscope, .segmind:
            usage["completion_tokens_details"] = outputDetails
            var details: JSONObject = ["text_tokens": .int(ask.textTokens), "image_tokens": .int(ask.mediaTokens)]
            if !isQVQ { details["cached_tokens"] = 0 }
            usage["prompt_tokens_details"] = .object(details)
        case .openai, .openrouter, .litellm:
            usage["completion_tokens_details"] = ["reasoning_tokens": .int(thoughtTokens)]
            usage["prompt_tokens_details"] = ["cached_tokens": 0]
        case .aimlapi: usage["prompt_tokens_details"] = ["cached_tokens": 0]
        case .vllm, .ollama, .llamacpp: break
        }
        return .object(usage)
    }

    private var isQVQ: Bool { ask.model.hasPrefix("qvq") }

    /// QVQ counts its thought among the text.
    private var outputDetails: JSONValue {
        guard ask.thinks, !isQVQ else { return ["text_tokens": .int(outputTokens)] }
        return ["reasoning_tokens": .int(thoughtTokens), "text_tokens": .int(outputTokens - thoughtTokens)]
    }

    // MARK: DashScope's own protocol

    private var nativeUsage: JSONValue {
        var usage: JSONObject = [
            "total_tokens": .int(ask.inputTokens + outputTokens),
            "input_tokens_details": ["image_tokens": .int(ask.mediaTokens), "text_tokens": .int(ask.textTokens)],
            "output_tokens": .int(outputTokens), "input_tokens": .int(ask.inputTokens), "output_tokens_details": outputDetails,
            "image_tokens": .int(ask.mediaTokens),
        ]
        if !isQVQ { usage["prompt_tokens_details"] = .object(JSONObject()) }
        return .object(usage)
    }

    private mutating func nativeFrame(_ step: Step) -> String {
        var (lastThought, piece) = (nil as String?, nil as String?)
        switch step {
        case .thought(let text): lastThought = text
        case .answer(let text), .endless(let text): piece = text
        case .both(let last, let first): (lastThought, piece) = (last, first)
        case .tool, .finish: break
        default: return ""
        }
        if !ask.isIncremental { (lastThought, piece) = (thought.isEmpty ? nil : thought, answer.isEmpty ? nil : answer) }
        var message: JSONObject = ["content": nativeContent(piece)]
        if let lastThought { message["reasoning_content"] = .string(lastThought) }
        message["role"] = "assistant"
        if case .tool = step { message["tool_calls"] = [tool] }
        var body: JSONObject = [
            "output": ["choices": [["message": .object(message), "finish_reason": .string(finish ?? "null")]]]
        ]
        if !hidesUsage { body["usage"] = nativeUsage }
        body["request_id"] = .string(id)
        frames += 1
        return "id:\(frames)\nevent:result\n:HTTP_STATUS/200\ndata:\(JSONWriter.text(.object(body)))\n\n"
    }

    private var tool: JSONValue {
        ["index": 0, "id": .string("call_\(id.prefix(8))"), "type": "function", "function": ["name": "zoom", "arguments": "{}"]]
    }

    /// A list on the path for media, a text on that for text.
    private func nativeContent(_ text: String?) -> JSONValue {
        guard case .native(let isText) = route.operation, !isText else { return .string(text ?? "") }
        return text.map { [["text": .string($0)]] } ?? []
    }

    // MARK: As a whole

    /// What was collected, in one document.
    var whole: JSONValue {
        if isNative {
            var message: JSONObject = ["role": "assistant", "content": nativeContent(answer.isEmpty ? nil : answer)]
            if ask.thinks { message["reasoning_content"] = .string(thought) }
            if asksForTool { message["tool_calls"] = [tool] }
            let choice: JSONValue = ["finish_reason": .string(finish ?? "null"), "message": .object(message)]
            var body: JSONObject = ["output": ["choices": [choice]]]
            if !hidesUsage { body["usage"] = nativeUsage }
            body["request_id"] = .string(id)
            return .object(body)
        }
        var message: JSONObject = ["role": "assistant", "content": asksForTool ? nil : .string(answer)]
        if ask.thinks {
            let name = [.vllm, .ollama, .openrouter].contains(flavour) ? "reasoning" : "reasoning_content"
            message[name] = .string(thought)
        }
        if asksForTool { message["tool_calls"] = [tool] }
        let choice: JSONValue = [
            "index": 0, "message": .object(message), "logprobs": nil, "finish_reason": finish.map { .string($0) } ?? nil,
        ]
        var body: JSONObject = [
            "id": .string(flavour == .openrouter ? "gen-\(id)" : "chatcmpl-\(id)"), "object": "chat.completion",
            "created": .number(JSONNumber(Int(created))), "model": .string(ask.model), "choices": [choice],
        ]
        if !hidesUsage { body["usage"] = chatUsage }
        return .object(body)
    }
}
