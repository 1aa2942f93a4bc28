import QdocCore
import QdocStore

extension Ledger {
    /// Moves a call on, where its ticket still holds.
    ///
    /// - Throws: `store_unavailable` where another process took the call over, `internal_error` where it is in no state to go there.
    private func advance(
        _ ticket: CallTicket, from states: [StoredCall.State], to state: StoredCall.State, at time: String, _ columns: Columns
    ) throws {
        let all: Columns = [("state", .text(state.rawValue)), (time, .integer(now))] + columns
        let count = try database.execute(
            """
            UPDATE call SET \(all.map { "\($0.name) = ?" }.joined(separator: ", "))
            WHERE id = ? AND owner = ? AND lease = ? AND epoch = ? AND state IN \(Self.list(states))
            """,
            all.map(\.value) + [.text(ticket.call), .text(ticket.owner), .integer(ticket.lease), .integer(ticket.epoch)])
        guard count == 1 else { throw try misstep(ticket, to: state) }
    }

    private func misstep(_ ticket: CallTicket, to state: StoredCall.State) throws -> Failure {
        let row = try database.row(
            "SELECT state FROM call WHERE id = ? AND owner = ? AND lease = ? AND epoch = ?",
            [.text(ticket.call), .text(ticket.owner), .integer(ticket.lease), .integer(ticket.epoch)])
        guard let row else { return Self.takenOver("call \(ticket.call)") }
        return Failure(.internalError, "call \(ticket.call) cannot go from \(try row.text("state")) to \(state.rawValue)")
    }

    /// The call's body may begin to leave.
    func markSent(_ ticket: CallTicket, bodyByteCount: Int?) throws {
        try advance(ticket, from: [.intent], to: .sent, at: "sent_at", [("body_bytes", .optional(bodyByteCount))])
    }

    /// The answer has begun to come.
    func markStreaming(_ ticket: CallTicket, head: CallHead, status: Int?) throws {
        try database.transaction {
            try advance(ticket, from: [.sent], to: .streaming, at: "streaming_at", columns(of: head) + [("status", .optional(status))])
            try remember(head.remainingCredits, of: ticket)
        }
    }

    /// The whole answer is here.
    func keep(_ ticket: CallTicket, _ answer: StoredAnswer, cost: Money?) throws {
        try database.transaction {
            let booked = try booking(cost, of: ticket, isEstimated: false)
            try advance(
                ticket, from: [.sent, .streaming], to: .settling, at: "settling_at",
                columns(of: answer.usage) + columns(of: answer.head) + booked)
            try insert(answer, of: ticket, isComplete: true)
            try remember(answer.head.remainingCredits, of: ticket)
        }
    }

    /// The price of a whole answer is booked.
    func settle(_ ticket: CallTicket) throws {
        try advance(ticket, from: [.settling], to: .settled, at: "ended_at", forgotten)
    }

    /// Nothing was billed.
    func refuse(_ ticket: CallTicket, _ failure: Failure, status: Int?, credits: JSONNumber?) throws {
        try database.transaction {
            let told: Columns = status.map { [("status", .integer(Int64($0)))] } ?? []
            let columns = columns(of: failure) + columns(of: CallHead(remainingCredits: credits)) + told + forgotten
            try advance(ticket, from: [.intent, .sent, .streaming], to: .refused, at: "ended_at", columns)
            try remember(credits, of: ticket)
        }
    }

    /// Nobody knows whether it was billed.
    func leaveUnknown(_ ticket: CallTicket, _ failure: Failure, partial: StoredAnswer?, estimate: Money?) throws {
        try database.transaction {
            var columns = columns(of: failure)
            if let partial { columns += self.columns(of: partial.usage) + self.columns(of: partial.head) }
            // What is reserved goes on counting; the estimate is for people.
            let booked: Columns = estimate == nil ? [] : try booking(estimate, of: ticket, isEstimated: true)
            try advance(ticket, from: [.sent, .streaming], to: .unknown, at: "ended_at", columns + booked)
            if let partial { try insert(partial, of: ticket, isComplete: false) }
        }
    }

    /// The answer broke off before its usage came, and is booked at what was counted.
    func settleBroken(_ ticket: CallTicket, _ failure: Failure, partial: StoredAnswer, cost: Money?) throws {
        try database.transaction {
            let booked = try booking(cost, of: ticket, isEstimated: true)
            try advance(
                ticket, from: [.sent, .streaming], to: .settled, at: "ended_at",
                columns(of: failure) + columns(of: partial.usage) + columns(of: partial.head) + booked + forgotten)
            try insert(partial, of: ticket, isComplete: false)
        }
    }

    /// A run that leaves no trace forgets what it asked as soon as the end is known.
    private var forgotten: Columns { keepsText ? [] : [("identity", .null)] }

    /// What a call is booked at. Where nobody can tell, it is what was reserved, never nothing.
    private func booking(_ cost: Money?, of ticket: CallTicket, isEstimated: Bool) throws -> Columns {
        if let cost, let reservation = ticket.reservation, cost.currency != reservation.currency {
            throw Failure(.internalError, "call \(ticket.call) was reserved in \(reservation.currency.code), not in \(cost.currency.code)")
        }
        guard let money = cost ?? ticket.reservation else { return [] }
        return [
            ("cost", .optional(Self.bounded(money))), ("currency", .text(money.currency.code)),
            ("is_estimated", .flag(isEstimated || cost == nil)),
        ]
    }

    private func insert(_ answer: StoredAnswer, of ticket: CallTicket, isComplete: Bool) throws {
        guard keepsText else { return }
        try database.execute(
            "INSERT INTO answer (call, reasoning, text, finish, is_complete) VALUES (?, ?, ?, ?, ?)",
            [.text(ticket.call), .text(answer.reasoning), .text(answer.text), .optional(answer.finish?.slug), .flag(isComplete)])
    }

    // MARK: Credits

    private func remember(_ credits: JSONNumber?, of ticket: CallTicket) throws {
        guard let credits else { return }
        let row = try database.row("SELECT endpoint, key_id FROM call WHERE id = ?", [.text(ticket.call)])
        if let row { try remember(credits, endpoint: row.text("endpoint"), keyID: row.optionalText("key_id")) }
    }

    /// Notes what an account has left.
    func remember(_ credits: JSONNumber, endpoint: String, keyID: String?) throws {
        try database.execute(
            "INSERT OR REPLACE INTO credit (endpoint, key_id, remaining, time) VALUES (?, ?, ?, ?)",
            [.text(endpoint), .text(keyID ?? ""), .text(credits.lexical), .integer(now)])
    }

    // MARK: Runs

    /// Adds events to a run.
    func append(_ events: [StoredEvent], to run: RunLease) throws {
        try database.transaction {
            try check(run)
            guard keepsText else { return }
            for event in events {
                try database.execute(
                    "INSERT INTO event (run, seq, time, kind, json) VALUES (?, ?, ?, ?, ?)",
                    [.text(run.run), .integer(Int64(event.sequence)), .integer(event.time), .text(event.kind), .text(event.json)])
            }
        }
    }

    /// Ends a run, and gives back what it did not use.
    func end(_ run: RunLease, _ state: StoredRun.State, _ failure: Failure?) throws {
        guard state != .running else { throw Failure(.internalError, "a run does not end running") }
        try database.transaction {
            try check(run)
            // A call still under way has lost its driver: its end is as unknown as if the process had died.
            try release(calls: "run = ? AND owner = ?", [.text(run.run), .text(run.owner)], counts: false)
            let columns = columns(of: failure)
            try database.execute(
                """
                UPDATE run SET state = ?, ended_at = ?, owner = NULL, lease = NULL, epoch = epoch + 1,
                    \(columns.map { "\($0.name) = ?" }.joined(separator: ", "))
                WHERE id = ?
                """, [.text(state.rawValue), state == .waiting ? .null : .integer(now)] + columns.map(\.value) + [.text(run.run)])
        }
    }

    /// Cancels a run that waits, or asks the process of one that runs to stop it.
    func cancel(_ run: String) throws -> CancelOutcome {
        if let owner = try database.row("SELECT owner FROM run WHERE id = ?", [.text(run)])?.optionalText("owner") {
            try recover(ifDead: owner)
        }
        return try database.transaction {
            guard let row = try database.row("SELECT state FROM run WHERE id = ?", [.text(run)]) else { throw Self.notFound(run) }
            let state = StoredRun.State(rawValue: try row.text("state")) ?? .failed
            switch state {
            case .waiting:
                try database.execute(
                    "UPDATE run SET state = 'cancelled', ended_at = ?, epoch = epoch + 1 WHERE id = ?", [.integer(now), .text(run)])
                return .cancelled
            case .running:
                try database.execute("UPDATE run SET cancel_requested = 1 WHERE id = ?", [.text(run)])
                return .requested
            default: return .ended(state)
            }
        }
    }

    func isCancelRequested(_ run: String) throws -> Bool {
        try database.row("SELECT cancel_requested FROM run WHERE id = ?", [.text(run)])?.integer("cancel_requested") == 1
    }

    // MARK: Purge

    /// Removes runs that do not run and were begun or ended before a time, with everything that was said in them. The bill stays.
    func purge(before time: Int64) throws -> PurgeResult {
        try database.transactionWithoutTrace {
            let old = "SELECT id FROM run WHERE state <> 'running' AND coalesce(ended_at, created_at) < ?"
            let answers = try database.execute(
                "DELETE FROM answer WHERE call IN (SELECT id FROM call WHERE run IN (\(old)))", [.integer(time)])
            // What was asked in a call of unknown end stays known, as a digest: or it would be sent again silently.
            try database.execute(
                """
                UPDATE call SET identity = CASE state WHEN 'unknown' THEN identity END, request_sha256 = NULL, images = NULL,
                    failure_message = NULL, failure_remedy = NULL, answered_by = NULL
                WHERE run IN (\(old))
                """, [.integer(time)])
            let runs = try database.execute("DELETE FROM run WHERE id IN (\(old))", [.integer(time)])
            return PurgeResult(runs: runs, answers: answers)
        }
    }
}
