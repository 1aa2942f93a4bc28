import QdocCore

/// Brings an answer nearer to its schema by light changes, each of them told.
///
/// A value that fits is never touched. The members of the answer form pass through.
struct Conformer {
    private(set) var repairs: [Repair] = []
    private var normaliser: Normaliser
    private var record: Record?
    private var untold = 0
    let call: Int
    /// More are counted, not listed.
    private static let repairLimit = 500

    /// The object that is gone through, and the members that its numbers bring.
    private struct Record {
        var object: JSONObject
        var schema: SchemaView
        var measures: [JSONObject.Member] = []
    }

    /// - Parameter answer: The whole answer.
    init(call: Int, answer: JSONValue) {
        self.call = call
        normaliser = Normaliser(answer)
    }

    /// - Parameter original: What stood there before; nil where nothing did.
    mutating func tell(_ kind: String, _ pointer: JSONPointer, _ note: String, was original: JSONValue? = nil) {
        guard repairs.count < Self.repairLimit else {
            untold += 1
            return
        }
        repairs.append(Repair(kind: kind, pointer: pointer, call: call, note: note, original: original))
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
        let object = renamed(object, to: schema, at: pointer)
        let outer = record
        record = Record(object: object, schema: schema)
        defer { record = outer }
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
        for measure in record?.measures ?? [] {
            tell(
                "measure_member", pointer.appending(measure.name), "what is printed beside the number was put in", was: object[measure.name]
            )
            members.removeAll { $0.name == measure.name }
            members.append(measure)
        }
        let present = Set(members.map(\.name))
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
                tell("enum_case", pointer, "written as the schema writes it", was: value)
                return .string(option)
            }
            if let spelling = normaliser.time(text, for: schema) {
                tell("text_as_time", pointer, "a day or a period was written as the schema asks for it", was: value)
                return .string(spelling)
            }
            guard !kinds.isEmpty, !kinds.contains("string") else { return value }
            return coerce(text: text, to: schema, at: pointer) ?? wrap(value, in: schema, at: pointer)
        case .number(let number) where !kinds.isEmpty && kinds.isDisjoint(with: ["number", "integer"]):
            guard kinds.contains("string") else { return wrap(value, in: schema, at: pointer) }
            tell("number_as_text", pointer, "a number was read as text", was: value)
            return .string(number.lexical)
        case .bool(let bool) where kinds.contains("string") && !kinds.contains("boolean"):
            tell("bool_as_text", pointer, "true or false was read as text", was: value)
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
            tell("text_as_null", pointer, "a text that stands for nothing was read as null", was: .string(text))
            return .null
        }
        if kinds.contains("boolean"), let bool = ["true": true, "false": false, "yes": true, "no": false][folded] {
            tell("text_as_bool", pointer, "a text was read as true or false", was: .string(text))
            return .bool(bool)
        }
        guard !kinds.isDisjoint(with: ["number", "integer"]), let quantity = normaliser.quantity(text) else { return nil }
        var lexical: String? = quantity.lexical
        var kept: [JSONObject.Member] = []
        if let scale = quantity.scale {
            switch place(of: quantity.scaleText ?? "", in: "scale", where: { PrintedScale(word: $0, isAttached: true) == scale }) {
            case .none: lexical = quantity.scaled
            case .there: break
            case .free(let member): kept.append(member)
            case .contradicted: return nil
            }
        }
        var isUnitKept = quantity.unit == nil
        if let unit = quantity.unit {
            switch place(of: unit, in: "unit", where: { $0 == unit }) {
            case .there: isUnitKept = true
            case .free(let member):
                kept.append(member)
                isUnitKept = true
            case .none, .contradicted: break
            }
        }
        guard let lexical, let number = JSONNumber(lexical), kinds.contains("number") || !lexical.contains(".") else { return nil }
        record?.measures += kept
        let scaled = lexical == quantity.lexical ? "" : ", its scale applied"
        tell(
            "text_as_number", pointer, "a text was read as a number\(scaled)\(isUnitKept ? "" : ", its unit left out")", was: .string(text))
        return .number(number)
    }

    /// Where the measure of a number belongs in its record.
    private enum MeasurePlace {
        /// The schema has no member for it.
        case none
        /// It stands there.
        case there
        case free(JSONObject.Member)
        /// Something else stands there, or none of the values that the schema allows says it.
        case contradicted
    }

    private func place(of text: String, in name: String, where says: (String) -> Bool) -> MeasurePlace {
        guard let record, let property = record.schema.property(name), property.allows("string") else { return .none }
        if let said = record.object[name]?.string, !said.isEmpty { return says(said) ? .there : .contradicted }
        guard let choices = property.choices?.compactMap(\.string) else { return .free(.init(name: name, value: .string(text))) }
        return choices.first(where: says).map { .free(.init(name: name, value: .string($0))) } ?? .contradicted
    }

    /// The object with names that were spelt otherwise as the schema spells them.
    private mutating func renamed(_ object: JSONObject, to schema: SchemaView, at pointer: JSONPointer) -> JSONObject {
        let known = Set(schema.propertyNames)
        let unknown = object.contains { !known.contains($0.name) && $0.name != AnswerForm.imageMember && $0.name != AnswerForm.quoteMember }
        guard unknown, !known.isEmpty else { return object }
        var missing = schema.properties.filter { object[$0.name] == nil }
        var members: [JSONObject.Member] = []
        for var member in object {
            if !known.contains(member.name), member.name != AnswerForm.imageMember, member.name != AnswerForm.quoteMember,
                let name = MemberNames.meant(by: member.name, of: missing)
            {
                tell("member_name", pointer.appending(name), "a member was named as the schema names it", was: .string(member.name))
                missing.removeAll { $0.name == name }
                member.name = name
            }
            members.append(member)
        }
        return JSONObject(members: members)
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
