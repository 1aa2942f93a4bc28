public import QdocCore

/// Why a call to a hosted model brought no whole answer, and what may be done about it.
public struct CallFailure: Error, Sendable, Hashable {
    /// What stands in the way of every call to the endpoint, not of this one alone.
    public enum Pause: String, Sendable, Hashable, CaseIterable {
        /// It is wrong, or not allowed.
        case key
        /// None are left.
        case credits
        /// It does not answer; that one call failed is no proof yet.
        case service
    }

    /// Whether the call may have been charged.
    public enum Billing: String, Sendable, Hashable, CaseIterable {
        case no
        case unknown
    }

    /// As the program's envelope.
    public var failure: Failure
    /// The HTTP status, or the one that the provider names inside a stream; nil where no response came.
    public var status: Int?
    /// Whether the same request may be sent again, and can be expected to fare better.
    public var isRetriable: Bool
    /// How long to wait before that at least; nil where nobody says.
    public var retryAfter: Duration?
    /// What is to be mended before anything else is sent to the endpoint.
    public var pause: Pause?
    public var billing: Billing
    /// What the account has left, in the provider's own credits.
    public var remainingCredits: JSONNumber?
    public var requestID: String?

    public init(
        _ failure: Failure, status: Int? = nil, isRetriable: Bool = false, retryAfter: Duration? = nil, pause: Pause? = nil,
        billing: Billing,
        remainingCredits: JSONNumber? = nil, requestID: String? = nil
    ) {
        self.failure = failure
        self.status = status
        self.isRetriable = isRetriable
        self.retryAfter = retryAfter
        self.pause = pause
        self.billing = billing
        self.remainingCredits = remainingCredits
        self.requestID = requestID
    }
}
