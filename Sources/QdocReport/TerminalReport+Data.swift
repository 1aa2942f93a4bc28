import QdocCore

/// The data: the members of a report that every reader looks for first in their own shape, all others as fields, lists and tables.
extension TerminalReport {
    private static let titleBlock = ["title", "organisation", "period", "summary"]

    mutating func renderData() {
        guard let data = report.data.object else {
            if !report.data.isNull { renderField("data", report.data, at: JSONPointer()) }
            return
        }
        renderTitle(data)
        var fields: [[String]] = []
        for entry in data where !(Self.titleBlock.contains(entry.name) && entry.value.string != nil) {
            let pointer = JSONPointer([entry.name])
            switch entry.value {
            case .array(let items) where !items.isEmpty:
                flush(&fields)
                renderList(entry.name, items, at: pointer)
            case .array: continue
            default: fields += Self.flatten(entry.name, entry.value, at: pointer, index)
            }
        }
        flush(&fields)
    }

    private mutating func renderTitle(_ data: JSONObject) {
        func text(_ name: String) -> String? { data[name]?.string.map(Self.safe).flatMap { $0.isEmpty ? nil : $0 } }
        let heads = ["title", "organisation", "period"].compactMap { name in text(name).map { (name: name, text: $0) } }
        if !heads.isEmpty { lines.append("") }
        for head in heads {
            let proof = index.proof(below: JSONPointer([head.name]))
            let note = proof.isEmpty ? "" : " · \(proof)"
            var wrapped = DisplayText.wrap(head.text, to: max(20, style.width - DisplayText.width(note)))
            if head.name == "title" { wrapped = wrapped.map(style.bold) }
            if let last = wrapped.indices.last { wrapped[last] += style.dim(note) }
            lines += wrapped
        }
        if let summary = text("summary") {
            lines.append("")
            paragraph(summary)
        }
    }

    private mutating func flush(_ fields: inout [[String]]) {
        guard !fields.isEmpty else { return }
        lines.append("")
        lines += TextTable(columns: [.init(title: "Field"), .init(title: "Value"), .init(title: "Proof")], rows: fields)
            .lines(width: style.width, style: style)
        fields = []
    }

    private mutating func renderField(_ name: String, _ value: JSONValue, at pointer: JSONPointer) {
        var fields = Self.flatten(name, value, at: pointer, index)
        flush(&fields)
    }

    /// The leaves of a value with their names joined by dots.
    private static func flatten(_ name: String, _ value: JSONValue, at pointer: JSONPointer, _ index: EvidenceIndex) -> [[String]] {
        switch value {
        case .object(let object):
            object.flatMap { flatten("\(name).\($0.name)", $0.value, at: pointer.appending($0.name), index) }
        case .null: []
        default: [[safe(name), cell(value), index.proof(below: pointer)]]
        }
    }

    /// A value in one line.
    static func cell(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null: ""
        case .string(let text): safe(text)
        case .bool(let bool): bool ? "yes" : "no"
        case .number(let number): number.lexical
        case .array(let items): items.map { cell($0) }.joined(separator: ", ")
        case .object: value.map { safe(JSONWriter.text($0)) } ?? ""
        }
    }

    private mutating func renderList(_ name: String, _ items: [JSONValue], at pointer: JSONPointer) {
        heading(Self.words(Self.safe(name)))
        switch name {
        case "keyFigures" where items.allSatisfy({ $0["label"] != nil && $0["value"] != nil }): renderFigures(items, at: pointer)
        case "tables" where items.allSatisfy({ $0["columns"]?.array != nil && $0["rows"]?.array != nil }): renderTables(items, at: pointer)
        case "charts" where items.allSatisfy({ $0["series"]?.array != nil }): renderCharts(items, at: pointer)
        default:
            if items.allSatisfy({ $0.object?.count == 1 || !$0.isContainer }) {
                renderSentences(items, at: pointer)
            } else {
                renderRecords(items, at: pointer)
            }
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
            let title = Self.cell(item["title"])
            caption(title.isEmpty ? "Table \(number + 1)" : title, index.tally(below: pointer.appending(number)), isFirst: number == 0)
            let rows = item["rows"]?.array?.compactMap(\.array) ?? []
            let names = item["columns"]?.array ?? []
            let count = rows.reduce(names.count) { max($0, $1.count) }
            let columns = (0..<count).map { column in
                TextTable.Column(
                    title: column < names.count ? Self.cell(names[column]) : "", isNumeric: Self.isNumeric(column, of: rows))
            }
            let cells = rows.map { $0.map { Self.cell($0) } }
            lines += TextTable(columns: columns, rows: cells, maxRows: Self.maxTableRows).lines(width: style.width, style: style)
        }
        if items.count > Self.maxTables { more(items.count - Self.maxTables, "table") }
    }

    private static func isNumeric(_ column: Int, of rows: [[JSONValue]]) -> Bool {
        let cells = rows.lazy.compactMap { column < $0.count ? $0[column] : nil }.filter { !$0.isNull }
        return !cells.isEmpty && cells.allSatisfy { $0.number != nil }
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
        var names: [String] = []
        for item in items { for name in item.object?.names ?? [] where !names.contains(name) { names.append(name) } }
        let rows = items.enumerated().map { number, item in
            (names.isEmpty ? [Self.cell(item)] : names.map { Self.cell(item[$0]) }) + [index.proof(below: pointer.appending(number))]
        }
        let columns = (names.isEmpty ? [""] : names).map { name in
            let values = items.compactMap { $0[name] }.filter { !$0.isNull }
            return TextTable.Column(title: Self.safe(name), isNumeric: !values.isEmpty && values.allSatisfy { $0.number != nil })
        }
        lines += TextTable(columns: columns + [.init(title: "Proof")], rows: rows, maxRows: 2 * Self.maxTableRows)
            .lines(width: style.width, style: style)
    }

    /// `keyFigures` as `Key figures`.
    static func words(_ name: String) -> String {
        var text = ""
        for character in name {
            if character == "_" {
                text.append(" ")
            } else if character.isUppercase, let last = text.last, last.isLowercase {
                text += " " + character.lowercased()
            } else {
                text += text.isEmpty ? character.uppercased() : String(character)
            }
        }
        return text
    }
}
