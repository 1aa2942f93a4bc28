public import QdocCore
import QdocCrypto
import QdocRuntime
import QdocStore

/// Runs, calls and money, kept in one store that many processes share.
///
/// Every call returns when what it wrote is on the disk. What a call's fate hangs on is written even where the task is cancelled.
///
/// - Confinement: One connection on a thread of its own; everything here may be called from anywhere.
public final class Journal: Sendable {
    /// Bytes of the largest answer that a call may store: what the room checked before each call allows for.
    public static let largestAnswer = 4 << 20

    private let lane: DatabaseLane
    private let ownership: Ownership
    private let keepsText: Bool
    private let clock: @Sendable () -> Int64
    private let secret: [UInt8]

    /// Opens the store, makes it where it is not there, and recovers what dead processes left.
    ///
    /// - Parameter keepsText: False keeps nothing but the bill: no text, no path, no event.
    /// - Throws: `store_unavailable`, `store_damaged`, `store_full`.
    public convenience init(path: String, keepsText: Bool = true) async throws {
        try await self.init(path: path, keepsText: keepsText, clock: WallClock.now)
    }

    /// - Parameter clock: Microseconds since 1970-01-01 UTC.
    package init(path: String, keepsText: Bool = true, clock: @escaping @Sendable () -> Int64) async throws {
        lane = try await DatabaseLane(path, schema: JournalSchema.current)
        let ownership = try await lane.run { _ in try Ownership(store: path) }
        self.ownership = ownership
        self.keepsText = keepsText
        self.clock = clock
        secret = try await lane.run { database in
            let ledger = Ledger(database: database, ownership: ownership, keepsText: keepsText, now: clock())
            try ledger.recoverDead()
            return try ledger.secret()
        }
    }

    /// Gives up what this process has under way and ends the connection; what is called later fails with `store_unavailable`.
    public func close() async throws {
        try await turnToEnd { ledger in
            defer { ledger.database.close() }
            try ledger.recover(ledger.ownership.id)
            ledger.ownership.end()
        }
    }

    /// Lets go of the right to its rows as death does, for tests.
    package func die() { ownership.die() }

    // MARK: Runs

    /// Lets a run in and reserves what its calls may cost, in one step: two runs that fit under a cap only one at a time are never both in.
    ///
    /// A run that waits, or ended without being complete, goes on under its old id.
    ///
    /// - Throws: `budget_exceeded` with the cap, its amount, and by how much it is too little; nothing is reserved then. `run_not_found` for
    ///   an id that runs or is complete.
    public func admit(_ run: RunAdmission, calls: [PlannedCall], from allowance: Allowance) async throws -> RunLease {
        try await turn { try $0.admit(run, calls: calls, from: allowance) }
    }

    /// Adds events, all or none; their sequence numbers are the caller's.
    public func append(_ events: [StoredEvent], to run: RunLease) async throws {
        try await turnToEnd { try $0.append(events, to: run) }
    }

    /// Ends a run and gives back what was reserved and not used.
    public func end(_ run: RunLease, _ state: StoredRun.State, failure: Failure? = nil) async throws {
        try await turnToEnd { try $0.end(run, state, failure) }
    }

    /// Cancels a run that waits, or asks the process of one that runs.
    ///
    /// - Throws: `run_not_found`.
    public func cancel(run: String) async throws -> CancelOutcome {
        try await turn { try $0.cancel(run) }
    }

    /// Whether somebody wants a run to stop.
    public func isCancelRequested(run: String) async throws -> Bool {
        try await turn { try $0.isCancelRequested(run) }
    }

    // MARK: Calls

    /// Asks whether a call may be sent; where it may, the intent is written and money reserved.
    ///
    /// - Throws: `budget_exceeded`, `store_full` where there is no room for the answer, `store_unavailable` where the run was taken over.
    public func claim(_ call: CallClaim, of run: RunLease, from allowance: Allowance) async throws -> ClaimOutcome {
        try await turn { try $0.claim(call, of: run, from: allowance) }
    }

    /// Takes planned calls back that need not be made, with what was reserved for them.
    public func forgo(_ numbers: [Int], of run: RunLease) async throws {
        try await turn { try $0.forgo(numbers, of: run) }
    }

    /// Notes that the body may begin to leave: await it before the first byte does.
    ///
    /// - Throws: `CancellationError` where the task is cancelled, and nothing may leave.
    public func markSent(_ ticket: CallTicket, bodyByteCount: Int? = nil) async throws {
        try await turn { try $0.markSent(ticket, bodyByteCount: bodyByteCount) }
    }

    /// Notes that the answer has begun to come.
    public func markStreaming(_ ticket: CallTicket, head: CallHead = CallHead(), status: Int? = nil) async throws {
        try await turnToEnd { try $0.markStreaming(ticket, head: head, status: status) }
    }

    /// Keeps a whole answer, with what it costs.
    ///
    /// - Parameter cost: Nil where the usage does not tell: what was reserved is booked then, and marked as estimated.
    public func keep(_ ticket: CallTicket, _ answer: StoredAnswer, cost: Money?) async throws {
        try await turnToEnd { try $0.keep(ticket, answer, cost: cost) }
    }

    /// Books the price of an answer that was kept.
    public func settle(_ ticket: CallTicket) async throws {
        try await turnToEnd { try $0.settle(ticket) }
    }

    /// Notes that a call was not billed: it never left, or the endpoint refused it.
    public func refuse(_ ticket: CallTicket, _ failure: Failure, status: Int? = nil, credits: JSONNumber? = nil) async throws {
        try await turnToEnd { try $0.refuse(ticket, failure, status: status, credits: credits) }
    }

    /// Notes that a call left and that nobody knows whether it was billed; what was reserved stays reserved.
    ///
    /// - Parameters:
    ///   - partial: What had come, with the usage counted here.
    ///   - estimate: What that would cost; for people, no cap counts it in the reservation's place.
    public func leaveUnknown(
        _ ticket: CallTicket, _ failure: Failure, partial: StoredAnswer? = nil, estimate: Money? = nil
    ) async throws {
        try await turnToEnd { try $0.leaveUnknown(ticket, failure, partial: partial, estimate: estimate) }
    }

    /// Books an answer that broke off before its usage came, at what was counted. It answers no later question, and asking the same again
    /// is for the user to decide, as after an unknown end.
    public func settleBroken(_ ticket: CallTicket, _ failure: Failure, partial: StoredAnswer, cost: Money?) async throws {
        try await turnToEnd { try $0.settleBroken(ticket, failure, partial: partial, cost: cost) }
    }

    // MARK: Reading

    /// The newest runs first; 10,000 at most.
    public func runs(limit: Int, state: StoredRun.State? = nil) async throws -> [StoredRun] {
        try await turn { try $0.runs(limit: limit, state: state) }
    }

    /// The one run whose id begins so.
    ///
    /// - Throws: `run_not_found`, also where several do.
    public func run(idPrefix: String) async throws -> StoredRun {
        try await turn { try $0.run(idPrefix: idPrefix) }
    }

    /// The calls of a run in the order of their windows.
    public func calls(run: String) async throws -> [StoredCall] {
        try await turn { try $0.calls(of: run) }
    }

    /// The calls that are in a state, oldest first; 10,000 at most.
    public func calls(in state: StoredCall.State) async throws -> [StoredCall] {
        try await turn { try $0.calls(in: state) }
    }

    /// What a call was answered, whole or in part; nil where nothing is kept.
    public func answer(call: String) async throws -> StoredAnswer? {
        try await turn { try $0.answer(of: call) }
    }

    /// Whether the store can answer a question.
    public func hasAnswer(to identity: String) async throws -> Bool {
        try await turn { try $0.answer(to: identity) != nil }
    }

    /// Events behind a sequence number, in order; 10,000 at most.
    public func events(run: String, after sequence: Int, limit: Int = 10_000) async throws -> [StoredEvent] {
        try await turn { try $0.events(of: run, after: sequence, limit: limit) }
    }

    // MARK: Money

    /// The bill, added up by day, model or pipeline, one line for each currency.
    public func spend(by grouping: SpendGrouping) async throws -> [SpendRow] {
        try await turn { try $0.spend(by: grouping) }
    }

    /// What is spent or reserved on a day of UTC, of one key or of all.
    ///
    /// - Parameter time: A moment of the day, in microseconds since 1970-01-01 UTC; nil for today.
    public func committed(_ currency: Currency, at time: Int64? = nil, keyID: String? = nil) async throws -> Money {
        try await turn { try $0.committed(currency, day: (time ?? $0.now) / Ledger.day, keyID: keyID) }
    }

    /// Notes what an account has left. What comes with an answer is noted without this.
    public func remember(credits: JSONNumber, endpoint: String, keyID: String?) async throws {
        try await turnToEnd { try $0.remember(credits, endpoint: endpoint, keyID: keyID) }
    }

    /// What an account had left when it was last heard of.
    public func credits(endpoint: String, keyID: String?) async throws -> StoredCredits? {
        try await turn { try $0.credits(endpoint: endpoint, keyID: keyID) }
    }

    /// What every account had left when it was last heard of; few, for users have few models.
    public func allCredits() async throws -> [StoredCredits] {
        try await turn { try $0.allCredits() }
    }

    /// A short name for a key that says nothing about it outside this store, and two keys never share but by a chance of 1 in 2^64.
    public func keyID(for key: Secret) -> String {
        hexadecimal(Array(KeyedDigest.digest(of: Array(key.exposed.utf8), key: secret).prefix(8)))
    }

    // MARK: Housekeeping

    /// Removes runs that ended, or wait since, before a time, with everything that was said in them, from the disk too; the bill stays.
    ///
    /// - Parameter time: Microseconds since 1970-01-01 UTC.
    public func purge(before time: Int64) async throws -> PurgeResult {
        try await turn { try $0.purge(before: time) }
    }

    /// Recovers what dead processes left. Opening does it too; a process that lives long does it now and then.
    package func recover() async throws {
        try await turn { try $0.recoverDead() }
    }

    /// How many calls of dead processes were found in each state, ever.
    package func recoveries() async throws -> [StoredCall.State: Int] {
        try await turn { try $0.recoveries() }
    }

    // MARK: Turns

    /// Work that a cancelled task need not begin.
    private func turn<Value: Sendable>(_ work: @escaping @Sendable (Ledger) throws -> Value) async throws -> Value {
        try await lane.run { [self] in try work(ledger($0)) }
    }

    /// Work that is done whatever becomes of the task.
    private func turnToEnd<Value: Sendable>(_ work: @escaping @Sendable (Ledger) throws -> Value) async throws -> Value {
        try await lane.runToEnd { [self] in try work(ledger($0)) }
    }

    private func ledger(_ database: Database) -> Ledger {
        Ledger(database: database, ownership: ownership, keepsText: keepsText, now: clock())
    }
}
