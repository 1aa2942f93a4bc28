import QdocCore

/// Brings an answer nearer to its schema by light changes, each of them told.
///
/// A value that fits is never touched. The members of the answer form pass through.
struct Conformer {
    private(set) var repairs: [Repair] = []
    private var untold = 0
    let call: Int
    /// More are counted, not listed.
    private static let repairLimit = 500

    init(call: Int) {
        self.call = call
    }

    mutating func tell(_ kind: String, _ pointer: JSONPointer, _ note: String) {
        guard repairs.count < Self.repairLimit else {
            untold += 1
            return
        }
        repairs.append(Repair(kind: kind, pointer: pointer, call: call, note: note))
    }

    /// The repairs, the last of them telling how many were not listed.
    var told: [Repair] {
        untold == 0 ? repairs : repairs + [Repair(kind: "more_repairs", call: call, note: "\(untold) further repairs are not listed")]
    }

    mutating func conform(_ value: JSONValue, to schema: SchemaView, at pointer: JSONPointer) -> JSONValue {
        let value = coerce(value, to: schema, at: pointer)
        switch value {
        case .object(let object): return .object(conform(object, to: schema, at: pointer))
        case .array(let elements):
            guard let items = schema.items else { return value }
            return .array(elements.enumerated().map { conform($0.element, to: items, at: pointer.appending($0.offset)) })
        default: return value
        }
    }

    private mutating func conform(_ object: JSONObject, to schema: SchemaView, at pointer: JSONPointer) -> JSONObject {
        var members: [JSONObject.Member] = []
        let required = Set(schema.required)
        for member in object {
            let place = pointer.appending(member.name)
            if let property = schema.property(member.name) {
                let value = conform(member.value, to: property, at: place)
                if value.isNull, !property.allows("null"), !required.contains(member.name) {
                    tell("null_member", place, "a null that the schema does not allow was left out")
                } else {
                    members.append(.init(name: member.name, value: value))
                }
            } else if member.name == AnswerForm.imageMember || member.name == AnswerForm.quoteMember || !schema.isClosed {
                members.append(member)
            } else {
                tell("additional_member", place, "a member that the schema does not know was left out")
            }
        }
        let present = Set(object.names)
        for name in schema.required where !present.contains(name) {
            guard let property = schema.property(name) else { continue }
            if property.isNullable {
                members.append(.init(name: name, value: .null))
                tell("missing_member", pointer.appending(name), "a missing value was taken as null")
            } else if property.kinds == ["array"] {
                members.append(.init(name: name, value: []))
                tell("missing_member", pointer.appending(name), "a missing list was taken as empty")
            }
        }
        return JSONObject(members: members)
    }

    // MARK: Coercion

    private mutating func coerce(_ value: JSONValue, to schema: SchemaView, at pointer: JSONPointer) -> JSONValue {
        let kinds = schema.kinds
        switch value {
        case .string(let text):
            if let option = option(text, of: (schema.choices ?? []).compactMap(\.string)) {
                tell("enum_case", pointer, "written as the schema writes it")
                return .string(option)
            }
            guard !kinds.isEmpty, !kinds.contains("string") else { return value }
            return coerce(text: text, to: schema, at: pointer) ?? wrap(value, in: schema, at: pointer)
        case .number(let number) where !kinds.isEmpty && kinds.isDisjoint(with: ["number", "integer"]):
            guard kinds.contains("string") else { return wrap(value, in: schema, at: pointer) }
            tell("number_as_text", pointer, "a number was read as text")
            return .string(number.lexical)
        case .bool(let bool) where kinds.contains("string") && !kinds.contains("boolean"):
            tell("bool_as_text", pointer, "true or false was read as text")
            return .string(bool ? "true" : "false")
        case .null where kinds == ["array"]:
            tell("missing_member", pointer, "null was taken as an empty list")
            return []
        case .object where !kinds.isEmpty && !kinds.contains("object"): return wrap(value, in: schema, at: pointer)
        default: return value
        }
    }

    private func option(_ text: String, of options: [String]) -> String? {
        guard !options.isEmpty, !options.contains(text) else { return nil }
        let found = options.filter { $0.lowercased() == text.lowercased() }
        return found.count == 1 ? found[0] : nil
    }

    private mutating func coerce(text: String, to schema: SchemaView, at pointer: JSONPointer) -> JSONValue? {
        let kinds = schema.kinds
        let folded = text.lowercased()
        if kinds.contains("null"), ["", "null", "none", "n/a", "na", "-", "–", "—"].contains(folded) {
            tell("text_as_null", pointer, "a text that stands for nothing was read as null")
            return .null
        }
        if kinds.contains("boolean"), let bool = ["true": true, "false": false, "yes": true, "no": false][folded] {
            tell("text_as_bool", pointer, "a text was read as true or false")
            return .bool(bool)
        }
        guard !kinds.isDisjoint(with: ["number", "integer"]), let printed = PrintedNumber(text), printed.scale == nil else { return nil }
        guard kinds.contains("number") || printed.decimals == 0 else { return nil }
        let dropped = printed.unit.map { "; its unit “\($0)” was left out" } ?? ""
        tell("text_as_number", pointer, "the text “\(text.prefix(40))” was read as a number\(dropped)")
        return printed.json
    }

    /// One element where a list of such elements is wanted.
    private mutating func wrap(_ value: JSONValue, in schema: SchemaView, at pointer: JSONPointer) -> JSONValue {
        guard schema.kinds == ["array"], let items = schema.items, items.allows(Self.kind(of: value)) else { return value }
        tell("wrapped", pointer, "a single element was read as a list of one")
        return [value]
    }

    private static func kind(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
