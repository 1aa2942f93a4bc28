import QdocCore

/// What a field of the short form is: `total: money`, `lines: [{description: text, amount: money}]`.
///
/// Every single value may be null, for a page need not print it, unless it is marked with `!`; a list may be empty.
indirect enum FieldType: Hashable {
    case plain(Plain)
    case choice([String])
    case list(FieldType)
    case record([Field])

    /// A single value by the name of its type.
    enum Plain: String, CaseIterable {
        case text, number, integer, money, percent, date, datetime, boolean, email, url

        fileprivate var kind: JSONValue {
            switch self {
            case .number, .money, .percent: "number"
            case .integer: "integer"
            case .boolean: "boolean"
            case .text, .date, .datetime, .email, .url: "string"
            }
        }

        /// What a model must know of it beside its kind. Texts stay as printed, or no proof would find them.
        fileprivate var hint: JSONValue? {
            switch self {
            case .text, .number, .boolean: nil
            case .integer: "A whole number, as printed."
            case .money: "An amount of money as printed, without its currency."
            case .percent: "Per cent as printed: 12.5 for “12.5 %”."
            case .date: "A date, exactly as printed."
            case .datetime: "A date with a time of day, exactly as printed."
            case .email: "An e-mail address, exactly as printed."
            case .url: "A web address, exactly as printed."
            }
        }
    }

    struct Field: Hashable {
        var name: String
        var type: FieldType
        var isRequired: Bool
    }

    /// JSON Schema, draft 7.
    func schema(isNullable: Bool) -> JSONValue {
        switch self {
        case .plain(let plain):
            var object: JSONObject = ["type": isNullable ? [plain.kind, "null"] : plain.kind]
            object["description"] = plain.hint
            return .object(object)
        case .choice(let names):
            let values = names.map(JSONValue.string)
            return isNullable
                ? ["type": ["string", "null"], "enum": .array(values + [.null])] : ["type": "string", "enum": .array(values)]
        case .list(let element): return ["type": "array", "items": element.schema(isNullable: false)]
        case .record(let fields):
            var properties = JSONObject()
            for field in fields { properties[field.name] = field.type.schema(isNullable: !field.isRequired) }
            // A list has its empty form and a record its members' nulls: both are always there.
            let required = fields.filter { $0.isRequired || $0.type.isCompound }.map { JSONValue.string($0.name) }
            var object: JSONObject = ["type": "object", "additionalProperties": false]
            if !required.isEmpty { object["required"] = .array(required) }
            object["properties"] = .object(properties)
            return .object(object)
        }
    }

    private var isCompound: Bool {
        switch self {
        case .list: true
        case .plain, .choice, .record: false
        }
    }

    /// A name that a field may have: a letter, then letters, digits, `_` and `-`; `_image` and `_quote` are the answer form's own.
    static func isName(_ text: String) -> Bool {
        text.first?.isLetter == true && text.count <= 64 && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    }

    static let typeNames = Plain.allCases.map(\.rawValue).joined(separator: ", ")

    /// Reads a single value's type, `choice [a, b]` among them; nil where it is none.
    ///
    /// - Returns: The type, and whether it is marked with `!`.
    static func scalar(_ text: String) -> (type: FieldType, isRequired: Bool)? {
        let isRequired = text.hasSuffix("!")
        let name = isRequired ? String(text.dropLast()) : text
        if let plain = Plain(rawValue: name) { return (.plain(plain), isRequired) }
        guard name.hasPrefix("choice"), name.hasSuffix("]"), let open = name.firstIndex(of: "["),
            name[..<open].dropFirst("choice".count).allSatisfy({ $0 == " " })
        else { return nil }
        let inner = name[name.index(after: open)...].dropLast()
        let names = inner.split(whereSeparator: { $0 == "," || $0 == "|" }).map { trimmed($0) }
        guard names.count > 1, Set(names).count == names.count, names.allSatisfy({ !$0.isEmpty }) else { return nil }
        return (.choice(names), isRequired)
    }

    static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
