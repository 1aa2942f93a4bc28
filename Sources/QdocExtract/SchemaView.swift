import QdocCore

/// What a JSON Schema says in so many words about one value: kinds, members, items. References and one-of-null unions are followed.
struct SchemaView {
    private let root: JSONValue
    private let keywords: JSONObject

    init(root: JSONValue) {
        self.init(root: root, schema: root)
    }

    private init(root: JSONValue, schema: JSONValue) {
        self.root = root
        var schema = schema
        var nullable = false
        // Ways longer than this were refused when the schema was compiled.
        for _ in 0..<64 {
            if let text = schema["$ref"]?.string, let pointer = JSONPointer(text: String(text.dropFirst())), let target = root[pointer] {
                schema = target
            } else if let only = Self.onlyBranch(schema) {
                schema = only.schema
                nullable = nullable || only.isNullable
            } else {
                break
            }
        }
        keywords = schema.object ?? JSONObject()
        isNullableUnion = nullable
    }

    private let isNullableUnion: Bool

    /// The one branch of `anyOf`/`oneOf`/`allOf` that is not null, where there is just one.
    private static func onlyBranch(_ schema: JSONValue) -> (schema: JSONValue, isNullable: Bool)? {
        guard let object = schema.object, object["type"] == nil, object["properties"] == nil else { return nil }
        for name in ["anyOf", "oneOf", "allOf"] {
            guard let branches = object[name]?.array else { continue }
            let others = branches.filter { $0["type"]?.string != "null" }
            if others.count == 1 { return (others[0], others.count < branches.count) }
        }
        return nil
    }

    /// Kinds that are allowed; empty where the schema does not say.
    var kinds: Set<String> {
        var kinds = Set(keywords["type"]?.string.map { [$0] } ?? (keywords["type"]?.array ?? []).compactMap(\.string))
        if isNullableUnion, !kinds.isEmpty { kinds.insert("null") }
        return kinds
    }

    func allows(_ kind: String) -> Bool { kinds.isEmpty || kinds.contains(kind) }

    var isNullable: Bool { kinds.contains("null") || isNullableUnion }

    /// Texts of `enum`, where it has any.
    var options: [String] { (keywords["enum"]?.array ?? []).compactMap(\.string) }

    var required: [String] { (keywords["required"]?.array ?? []).compactMap(\.string) }

    var propertyNames: [String] { keywords["properties"]?.object?.names ?? [] }

    var isClosed: Bool { keywords["additionalProperties"]?.bool == false && keywords["patternProperties"] == nil }

    func property(_ name: String) -> SchemaView? {
        (keywords["properties"]?[name]).map { SchemaView(root: root, schema: $0) }
    }

    /// What every element must be; nil where the schema does not say it of all alike.
    var items: SchemaView? {
        guard let items = keywords["items"], items.object != nil else { return nil }
        return SchemaView(root: root, schema: items)
    }
}
