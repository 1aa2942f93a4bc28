import QdocCore
import QdocRuntime
import QdocStore

extension Ledger {
    /// Runs at most that a listing gives.
    private static let longestListing = 10_000

    static func notFound(_ id: String) -> Failure {
        Failure(.runNotFound, "no run has the id \(id)", remedy: "`qdoc runs list` shows them; the first letters of an id are enough")
    }

    // MARK: Runs

    private static let runColumns = """
        SELECT run.*, (SELECT count(*) FROM call WHERE call.run = run.id AND sent_at IS NOT NULL) AS calls FROM run
        """

    /// The newest runs first.
    func runs(limit: Int, state: StoredRun.State?) throws -> [StoredRun] {
        let limit = SQLValue.integer(Int64(min(max(limit, 0), Self.longestListing)))
        let rows =
            if let state {
                try database.rows(
                    "\(Self.runColumns) WHERE state = ? ORDER BY created_at DESC, id DESC LIMIT ?", [.text(state.rawValue), limit])
            } else {
                try database.rows("\(Self.runColumns) ORDER BY created_at DESC, id DESC LIMIT ?", [limit])
            }
        return try rows.map(run)
    }

    /// The one run whose id begins so.
    func run(idPrefix: String) throws -> StoredRun {
        let rows = try database.rows(
            "\(Self.runColumns) WHERE substr(id, 1, length(?)) = ? ORDER BY id LIMIT 2", [.text(idPrefix), .text(idPrefix)])
        guard !idPrefix.isEmpty, let first = rows.first else { throw Self.notFound(idPrefix) }
        guard rows.count == 1 else {
            throw Failure(.runNotFound, "several runs have an id that begins with \(idPrefix)", remedy: "give more of its letters")
        }
        return try run(first)
    }

    private func run(_ row: SQLRow) throws -> StoredRun {
        let id = try row.text("id")
        let costs = try database.rows(
            "SELECT currency, sum(cost) AS nanos FROM call WHERE run = ? AND state = 'settled' AND cost IS NOT NULL GROUP BY currency",
            [.text(id)])
        return StoredRun(
            id: id, state: StoredRun.State(rawValue: try row.text("state")) ?? .failed, pipeline: try row.text("pipeline"),
            model: try row.text("model"), createdAt: try row.integer("created_at"), endedAt: try row.optionalInteger("ended_at"),
            arguments: try Self.array(row.optionalText("arguments")).compactMap(\.string), workingFolder: try row.optionalText("folder"),
            failure: try Self.failure(row), isCancelRequested: try row.integer("cancel_requested") == 1,
            callCount: Int(try row.integer("calls")),
            cost: try costs.compactMap { cost in
                try Currency(cost.text("currency")).map { Money(nanos: try cost.integer("nanos"), $0) }
            })
    }

    func events(of run: String, after sequence: Int, limit: Int) throws -> [StoredEvent] {
        try database.rows(
            "SELECT seq, time, kind, json FROM event WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?",
            [.text(run), .integer(Int64(sequence)), .integer(Int64(min(max(limit, 0), Self.longestListing)))]
        ).map {
            StoredEvent(
                sequence: Int(try $0.integer("seq")), time: try $0.integer("time"), kind: try $0.text("kind"), json: try $0.text("json"))
        }
    }

    // MARK: Calls

    /// The calls of a run in the order of their windows.
    func calls(of run: String) throws -> [StoredCall] {
        try database.rows(
            "SELECT * FROM call WHERE run = ? ORDER BY number, attempt LIMIT ?", [.text(run), .integer(Int64(Self.longestListing))]
        ).map(Self.call)
    }

    /// The calls in a state, oldest first.
    func calls(in state: StoredCall.State) throws -> [StoredCall] {
        try database.rows(
            "SELECT * FROM call WHERE state = ? ORDER BY planned_at, id LIMIT ?",
            [.text(state.rawValue), .integer(Int64(Self.longestListing))]
        ).map(Self.call)
    }

    /// What a call was answered, whole or in part.
    func answer(of call: String) throws -> StoredAnswer? {
        try database.row("SELECT call.*, answer.* FROM call JOIN answer ON answer.call = call.id WHERE call.id = ?", [.text(call)])
            .map(Self.answer)
    }

    /// Reads an answer from a row of both tables.
    static func answer(_ row: SQLRow) throws -> StoredAnswer {
        let finish: FinishReason? =
            switch try row.optionalText("finish") {
            case "stop": .stop
            case "length": .length
            case let reason: reason.map(FinishReason.other)
            }
        return StoredAnswer(
            reasoning: try row.text("reasoning"), text: try row.text("text"), finish: finish, usage: try usage(row), head: try head(row))
    }

    private static func call(_ row: SQLRow) throws -> StoredCall {
        let currency = try row.optionalText("currency").flatMap(Currency.init)
        func money(_ column: String) throws -> Money? {
            guard let currency, let nanos = try row.optionalInteger(column) else { return nil }
            return Money(nanos: nanos, currency)
        }
        return StoredCall(
            id: try row.text("id"), run: try row.text("run"), number: Int(try row.integer("number")),
            attempt: Int(try row.integer("attempt")),
            state: StoredCall.State(rawValue: try row.text("state")) ?? .unknown, identity: try row.optionalText("identity"),
            requestSHA256: try row.optionalText("request_sha256"), endpoint: try row.text("endpoint"), model: try row.text("model"),
            keyID: try row.optionalText("key_id"), images: try array(row.optionalText("images")).compactMap(\.int),
            reserved: try money("reserved"), cost: try money("cost"), isEstimated: try row.integer("is_estimated") == 1,
            usage: try usage(row), head: try head(row), status: try row.optionalInteger("status").map { Int($0) },
            failure: try failure(row), answeredBy: try row.optionalText("answered_by"),
            bodyByteCount: try row.optionalInteger("body_bytes").map { Int($0) }, times: try times(row))
    }

    private static func times(_ row: SQLRow) throws -> StoredCall.Times {
        StoredCall.Times(
            planned: try row.integer("planned_at"), intent: try row.optionalInteger("intent_at"), sent: try row.optionalInteger("sent_at"),
            streaming: try row.optionalInteger("streaming_at"), settling: try row.optionalInteger("settling_at"),
            ended: try row.optionalInteger("ended_at"))
    }

    private static func usage(_ row: SQLRow) throws -> Usage {
        func count(_ column: String) throws -> Int? { try row.optionalInteger(column).map { Int($0) } }
        return Usage(
            inputTokens: try count("input_tokens"), outputTokens: try count("output_tokens"),
            reasoningTokens: try count("reasoning_tokens"), imageTokens: try count("image_tokens"),
            cachedTokens: try count("cached_tokens"), raw: try row.optionalText("usage").flatMap(parsed))
    }

    private static func head(_ row: SQLRow) throws -> CallHead {
        CallHead(
            requestID: try row.optionalText("request_id"), modelAnswered: try row.optionalText("model_answered"),
            remainingCredits: try row.optionalText("credits").flatMap { JSONNumber($0) })
    }

    /// A failure whose sentence was not kept has its code alone.
    private static func failure(_ row: SQLRow) throws -> Failure? {
        guard let code = try row.optionalText("failure_code") else { return nil }
        let message = try row.optionalText("failure_message") ?? code.replacing("_", with: " ")
        return Failure(Failure.Code(rawValue: code) ?? .internalError, message, remedy: try row.optionalText("failure_remedy"))
    }

    private static func array(_ json: String?) -> [JSONValue] { json.flatMap(parsed)?.array ?? [] }

    /// What is no JSON was not written here, and counts as nothing.
    private static func parsed(_ json: String) -> JSONValue? { try? JSONParser.parse(json) }

    // MARK: Money

    func spend(by grouping: SpendGrouping) throws -> [SpendRow] {
        let label =
            switch grouping {
            case .day: "day"
            case .model: "model"
            case .pipeline: "pipeline"
            }
        let rows = try database.rows(
            """
            SELECT \(label) AS label, currency,
                sum(CASE WHEN state = 'settled' THEN coalesce(cost, reserved, 0) ELSE 0 END) AS settled,
                sum(CASE WHEN state IN \(Self.list(StoredCall.State.open)) THEN coalesce(reserved, 0) ELSE 0 END) AS open,
                sum(CASE WHEN state = 'unknown' THEN max(coalesce(reserved, 0), coalesce(cost, 0)) ELSE 0 END) AS unknown,
                sum(sent_at IS NOT NULL) AS calls, coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output
            FROM call WHERE state <> 'refused' OR sent_at IS NOT NULL
            GROUP BY 1, 2 ORDER BY 1, 2 LIMIT ?
            """, [.integer(Int64(Self.longestListing))])
        return try rows.map { row in
            SpendRow(
                label: grouping == .day ? Self.date(day: try row.integer("label")) : try row.text("label"),
                currency: try row.optionalText("currency").flatMap(Currency.init), settled: try row.integer("settled"),
                open: try row.integer("open"), unknown: try row.integer("unknown"), calls: Int(try row.integer("calls")),
                inputTokens: Int(try row.integer("input")), outputTokens: Int(try row.integer("output")))
        }
    }

    /// `2026-02-15`.
    private static func date(day: Int64) -> String { String(WallClock.rfc3339(day * Self.day).prefix(10)) }

    func credits(endpoint: String, keyID: String?) throws -> StoredCredits? {
        let row = try database.row(
            "SELECT remaining, time FROM credit WHERE endpoint = ? AND key_id = ?", [.text(endpoint), .text(keyID ?? "")])
        guard let row, let remaining = JSONNumber(try row.text("remaining")) else { return nil }
        return StoredCredits(endpoint: endpoint, remaining: remaining, time: try row.integer("time"))
    }

    func allCredits() throws -> [StoredCredits] {
        try database.rows("SELECT endpoint, remaining, time FROM credit ORDER BY endpoint, time DESC").compactMap { row in
            guard let remaining = JSONNumber(try row.text("remaining")) else { return nil }
            return StoredCredits(endpoint: try row.text("endpoint"), remaining: remaining, time: try row.integer("time"))
        }
    }

    /// How many calls of dead processes were found in each state.
    func recoveries() throws -> [StoredCall.State: Int] {
        try database.rows("SELECT state, count FROM recovery").reduce(into: [:]) { counts, row in
            if let state = StoredCall.State(rawValue: try row.text("state")) { counts[state] = Int(try row.integer("count")) }
        }
    }

    // MARK: Secret

    /// Random bytes that this store alone knows, made once.
    func secret() throws -> [UInt8] {
        try database.transaction {
            if let row = try database.row("SELECT value FROM setting WHERE name = 'secret'") { return try row.blob("value") }
            var generator = SystemRandomNumberGenerator()
            let secret = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
            try database.execute("INSERT INTO setting (name, value) VALUES ('secret', ?)", [.blob(secret)])
            return secret
        }
    }
}
