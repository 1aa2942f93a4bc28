public import QdocCore

/// What to do about a question whose first call may have been billed without an answer.
public enum UnknownPolicy: String, Sendable, Hashable, CaseIterable {
    /// Nothing is sent until the user decides.
    case hold
    /// It is sent once more, never a third time.
    case retryOnce = "retry-once"
    /// What was reserved counts as spent; there is no answer.
    case accept
}

/// A call as it asks to be sent.
public struct CallClaim: Sendable {
    /// The number of its window.
    public var number: Int
    /// The digest of what is asked; a question that is asked anew on purpose has another.
    public var identity: String
    /// Of the bytes that are sent; recorded, no part of the identity.
    public var requestSHA256: String
    public var images: [Int]
    public var endpoint: String
    public var model: String
    public var keyID: String?
    /// The most that it can cost; nil where the price is unknown.
    public var reservation: Money?
    public var policy: UnknownPolicy

    public init(
        number: Int, identity: String, requestSHA256: String, images: [Int], endpoint: String, model: String,
        keyID: String?, reservation: Money?, policy: UnknownPolicy = .hold
    ) {
        self.number = number
        self.identity = identity
        self.requestSHA256 = requestSHA256
        self.images = images
        self.endpoint = endpoint
        self.model = model
        self.keyID = keyID
        self.reservation = reservation
        self.policy = policy
    }
}

/// What the journal says to a call that asks to be sent.
public enum ClaimOutcome: Sendable {
    /// It may be sent: the intent is on the disk.
    case send(CallTicket)
    /// The store has the answer; nothing is sent and nothing is paid.
    case answered(StoredAnswer, call: String)
    /// The same question is under way, here or in another process: ask again later.
    case busy(call: String)
    /// An earlier call may have been billed, and nobody has decided.
    ///
    /// `since`: when that call ended, in microseconds since 1970-01-01 UTC.
    case held(call: String, since: Int64)
    /// An earlier call is booked as spent; there is no answer.
    case accepted(call: String)
}

/// The right to move one call on, as long as its process lives.
public struct CallTicket: Sendable, Hashable {
    public let call: String
    public let run: String
    public let number: Int
    /// From 1.
    public let attempt: Int
    public let reservation: Money?
    let owner: String
    let lease: Int64
    let epoch: Int64
}

/// An answer as it was paid for, whole or in part.
public struct StoredAnswer: Sendable, Hashable {
    public var reasoning: String
    public var text: String
    /// Nil where the answer broke off.
    public var finish: FinishReason?
    public var usage: Usage
    public var head: CallHead

    public init(reasoning: String, text: String, finish: FinishReason?, usage: Usage, head: CallHead) {
        self.reasoning = reasoning
        self.text = text
        self.finish = finish
        self.usage = usage
        self.head = head
    }
}
