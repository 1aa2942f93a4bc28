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

/// A question to a hosted model, free of any provider's spelling.
public struct ModelRequest: Sendable {
    /// A piece of the message.
    public enum Part: Sendable {
        case text(String)
        case image(EncodedImage)
        /// Frames of a video in order, and how many of them a second of it has.
        case video([EncodedImage], framesPerSecond: JSONNumber)
    }

    /// The form in which the provider itself is to force the answer.
    public enum ResponseFormat: Sendable, Hashable {
        case jsonObject
        case jsonSchema(name: String, JSONValue)
    }

    /// A message before the user's; nil for none, as providers advise for single turns.
    public var system: String?
    /// The content of the one user message, in order.
    public var parts: [Part]
    /// Tokens of the answer; those of the thought are not counted where the provider counts them apart.
    public var maxOutputTokens: Int
    /// Said to hybrids alone, and always: their defaults differ. Nil for models that cannot be told.
    public var thinks: Bool?
    /// Tokens of the thought.
    public var thinkingBudget: Int?
    public var temperature: JSONNumber?
    public var seed: Int?
    public var responseFormat: ResponseFormat?

    public init(
        system: String? = nil, parts: [Part], maxOutputTokens: Int, thinks: Bool? = nil, thinkingBudget: Int? = nil,
        temperature: JSONNumber? = nil, seed: Int? = nil, responseFormat: ResponseFormat? = nil
    ) {
        self.system = system
        self.parts = parts
        self.maxOutputTokens = maxOutputTokens
        self.thinks = thinks
        self.thinkingBudget = thinkingBudget
        self.temperature = temperature
        self.seed = seed
        self.responseFormat = responseFormat
    }
}
