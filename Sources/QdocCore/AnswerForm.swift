/// The members that the answer form adds to each record of the user's schema.
///
/// A record is an object that is an item of an array, and the root object. A model is asked for records that each name their image and
/// quote what they read, not for a quote for each leaf, which would triple the output.
public enum AnswerForm {
    /// The number of the image that the record was read from.
    public static let imageMember = "_image"
    /// The words that the record was read from, as printed.
    public static let quoteMember = "_quote"
}

/// What a model says about where a record stands; it narrows the search of the proof and proves nothing.
public struct Citation: Sendable, Hashable {
    public var image: Int?
    public var quote: String?

    public init(image: Int? = nil, quote: String? = nil) {
        self.image = image
        self.quote = quote
    }
}

/// What left the machine in one call.
public struct Egress: Sendable, Hashable {
    public var host: String
    /// Region of the endpoint, where it is known.
    public var region: String?
    public var call: Int
    /// Numbers of the images that were sent.
    public var images: [Int]
    /// Bytes of prompt text that were sent.
    public var textBytes: Int
    /// Of the request body; lower-case hexadecimal.
    public var sha256: String

    public init(host: String, region: String? = nil, call: Int, images: [Int], textBytes: Int, sha256: String) {
        self.host = host
        self.region = region
        self.call = call
        self.images = images
        self.textBytes = textBytes
        self.sha256 = sha256
    }
}
