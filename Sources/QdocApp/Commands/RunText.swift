import QdocCore
import QdocJournal
import QdocReport
import QdocRuntime

/// Runs, calls and bills of the journal in words and in JSON.
enum RunText {
    // MARK: Runs

    /// Letters of an id in a list: those of its millisecond, and enough chance for two of one.
    private static let shownDigits = 14

    static func row(_ run: StoredRun) -> [String] {
        [
            String(run.id.prefix(shownDigits)), time(run.createdAt), run.state.rawValue, DisplayText.safe(run.pipeline),
            DisplayText.safe(run.model), "\(run.callCount)",
            amounts(run.cost), DisplayText.safe(run.arguments.last ?? ""),
        ]
    }

    static func lines(_ run: StoredRun, _ calls: [StoredCall], style: TerminalStyle) -> [String] {
        var lines = [
            style.bold("run \(run.id): \(run.state.rawValue)"),
            "\(DisplayText.safe(run.pipeline)) by \(DisplayText.safe(run.model)), begun \(time(run.createdAt)) UTC"
                + (run.endedAt.map { ", ended \(time($0))" } ?? ""),
            "cost \(amounts(run.cost))",
        ]
        if let folder = run.workingFolder, !run.arguments.isEmpty {
            lines.append("qdoc \(DisplayText.safe(run.arguments.joined(separator: " "))) in \(DisplayText.safe(folder))")
        }
        if let failure = run.failure { lines.append(style.red(DisplayText.safe(failure.description))) }
        if run.state == .waiting { lines.append("qdoc runs resume \(run.id) goes on with it") }
        let titles = ["window", "try", "state", "images", "in", "out", "reserved", "cost", "request id", "failure"]
        let rows = calls.map { call in
            [
                "\(call.number)", "\(call.attempt)", call.answeredBy == nil ? call.state.rawValue : "kept before",
                call.images.map(String.init).joined(separator: " "), call.usage.inputTokens.map(String.init) ?? "",
                call.usage.outputTokens.map(String.init) ?? "", call.reserved?.description ?? "",
                (call.isEstimated ? "~" : "") + (call.cost?.description ?? ""), DisplayText.safe(call.head.requestID ?? ""),
                call.failure?.code.rawValue ?? "",
            ]
        }
        let columns = titles.map { TextTable.Column(title: $0, isNumeric: ["in", "out", "reserved", "cost"].contains($0)) }
        return lines + TextTable(columns: columns, rows: rows).lines(width: style.width, style: style)
    }

    static func json(_ run: StoredRun) -> JSONValue {
        var object: JSONObject = [
            "id": .string(run.id), "state": .string(run.state.rawValue), "pipeline": .string(run.pipeline), "model": .string(run.model),
            "createdAt": .string(WallClock.rfc3339(run.createdAt)), "calls": .int(run.callCount),
            "costs": .array(run.cost.map(PlanText.json)),
        ]
        object["endedAt"] = run.endedAt.map { .string(WallClock.rfc3339($0)) }
        object["arguments"] = .array(run.arguments.map(JSONValue.string))
        object["workingFolder"] = run.workingFolder.map(JSONValue.string)
        object["failure"] = run.failure.map(failure)
        return .object(object)
    }

    static func json(_ run: StoredRun, _ calls: [StoredCall]) -> JSONValue {
        var object = json(run).object ?? JSONObject()
        object["calls"] = .array(calls.map(json))
        return .object(object)
    }

    private static func json(_ call: StoredCall) -> JSONValue {
        var object: JSONObject = [
            "id": .string(call.id), "window": .int(call.number), "attempt": .int(call.attempt), "state": .string(call.state.rawValue),
            "endpoint": .string(call.endpoint), "model": .string(call.model), "images": .array(call.images.map(JSONValue.int)),
        ]
        object["identity"] = call.identity.map(JSONValue.string)
        object["requestSHA256"] = call.requestSHA256.map(JSONValue.string)
        object["reserved"] = call.reserved.map(PlanText.json)
        object["cost"] = call.cost.map(PlanText.json)
        if call.isEstimated { object["estimated"] = true }
        object["usage"] = call.usage.raw
        object["requestID"] = call.head.requestID.map(JSONValue.string)
        object["modelAnswered"] = call.head.modelAnswered.map(JSONValue.string)
        object["remainingCredits"] = call.head.remainingCredits.map(JSONValue.number)
        object["status"] = call.status.map(JSONValue.int)
        object["answeredBy"] = call.answeredBy.map(JSONValue.string)
        object["failure"] = call.failure.map(failure)
        let times = call.times
        let steps = [
            ("planned", times.planned), ("intent", times.intent), ("sent", times.sent), ("streaming", times.streaming),
            ("settling", times.settling), ("ended", times.ended),
        ]
        object["times"] = .object(
            JSONObject(members: steps.compactMap { step in step.1.map { .init(name: step.0, value: .string(WallClock.rfc3339($0))) } }))
        return .object(object)
    }

    private static func failure(_ failure: Failure) -> JSONValue {
        var object: JSONObject = ["code": .string(failure.code.rawValue), "message": .string(failure.message)]
        object["remedy"] = failure.remedy.map(JSONValue.string)
        return .object(object)
    }

    // MARK: Bills

    static func row(_ row: SpendRow) -> [String] {
        func amount(_ nanos: Int64) -> String { row.currency.map { Money(nanos: nanos, $0).description } ?? "price unknown" }
        return [
            DisplayText.safe(row.label), Plural.grouped(row.calls), Plural.grouped(row.inputTokens), Plural.grouped(row.outputTokens),
            amount(row.settled), row.open > 0 ? amount(row.open) : "", row.unknown > 0 ? amount(row.unknown) : "",
        ]
    }

    static func json(_ row: SpendRow) -> JSONValue {
        var object: JSONObject = [
            "label": .string(row.label), "calls": .int(row.calls), "inputTokens": .int(row.inputTokens),
            "outputTokens": .int(row.outputTokens),
        ]
        if let currency = row.currency {
            object["settled"] = PlanText.json(Money(nanos: row.settled, currency))
            object["reserved"] = PlanText.json(Money(nanos: row.open, currency))
            object["unknown"] = PlanText.json(Money(nanos: row.unknown, currency))
        }
        return .object(object)
    }

    static func line(_ credits: StoredCredits) -> String {
        "\(DisplayText.safe(credits.endpoint)): \(credits.remaining.lexical) credits left on \(time(credits.time)) UTC"
    }

    static func json(_ credits: StoredCredits) -> JSONValue {
        [
            "endpoint": .string(credits.endpoint), "remaining": .number(credits.remaining),
            "time": .string(WallClock.rfc3339(credits.time)),
        ]
    }

    private static func time(_ microseconds: Int64) -> String {
        String(WallClock.rfc3339(microseconds).prefix(16)).replacing("T", with: " ")
    }

    private static func amounts(_ amounts: [Money]) -> String {
        amounts.isEmpty ? "nothing" : amounts.map(\.description).joined(separator: " + ")
    }
}
