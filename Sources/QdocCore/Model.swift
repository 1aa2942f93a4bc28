/// A key or a password: never printed, logged or put into an error.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for the one place that sends it.
    public let exposed: String

    public init(_ text: String) {
        exposed = text
    }

    public var description: String { "•••" }
    public var debugDescription: String { "•••" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where a hosted model is asked, and under which rules.
public struct ModelEndpoint: Sendable, Hashable {
    /// `openai`, `dashscope`, …; the part of the model's name before the slash.
    public var provider: String
    /// The model as the endpoint knows it.
    public var model: String
    /// Without a trailing slash, `https://host/v1`.
    public var baseURL: String
    /// Nil where the endpoint asks for none.
    public var key: Secret?
    public var imageRule: ImageRule

    public init(provider: String, model: String, baseURL: String, key: Secret?, imageRule: ImageRule) {
        self.provider = provider
        self.model = model
        self.baseURL = baseURL
        self.key = key
        self.imageRule = imageRule
    }

    public var name: String { "\(provider)/\(model)" }
}

/// A question to a hosted model, free of any provider's spelling.
public struct ModelRequest: Sendable {
    /// A piece of the message.
    public enum Part: Sendable {
        case text(String)
        case image(EncodedImage)
    }

    /// The content of the one user message, in order.
    public var parts: [Part]
    public var maxOutputTokens: Int

    public init(parts: [Part], maxOutputTokens: Int) {
        self.parts = parts
        self.maxOutputTokens = maxOutputTokens
    }
}
