import QdocCore

/// The data, the notes, the reasoning and the calls.
extension HTMLReport {
    var data: Markup {
        var markup = Markup.empty
        for section in ReportOutline(report.data).sections {
            switch section {
            case .fields(let fields): markup += Self.heading("Fields") + self.fields(fields)
            case .list(let list): markup += Self.heading(ReportOutline.words(list.name)) + self.list(list)
            }
        }
        for part in ReportNotes.parts(report, index) {
            markup += Self.heading(part.title) + .element("ul", [], part.items.map { .element("li", [], Markup($0)) })
        }
        return markup + reasoning + calls + about
    }

    private static func heading(_ text: String) -> Markup { .element("h2", [], Markup(text)) }

    private static func table(_ content: [Markup], isList: Bool = false, name: String) -> Markup {
        // What scrolls can be reached by the keyboard.
        .element(
            "div", [.init("class", "scroll"), .init("tabindex", "0"), .init("role", "group"), .init("aria-label", name)],
            .element("table", isList ? [.init("class", "list")] : [], content))
    }

    private static func header(_ columns: [(title: String, isNumeric: Bool)]) -> Markup {
        let cells: [Markup] = columns.map { column in
            // A header cell without words says nothing to who hears the table.
            guard !column.title.isEmpty else { return .element("td") }
            return .element("th", [.init("scope", "col")] + (column.isNumeric ? [.init("class", "number")] : []), Markup(column.title))
        }
        return .element("thead", [], .element("tr", [], cells))
    }

    private static func cell(_ content: Markup, isNumeric: Bool = false) -> Markup {
        .element("td", isNumeric ? [.init("class", "number")] : [], content)
    }

    /// What was printed where the value was found, and the page.
    private func quote(below pointer: JSONPointer) -> Markup {
        let items = index.all(below: pointer)
        let page = items.lazy.compactMap { $0.places.first?.page }.first.map(index.name) ?? ""
        let notes = items.compactMap(\.note)
        let quote = items.lazy.compactMap(\.quote).first.map { Markup.element("span", [.init("class", "quote")], Markup(" “\($0)”")) }
        return Markup(page) + (quote ?? .empty) + Markup(notes.isEmpty ? "" : " \(notes.joined(separator: "; "))")
    }

    private func fields(_ fields: [ReportOutline.Field]) -> Markup {
        let rows = fields.map { field in
            Markup.element(
                "tr", [], Self.cell(Markup(field.name)),
                Self.cell(value(ReportOutline.text(field.value), at: field.pointer, named: field.name)),
                Self.cell(quote(below: field.pointer)))
        }
        let head = Self.header([("Field", false), ("Value", false), ("Proof", false)])
        return Self.table([head, .element("tbody", [], rows)], isList: true, name: "Fields")
    }

    private func list(_ list: ReportOutline.List) -> Markup {
        switch list.shape {
        case .figures: figures(list)
        case .tables:
            .joined(
                list.items.enumerated().map { number, item in
                    let pointer = list.pointer.appending(number)
                    let grid = OutlineGrid(table: item, at: pointer)
                    let name = grid.title.isEmpty ? "Table \(number + 1)" : grid.title
                    return caption(name, at: pointer) + self.grid(grid, name: name)
                })
        case .charts: .joined(list.items.enumerated().map { chart($1, at: list.pointer.appending($0), number: $0 + 1) })
        case .sentences:
            .element(
                "ul", [],
                list.items.enumerated().map { number, item in
                    let pointer = list.pointer.appending(number)
                    let member = item.object?.members.first
                    let below = member.map { pointer.appending($0.name) } ?? pointer
                    return .element(
                        "li", [], value(ReportOutline.text(member?.value ?? item), at: below, named: ReportOutline.words(list.name)))
                })
        case .records: grid(OutlineGrid(records: list.items, at: list.pointer), name: ReportOutline.words(list.name))
        }
    }

    private func caption(_ title: String, at pointer: JSONPointer) -> Markup {
        .element("h3", [], Markup(title), .element("span", [.init("class", "tally")], Markup(index.tally(below: pointer))))
    }

    private func figures(_ list: ReportOutline.List) -> Markup {
        let rows = list.items.enumerated().map { number, item in
            let pointer = list.pointer.appending(number)
            func plain(_ name: String) -> String { ReportOutline.text(item[name]) }
            let label = plain("label")
            let unit = [plain("scale"), plain("unit")].filter { !$0.isEmpty }.joined(separator: " ")
            let content = value(plain("value"), unit: unit, at: pointer.appending("value"), named: label)
            return Markup.element(
                "tr", [], Self.cell(value(label, at: pointer.appending("label"), named: "Label")), Self.cell(content, isNumeric: true),
                Self.cell(value(plain("period"), at: pointer.appending("period"), named: "\(label), period")),
                Self.cell(quote(below: pointer.appending("value"))))
        }
        let head = Self.header([("Figure", false), ("Value", true), ("Period", false), ("Place", false)])
        return Self.table([head, .element("tbody", [], rows)], isList: true, name: ReportOutline.words(list.name))
    }

    func grid(_ grid: OutlineGrid, name: String) -> Markup {
        let rows = grid.rows.map { row in
            let first = ReportOutline.text(row.cells.first?.value)
            let cells = grid.columns.indices.map { column in
                guard column < row.cells.count else { return Self.cell(.empty) }
                let cell = row.cells[column]
                let title = [column > 0 ? first : "", grid.columns[column].title].filter { !$0.isEmpty }.joined(separator: ", ")
                let content = value(ReportOutline.text(cell.value), at: cell.pointer, named: title.isEmpty ? name : title)
                return Self.cell(content, isNumeric: grid.columns[column].isNumeric)
            }
            return Markup.element("tr", [], cells)
        }
        return Self.table([Self.header(grid.columns.map { ($0.title, $0.isNumeric) }), .element("tbody", [], rows)], name: name)
    }

    // MARK: Charts

    /// The chart as it is printed, as its data say it is, and the data.
    private func chart(_ item: JSONValue, at pointer: JSONPointer, number: Int) -> Markup {
        let grid = OutlineGrid(chart: item, at: pointer)
        let kind = ReportOutline.text(item["kind"])
        let name = grid.title.isEmpty ? "Chart \(number)" : grid.title
        var figures: [Markup] = []
        if let crop = crop(below: pointer, name: name) { figures.append(crop) }
        if let drawing = ChartDrawing.markup(grid, kind: kind, name: name) {
            figures.append(.element("figure", [], .element("figcaption", [], "Drawn again from the data below"), drawing))
        }
        let pair = figures.isEmpty ? Markup.empty : .element("div", [.init("class", "pair")], figures)
        return caption(kind.isEmpty ? name : "\(name) (\(kind))", at: pointer) + pair + self.grid(grid, name: "Data of \(name)")
    }

    /// Points around the places of a chart's values that are shown with them: bars and axes reach beyond their labels.
    private static let cropMargin = 24.0

    /// The part of the page on which the values of a chart stand.
    private func crop(below pointer: JSONPointer, name: String) -> Markup? {
        let places = index.all(below: pointer).compactMap(\.places.first)
        guard let page = places.first?.page, pictures[page] != nil,
            let size = report.pages.first(where: { $0.reference == page })?.geometry.size
        else { return nil }
        let boxes = places.filter { $0.page == page }.map(\.box)
        let left = max(0, boxes.reduce(size.width) { min($0, $1.x) } - Self.cropMargin)
        let top = max(0, boxes.reduce(size.height) { min($0, $1.y) } - Self.cropMargin)
        let right = min(size.width, boxes.reduce(0) { max($0, $1.x + $1.width) } + Self.cropMargin)
        let bottom = min(size.height, boxes.reduce(0) { max($0, $1.y + $1.height) } + Self.cropMargin)
        guard right > left, bottom > top else { return nil }
        let view = [left, top, right - left, bottom - top].map { JSONWriter.text(.points($0)) }.joined(separator: " ")
        let picture = Markup.element("use", [.init("href", "#picture-\(page.source)-\(page.pageNumber)")])
        return .element(
            "figure", [], .element("figcaption", [], Markup("As printed, \(index.name(page))")),
            .element(
                "svg",
                [.init("class", "crop"), .init("viewBox", view), .init("role", "img"), .init("aria-label", "\(name), as printed")], picture)
        )
    }

    // MARK: The run

    private var reasoning: Markup {
        guard !report.reasoning.isEmpty else { return .empty }
        let items = report.reasoning.map { item in
            Markup.element(
                "details", [],
                .element("summary", [], Markup("Call \(item.call), \(Plural.count(item.text.split(separator: " ").count, "word"))")),
                .element("div", [.init("class", "reasoning")], Markup(item.text)))
        }
        return Self.heading("The model’s reasoning") + .joined(items)
    }

    private var calls: Markup {
        guard !report.calls.isEmpty else { return .empty }
        func tokens(_ count: Int?) -> String { count.map(Plural.grouped) ?? "" }
        let rows = report.calls.map { call in
            let cost = call.cost.map { (call.isEstimated ? "about " : "") + $0.description } ?? (call.attempts > 0 ? "unknown" : "")
            let state = [call.state.rawValue, call.isReused ? "kept from before" : nil, call.failure?.message].compactMap(\.self)
            let cells: [(String, Bool)] = [
                (String(call.number), true), ("\(call.provider)/\(call.modelAnswered ?? call.modelAsked)", false),
                (state.joined(separator: ", "), false), (tokens(call.usage.inputTokens), true), (tokens(call.usage.outputTokens), true),
                (cost, true),
            ]
            return Markup.element("tr", [], cells.map { Self.cell(Markup($0.0), isNumeric: $0.1) })
        }
        let head = Self.header([
            ("Call", true), ("Model", false), ("State", false), ("Input tokens", true), ("Output tokens", true), ("Cost", true),
        ])
        return Self.heading("Calls and their cost") + Self.table([head, .element("tbody", [], rows)], isList: true, name: "Calls")
    }

    private var about: Markup {
        var facts: [(String, String)] = report.sources.map { source in
            (
                "Document \(source.ordinal)",
                "\(source.path), \(source.mediaType.rawValue), \(Plural.count(source.byteCount, "byte")), \(Plural.count(source.pageCount, "page")), "
                    + "SHA-256 \(source.sha256)"
            )
        }
        facts += [
            ("Run", report.run.id), ("Pipeline", "\(report.run.pipeline), SHA-256 \(report.run.digest)"), ("Answered by", report.run.model),
            ("Started", RecordJSON.time(report.run.startedAt).string ?? ""),
            ("Took", "\(JSONWriter.text(RecordJSON.seconds(report.run.duration))) s"),
        ]
        let items = facts.map { Markup.element("dt", [], Markup($0.0)) + .element("dd", [], Markup($0.1)) }
        return Self.heading("Documents and run") + .element("dl", [.init("class", "facts")], items)
    }
}
