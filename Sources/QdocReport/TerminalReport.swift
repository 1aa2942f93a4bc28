import QdocCore

/// Renders a report for people: made from the report alone, the same text each time.
public struct TerminalReport {
    /// Rows of one table that are shown; the JSON has them all.
    static let maxTableRows = 20
    /// Tables that are shown.
    static let maxTables = 30

    let report: Report
    let style: TerminalStyle
    let index: EvidenceIndex
    var lines: [String] = []

    /// The text of a report, with a newline at its end.
    public static func text(_ report: Report, style: TerminalStyle) -> String {
        var renderer = TerminalReport(report: report, style: style, index: EvidenceIndex(report))
        renderer.render()
        return renderer.lines.joined(separator: "\n") + "\n"
    }

    private mutating func render() {
        let summary = ReportSummary.line(report)
        lines.append(report.run.state == .complete ? style.bold(summary) : style.bold(style.yellow(summary)))
        if let failure = report.run.failure { paragraph(style.red(Self.safe(failure.description))) }
        renderData()
        renderPages()
        renderWarnings()
        renderConflicts()
        renderContradictions()
        renderChecks()
        renderRepairs()
        renderEgress()
        renderLegend()
    }

    static func safe(_ text: String) -> String { DisplayText.safe(text) }

    mutating func heading(_ text: String) {
        lines.append("")
        lines.append(style.bold(text))
    }

    mutating func paragraph(_ text: String, indent: Int = 0) {
        let space = String(repeating: " ", count: indent)
        lines += DisplayText.wrap(text, to: style.width - indent).map { space + $0 }
    }

    /// A sentence with a bullet; its further lines stand under the first.
    mutating func bullet(_ text: String, note: String = "") {
        let wrapped = DisplayText.wrap(text + (note.isEmpty ? "" : "  \(note)"), to: style.width - 4)
        for (number, line) in wrapped.enumerated() { lines.append((number == 0 ? "  • " : "    ") + line) }
    }

    private mutating func renderPages() {
        let missed = report.pages.filter { $0.outcome != .read }
        guard !missed.isEmpty else { return }
        heading("Not read")
        for page in missed.prefix(Self.maxTableRows) {
            let why: String
            switch page.outcome {
            case .read: continue
            case .notRead(let code): why = words(code)
            case .failed(let failure): why = Self.safe(failure.description)
            }
            bullet("\(index.name(page.reference)): \(why)")
        }
        if missed.count > Self.maxTableRows { more(missed.count - Self.maxTableRows, "page") }
    }

    private func words(_ code: Failure.Code) -> String {
        let hint = report.run.model == "local" ? "; a model can read it (-m MODEL)" : ""
        return switch code {
        case .noTextLayer: "no text layer\(hint)"
        case .pictureNotRead: "a picture\(hint)"
        default: code.rawValue.split(separator: "_").joined(separator: " ")
        }
    }

    private mutating func renderWarnings() {
        guard !report.warnings.isEmpty else { return }
        heading("Warnings")
        for warning in report.warnings.prefix(Self.maxTableRows) {
            // Most messages name their page themselves.
            let page = warning.page.flatMap { warning.message.hasPrefix("page \($0.pageNumber)") ? nil : index.name($0) + ": " } ?? ""
            bullet(page + Self.safe(warning.message))
        }
        if report.warnings.count > Self.maxTableRows { more(report.warnings.count - Self.maxTableRows, "warning") }
    }

    private mutating func renderConflicts() {
        guard !report.conflicts.isEmpty else { return }
        heading("Conflicts between requests")
        for conflict in report.conflicts.prefix(Self.maxTableRows) {
            bullet(
                Self.safe(
                    "\(conflict.pointer): kept \(JSONWriter.text(conflict.kept)), call \(conflict.call) said "
                        + JSONWriter.text(conflict.other)))
        }
        if report.conflicts.count > Self.maxTableRows { more(report.conflicts.count - Self.maxTableRows, "conflict") }
    }

    private mutating func renderContradictions() {
        let contradicted = report.evidence.filter { $0.verdict == .contradicted }
        guard !contradicted.isEmpty else { return }
        heading("Contradicted by the page")
        for item in contradicted.prefix(Self.maxTableRows) {
            let place = item.places.first.map { "\(index.name($0.page)) reads \($0.text)" } ?? item.note ?? ""
            bullet(Self.safe("\(item.pointer): answered \(JSONWriter.text(item.value)), \(place)"))
        }
        if contradicted.count > Self.maxTableRows { more(contradicted.count - Self.maxTableRows, "value") }
    }

    private mutating func renderChecks() {
        guard !report.checks.isEmpty else { return }
        heading("Sums that do not hold")
        for check in report.checks.prefix(Self.maxTableRows) {
            let page = check.place.map { index.name($0.page) + ": " } ?? ""
            bullet(
                Self.safe(
                    "\(page)\(check.kind.words) at \(check.pointer): printed \(check.printed.lexical), expected \(check.expected.lexical), "
                        + "difference \(check.difference.lexical)"))
        }
        if report.checks.count > Self.maxTableRows { more(report.checks.count - Self.maxTableRows, "sum") }
    }

    private mutating func renderRepairs() {
        guard !report.repairs.isEmpty else { return }
        heading("Repairs of the answer")
        for repair in report.repairs.prefix(Self.maxTableRows) {
            let place = [repair.call.map { "call \($0)" }, repair.pointer.map(\.description)].compactMap(\.self).joined(separator: " ")
            bullet(Self.safe("\(place.isEmpty ? "" : place + ": ")\(repair.note)"))
        }
        if report.repairs.count > Self.maxTableRows { more(report.repairs.count - Self.maxTableRows, "repair") }
    }

    private mutating func renderEgress() {
        guard !report.egress.isEmpty else { return }
        heading("What left this machine")
        for egress in report.egress.prefix(Self.maxTableRows) {
            let region = egress.region.map { " (\($0))" } ?? ""
            bullet(
                Self.safe(
                    "call \(egress.call): \(Plural.count(egress.images.count, "image")) and \(Plural.count(egress.textBytes, "byte")) "
                        + "of text to \(egress.host)\(region)"))
        }
        if report.egress.count > Self.maxTableRows { more(report.egress.count - Self.maxTableRows, "call") }
    }

    /// Names the marks that stand in the text above.
    private mutating func renderLegend() {
        let used = Verdict.allCases.filter { report.totals.count($0) > 0 }
        guard !used.isEmpty else { return }
        lines.append("")
        // The space inside an entry does not break.
        let entries = used.map { "\($0.mark)\u{A0}\($0.words.replacing(" ", with: "\u{A0}"))" }.joined(separator: " ")
        lines += DisplayText.wrap(entries, to: style.width).map { style.dim($0) }
    }

    mutating func more(_ count: Int, _ noun: String) {
        lines.append(style.dim("  … \(Plural.count(count, "more \(noun)"))"))
    }
}

extension ArithmeticCheck.Kind {
    fileprivate var words: String {
        switch self {
        case .columnSum: "the total of a column"
        case .rowSum: "the total of a row"
        case .percentages: "the sum of percentages"
        case .crossFooting: "the total of totals"
        }
    }
}
