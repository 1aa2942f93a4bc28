import QdocCore

/// The data, in the shapes of the outline.
extension TerminalReport {
    mutating func renderData() {
        let outline = ReportOutline(report.data)
        renderTitle(outline)
        for section in outline.sections {
            switch section {
            case .fields(let fields): renderFields(fields)
            case .list(let list): renderList(list)
            }
        }
    }

    private mutating func renderTitle(_ outline: ReportOutline) {
        if !outline.heads.isEmpty { lines.append("") }
        for head in outline.heads {
            let proof = index.proof(below: head.pointer)
            let note = proof.isEmpty ? "" : " · \(proof)"
            var wrapped = DisplayText.wrap(Self.safe(head.text), to: max(20, style.width - DisplayText.width(note)))
            if head.name == "title" { wrapped = wrapped.map(style.bold) }
            if let last = wrapped.indices.last { wrapped[last] += style.dim(note) }
            lines += wrapped
        }
        if let summary = outline.summary {
            lines.append("")
            paragraph(Self.safe(summary))
        }
    }

    private mutating func renderFields(_ fields: [ReportOutline.Field]) {
        lines.append("")
        let rows = fields.map { [Self.safe($0.name), Self.cell($0.value), index.proof(below: $0.pointer)] }
        lines += TextTable(columns: [.init(title: "Field"), .init(title: "Value"), .init(title: "Proof")], rows: rows)
            .lines(width: style.width, style: style)
    }

    /// A value in one line.
    static func cell(_ value: JSONValue?) -> String { safe(ReportOutline.text(value)) }

    private mutating func renderList(_ list: ReportOutline.List) {
        heading(ReportOutline.words(Self.safe(list.name)))
        switch list.shape {
        case .figures: renderFigures(list.items, at: list.pointer)
        case .tables: renderTables(list.items, at: list.pointer)
        case .charts: renderCharts(list.items, at: list.pointer)
        case .sentences: renderSentences(list.items, at: list.pointer)
        case .records: renderRecords(list.items, at: list.pointer)
        }
    }

    private mutating func renderFigures(_ items: [JSONValue], at pointer: JSONPointer) {
        let rows = items.enumerated().map { number, item in
            let value = [item["value"], item["scale"], item["unit"]].map { Self.cell($0) }.filter { !$0.isEmpty }
            return [
                Self.cell(item["label"]), value.joined(separator: " "), Self.cell(item["period"]),
                index.proof(below: pointer.appending(number).appending("value")),
            ]
        }
        let columns: [TextTable.Column] = [
            .init(title: "Figure"), .init(title: "Value", isNumeric: true), .init(title: "Period"), .init(title: "Proof"),
        ]
        lines += TextTable(columns: columns, rows: rows).lines(width: style.width, style: style)
    }

    private mutating func renderTables(_ items: [JSONValue], at pointer: JSONPointer) {
        for (number, item) in items.prefix(Self.maxTables).enumerated() {
            let grid = OutlineGrid(table: item, at: pointer.appending(number))
            let title = Self.safe(grid.title)
            caption(title.isEmpty ? "Table \(number + 1)" : title, index.tally(below: pointer.appending(number)), isFirst: number == 0)
            lines += table(grid, maxRows: Self.maxTableRows).lines(width: style.width, style: style)
        }
        if items.count > Self.maxTables { more(items.count - Self.maxTables, "table") }
    }

    private func table(_ grid: OutlineGrid, maxRows: Int) -> TextTable {
        TextTable(
            columns: grid.columns.map { .init(title: Self.safe($0.title), isNumeric: $0.isNumeric) },
            rows: grid.rows.map { $0.cells.map { Self.cell($0.value) } }, maxRows: maxRows)
    }

    private mutating func caption(_ title: String, _ note: String, isFirst: Bool) {
        if !isFirst { lines.append("") }
        let room = style.width - DisplayText.width(note) - 3
        // A narrow terminal has no room for both.
        let fits = note.isEmpty || room >= 20
        lines.append(
            DisplayText.cut(title, to: fits && !note.isEmpty ? room : style.width) + (fits && !note.isEmpty ? style.dim(" · \(note)") : ""))
        if !fits { lines.append(style.dim(DisplayText.cut(note, to: style.width))) }
    }

    private mutating func renderCharts(_ items: [JSONValue], at pointer: JSONPointer) {
        for (number, item) in items.prefix(Self.maxTables).enumerated() {
            let title = Self.cell(item["title"])
            let kind = Self.cell(item["kind"])
            let name = [kind, title].filter { !$0.isEmpty }.joined(separator: ": ")
            bullet(name.isEmpty ? "Chart \(number + 1)" : name, note: index.tally(below: pointer.appending(number)))
            for series in item["series"]?.array ?? [] {
                let points = series["points"]?.array ?? []
                let shown = points.prefix(Self.maxTableRows).map { "\(Self.cell($0["x"])) = \(Self.cell($0["y"]))" }
                let rest = points.count > shown.count ? " … \(Plural.count(points.count - shown.count, "more point"))" : ""
                let name = Self.cell(series["name"])
                paragraph((name.isEmpty ? "" : "\(name): ") + shown.joined(separator: ", ") + rest, indent: 6)
            }
        }
        if items.count > Self.maxTables { more(items.count - Self.maxTables, "chart") }
    }

    private mutating func renderSentences(_ items: [JSONValue], at pointer: JSONPointer) {
        for (number, item) in items.prefix(2 * Self.maxTables).enumerated() {
            let text = Self.cell(item.object?.members.first?.value ?? item)
            bullet(text, note: index.proof(below: pointer.appending(number)))
        }
        if items.count > 2 * Self.maxTables { more(items.count - 2 * Self.maxTables, "item") }
    }

    private mutating func renderRecords(_ items: [JSONValue], at pointer: JSONPointer) {
        let grid = OutlineGrid(records: items, at: pointer)
        var table = table(grid, maxRows: 2 * Self.maxTableRows)
        table.columns.append(.init(title: "Proof"))
        for (number, row) in grid.rows.enumerated() {
            let space = Array(repeating: "", count: max(0, grid.columns.count - row.cells.count))
            table.rows[number] += space + [index.proof(below: row.pointer)]
        }
        lines += table.lines(width: style.width, style: style)
    }
}
