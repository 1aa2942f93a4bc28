public import QdocCore

/// A call as the journal tells of it: one exchange with an endpoint.
public struct StoredCall: Sendable, Hashable {
    /// Where a call is; `docs/architecture.md` has the picture.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Money is reserved.
        case planned
        /// It is about to be sent; nothing has left.
        case intent
        /// Its body may have begun to leave.
        case sent
        /// The answer has begun to come.
        case streaming
        /// The whole answer is in the store, its price not yet booked.
        case settling
        /// Booked.
        case settled
        /// Nothing was billed: it never left, or the endpoint refused it.
        case refused
        /// It left, and nobody knows whether it was billed.
        case unknown

        /// Those in which a call belongs to a process that lives.
        static let open: [State] = [.planned, .intent, .sent, .streaming, .settling]
    }

    public var id: String
    public var run: String
    /// The number of its window.
    public var number: Int
    public var attempt: Int
    public var state: State
    public var identity: String?
    public var requestSHA256: String?
    public var endpoint: String
    public var model: String
    public var keyID: String?
    /// Numbers of its images.
    public var images: [Int]
    public var reserved: Money?
    public var cost: Money?
    /// Whether the cost was counted here, because the provider did not report.
    public var isEstimated: Bool
    public var usage: Usage
    public var head: CallHead
    /// HTTP status, where one came.
    public var status: Int?
    public var failure: Failure?
    /// The call whose answer stood in for this one.
    public var answeredBy: String?
    /// Bytes of the request's body.
    public var bodyByteCount: Int?
    public var times: Times

    /// When a call came to each of its states, in microseconds since 1970-01-01 UTC.
    public struct Times: Sendable, Hashable {
        public var planned: Int64
        public var intent: Int64?
        public var sent: Int64?
        public var streaming: Int64?
        public var settling: Int64?
        public var ended: Int64?
    }
}

/// How spending is added up.
public enum SpendGrouping: String, Sendable, CaseIterable {
    case day
    case model
    case pipeline
}

/// A line of a bill.
public struct SpendRow: Sendable, Hashable {
    /// `2026-02-15`, or a model's or pipeline's name.
    public var label: String
    /// Nil where the price is not known: the amounts are 0 then, and mean nothing.
    public var currency: Currency?
    /// Billionths of the currency's unit.
    public var settled: Int64
    /// Reserved by calls under way.
    public var open: Int64
    /// Reserved by calls whose end is not known.
    public var unknown: Int64
    /// Calls that left the machine.
    public var calls: Int
    public var inputTokens: Int
    public var outputTokens: Int
}

/// What an account had left, in the provider's own credits.
public struct StoredCredits: Sendable, Hashable {
    /// The model that was asked, as users name it.
    public var endpoint: String
    public var remaining: JSONNumber
    /// Microseconds since 1970-01-01 UTC.
    public var time: Int64
}

/// What a purge removed.
public struct PurgeResult: Sendable, Hashable {
    public var runs: Int
    public var answers: Int
}
