import QdocCore

/// Fills the properties of any schema: scalars from what stands beside their labels, arrays of objects from tables whose columns bear
/// their names.
struct FormAnswer {
    let readings: [PageReading]
    let pairs: [(page: PageReference, pair: LabelledText)]
    let decimalMark: DecimalMark?

    /// Bounded: schemas nest and tables are long.
    private static let maxDepth = 4
    private static let maxRows = 2000

    func value(
        of name: String, _ shape: SchemaView, at pointer: JSONPointer, depth: Int = 0, into builder: inout PlacedBuilder
    ) -> JSONValue? {
        if shape.kinds.contains("array"), let items = shape.items { return rows(of: items, at: pointer, into: &builder) }
        if shape.kinds.contains("object") || !shape.properties.isEmpty {
            guard depth < Self.maxDepth else { return nil }
            var object = JSONObject()
            for (member, property) in shape.properties {
                object[member] =
                    value(of: member, property, at: pointer.appending(member), depth: depth + 1, into: &builder)
                    ?? (property.isNullable ? .null : nil)
            }
            return object.members.contains { !$0.value.isNull } ? .object(object) : nil
        }
        return scalar(name, shape, at: pointer, into: &builder)
    }

    /// The names under which a property may be printed.
    private func names(of name: String, _ shape: SchemaView) -> [[String]] {
        var names = [LabelTokens.ofName(name)]
        if let title = shape.title { names.append(LabelTokens.of(title)) }
        // A short description is a label, a long one an explanation.
        if let summary = shape.summary, summary.split(separator: " ").count <= 5 { names.append(LabelTokens.of(summary)) }
        return names.filter { !$0.isEmpty }
    }

    /// The one value beside the label; nothing where the surest kind of place offers several.
    private func scalar(_ name: String, _ shape: SchemaView, at pointer: JSONPointer, into builder: inout PlacedBuilder) -> JSONValue? {
        let names = names(of: name, shape)
        let matches = pairs.compactMap { page, pair -> (page: PageReference, pair: LabelledText, value: JSONValue)? in
            guard names.contains(where: { Self.matches(pair.label, $0) }) else { return nil }
            return shape.value(of: pair.value.text, decimalMark: decimalMark).map { (page, pair, $0) }
        }
        guard let best = matches.map(\.pair.position).min() else { return nil }
        let sure = matches.filter { $0.pair.position == best }
        guard let first = sure.first, let page = sure.map(\.page).min() else { return nil }
        let here = sure.filter { $0.page == page }
        guard here.allSatisfy({ $0.value == first.value }), let found = here.first else { return nil }
        builder.place(pointer, on: page, found.pair.value)
        return found.value
    }

    /// Equal, or followed by numbers only ("VAT 25 %").
    private static func matches(_ label: [String], _ name: [String]) -> Bool {
        label.starts(with: name) && label.dropFirst(name.count).allSatisfy { token in token.allSatisfy { $0.isNumber } }
    }

    /// The rows of the tables whose columns bear the names of the properties: all required ones, and at least two.
    private func rows(of items: SchemaView, at pointer: JSONPointer, into builder: inout PlacedBuilder) -> JSONValue? {
        let properties = items.properties
        guard !properties.isEmpty else { return nil }
        var values: [JSONValue] = []
        for reading in readings {
            for table in reading.tables {
                let headers = table.columns.map { $0.map { LabelTokens.of($0.text) } ?? [] }
                let columns = properties.compactMap { name, shape -> (name: String, shape: SchemaView, column: Int)? in
                    let names = names(of: name, shape)
                    let hits = headers.indices.filter { names.contains(headers[$0]) }
                    return hits.count == 1 ? hits.first.map { (name, shape, $0) } : nil
                }
                let missing = properties.contains { property in
                    items.required.contains(property.name) && !columns.contains { $0.name == property.name }
                }
                guard columns.count >= 2, !missing else { continue }
                for row in table.rows where values.count < Self.maxRows {
                    var object = JSONObject()
                    var printed: [(String, PlacedText)] = []
                    for (name, shape, column) in columns where row.indices.contains(column) {
                        let cell = row[column]
                        if let box = cell.box, !PrintedNumber.isDash(cell.text),
                            let value = shape.value(of: cell.text, decimalMark: decimalMark)
                        {
                            object[name] = value
                            printed.append((name, PlacedText(text: cell.text, box: box)))
                        }
                    }
                    guard printed.count >= 2, properties.allSatisfy({ !items.required.contains($0.name) || object[$0.name] != nil }) else {
                        continue
                    }
                    for (name, shape) in properties where object[name] == nil && shape.isNullable { object[name] = .null }
                    for (name, text) in printed {
                        builder.place(pointer.appending(values.count).appending(name), on: reading.reference, text)
                    }
                    values.append(.object(object))
                }
            }
        }
        return .array(values)
    }
}
