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
        renderNotes()
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

    private mutating func renderNotes() {
        for part in ReportNotes.parts(report, index) {
            heading(part.title)
            for item in part.items.prefix(Self.maxTableRows) { bullet(Self.safe(item)) }
            if part.items.count > Self.maxTableRows { lines.append(style.dim("  … \(part.items.count - Self.maxTableRows) more")) }
        }
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
    var words: String {
        switch self {
        case .columnSum: "the total of a column"
        case .rowSum: "the total of a row"
        case .percentages: "the sum of percentages"
        case .crossFooting: "the total of totals"
        }
    }
}
