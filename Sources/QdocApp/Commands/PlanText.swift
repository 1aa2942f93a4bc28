import QdocCore
import QdocJournal
import QdocPipeline
import QdocReport

/// The plans of one invocation: a line each, and what they come to together.
struct PlanText {
    /// A model that would cost less.
    struct Alternative {
        var name: String
        var worst: Money
        var likely: Money
    }

    var plans: [RunPlan]
    /// What one invocation may cost.
    var cap: Money?
    /// What else is booked or reserved today, and the day's cap.
    var day: (committed: Money, cap: Money?)?
    var alternatives: [Alternative] = []
    /// What the account had left when it was last heard of, in the provider's own credits.
    var credits: JSONNumber?

    /// The most that all of them can cost; nil where a price is unknown.
    var worst: Money? { Self.sum(plans.map(\.worst)) }
    /// The same without what is asked again.
    var needed: Money? { Self.sum(plans.map(\.needed)) }
    var likely: Money? { Self.sum(plans.map(\.likely)) }
    private var calls: Int { plans.reduce(0) { $0 + $1.open.count } }
    private var followUps: Int { plans.reduce(0) { $0 + $1.followUpCount } }
    private var images: Int { plans.reduce(0) { $0 + $1.imageCount } }
    private var answered: Int { plans.reduce(0) { $0 + $1.windows.count - $1.open.count } }

    static func sum(_ amounts: [Money?]) -> Money? {
        let known = amounts.compactMap(\.self)
        guard let first = known.first, known.count == amounts.count else { return nil }
        return known.dropFirst().reduce(first, +)
    }

    /// `3 requests with 14 images, at most $0.30, likely $0.08`.
    var summary: String {
        let kept = answered > 0 ? ", \(Plural.count(answered, "answer")) kept from before" : ""
        guard calls > 0 else { return "nothing to send\(kept)" }
        let price = if let worst, let likely { "at most \(worst), likely \(likely)" } else { "price unknown" }
        return "\(Plural.count(calls, "request")) with \(Plural.count(images, "image")), \(price)\(kept)"
    }

    /// The whole plan for people.
    func lines(style: TerminalStyle) -> [String] {
        var lines = [style.bold(summary)]
        for plan in plans { lines += self.lines(of: plan, style: style) }
        lines.append("")
        if followUps > 0 {
            lines.append("of that, \(Plural.count(followUps, "request")) would be sent only where an answer is not valid (--max-repairs)")
        }
        if let cap {
            let left = worst.map { $0.nanos <= cap.nanos ? Money(nanos: cap.nanos - $0.nanos, cap.currency) : .zero(cap.currency) }
            lines.append("cap of this call \(cap)" + (left.map { ", which leaves \($0)" } ?? ""))
        }
        if let day {
            let cap = day.cap.map { " of \($0)" } ?? ", no cap set"
            lines.append("today (UTC) spent or reserved: \(day.committed)\(cap)")
        }
        if let credits { lines.append("credits left at the provider when it last said: \(credits.lexical)") }
        lines.append("answers take about \(Self.words(plans.reduce(.zero) { $0 + $1.duration })) at 60 tokens a second")
        for other in alternatives { lines.append("cheaper: \(other.name), at most \(other.worst), likely \(other.likely)") }
        return lines
    }

    private func lines(of plan: RunPlan, style: TerminalStyle) -> [String] {
        var lines = ["", "\(style.bold(DisplayText.safe(plan.source.path)))  \(DisplayText.safe(plan.model))"]
        let rows = plan.windows.map { window -> [String] in
            let images = window.images.map(\.number)
            let sizes = Set(window.images.map { "\($0.size.width)×\($0.size.height)" })
            let tokens = window.images.reduce(0) { $0 + $1.tokens }
            return [
                "\(window.number)", Self.range(images), sizes.count > 1 ? "\(sizes.count) sizes" : sizes.first ?? "",
                Plural.grouped(tokens),
                Plural.grouped(window.inputTokens - tokens), Plural.grouped(window.outputTokens),
                window.isAnswered ? "kept" : window.worst?.description ?? "?", window.isAnswered ? "" : window.likely?.description ?? "?",
            ]
        }
        let titles = ["request", "images", "pixels", "image tokens", "text tokens ≤", "output tokens ≤", "reserved", "likely"]
        let columns = titles.enumerated().map { TextTable.Column(title: $1, isNumeric: $0 > 2) }
        lines += TextTable(columns: columns, rows: rows, maxRows: 40).lines(width: style.width, style: style)
        return lines
    }

    /// `3`, `1-8`, or `none` of a request of words alone.
    private static func range(_ images: [Int]) -> String {
        guard let first = images.first, let last = images.last else { return "none" }
        return images.count == 1 ? "\(first)" : "\(first)-\(last)"
    }

    private static func words(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        return seconds < 120 ? "\(seconds) s" : "\((seconds + 59) / 60) min"
    }

    /// The same for programs.
    var json: JSONValue {
        var object: JSONObject = [
            "schema": "qdoc.plan/1", "requests": .int(calls), "images": .int(images), "answered": .int(answered),
            "runs": .array(plans.map(Self.json)),
        ]
        object["worst"] = worst.map(PlanText.json)
        object["likely"] = likely.map(PlanText.json)
        object["cap"] = cap.map(PlanText.json)
        object["day"] = day.map { day in
            var object: JSONObject = ["committed": Self.json(day.committed)]
            object["cap"] = day.cap.map(PlanText.json)
            return .object(object)
        }
        object["remainingCredits"] = credits.map(JSONValue.number)
        object["seconds"] = .int(Int(plans.reduce(.zero) { $0 + $1.duration }.components.seconds))
        object["cheaper"] = .array(
            alternatives.map { ["model": .string($0.name), "worst": Self.json($0.worst), "likely": Self.json($0.likely)] })
        return .object(object)
    }

    private static func json(_ plan: RunPlan) -> JSONValue {
        [
            "path": .string(plan.source.path), "sha256": .string(plan.source.sha256), "model": .string(plan.model),
            "windows": .array(plan.windows.map(json)),
        ]
    }

    private static func json(_ window: RunPlan.Window) -> JSONValue {
        var object: JSONObject = [
            "number": .int(window.number),
            "images": .array(
                window.images.map {
                    [
                        "number": .int($0.number), "page": .int($0.page.pageNumber), "width": .int($0.size.width),
                        "height": .int($0.size.height), "tokens": .int($0.tokens),
                    ]
                }),
            "inputTokens": .int(window.inputTokens), "likelyInputTokens": .int(window.likelyInputTokens),
            "outputTokens": .int(window.outputTokens), "likelyOutputTokens": .int(window.likelyOutputTokens),
            "answered": .bool(window.isAnswered),
        ]
        object["worst"] = window.worst.map(json)
        object["followUps"] = .array(
            window.followUps.map { next in
                var object: JSONObject = ["number": .int(next.number), "inputTokens": .int(next.inputTokens)]
                object["worst"] = next.worst.map(json)
                return .object(object)
            })
        object["likely"] = window.likely.map(json)
        return .object(object)
    }

    static func json(_ money: Money) -> JSONValue {
        ["currency": .string(money.currency.code), "amount": JSONNumber(money.decimal).map(JSONValue.number) ?? .null]
    }
}
