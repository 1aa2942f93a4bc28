/// What the proof says of a value.
public enum Verdict: String, Sendable, Hashable, CaseIterable {
    /// The value itself stands there, for its label and its period or column.
    case verified
    /// It stands on the page; its label does not settle it.
    case located
    /// It stands in several places that could each be meant.
    case ambiguous
    /// It stands nowhere on the pages it could be on.
    case notFound
    /// The pages it could be on have no words.
    case unreadable
}

/// How a place was found.
public enum EvidenceMethod: String, Sendable, Hashable {
    case text
    case ocr
    case geometry
}

/// Where something stands.
public struct Place: Sendable, Hashable {
    public var page: PageReference
    /// Number of the image that shows it, where one was made.
    public var image: Int?
    public var box: Box
    /// The words inside the box, as printed.
    public var text: String

    public init(page: PageReference, image: Int? = nil, box: Box, text: String) {
        self.page = page
        self.image = image
        self.box = box
        self.text = text
    }
}

/// Where a field was found, and what that proves.
public struct Evidence: Sendable, Hashable {
    /// Into `data`.
    public var pointer: JSONPointer
    public var value: JSONValue
    public var verdict: Verdict
    public var method: EvidenceMethod
    public var places: [Place]
    /// What the model said it read; it narrows the search and proves nothing.
    public var quote: String?
    /// Number of the call that gave the value.
    public var call: Int?
    public var note: String?

    public init(
        pointer: JSONPointer, value: JSONValue, verdict: Verdict, method: EvidenceMethod = .text, places: [Place] = [],
        quote: String? = nil,
        call: Int? = nil, note: String? = nil
    ) {
        self.pointer = pointer
        self.value = value
        self.verdict = verdict
        self.method = method
        self.places = places
        self.quote = quote
        self.call = call
        self.note = note
    }
}

/// Something the user should know that stopped nothing.
public struct Warning: Sendable, Hashable {
    public var code: Failure.Code
    public var message: String
    public var page: PageReference?

    public init(code: Failure.Code, message: String, page: PageReference? = nil) {
        self.code = code
        self.message = message
        self.page = page
    }
}

/// One mending of a model's answer.
public struct Repair: Sendable, Hashable {
    /// Stable slug: `code_fence`, `prose_around`, `trailing_comma`, `truncated`, …
    public var kind: String
    /// Into the window's answer; nil where the whole is meant.
    public var pointer: JSONPointer?
    /// Number of the call.
    public var call: Int?
    public var note: String
    /// What the answer said, where a value was read as another one.
    public var original: JSONValue?

    public init(kind: String, pointer: JSONPointer? = nil, call: Int? = nil, note: String, original: JSONValue? = nil) {
        self.original = original
        self.kind = kind
        self.pointer = pointer
        self.call = call
        self.note = note
    }
}

/// A scalar that windows answered differently: the first proven value was kept, this one was not.
public struct Conflict: Sendable, Hashable {
    public var pointer: JSONPointer
    public var kept: JSONValue
    public var other: JSONValue
    public var call: Int

    public init(pointer: JSONPointer, kept: JSONValue, other: JSONValue, call: Int) {
        self.pointer = pointer
        self.kept = kept
        self.other = other
        self.call = call
    }
}
