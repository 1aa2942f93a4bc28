import QdocCore

/// A record whose values are checked for one label.
struct RecordClaim {
    var pointer: JSONPointer
    /// Ways in which the label may be printed; the first is the record's own.
    var labels: [String]
    /// Where the label is a member: its pointer.
    var labelPointer: JSONPointer?
    var period: String?
    var unit: String?
    var scale: String?
    var values: [Value]

    struct Value {
        var pointer: JSONPointer
        var value: JSONValue
        /// What the column or the member is called, where that is more than "value".
        var column: String?
    }
}

/// A table as columns and rows.
struct TableClaim {
    var pointer: JSONPointer
    var title: String?
    var columns: [String?]
    var rows: [[JSONValue]]
}

/// A text that is checked by itself.
struct TextClaim {
    enum Role {
        /// It is its own label: a title, a heading, a name, a sentence.
        case itself
        /// It has a printed label, named as the member is.
        case labelled([String])
    }

    var pointer: JSONPointer
    var text: String
    var role: Role
}

/// What an instance claims, found from its shape and its schema.
struct Claims {
    private(set) var records: [RecordClaim] = []
    private(set) var tables: [TableClaim] = []
    private(set) var texts: [TextClaim] = []

    init(of data: JSONValue, schema: JSONValue) {
        walk(data, SchemaView(schema), at: JSONPointer(), series: nil)
    }

    private static let labelNames = [
        "label", "name", "item", "description", "title", "metric", "indicator", "key", "figure", "what", "category", "x",
    ]
    private static let selfNames: Set<String> = [
        "title", "subtitle", "heading", "caption", "label", "name", "text", "quote", "sentence", "statement", "finding", "description",
    ]
    private static let qualifierNames: Set<String> = ["period", "unit", "scale"]
    private static let plainValueNames: Set<String> = ["value", "number", "amount", "y", "figure", "quantity"]

    /// Whether the schema says that the value is not printed: prose of the model's own, or a classification.
    private static func isUnprinted(_ schema: SchemaView?) -> Bool {
        guard let schema else { return false }
        return schema["x-qdoc-proof"]?.string == "none" || schema["enum"] != nil || schema["const"] != nil
    }

    private mutating func walk(_ value: JSONValue, _ schema: SchemaView?, at pointer: JSONPointer, series: String?) {
        guard !Self.isUnprinted(schema) else { return }
        switch value {
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                let item = schema?.element(at: index)
                let place = pointer.appending(index)
                if let text = element.string {
                    texts.append(TextClaim(pointer: place, text: text, role: .itself))
                } else if element.number != nil {
                    records.append(scalar(element, named: pointer.tokens.last ?? "", item, at: place))
                } else {
                    walk(element, item, at: place, series: series)
                }
            }
        case .object(let object): walk(object, schema, at: pointer, series: series)
        default: break
        }
    }

    private mutating func walk(_ object: JSONObject, _ schema: SchemaView?, at pointer: JSONPointer, series: String?) {
        let properties = Dictionary(uniqueKeysWithValues: (schema?.properties ?? []).map { ($0.name, $0.schema) })
        func printed(_ name: String) -> Bool { !Self.isUnprinted(properties[name]) }
        var taken: Set<String> = []
        if let columns = object["columns"]?.array, let rows = object["rows"]?.array, rows.allSatisfy({ $0.array != nil }), printed("rows") {
            tables.append(
                TableClaim(
                    pointer: pointer, title: object["title"]?.string, columns: columns.map(\.string), rows: rows.map { $0.array ?? [] }))
            taken = ["columns", "rows"]
        }
        let name = object["name"]?.string ?? series
        let label = Self.labelNames.first {
            printed($0) && (object[$0]?.string.map { !$0.isEmpty } ?? ($0 == "x" && object[$0]?.number != nil))
        }
        let numbers = object.filter { $0.value.number != nil && printed($0.name) && $0.name != label }
        if let label, !numbers.isEmpty, !taken.contains("rows"), pointer.tokens.count > 0 {
            var record = RecordClaim(pointer: pointer, labels: [object[label]?.string ?? object[label]?.number?.lexical ?? ""], values: [])
            record.labelPointer = pointer.appending(label)
            record.period = object["period"]?.string ?? object["period"]?.number?.lexical
            record.unit = object["unit"]?.string
            record.scale = object["scale"]?.string
            record.values = numbers.map {
                let column = Self.plainValueNames.contains($0.name) && numbers.count == 1 ? series : title(of: $0.name, properties)
                return RecordClaim.Value(pointer: pointer.appending($0.name), value: $0.value, column: column)
            }
            records.append(record)
            taken.formUnion(numbers.map(\.name) + [label])
            if object["period"]?.number != nil { taken.insert("period") }
            taken.formUnion(Self.qualifierNames.filter { object[$0]?.string != nil })
        }
        for member in object where !taken.contains(member.name) && printed(member.name) {
            let place = pointer.appending(member.name)
            switch member.value {
            case .string(let text) where !text.isEmpty:
                let role: TextClaim.Role = Self.selfNames.contains(member.name) ? .itself : .labelled(labels(of: member.name, properties))
                texts.append(TextClaim(pointer: place, text: text, role: role))
            case .number: records.append(scalar(member.value, named: member.name, properties[member.name], at: place))
            case .array, .object: walk(member.value, properties[member.name], at: place, series: member.name == "points" ? name : nil)
            default: break
            }
        }
    }

    private func scalar(_ value: JSONValue, named name: String, _ schema: SchemaView?, at pointer: JSONPointer) -> RecordClaim {
        let labels = [TextKey.words(ofName: name)] + (schema?.title.map { [$0] } ?? [])
        return RecordClaim(pointer: pointer, labels: labels, values: [.init(pointer: pointer, value: value, column: nil)])
    }

    private func labels(of name: String, _ properties: [String: SchemaView]) -> [String] {
        [TextKey.words(ofName: name)] + (properties[name]?.title.map { [$0] } ?? [])
    }

    private func title(of name: String, _ properties: [String: SchemaView]) -> String {
        properties[name]?.title ?? TextKey.words(ofName: name)
    }
}
