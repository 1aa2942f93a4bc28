internal import QdocCore

/// What a provider says went wrong, in whichever shape it says it.
struct ProviderError: Equatable {
    var code: String?
    var message: String
    /// The HTTP status that the body names, where the response's own is no guide.
    var status: Int?
    var requestID: String?

    init(code: String? = nil, message: String, status: Int? = nil) {
        self.code = code
        self.message = message
        self.status = status
    }

    /// Finds an error in a body; nil where it has none.
    ///
    /// OpenAI, vLLM, llama.cpp, Ollama, OpenRouter, LiteLLM and Model Studio's compatible mode have an object `error`; Segmind and gateways a
    /// text `error`; DashScope a `code` and a `message`; AI/ML API a `message` and a `statusCode`; older vLLM `object: error`.
    ///
    /// - Parameter isRefusal: The response is an error by its status: a message alone is one, then.
    init?(_ body: JSONValue, isRefusal: Bool = false) {
        let inner = body["error"]
        if let text = inner?.string {
            self.init(message: [text, body["error_description"]?.string].compactMap { $0 }.joined(separator: ": "))
        } else if let inner, inner.object != nil {
            let code = inner["code"]
            self.init(
                code: code?.string ?? inner["type"]?.string, message: inner["message"]?.string ?? "",
                status: code?.int ?? code?.string.flatMap { Int($0) })
        } else if let message = body["message"]?.string, body["choices"] == nil {
            let code = body["code"]
            let status = code?.int ?? Self.number(body["statusCode"])
            guard code?.string?.isEmpty == false || status != nil || body["object"]?.string == "error" || isRefusal else { return nil }
            self.init(code: code?.string ?? body["type"]?.string, message: message, status: status)
        } else if isRefusal, let detail = body["detail"]?.string {
            self.init(message: detail)
        } else {
            return nil
        }
        requestID = (body["request_id"] ?? body["requestId"] ?? body["id"])?.string
    }

    private static func number(_ value: JSONValue?) -> Int? {
        value?.int ?? value?.string.flatMap { Int($0) }
    }
}

/// Makes a provider's words fit to be shown: one line, bounded, without the key.
struct ProviderWords {
    /// Characters; enough for any provider's sentence, too few for a page of HTML.
    private static let limit = 300

    let key: Secret?

    func shown(_ text: String) -> String {
        var text = text
        if let key = key?.exposed, !key.isEmpty {
            text = text.split(separator: key, omittingEmptySubsequences: false).joined(separator: "•••")
        }
        var line = ""
        for scalar in text.unicodeScalars.prefix(4 * Self.limit) {
            let isControl = scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
            line.unicodeScalars.append(isControl ? " " : scalar)
        }
        let words = line.split(separator: " ").joined(separator: " ")
        return words.count > Self.limit ? String(words.prefix(Self.limit)) + "…" : words
    }
}
