import QdocCore
import QdocRuntime
import QdocStore

/// The journal's work on one connection, one call after another. Lives no longer than a turn on the store's thread.
struct Ledger {
    /// The largest amount that is booked, a million units: what a hostile usage report says must not overflow a sum.
    static let largestAmount: Int64 = 1_000_000_000_000_000
    /// Likewise of tokens.
    private static let largestCount = 1_000_000_000_000

    let database: Database
    let ownership: Ownership
    let keepsText: Bool
    /// Microseconds since 1970-01-01 UTC.
    let now: Int64

    /// The day of now in UTC, counted from 1970-01-01.
    var today: Int64 { now / Self.day }
    /// Microseconds.
    static let day: Int64 = 86_400_000_000

    static func bounded(_ money: Money?) -> Int64? { money.map { min(max($0.nanos, 0), largestAmount) } }
    static func bounded(_ count: Int?) -> Int? { count.map { min(max($0, 0), largestCount) } }

    static func json(_ numbers: [Int]) -> String { JSONWriter.text(.array(numbers.map(JSONValue.int))) }
    static func json(_ texts: [String]) -> String { JSONWriter.text(.array(texts.map(JSONValue.string))) }

    /// A list of states as SQL writes it; they are words of our own.
    static func list(_ states: [StoredCall.State]) -> String {
        "(" + states.map { "'\($0.rawValue)'" }.joined(separator: ", ") + ")"
    }

    /// Columns and their values, for an update.
    typealias Columns = [(name: String, value: SQLValue)]

    /// What is kept of a failure. Its sentence may name a file, so that a run without a trace keeps the code alone.
    func columns(of failure: Failure?) -> Columns {
        [
            ("failure_code", .optional(failure?.code.rawValue)),
            ("failure_message", .optional(keepsText ? failure?.message : nil)),
            ("failure_remedy", .optional(keepsText ? failure?.remedy : nil)),
        ]
    }

    func columns(of usage: Usage) -> Columns {
        [
            ("usage", .optional(usage.raw.map { JSONWriter.text($0) })),
            ("input_tokens", .optional(Self.bounded(usage.inputTokens))),
            ("output_tokens", .optional(Self.bounded(usage.outputTokens))),
            ("reasoning_tokens", .optional(Self.bounded(usage.reasoningTokens))),
            ("image_tokens", .optional(Self.bounded(usage.imageTokens))),
            ("cached_tokens", .optional(Self.bounded(usage.cachedTokens))),
        ]
    }

    /// What the head tells; what it does not tell stays as it was.
    func columns(of head: CallHead) -> Columns {
        let told: [(String, String?)] = [
            ("request_id", head.requestID), ("model_answered", head.modelAnswered), ("credits", head.remainingCredits?.lexical),
        ]
        return told.compactMap { name, text in text.map { (name, .text($0)) } }
    }

    // MARK: Rights

    /// Checks that a run is this process's and runs.
    ///
    /// - Throws: `store_unavailable` where it was taken over.
    func check(_ run: RunLease) throws {
        let row = try database.row(
            "SELECT 1 AS one FROM run WHERE id = ? AND owner = ? AND lease = ? AND epoch = ? AND state = 'running'",
            [.text(run.run), .text(run.owner), .integer(run.lease), .integer(run.epoch)])
        guard row != nil else { throw Self.takenOver("run \(run.run)") }
    }

    /// A writer that lost its right while it did not look.
    static func takenOver(_ what: String) -> Failure {
        Failure(
            .storeUnavailable, "\(what) is no longer this process's: another one took it over, or it has ended",
            remedy: "run qdoc again; what was answered is in the store")
    }

    /// Gives a process's rows to their heirs and counts in which state its calls were found.
    ///
    /// Call it while the owner is held to be dead, or for this process's own at its end.
    func recover(_ owner: String) throws {
        try database.transaction {
            try release(calls: "owner = ?", [.text(owner)], counts: owner != ownership.id)
            // A run that left no trace cannot be run again.
            try database.execute(
                """
                UPDATE run SET epoch = epoch + 1, owner = NULL, lease = NULL,
                    state = CASE WHEN cancel_requested = 1 THEN 'cancelled' WHEN keeps_text = 1 THEN 'waiting' ELSE 'failed' END,
                    ended_at = CASE WHEN cancel_requested = 1 OR keeps_text = 0 THEN ? END,
                    failure_code = 'interrupted'
                WHERE owner = ? AND state = 'running'
                """, [.integer(now), .text(owner)])
        }
    }

    /// Moves calls that nobody drives any more to where they are safe.
    ///
    /// - Parameters:
    ///   - condition: Which calls, on top of their being open.
    ///   - counts: Whether their process died, and the states that they are found in are counted.
    func release(calls condition: String, _ values: [SQLValue], counts: Bool) throws {
        for state in StoredCall.State.open {
            let (end, code): (StoredCall.State, SQLValue) =
                switch state {
                // Nothing had left: safe to send again.
                case .planned where !counts: (.refused, .null)
                case .planned, .intent: (.refused, .text(Failure.Code.interrupted.rawValue))
                // The whole answer is here, and its cost beside it.
                case .settling: (.settled, .null)
                default: (.unknown, .text(Failure.Code.outcomeUnknown.rawValue))
                }
            let count = try database.execute(
                """
                UPDATE call SET state = ?, epoch = epoch + 1, lease = NULL, ended_at = ?, failure_code = ?,
                    identity = CASE WHEN keeps_text = 1 OR ? = 'unknown' THEN identity END
                WHERE state IN \(Self.list(StoredCall.State.open)) AND state = ? AND \(condition)
                """,
                [.text(end.rawValue), .integer(now), code, .text(end.rawValue), .text(state.rawValue)] + values)
            guard counts, count > 0 else { continue }
            try database.execute(
                "INSERT INTO recovery (state, count) VALUES (?, ?) ON CONFLICT (state) DO UPDATE SET count = count + excluded.count",
                [.text(state.rawValue), .integer(Int64(count))])
        }
    }

    /// Does `recover` for each owner that is dead, and clears away what the dead left.
    func recoverDead() throws {
        let owners = try database.rows(
            """
            SELECT owner FROM run WHERE state = 'running'
            UNION SELECT owner FROM call WHERE state IN \(Self.list(StoredCall.State.open))
            """
        ).compactMap { try $0.optionalText("owner") }
        for owner in Set(owners).union(ownership.others) { try recover(ifDead: owner) }
    }

    @discardableResult
    func recover(ifDead owner: String) throws -> Bool {
        try ownership.ifDead(owner) { try recover(owner) }
    }
}
