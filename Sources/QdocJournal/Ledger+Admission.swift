import QdocCore
import QdocStore

extension Ledger {
    /// Lets a run in and reserves what its calls may cost, or nothing at all.
    func admit(_ run: RunAdmission, calls: [PlannedCall], from allowance: Allowance) throws -> RunLease {
        // A process that died in this run's name would still hold its money.
        if let owner = try database.row("SELECT owner FROM run WHERE id = ?", [.text(run.id)])?.optionalText("owner") {
            try recover(ifDead: owner)
        }
        return try database.transaction {
            let lease = try begin(run)
            var amounts: [Money] = []
            for call in calls {
                let money = try isAnswered(call.identity) ? call.reservation.map { .zero($0.currency) } : call.reservation
                if let money { amounts.append(money) }
                try insert(call, of: run, reserving: money, lease: lease)
            }
            try check(amounts, against: allowance, run: run.id, keyID: run.keyID, isNew: true)
            return lease
        }
    }

    /// Whether the store has a whole answer to a question.
    private func isAnswered(_ identity: String?) throws -> Bool {
        guard let identity else { return false }
        return try answer(to: identity) != nil
    }

    /// Makes the run's row, or takes over the one of a run that goes on.
    private func begin(_ run: RunAdmission) throws -> RunLease {
        let trace: [SQLValue] = keepsText ? [.text(Self.json(run.arguments)), .text(run.workingFolder)] : [.null, .null]
        guard let row = try database.row("SELECT state, epoch FROM run WHERE id = ?", [.text(run.id)]) else {
            try database.execute(
                """
                INSERT INTO run (id, state, pipeline, model, arguments, folder, keeps_text, created_at, owner, lease, epoch)
                VALUES (?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, 1)
                """,
                [.text(run.id), .text(run.pipeline), .text(run.model)] + trace
                    + [.flag(keepsText), .integer(now), .text(ownership.id), .integer(now)])
            return RunLease(run: run.id, lastSequence: 0, owner: ownership.id, lease: now, epoch: 1)
        }
        let state = try row.text("state")
        guard state != StoredRun.State.running.rawValue, state != StoredRun.State.complete.rawValue else {
            throw Failure(
                .runNotFound, "run \(run.id) is \(state): there is nothing to resume", remedy: "`qdoc runs list` shows those that wait")
        }
        let epoch = try row.integer("epoch") + 1
        try database.execute(
            """
            UPDATE run SET state = 'running', cancel_requested = 0, failure_code = NULL, failure_message = NULL, failure_remedy = NULL,
                ended_at = NULL, owner = ?, lease = ?, epoch = ?
            WHERE id = ?
            """, [.text(ownership.id), .integer(now), .integer(epoch), .text(run.id)])
        let last = try database.row("SELECT max(seq) AS seq FROM event WHERE run = ?", [.text(run.id)])?.optionalInteger("seq") ?? 0
        return RunLease(run: run.id, lastSequence: Int(last), owner: ownership.id, lease: now, epoch: epoch)
    }

    private func insert(_ call: PlannedCall, of run: RunAdmission, reserving money: Money?, lease: RunLease) throws {
        let attempt = try nextAttempt(run: run.id, number: call.number)
        try database.execute(
            """
            INSERT INTO call (id, run, number, attempt, state, pipeline, endpoint, model, key_id, images, keeps_text, day, currency, reserved,
                planned_at, owner, lease, epoch)
            VALUES (?, ?, ?, ?, 'planned', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            """,
            [
                .text(Self.callID(run: run.id, number: call.number, attempt: attempt)), .text(run.id), .integer(Int64(call.number)),
                .integer(Int64(attempt)), .text(run.pipeline), .text(run.endpoint), .text(run.model), .optional(run.keyID),
                .text(Self.json(call.images)), .flag(keepsText), .integer(today), .optional(money?.currency.code),
                .optional(Self.bounded(money)), .integer(now), .text(lease.owner), .integer(lease.lease),
            ])
    }

    func nextAttempt(run: String, number: Int) throws -> Int {
        let row = try database.row(
            "SELECT max(attempt) AS last FROM call WHERE run = ? AND number = ?", [.text(run), .integer(Int64(number))])
        return Int(try row?.optionalInteger("last") ?? 0) + 1
    }

    /// Unique, because runs are and a run counts its attempts; it means nothing to anybody.
    static func callID(run: String, number: Int, attempt: Int) -> String { "\(run).\(number).\(attempt)" }

    // MARK: Caps

    /// What is spent or may still be: what settled calls cost and what all others reserve, those of unknown end included.
    private static let committed = """
        SELECT coalesce(sum(CASE state WHEN 'refused' THEN 0 WHEN 'settled' THEN coalesce(cost, reserved, 0)
            ELSE max(coalesce(reserved, 0), coalesce(cost, 0)) END), 0) AS nanos FROM call WHERE currency = ?
        """

    /// - Parameter condition: Which calls, as SQL that follows `AND`.
    private func committed(_ currency: Currency, _ condition: String, _ values: [SQLValue]) throws -> Int64 {
        try database.row("\(Self.committed) AND \(condition)", [.text(currency.code)] + values)?.integer("nanos") ?? 0
    }

    /// What is committed on a day, of all keys or of one.
    func committed(_ currency: Currency, day: Int64, keyID: String?) throws -> Money {
        let nanos =
            if let keyID {
                try committed(currency, "day = ? AND key_id = ?", [.integer(day), .text(keyID)])
            } else {
                try committed(currency, "day = ?", [.integer(day)])
            }
        return Money(nanos: nanos, currency)
    }

    /// Checks amounts that are reserved in this transaction already against every cap; throwing takes the reservation back.
    ///
    /// - Parameter isNew: Whether the amounts are a whole run's, for the words of the failure.
    /// - Throws: `budget_exceeded`.
    func check(_ amounts: [Money], against allowance: Allowance, run: String, keyID: String?, isNew: Bool) throws {
        let (caps, others) = allowance.rest
        for currency in Set(amounts.map(\.currency)).sorted() {
            let own = amounts.filter { $0.currency == currency }
            let total = own.reduce(.zero(currency), +)
            guard total.nanos > 0 else { continue }
            let what = isNew ? "the run" : "the call"
            if let cap = caps.perRequest[currency], let dearest = own.max(by: { $0.nanos < $1.nanos }), dearest.nanos > cap.nanos {
                throw Self.exceeded("request", cap: cap, what: "a request", wants: dearest, committed: .zero(currency))
            }
            guard let cap = caps.perRun[currency] else {
                throw Failure(
                    .budgetExceeded, "no cap says how much a run may cost in \(currency.code), and \(what) could cost \(total)",
                    remedy: "set one with --budget or in the configuration")
            }
            let together = Self.json(others.union([run]).sorted())
            let inRuns = try committed(currency, "run IN (SELECT value FROM json_each(?))", [.text(together)])
            try Self.check("run", cap, what: what, wants: total, all: inRuns)
            if let cap = caps.perDay[currency] {
                try Self.check("day", cap, what: what, wants: total, all: committed(currency, day: today, keyID: nil).nanos)
            }
            if let cap = caps.perKey[currency], let keyID {
                try Self.check("key", cap, what: what, wants: total, all: committed(currency, day: today, keyID: keyID).nanos)
            }
        }
    }

    /// - Parameter all: What is committed, with what is wanted now.
    private static func check(_ name: String, _ cap: Money, what: String, wants: Money, all: Int64) throws {
        // An amount beyond the largest that is booked fits under no cap.
        let total = wants.nanos > largestAmount ? Int64.max : all
        guard total > cap.nanos else { return }
        throw exceeded(name, cap: cap, what: what, wants: wants, committed: Money(nanos: max(0, all - wants.nanos), cap.currency))
    }

    private static func exceeded(_ name: String, cap: Money, what: String, wants: Money, committed: Money) -> Failure {
        let excess = Money(nanos: (committed + wants).nanos - cap.nanos, cap.currency)
        let before = committed.nanos > 0 ? ", and \(committed) of it is spent or reserved already" : ""
        return Failure(
            .budgetExceeded, "\(what) could cost \(wants): the cap for a \(name) is \(cap)\(before), which is \(excess) too little",
            remedy: "send fewer pages or smaller images, take a cheaper model, or raise the cap with --budget or in the configuration")
    }
}
