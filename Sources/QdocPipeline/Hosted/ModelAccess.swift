public import QdocCore
public import QdocJournal
import QdocModel
import QdocReport
import QdocRuntime
public import QdocTransport
import Synchronization

/// What all runs of a process share toward one endpoint: the connection, the books, its limits, and whether it takes calls at all.
public final class ModelAccess: Sendable {
    /// What the user decided about money and about calls whose end is not known.
    public struct Rules: Sendable {
        public var caps: SpendingCaps
        public var onUnknown: UnknownPolicy
        /// Calls of this process at most; nil for any number.
        public var maxCalls: Int?
        /// Credits below which a warning is given, and below which no call is made.
        public var creditsWarn: JSONNumber?
        public var creditsStop: JSONNumber?

        public init(
            caps: SpendingCaps = SpendingCaps(), onUnknown: UnknownPolicy = .hold, maxCalls: Int? = nil, creditsWarn: JSONNumber? = nil,
            creditsStop: JSONNumber? = nil
        ) {
            self.caps = caps
            self.onUnknown = onUnknown
            self.maxCalls = maxCalls
            self.creditsWarn = creditsWarn
            self.creditsStop = creditsStop
        }
    }

    public let endpoint: ModelEndpoint
    /// Which key pays, in the journal's words; nil where none does.
    public let keyID: String?
    public let journal: Journal
    public let rules: Rules
    let client: ModelClient
    private let transport: HTTPClient
    let limiter: CallLimiter
    let gate: EndpointGate
    let retries = RetryPolicy()
    let retryBudget = RetryBudget()
    private let calls = Atomic(0)
    private let succeeded = Flag()
    private let latestCredits = Mutex<JSONNumber?>(nil)
    /// What the caps leave to the runs of this process together.
    let allowance: Allowance

    public convenience init(endpoint: ModelEndpoint, transport: HTTPClient, journal: Journal, rules: Rules = Rules()) {
        self.init(endpoint: endpoint, transport: transport, journal: journal, rules: rules, timeouts: HTTPTimeouts())
    }

    package init(endpoint: ModelEndpoint, transport: HTTPClient, journal: Journal, rules: Rules, timeouts: HTTPTimeouts) {
        self.endpoint = endpoint
        self.journal = journal
        self.rules = rules
        allowance = Allowance(rules.caps)
        self.transport = transport
        keyID = endpoint.key.map { journal.keyID(for: $0) }
        client = ModelClient(endpoint: endpoint, transport: transport, timeouts: timeouts)
        // Model Studio enforces its minute by the second, too.
        limiter = CallLimiter(endpoint.profile.limits, isEven: endpoint.provider.hasPrefix("dashscope"))
        gate = EndpointGate(endpoint.name)
    }

    /// Whether the endpoint has answered anything in this process: a key or an account that never worked is a mistake to be told at once,
    /// one that stops working is waited for.
    var hasSucceeded: Bool { succeeded.isSet }

    func noteSuccess() { succeeded.set() }

    /// Notes what the account has left, as an answer said.
    func note(_ credits: JSONNumber?) {
        if let credits { latestCredits.withLock { $0 = credits } }
    }

    /// - Throws: `quota_exceeded` where the account has less left than the user wants to keep.
    func checkCredits() async throws(Failure) {
        guard let stop = rules.creditsStop else { return }
        // Before the first answer of this process, what an earlier one was told.
        let latest = latestCredits.withLock { $0 }
        let known = if let latest { latest as JSONNumber? } else { await credits }
        guard let left = known, left.double < stop.double else { return }
        throw Failure(
            .quotaExceeded, "\(endpoint.provider) has \(left.lexical) credits left, fewer than credits-stop (\(stop.lexical))",
            remedy: "top the account up, or lower credits-stop; then qdoc runs resume")
    }

    /// What the account has left, as it said last; nil where it never does.
    public var credits: JSONNumber? {
        get async {
            // A figure for people: where it cannot be read, none is shown.
            try? await journal.credits(endpoint: endpoint.name, keyID: keyID)?.remaining
        }
    }

    /// The same connection and books for another model of the provider: for planning.
    public func asking(_ other: ModelEndpoint) -> ModelAccess {
        ModelAccess(endpoint: other, transport: transport, journal: journal, rules: rules)
    }

    /// Ends the books of this process; what it left open is closed as of a process that died.
    public func close() async {
        // What cannot be closed now is closed by the next process.
        try? await journal.close()
    }

    /// Counts a call that is about to be made.
    ///
    /// - Throws: `budget_exceeded` where the user allowed no more calls.
    func takeCall() throws(Failure) {
        let (before, _) = calls.add(1, ordering: .relaxed)
        guard let most = rules.maxCalls, before >= most else { return }
        giveBackCall()
        throw Failure(
            .budgetExceeded, "all \(most) calls that --max-calls allows are made", remedy: "raise --max-calls; what is answered is kept")
    }
    /// Takes a call out of the count that was not made after all.
    func giveBackCall() { calls.subtract(1, ordering: .relaxed) }
}
