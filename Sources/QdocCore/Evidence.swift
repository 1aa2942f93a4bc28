/// What the proof says of a value.
public enum Verdict: String, Sendable, Hashable, CaseIterable {
    /// The value itself stands there, for its label and its period or column.
    case verified
    /// It follows from printed values by a formula: a sum, a growth, a rounding.
    case derived
    /// It stands on the page; its label does not settle it.
    case located
    /// It stands in several places that could each be meant.
    case ambiguous
    /// Its label and its period or column stand there with another value.
    case contradicted
    /// It stands nowhere on the pages it could be on.
    case notFound
    /// The pages it could be on have no words.
    case unreadable

    /// Whether the page vouches for the value: printed there, or following from what is.
    public var isProof: Bool { self == .verified || self == .derived }
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

/// How a value follows from others.
public struct Derivation: Sendable, Hashable {
    /// With the operands as printed: `412 / 850`.
    public var formula: String
    /// Verified values of the same data, in the order of the formula; none where the one printed value was only written otherwise.
    public var operands: [JSONPointer]

    public init(formula: String, operands: [JSONPointer] = []) {
        self.formula = formula
        self.operands = operands
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
    /// Of a derived value.
    public var derivation: Derivation?
    /// What is printed instead of a contradicted value.
    public var found: JSONValue?

    public init(
        pointer: JSONPointer, value: JSONValue, verdict: Verdict, method: EvidenceMethod = .text, places: [Place] = [],
        quote: String? = nil, call: Int? = nil, note: String? = nil, derivation: Derivation? = nil, found: JSONValue? = nil
    ) {
        self.pointer = pointer
        self.value = value
        self.verdict = verdict
        self.method = method
        self.places = places
        self.quote = quote
        self.call = call
        self.note = note
        self.derivation = derivation
        self.found = found
    }
}

/// An arithmetic relation of a table that its printed values do not keep.
public struct ArithmeticCheck: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The rows of a column do not add up to its total.
        case columnSum
        /// The columns of a row do not add up to its total.
        case rowSum
        /// Shares of a whole do not add up to 100.
        case percentages
        /// The total of the totals differs by way of the rows and by way of the columns.
        case crossFooting
    }

    public var kind: Kind
    /// Into `data`: the total, or the first of the shares.
    public var pointer: JSONPointer
    /// The values that were added.
    public var operands: [JSONPointer]
    /// Where the total is printed.
    public var place: Place?
    public var expected: JSONNumber
    public var printed: JSONNumber
    /// Printed less expected.
    public var difference: JSONNumber

    public init(
        kind: Kind, pointer: JSONPointer, operands: [JSONPointer], place: Place?, expected: JSONNumber, printed: JSONNumber,
        difference: JSONNumber
    ) {
        self.kind = kind
        self.pointer = pointer
        self.operands = operands
        self.place = place
        self.expected = expected
        self.printed = printed
        self.difference = difference
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
