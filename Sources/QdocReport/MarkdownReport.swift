import QdocCore

/// Renders a report as Markdown with pipe tables (GitHub Flavored Markdown): the whole data, made from the report alone.
public struct MarkdownReport {
    private let report: Report
    private let index: EvidenceIndex
    private var lines: [String] = []

    /// The text of a report, with a newline at its end.
    public static func text(_ report: Report) -> String {
        var renderer = MarkdownReport(report: report, index: EvidenceIndex(report))
        renderer.render()
        return renderer.lines.joined(separator: "\n") + "\n"
    }

    private init(report: Report, index: EvidenceIndex) {
        self.report = report
        self.index = index
    }

    /// Text of a document in which nothing is markup, HTML or an address that becomes a link by itself.
    static func safe(_ text: String) -> String {
        var result = ""
        var isFirst = true
        for character in DisplayText.safe(text) {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\\", "`", "*", "_", "{", "}", "[", "]", "#", "!", "|", "~", "$": result += "\\\(character)"
            // Begins a list or underlines a heading where it stands first.
            case "-", "+", "=": result += isFirst ? "\\\(character)" : String(character)
            // After a number that stands first, or after `www`.
            case ".", ")":
                result +=
                    !isFirst && result.allSatisfy(\.isNumber) || result.suffix(3).lowercased() == "www"
                    ? "\\\(character)" : String(character)
            default: result.append(character)
            }
            isFirst = false
        }
        return result.replacing("://", with: "\\://")
    }

    private static func cell(_ value: JSONValue?) -> String {
        // The minus of a number begins no list.
        value?.number.map(\.lexical) ?? safe(ReportOutline.text(value))
    }

    private mutating func paragraph(_ text: String) { lines += [text, ""] }
    private mutating func heading(_ text: String, level: Int = 2) {
        paragraph(String(repeating: "#", count: level) + " " + text)
    }

    private mutating func bullets(_ items: [String]) { lines += items.map { "- \($0)" } + [""] }

    private mutating func table(_ columns: [(title: String, isNumeric: Bool)], _ rows: [[String]]) {
        func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
        lines.append(line(columns.map(\.title)))
        lines.append(line(columns.map { $0.isNumeric ? "---:" : "---" }))
        lines += rows.map { row in line(columns.indices.map { $0 < row.count ? row[$0] : "" }) } + [""]
    }

    private mutating func render() {
        let outline = ReportOutline(report.data)
        let title = outline.heads.first { $0.name == "title" }
        heading(Self.safe(title?.text ?? report.sources.first?.path ?? "Report"), level: 1)
        let others = outline.heads.filter { $0.name != "title" }
        if !others.isEmpty { paragraph(others.map { Self.safe($0.text) }.joined(separator: " · ")) }
        paragraph("**\(Self.safe(ReportSummary.line(report)))**")
        if let failure = report.run.failure { paragraph(Self.safe(failure.description)) }
        if let summary = outline.summary { paragraph(Self.safe(summary)) }
        for section in outline.sections {
            switch section {
            case .fields(let fields):
                table(
                    [("Field", false), ("Value", false), ("Proof", false)],
                    fields.map { [Self.safe($0.name), Self.cell($0.value), index.proof(below: $0.pointer)] })
            case .list(let list): render(list)
            }
        }
        renderNotes()
        renderSources()
        while lines.last?.isEmpty ?? false { lines.removeLast() }
    }

    private mutating func render(_ list: ReportOutline.List) {
        heading(ReportOutline.words(Self.safe(list.name)))
        switch list.shape {
        case .figures:
            let rows = list.items.enumerated().map { number, item in
                let value = [item["value"], item["scale"], item["unit"]].map { Self.cell($0) }.filter { !$0.isEmpty }
                let proof = index.proof(below: list.pointer.appending(number).appending("value"))
                return [Self.cell(item["label"]), value.joined(separator: " "), Self.cell(item["period"]), proof]
            }
            table([("Figure", false), ("Value", true), ("Period", false), ("Proof", false)], rows)
        case .tables:
            for (number, item) in list.items.enumerated() {
                let pointer = list.pointer.appending(number)
                let grid = OutlineGrid(table: item, at: pointer)
                caption(grid.title.isEmpty ? "Table \(number + 1)" : grid.title, at: pointer)
                render(grid, hasProof: false)
            }
        case .charts:
            for (number, item) in list.items.enumerated() {
                let pointer = list.pointer.appending(number)
                let grid = OutlineGrid(chart: item, at: pointer)
                let name = [ReportOutline.text(item["kind"]), grid.title].filter { !$0.isEmpty }.joined(separator: ": ")
                caption(name.isEmpty ? "Chart \(number + 1)" : name, at: pointer)
                render(grid, hasProof: false)
            }
        case .sentences:
            bullets(
                list.items.enumerated().map { number, item in
                    let proof = index.proof(below: list.pointer.appending(number))
                    return Self.cell(item.object?.members.first?.value ?? item) + (proof.isEmpty ? "" : " (\(proof))")
                })
        case .records: render(OutlineGrid(records: list.items, at: list.pointer), hasProof: true)
        }
    }

    private mutating func caption(_ title: String, at pointer: JSONPointer) {
        heading(Self.safe(title), level: 3)
        let tally = index.tally(below: pointer)
        if !tally.isEmpty { paragraph(tally) }
    }

    private mutating func render(_ grid: OutlineGrid, hasProof: Bool) {
        guard !grid.columns.isEmpty else { return }
        table(
            grid.columns.map { (Self.safe($0.title), $0.isNumeric) } + (hasProof ? [("Proof", false)] : []),
            grid.rows.map { row in
                let cells = grid.columns.indices.map { $0 < row.cells.count ? Self.cell(row.cells[$0].value) : "" }
                return cells + (hasProof ? [index.proof(below: row.pointer)] : [])
            })
    }

    private mutating func renderNotes() {
        for part in ReportNotes.parts(report, index) {
            heading(part.title)
            bullets(part.items.map(Self.safe))
        }
    }

    private mutating func renderSources() {
        heading("Documents")
        table(
            [("Document", false), ("Pages", true), ("SHA-256", false)],
            report.sources.map { [Self.safe($0.path), String($0.pageCount), "`\($0.sha256)`"] })
        let used = Verdict.allCases.filter { report.totals.count($0) > 0 }
        paragraph("Run \(Self.safe(report.run.id)) of pipeline \(Self.safe(report.run.pipeline)) by \(Self.safe(report.run.model)).")
        if !used.isEmpty { paragraph(used.map { "\($0.mark) \($0.words)" }.joined(separator: ", ") + ".") }
    }
}
