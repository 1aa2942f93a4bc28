internal import QdocCore
internal import QdocTransport

/// A request as an endpoint's protocol spells it, before any network.
struct WireRequest: Sendable {
    var url: String
    var headers: [HTTPHeader]
    /// Sent by POST; nil asks by GET.
    var body: HTTPBody?
}

extension ModelEndpoint {
    /// Whether answers are asked for as a stream: wherever the endpoint can, as a thought may take minutes.
    var isStreamed: Bool {
        switch wire {
        case .chat, .dashscope: profile.streaming != .never
        // Whatever Segmind's pages say of streaming, its gateway answers in one piece.
        case .segmind, .segmindAsync: false
        }
    }

    /// Where the question goes.
    var questionURL: String {
        switch wire {
        case .chat: return baseURL + "/chat/completions"
        case .dashscope:
            // A model on the other path is answered 400, “url error”.
            let looks = profile.fields.contains(.images) || profile.fields.contains(.video)
            return baseURL + "/services/aigc/\(looks ? "multimodal" : "text")-generation/generation"
        case .segmind, .segmindAsync: return baseURL + "/" + model
        }
    }

    /// What a request without a body carries.
    var keyHeaders: [HTTPHeader] {
        guard let key else { return [] }
        return switch keyHeader {
        case .bearer: [HTTPHeader("Authorization", "Bearer \(key.exposed)")]
        case .apiKey: [HTTPHeader("x-api-key", key.exposed)]
        }
    }

    /// What the question's request carries.
    ///
    /// - Source: Model Studio's pages want `X-DashScope-SSE`, its SDKs send `Accept` beside it; Segmind answers 406 without a content type.
    var questionHeaders: [HTTPHeader] {
        var headers = [
            HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", isStreamed ? "text/event-stream" : "application/json"),
        ]
        if wire == .dashscope, isStreamed { headers.append(HTTPHeader("X-DashScope-SSE", "enable")) }
        return headers + keyHeaders
    }
}

/// What an endpoint says before the body.
struct ResponseHead: Sendable {
    var status: Int
    var headers: [HTTPHeader]

    /// The first header of that name, whatever its case.
    subscript(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }

    var isSuccess: Bool { (200..<300).contains(status) }
    var requestID: String? { self["x-request-id"] ?? self["x-dashscope-request-id"] }
    /// - Source: Segmind's model pages.
    var credits: JSONNumber? { self["x-remaining-credits"].flatMap { JSONNumber($0) } }
}
