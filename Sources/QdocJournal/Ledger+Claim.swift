import QdocCore
import QdocStore

extension Ledger {
    /// Room that must be free before a call is paid: twice the largest answer, once for the store and once for its journal.
    private static let roomForAnswer: Int64 = 2 * Int64(Journal.largestAnswer)

    /// Decides about a call, and writes the intent where it may be sent.
    func claim(_ claim: CallClaim, of run: RunLease, from allowance: Allowance) throws -> ClaimOutcome {
        // Each turn recovers an owner that died; more than one is rare, and the last word is that somebody is at it.
        for _ in 0..<3 {
            let (outcome, owner) = try database.transaction { try decide(claim, of: run, from: allowance) }
            guard let owner, try recover(ifDead: owner) else { return outcome }
        }
        return try database.transaction { try decide(claim, of: run, from: allowance).outcome }
    }

    /// - Returns: The outcome, and whose call is in the way.
    private func decide(_ claim: CallClaim, of run: RunLease, from allowance: Allowance) throws -> (outcome: ClaimOutcome, owner: String?) {
        try check(run)
        if let found = try answer(to: claim.identity) {
            try release(claim, of: run, answeredBy: found.call, failure: nil)
            return (.answered(found.answer, call: found.call), nil)
        }
        let open = try database.row(
            "SELECT id, owner FROM call WHERE identity = ? AND state IN ('intent', 'sent', 'streaming', 'settling')",
            [.text(claim.identity)])
        if let open { return (.busy(call: try open.text("id")), try open.optionalText("owner")) }
        // A call that was settled without a whole answer (accepted, or broken off and counted) was paid for: it is no more to be sent again
        // silently than one whose end is unknown.
        let lost = try database.rows(
            """
            SELECT call.id, state, coalesce(ended_at, planned_at) AS since FROM call LEFT JOIN answer ON answer.call = call.id
            WHERE identity = ? AND (state = 'unknown' OR (state = 'settled' AND coalesce(is_complete, 0) = 0))
            ORDER BY since, call.id
            """, [.text(claim.identity)])
        if let first = lost.first {
            let id = try first.text("id")
            switch claim.policy {
            case .retryOnce where lost.count == 1: break
            case .hold, .retryOnce: return (.held(call: id, since: try first.integer("since")), nil)
            case .accept:
                for row in lost where try row.text("state") == StoredCall.State.unknown.rawValue { try accept(row.text("id")) }
                try release(
                    claim, of: run, answeredBy: nil,
                    failure: Failure(.outcomeUnknown, "an earlier call is booked as spent and has no answer"))
                return (.accepted(call: id), nil)
            }
        }
        return (.send(try intend(claim, of: run, from: allowance)), nil)
    }

    /// Removes planned calls: nothing was asked, so that there is nothing to tell of them.
    func forgo(_ numbers: [Int], of run: RunLease) throws {
        try database.transaction {
            try check(run)
            for number in numbers {
                try database.execute(
                    "DELETE FROM call WHERE run = ? AND number = ? AND state = 'planned' AND owner = ? AND lease = ?",
                    [.text(run.run), .integer(Int64(number)), .text(run.owner), .integer(run.lease)])
            }
        }
    }

    /// Books a call of unknown end as spent, at what was reserved for it.
    private func accept(_ call: String) throws {
        try database.execute(
            """
            UPDATE call SET state = 'settled', cost = coalesce(reserved, cost), is_estimated = 1, epoch = epoch + 1, ended_at = ?
            WHERE id = ? AND state = 'unknown'
            """, [.integer(now), .text(call)])
    }

    /// Gives back what was reserved for a call that need not be made.
    private func release(_ claim: CallClaim, of run: RunLease, answeredBy call: String?, failure: Failure?) throws {
        let columns = columns(of: failure)
        try database.execute(
            """
            UPDATE call SET state = 'refused', answered_by = ?, ended_at = ?, \(columns.map { "\($0.name) = ?" }.joined(separator: ", "))
            WHERE run = ? AND number = ? AND state = 'planned' AND owner = ? AND lease = ? AND epoch = 1
            """,
            [.optional(keepsText ? call : nil), .integer(now)] + columns.map(\.value)
                + [.text(run.run), .integer(Int64(claim.number)), .text(run.owner), .integer(run.lease)])
    }

    /// Writes the intent to send, in the planned call's row or in a new one, with money for it.
    private func intend(_ claim: CallClaim, of run: RunLease, from allowance: Allowance) throws -> CallTicket {
        try StoreFile.checkFreeSpace(Self.roomForAnswer, for: database.path)
        let planned = try database.row(
            """
            SELECT id, attempt, currency, reserved, day, key_id FROM call
            WHERE run = ? AND number = ? AND state = 'planned' AND owner = ? AND lease = ?
            """, [.text(run.run), .integer(Int64(claim.number)), .text(run.owner), .integer(run.lease)])
        let attempt = try planned.map { Int(try $0.integer("attempt")) } ?? nextAttempt(run: run.run, number: claim.number)
        let id = Self.callID(run: run.run, number: claim.number, attempt: attempt)
        if planned == nil { try insertUnplanned(id, claim, of: run, attempt: attempt) }
        try database.execute(
            """
            UPDATE call SET state = 'intent', identity = ?, request_sha256 = ?, endpoint = ?, model = ?, key_id = ?, images = ?,
                day = ?, currency = ?, reserved = ?, intent_at = ?, lease = ?
            WHERE id = ? AND owner = ? AND lease = ? AND state = 'planned'
            """,
            [
                .text(claim.identity), .optional(keepsText ? claim.requestSHA256 : nil),
                .text(claim.endpoint), .text(claim.model), .optional(claim.keyID), .text(Self.json(claim.images)), .integer(today),
                .optional(claim.reservation?.currency.code), .optional(Self.bounded(claim.reservation)), .integer(now), .integer(now),
                .text(id), .text(run.owner), .integer(run.lease),
            ])
        if let money = claim.reservation, try planned.map({ try exceeds(money, claim.keyID, $0) }) ?? true {
            try check([money], against: allowance, run: run.run, keyID: claim.keyID, isNew: false)
        }
        return CallTicket(
            call: id, run: run.run, number: claim.number, attempt: attempt, reservation: claim.reservation, owner: run.owner, lease: now,
            epoch: 1)
    }

    /// Whether a call needs more than was granted when the run was let in: more money, or money of another day, key or currency.
    private func exceeds(_ money: Money, _ keyID: String?, _ planned: SQLRow) throws -> Bool {
        guard try planned.optionalText("currency") == money.currency.code, let granted = try planned.optionalInteger("reserved") else {
            return true
        }
        return try granted < money.nanos || planned.integer("day") != today || planned.optionalText("key_id") != keyID
    }

    private func insertUnplanned(_ id: String, _ claim: CallClaim, of run: RunLease, attempt: Int) throws {
        try database.execute(
            """
            INSERT INTO call (id, run, number, attempt, state, pipeline, endpoint, model, keeps_text, day, planned_at, owner, lease, epoch)
            SELECT ?, id, ?, ?, 'planned', pipeline, ?, ?, keeps_text, ?, ?, owner, lease, 1 FROM run WHERE id = ?
            """,
            [
                .text(id), .integer(Int64(claim.number)), .integer(Int64(attempt)), .text(claim.endpoint), .text(claim.model),
                .integer(today), .integer(now), .text(run.run),
            ])
    }

    /// The newest whole answer to a question.
    func answer(to identity: String) throws -> (call: String, answer: StoredAnswer)? {
        let row = try database.row(
            """
            SELECT call.*, answer.* FROM call JOIN answer ON answer.call = call.id
            WHERE identity = ? AND state = 'settled' AND is_complete = 1 ORDER BY ended_at DESC LIMIT 1
            """, [.text(identity)])
        return try row.map { (try $0.text("id"), try Self.answer($0)) }
    }
}
