import QdocCore

/// What a part of a JSON Schema asks for, as far as the local reader can serve it.
struct SchemaShape {
    private let schema: JSONValue
    private let root: JSONValue

    init(_ schema: JSONValue) {
        self.init(schema, root: schema)
    }

    private init(_ schema: JSONValue, root: JSONValue) {
        self.root = root
        var current = schema
        // Bounded: a reference may lead to itself.
        for _ in 0..<8 {
            if let reference = current["$ref"]?.string, reference.hasPrefix("#"),
                let pointer = JSONPointer(text: String(reference.dropFirst())),
                let target = root[pointer]
            {
                current = target
            } else if let choices = current["anyOf"]?.array ?? current["oneOf"]?.array {
                // A choice between something and null is that something.
                let real = choices.filter { $0["type"]?.string != "null" }
                guard real.count == 1, let only = real.first else { break }
                allowsNullByChoice = choices.count > 1
                current = only
            } else {
                break
            }
        }
        self.schema = current
    }

    private var allowsNullByChoice = false

    var types: [String] {
        if let type = schema["type"]?.string { return [type] }
        return schema["type"]?.array?.compactMap(\.string) ?? []
    }

    func allows(_ type: String) -> Bool { types.contains(type) }
    var allowsNull: Bool { allowsNullByChoice || allows("null") }

    var properties: [(name: String, shape: SchemaShape)] {
        (schema["properties"]?.object?.members ?? []).map { ($0.name, SchemaShape($0.value, root: root)) }
    }

    func property(_ name: String) -> SchemaShape? { schema["properties"]?[name].map { SchemaShape($0, root: root) } }
    func requires(_ name: String) -> Bool { schema["required"]?.array?.contains(.string(name)) == true }
    var items: SchemaShape? { schema["items"].flatMap { $0.object == nil ? nil : SchemaShape($0, root: root) } }
    var title: String? { schema["title"]?.string }
    var summary: String? { schema["description"]?.string }

    /// The printed text as a value of this shape, or nil where it is none.
    func value(of text: String, decimalMark: DecimalMark?) -> JSONValue? {
        if let choices = schema["enum"]?.array {
            return choices.first { $0.string.map { $0.lowercased() == text.lowercased() } == true }
        }
        if allows("number") || allows("integer"), let number = PrintedNumber(text, decimalMark: decimalMark) {
            if allows("number") || number.decimals == 0 { return number.json }
        }
        guard allows("string") else { return nil }
        // A format is a promise that printed text seldom keeps; only ISO dates do.
        guard let format = schema["format"]?.string else { return .string(text) }
        return format == "date" ? Self.isoDate(text).map(JSONValue.string) : nil
    }

    /// "2025-11-12", "12 November 2025" or "November 12, 2025" as RFC 3339 writes it; nil of numeric dates whose order is a guess.
    static func isoDate(_ text: String) -> String? {
        let parts = text.split { !$0.isNumber && !$0.isLetter }.map(String.init)
        guard parts.count == 3 else { return nil }
        if parts[0].count == 4, parts[1].count == 2, parts[2].count == 2, parts.allSatisfy({ Int($0) != nil }) {
            return parts.joined(separator: "-")
        }
        let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        guard let at = parts.firstIndex(where: { Int($0) == nil }), at < 2 else { return nil }
        guard let month = months.firstIndex(where: { parts[at].lowercased().hasPrefix($0) }), parts[at].count >= 3 else { return nil }
        guard let day = Int(parts[1 - at]), (1...31).contains(day), let year = Int(parts[2]), (1000...9999).contains(year) else {
            return nil
        }
        return "\(year)-\(month < 9 ? "0" : "")\(month + 1)-\(day < 10 ? "0" : "")\(day)"
    }
}
