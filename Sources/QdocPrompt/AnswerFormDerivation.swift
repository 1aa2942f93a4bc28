package import QdocCore

extension AnswerForm {
    /// The form a model is asked for: the user's schema, each record of which also names its image and quotes what it was read from.
    ///
    /// Records are the root, where it is an object, and objects that are items of an array, also by reference. Keywords `x-qdoc-…`, which
    /// speak to this program, are left out; everything else stays.
    package static func derive(from schema: JSONValue) -> JSONValue {
        AnswerFormDerivation(schema: schema).form
    }
}

private struct AnswerFormDerivation {
    let schema: JSONValue
    /// Pointers into `#` of definitions that array items refer to.
    private var recordDefinitions: Set<String> = []

    init(schema: JSONValue) {
        self.schema = schema
        collect(schema, isItem: true)
    }

    var form: JSONValue { derived(schema, pointer: JSONPointer(), isRecord: true) }

    // Keywords by what their value is. Source: JSON Schema 2020-12, core and applicator vocabularies, and draft 7's `definitions`.
    private static let schemaKeywords: Set<String> = [
        "items", "additionalItems", "unevaluatedItems", "contains", "additionalProperties", "unevaluatedProperties", "propertyNames", "not",
        "if", "then", "else",
    ]
    private static let listKeywords: Set<String> = ["allOf", "anyOf", "oneOf", "prefixItems"]
    private static let mapKeywords: Set<String> = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]
    /// Keywords whose schemas stand for the same value as the schema around them.
    private static let sameValueKeywords: Set<String> = ["allOf", "anyOf", "oneOf", "then", "else"]
    private static let itemKeywords: Set<String> = ["items", "additionalItems", "prefixItems"]

    private static func isDerived(_ name: String, isItem: Bool) -> Bool {
        itemKeywords.contains(name) || (isItem && sameValueKeywords.contains(name))
    }

    /// Finds what array items, and the root, refer to.
    private mutating func collect(_ value: JSONValue, isItem: Bool) {
        guard let object = value.object else { return }
        if isItem, let reference = object["$ref"]?.string, reference.hasPrefix("#/"), recordDefinitions.insert(reference).inserted,
            let target = JSONPointer(text: String(reference.dropFirst())).flatMap({ schema[$0] })
        {
            collect(target, isItem: true)
        }
        for member in object {
            let isInner = Self.isDerived(member.name, isItem: isItem)
            if Self.schemaKeywords.contains(member.name) {
                collect(member.value, isItem: isInner)
            } else if Self.listKeywords.contains(member.name) {
                for element in member.value.array ?? [] { collect(element, isItem: isInner) }
            } else if Self.mapKeywords.contains(member.name), let map = member.value.object {
                for entry in map { collect(entry.value, isItem: false) }
            }
        }
    }

    private func derived(_ value: JSONValue, pointer: JSONPointer, isRecord: Bool) -> JSONValue {
        guard let object = value.object else { return value }
        let isRecord = isRecord || recordDefinitions.contains("#\(pointer)")
        var result = JSONObject()
        for member in object where !member.name.hasPrefix("x-qdoc-") {
            let inner = pointer.appending(member.name)
            let isInner = Self.isDerived(member.name, isItem: isRecord)
            if Self.schemaKeywords.contains(member.name) {
                result[member.name] = derived(member.value, pointer: inner, isRecord: isInner)
            } else if Self.listKeywords.contains(member.name), let elements = member.value.array {
                result[member.name] = .array(
                    elements.enumerated().map { derived($1, pointer: inner.appending($0), isRecord: isInner) })
            } else if Self.mapKeywords.contains(member.name), let map = member.value.object {
                var derivedMap = JSONObject()
                for entry in map { derivedMap[entry.name] = derived(entry.value, pointer: inner.appending(entry.name), isRecord: false) }
                result[member.name] = .object(derivedMap)
            } else {
                result[member.name] = member.value
            }
        }
        return .object(isRecord && Self.isObject(object) ? cited(result) : result)
    }

    private static func isObject(_ schema: JSONObject) -> Bool {
        switch schema["type"] {
        case .string(let type): type == "object"
        case .array(let types): types.contains("object")
        default: schema["properties"] != nil
        }
    }

    /// The schema of an object with the two members first, and required.
    private func cited(_ schema: JSONObject) -> JSONObject {
        var schema = schema
        var properties: JSONObject = [
            AnswerForm.imageMember: ["type": "integer", "description": "number of the image this was read from"],
            AnswerForm.quoteMember: ["type": "string", "description": "the words it was read from, exactly as printed, at most 20 words"],
        ]
        for entry in schema["properties"]?.object ?? JSONObject() where properties[entry.name] == nil {
            properties[entry.name] = entry.value
        }
        let own = [AnswerForm.imageMember, AnswerForm.quoteMember]
        let required = (schema["required"]?.array ?? []).filter { !own.contains($0.string ?? "") }
        schema["properties"] = .object(properties)
        schema["required"] = .array(own.map { .string($0) } + required)
        return schema
    }
}
