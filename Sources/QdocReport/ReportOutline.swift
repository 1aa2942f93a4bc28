import QdocCore

/// The data of a report in the order and the shapes in which every rendering for people shows it:
/// the members that every reader looks for first in their own shape, all others as fields, lists and tables.
struct ReportOutline {
    /// Title, organisation or period.
    struct Head {
        var name: String
        var text: String
        var pointer: JSONPointer { JSONPointer([name]) }
    }

    /// One leaf that stands in no list.
    struct Field {
        /// Names on the way, joined by dots.
        var name: String
        var value: JSONValue
        var pointer: JSONPointer
    }

    enum Shape {
        case figures
        case tables
        case charts
        case sentences
        case records
    }

    struct List {
        var name: String
        var items: [JSONValue]
        var pointer: JSONPointer
        var shape: Shape
    }

    enum Section {
        case fields([Field])
        case list(List)
    }

    private(set) var heads: [Head] = []
    private(set) var summary: String?
    private(set) var sections: [Section] = []

    init(_ data: JSONValue) {
        guard let object = data.object else {
            if !data.isNull { sections = [.fields(Self.flatten("data", data, at: JSONPointer()))] }
            return
        }
        func text(_ name: String) -> String? { object[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        heads = ["title", "organisation", "period"].compactMap { name in text(name).map { Head(name: name, text: $0) } }
        summary = text("summary")
        var fields: [Field] = []
        func flush() {
            if !fields.isEmpty { sections.append(.fields(fields)) }
            fields = []
        }
        for entry in object where !(["title", "organisation", "period", "summary"].contains(entry.name) && entry.value.string != nil) {
            let pointer = JSONPointer([entry.name])
            switch entry.value {
            case .array(let items) where !items.isEmpty:
                flush()
                sections.append(.list(List(name: entry.name, items: items, pointer: pointer, shape: Self.shape(entry.name, items))))
            case .array: continue
            default: fields += Self.flatten(entry.name, entry.value, at: pointer)
            }
        }
        flush()
    }

    private static func shape(_ name: String, _ items: [JSONValue]) -> Shape {
        switch name {
        case "keyFigures" where items.allSatisfy({ $0["label"] != nil && $0["value"] != nil }): .figures
        case "tables" where items.allSatisfy({ $0["columns"]?.array != nil && $0["rows"]?.array != nil }): .tables
        case "charts" where items.allSatisfy({ $0["series"]?.array != nil }): .charts
        default: items.allSatisfy({ $0.object?.count == 1 || !$0.isContainer }) ? .sentences : .records
        }
    }

    private static func flatten(_ name: String, _ value: JSONValue, at pointer: JSONPointer) -> [Field] {
        switch value {
        case .object(let object): object.flatMap { flatten("\(name).\($0.name)", $0.value, at: pointer.appending($0.name)) }
        case .null: []
        default: [Field(name: name, value: value, pointer: pointer)]
        }
    }

    /// A value in one line, as it stands.
    static func text(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null: ""
        case .string(let text): text
        case .bool(let bool): bool ? "yes" : "no"
        case .number(let number): number.lexical
        case .array(let items): items.map { text($0) }.joined(separator: ", ")
        case .object: value.map { JSONWriter.text($0) } ?? ""
        }
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

/// Rows and columns: a table of the document, or a list of records.
struct OutlineGrid {
    struct Column {
        var title: String
        var isNumeric: Bool
    }

    struct Cell {
        var value: JSONValue?
        var pointer: JSONPointer
    }

    struct Row {
        var pointer: JSONPointer
        var cells: [Cell]
    }

    var title: String
    var columns: [Column]
    var rows: [Row]

    /// A member of `tables`; its rows may be shorter or longer than its head.
    init(table: JSONValue, at pointer: JSONPointer) {
        title = ReportOutline.text(table["title"])
        let titles = table["columns"]?.array ?? []
        let below = pointer.appending("rows")
        rows = (table["rows"]?.array ?? []).enumerated().map { number, row in
            let pointer = below.appending(number)
            let cells = (row.array ?? []).enumerated().map { Cell(value: $1, pointer: pointer.appending($0)) }
            return Row(pointer: pointer, cells: cells)
        }
        let count = rows.reduce(titles.count) { max($0, $1.cells.count) }
        columns = (0..<count).map { Column(title: $0 < titles.count ? ReportOutline.text(titles[$0]) : "", isNumeric: false) }
        markNumbers()
    }

    /// Records, a column for each name that any of them has.
    init(records: [JSONValue], at pointer: JSONPointer) {
        title = ""
        var names: [String] = []
        for item in records { for name in item.object?.names ?? [] where !names.contains(name) { names.append(name) } }
        rows = records.enumerated().map { number, item in
            let pointer = pointer.appending(number)
            guard item.object != nil else { return Row(pointer: pointer, cells: [Cell(value: item, pointer: pointer)]) }
            return Row(pointer: pointer, cells: names.map { Cell(value: item[$0], pointer: pointer.appending($0)) })
        }
        columns = (names.isEmpty ? [""] : names).map { Column(title: $0, isNumeric: false) }
        markNumbers()
    }

    /// The points of a chart: a row for each x, a column for each series.
    init(chart: JSONValue, at pointer: JSONPointer) {
        title = ReportOutline.text(chart["title"])
        let series = chart["series"]?.array ?? []
        var order: [String] = []
        var cells: [String: [Int: Cell]] = [:]
        for (number, one) in series.enumerated() {
            for (place, point) in (one["points"]?.array ?? []).enumerated() {
                let name = ReportOutline.text(point["x"])
                if cells[name] == nil { order.append(name) }
                let below = pointer.appending("series").appending(number).appending("points").appending(place)
                cells[name, default: [:]][number] = Cell(value: point["y"], pointer: below.appending("y"))
            }
        }
        rows = order.map { name in
            let head = Cell(value: .string(name), pointer: pointer)
            return Row(
                pointer: pointer, cells: [head] + series.indices.map { cells[name]?[$0] ?? Cell(value: nil, pointer: pointer) })
        }
        columns = [Column(title: "", isNumeric: false)] + series.map { Column(title: ReportOutline.text($0["name"]), isNumeric: true) }
    }

    private mutating func markNumbers() {
        for column in columns.indices {
            let values = rows.lazy.compactMap { column < $0.cells.count ? $0.cells[column].value : nil }.filter { !$0.isNull }
            columns[column].isNumeric = !values.isEmpty && values.allSatisfy { $0.number != nil }
        }
    }
}
