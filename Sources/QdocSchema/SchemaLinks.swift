import QdocCore

/// Brings a schema to a form in which every reference is `#` or `#/definitions/N`.
///
/// Base addresses (`$id`), names of places (`$id: "#name"`), pointers to anywhere, and documents of a table are followed here, since
/// valijson knows none but the first. Nothing is ever fetched: a document that is not in the table does not exist.
///
/// - Source: draft-handrews-json-schema-01 §8; RFC 3986 §5.2 (`URIReference`).
struct SchemaLinks {
    /// The linked schema. Only its root has `definitions`; they hold whatever is referred to or was defined.
    private(set) var linked: JSONValue = .bool(true)
    /// Where each of the definitions stood, for messages.
    private(set) var origins: [String] = []

    private struct Place: Hashable {
        /// Index into `documents`: 0 is the schema itself.
        var document: Int
        var pointer: JSONPointer
    }

    private let table: [String: JSONValue]
    private var documents: [JSONValue] = []
    /// Where the schema of each absolute address stands; with a fragment, that of each name.
    private var places: [String: Place] = [:]
    /// The base address inside of a place, where it differs from the one around it.
    private var bases: [Place: String] = [:]
    private var numbers: [Place: Int] = [:]
    private var waiting: [Place] = []

    /// - Parameter table: Documents by their absolute address, without a fragment.
    init(_ schema: JSONValue, table: [String: JSONValue]) throws(Failure) {
        self.table = table
        let root = Place(document: try add(schema, address: ""), pointer: JSONPointer())
        var result = try link(schema, at: root, depth: 0)
        var definitions: [JSONObject.Member] = []
        while definitions.count < waiting.count {
            let place = waiting[definitions.count]
            guard definitions.count < SchemaForm.Bounds.count, let target = documents[place.document][place.pointer] else {
                throw SchemaForm.fault("it holds more than \(SchemaForm.Bounds.count) schemas")
            }
            definitions.append(.init(name: String(definitions.count), value: try link(target, at: place, depth: 0)))
        }
        if var object = result.object, !definitions.isEmpty {
            object["definitions"] = .object(JSONObject(members: definitions))
            result = .object(object)
        }
        linked = result
        origins = waiting.map { $0.document == 0 ? $0.pointer.description : "another document at \($0.pointer)" }
    }

    // MARK: Addresses

    private mutating func add(_ document: JSONValue, address: String) throws(Failure) -> Int {
        documents.append(document)
        let place = Place(document: documents.count - 1, pointer: JSONPointer())
        places[address] = place
        bases[place] = address
        try index(document, at: place, base: address, depth: 0)
        return place.document
    }

    /// Notes every address and name that is given to a place.
    private mutating func index(_ schema: JSONValue, at place: Place, base: String, depth: Int) throws(Failure) {
        guard depth <= SchemaForm.Bounds.depth else { throw SchemaForm.tooDeep }
        guard let object = schema.object else { return }
        var base = base
        // Beside a reference nothing else counts.
        if object["$ref"] == nil, let identifier = object["$id"]?.string {
            if identifier.hasPrefix("#") {
                places[base + identifier] = place
            } else {
                base = URIReference(identifier).resolved(against: URIReference(base)).withoutFragment
                bases[place] = base
                if places[base] == nil { places[base] = place }
            }
        }
        for inner in SchemaForm.schemas(in: object) {
            let pointer = JSONPointer(place.pointer.tokens + inner.path)
            try index(inner.schema, at: Place(document: place.document, pointer: pointer), base: base, depth: depth + 1)
        }
    }

    private func base(of place: Place) -> String {
        var place = place
        while true {
            if let base = bases[place] { return base }
            guard !place.pointer.tokens.isEmpty else { return "" }
            place.pointer = place.pointer.parent
        }
    }

    /// The place that a reference leads to.
    private mutating func target(of reference: String, from place: Place) throws(Failure) -> Place {
        let whole = URIReference(reference).resolved(against: URIReference(base(of: place)))
        let address = whole.withoutFragment
        let fragment = whole.fragment.map(URIReference.unescaped) ?? ""
        if places[address] == nil, let document = table[address] { _ = try add(document, address: address) }
        if !fragment.isEmpty, !fragment.hasPrefix("/"), let named = places["\(address)#\(fragment)"] { return named }
        guard let start = places[address] else {
            throw SchemaForm.fault("the reference “\(reference)” at “\(place.pointer)” leads out of this schema, and nothing is fetched")
        }
        guard let inner = JSONPointer(text: fragment) else {
            throw SchemaForm.fault("the reference “\(reference)” at “\(place.pointer)” names no place of this schema")
        }
        let target = Place(document: start.document, pointer: JSONPointer(start.pointer.tokens + inner.tokens))
        let schema = documents[target.document][target.pointer]
        guard schema?.object != nil || schema?.bool != nil else {
            throw SchemaForm.fault("a reference at “\(place.pointer)” leads to “\(target.pointer)”, where no schema stands")
        }
        return target
    }

    // MARK: Linking

    private mutating func number(of place: Place) -> Int {
        if let number = numbers[place] { return number }
        numbers[place] = waiting.count
        waiting.append(place)
        return waiting.count - 1
    }

    private mutating func link(_ schema: JSONValue, at place: Place, depth: Int) throws(Failure) -> JSONValue {
        guard depth <= SchemaForm.Bounds.depth else { throw SchemaForm.tooDeep }
        guard var object = schema.object else { return schema }
        for name in ["definitions", "$defs"] {
            guard let defined = object[name] else { continue }
            guard let entries = defined.object else { throw SchemaForm.fault("“\(place.pointer.appending(name))” is no object of schemas") }
            for entry in entries {
                _ = number(of: Place(document: place.document, pointer: place.pointer.appending(name).appending(entry.name)))
            }
            object[name] = nil
        }
        if let reference = object["$ref"] {
            guard let text = reference.string else { throw SchemaForm.fault("the reference at “\(place.pointer)” is no text") }
            let target = try target(of: text, from: place)
            let isRoot = target.document == 0 && target.pointer.tokens.isEmpty
            return ["$ref": .string(isRoot ? "#" : "#/definitions/\(number(of: target))")]
        }
        var result = JSONValue.object(object)
        for inner in SchemaForm.schemas(in: object) {
            let pointer = JSONPointer(place.pointer.tokens + inner.path)
            let value = try link(inner.schema, at: Place(document: place.document, pointer: pointer), depth: depth + 1)
            result = Self.replacing(result, at: inner.path[...], by: value)
        }
        return result
    }

    private static func replacing(_ value: JSONValue, at path: ArraySlice<String>, by new: JSONValue) -> JSONValue {
        guard let token = path.first else { return new }
        switch value {
        case .object(var object):
            object[token] = object[token].map { replacing($0, at: path.dropFirst(), by: new) }
            return .object(object)
        case .array(var elements):
            guard let index = Int(token), elements.indices.contains(index) else { return value }
            elements[index] = replacing(elements[index], at: path.dropFirst(), by: new)
            return .array(elements)
        default: return value
        }
    }
}
