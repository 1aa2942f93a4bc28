public import QdocCore

/// The sentences that tell how a run went.
public enum ReportSummary {
    /// The first line of a rendering: values by verdict, pages, price, and what left the machine.
    public static func line(_ report: Report) -> String {
        let parts = [values(report.totals), pages(report.totals), price(report), egress(report)]
        let prefix: String? =
            switch report.run.state {
            case .complete: nil
            case .partial: "partial"
            case .failed: "failed"
            }
        return ([prefix].compactMap(\.self) + parts).joined(separator: " · ")
    }

    /// `12 pages, 1 not read`.
    static func pages(_ totals: ReportTotals) -> String {
        var text = Plural.count(totals.pages, "page")
        if totals.pagesNotRead > 0 { text += ", \(Plural.grouped(totals.pagesNotRead)) not read" }
        if totals.pagesFailed > 0 { text += ", \(Plural.grouped(totals.pagesFailed)) failed" }
        return text
    }

    private static func values(_ totals: ReportTotals) -> String {
        let counts = Verdict.allCases.compactMap { verdict in
            let count = totals.count(verdict)
            return count > 0 ? "\(Plural.grouped(count)) \(verdict.words)" : nil
        }
        return Plural.count(totals.values, "value") + (counts.isEmpty ? "" : ": " + counts.joined(separator: ", "))
    }

    /// Nothing is paid where nothing is asked; a price that is not known is never printed as none.
    static func price(_ report: Report) -> String {
        let totals = report.totals
        let reused = report.calls.count(where: \.isReused)
        let kept = reused > 0 ? " (\(Plural.count(reused, "answer")) kept from before)" : ""
        guard report.calls.contains(where: { $0.attempts > 0 }) else { return (totals.costs.first?.description ?? "$0.00") + kept }
        let tokens = [totals.inputTokens, totals.outputTokens].compactMap(\.self)
        let count = tokens.count == 2 ? ", \(Plural.grouped(tokens[0])) + \(Plural.grouped(tokens[1])) tokens" : ""
        var prices = totals.costs.map { (report.calls.contains(where: \.isEstimated) ? "about " : "") + $0.description }
        if totals.unpricedCalls > 0 { prices.append("price unknown") }
        return "\(Plural.count(report.calls.count, "call"))\(count), \(prices.joined(separator: " + "))\(kept)"
    }

    static func egress(_ report: Report) -> String {
        guard !report.egress.isEmpty else { return "nothing left this machine" }
        let images = Set(report.egress.flatMap(\.images)).count
        let bytes = report.egress.reduce(0) { $0 &+ $1.textBytes }
        let hosts = Set(report.egress.map { DisplayText.safe($0.host) }).sorted().joined(separator: ", ")
        return "\(Plural.count(images, "image")) and \(Plural.count(bytes, "byte")) of text sent to \(hosts)"
    }

    /// Names what a partial run left out, for the last line on standard error; nil of a complete run.
    public static func shortfall(_ report: Report) -> String? {
        guard report.run.state == .partial else { return nil }
        let pages = report.pages.filter { $0.outcome != .read }.map(\.reference)
        let calls = report.calls.filter { $0.state != .settled || $0.failure != nil }.map(\.number)
        var parts: [String] = []
        if !pages.isEmpty {
            let numbers = pages.map { report.sources.count > 1 ? "\($0.source):\($0.pageNumber)" : "\($0.pageNumber)" }
            parts.append("\(pages.count == 1 ? "page" : "pages") \(shortened(numbers)) not read")
        }
        if !calls.isEmpty {
            parts.append("\(calls.count == 1 ? "call" : "calls") \(shortened(calls.map(String.init))) without a full answer")
        }
        if parts.isEmpty, let failure = report.run.failure { parts.append(DisplayText.safe(failure.message)) }
        return "partial: " + (parts.isEmpty ? "the run was not finished" : parts.joined(separator: "; "))
    }

    /// Names the values that are not proven as a caller asks, for standard error; nil where all are.
    ///
    /// - Parameter accepted: The verdicts that count as proven.
    public static func unproven(_ report: Report, accepting accepted: Set<Verdict>) -> String? {
        let missed = report.evidence.filter { !accepted.contains($0.verdict) }
        guard !missed.isEmpty else { return nil }
        let names = missed.map { item in
            let found = item.found.map { ", printed \(JSONWriter.text($0))" } ?? ""
            let value = JSONWriter.text(item.value)
            return DisplayText.safe(
                "\(item.pointer) \(value.count > 40 ? value.prefix(40) + "…" : value[...]) (\(item.verdict.words)\(found))")
        }
        return "not proven: \(missed.count) of \(Plural.count(report.evidence.count, "value")): \(shortened(names))"
    }

    private static func shortened(_ names: [String]) -> String {
        let shown = names.prefix(12).joined(separator: ", ")
        return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
    }
}

extension Verdict {
    var words: String {
        switch self {
        case .verified: "verified"
        case .derived: "derived"
        case .located: "located"
        case .ambiguous: "ambiguous"
        case .contradicted: "contradicted"
        case .notFound: "not found"
        case .unreadable: "unreadable"
        }
    }

    /// A sign that needs no colour.
    var mark: String {
        switch self {
        case .verified: "✓"
        case .derived: "="
        case .located: "≈"
        case .ambiguous: "?"
        case .contradicted: "≠"
        case .notFound: "✗"
        case .unreadable: "∅"
        }
    }

    /// The worse verdict of several stands for all of them.
    var severity: Int {
        switch self {
        case .verified: 0
        case .derived: 1
        case .located: 2
        case .ambiguous: 3
        case .unreadable: 4
        case .notFound: 5
        case .contradicted: 6
        }
    }
}
