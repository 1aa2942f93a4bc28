import QdocCore

/// Divides a schema whose answer would be longer than a model can write into parts that are asked for one by one.
///
/// A part is the schema with some of its members: answers to parts are joined like answers of windows.
enum SchemaParts {
    /// Tokens of a value with its punctuation, beside its name: a number of seven digits, or a short text.
    private static let valueTokens = 12
    /// Records that a list is taken for: how many there are stands in the document, and windows hold that down.
    private static let recordsOfList = 4
    /// Deeper objects are not divided, and weigh nothing more.
    private static let depthLimit = 16
    /// Keywords of an object that say nothing across its members: with any other it is not divided.
    private static let dividable: Set<String> = [
        "$schema", "$id", "title", "description", "type", "properties", "required", "additionalProperties", "definitions", "$defs",
    ]

    /// The parts in the order of the members; the schema itself where it fits, or cannot be divided.
    ///
    /// - Parameter budget: Tokens that the answer to a part is to take at most.
    static func divide(_ schema: JSONValue, budget: Int) -> [JSONValue] {
        guard weight(SchemaView(schema), depth: 0) > budget else { return [schema] }
        return pieces(of: schema, root: schema, budget: budget, depth: 0).map(\.schema)
    }

    /// Tokens that an answer of this shape takes.
    private static func weight(_ view: SchemaView, depth: Int) -> Int {
        guard depth < depthLimit else { return valueTokens }
        if let items = view.items { return recordsOfList * weight(items, depth: depth + 1) }
        let properties = view.properties
        guard !properties.isEmpty else { return valueTokens }
        // Four bytes a token, and two for quotes and colon.
        return properties.reduce(0) { $0 + $1.name.utf8.count / 4 + 2 + weight($1.schema, depth: depth + 1) }
    }

    private static func pieces(of schema: JSONValue, root: JSONValue, budget: Int, depth: Int) -> [(schema: JSONValue, weight: Int)] {
        let whole = weight(SchemaView(rooted(schema, root)), depth: depth)
        guard depth < depthLimit, whole > budget, let object = schema.object, let properties = object["properties"]?.object,
            object.allSatisfy({ dividable.contains($0.name) || $0.name.hasPrefix("x-qdoc-") })
        else { return [(schema, whole)] }
        var groups: [(members: [JSONObject.Member], weight: Int)] = []
        for member in properties {
            for piece in pieces(of: member.value, root: root, budget: budget, depth: depth + 1) {
                let member = JSONObject.Member(name: member.name, value: piece.schema)
                let weight = piece.weight + member.name.utf8.count / 4 + 2
                // Two pieces of one member cannot stand in one part.
                if let last = groups.last, last.weight + weight <= budget, !last.members.contains(where: { $0.name == member.name }) {
                    groups[groups.count - 1].members.append(member)
                    groups[groups.count - 1].weight += weight
                } else {
                    groups.append(([member], weight))
                }
            }
        }
        return groups.map { group in
            var part = object
            part["properties"] = .object(JSONObject(members: group.members))
            let names = Set(group.members.map(\.name))
            if let required = object["required"]?.array {
                part["required"] = .array(required.filter { $0.string.map(names.contains) ?? false })
            }
            return (.object(part), group.weight)
        }
    }

    /// A schema inside of another with what references lead to.
    private static func rooted(_ schema: JSONValue, _ root: JSONValue) -> JSONValue {
        guard var object = schema.object else { return schema }
        for name in ["definitions", "$defs"] where object[name] == nil { object[name] = root[name] }
        return .object(object)
    }
}
