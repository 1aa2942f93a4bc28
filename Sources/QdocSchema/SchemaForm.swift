import CSchemaValidator
import QdocCore

/// A schema that was walked, bounded and made fit for the validator.
///
/// Only the keywords of draft 7 are kept; `pattern` goes under the keyword of the shim, and `patternProperties` is rewritten for each
/// instance into `properties` with the names that match, since valijson would run both by `std::regex`.
struct SchemaForm: Sendable {
    enum Bounds {
        /// Levels of nesting: the shipped schemas have 14.
        static let depth = 64
        /// Schemas within the schema.
        static let count = 2048
        /// References and combinators that lead on without going deeper into the instance.
        static let chain = 32
    }

    private let root: JSONValue
    /// Where each definition of the linked schema stood in the user's.
    private let origins: [String]
    /// By their text, those of all `patternProperties`.
    private(set) var patterns: [String: Pattern] = [:]

    /// Where each schema inside stands, and which others are applied to the same value.
    private var steps: [JSONPointer: [JSONPointer]] = [:]

    /// - Parameter documents: What references outside may lead to, by absolute address.
    init(_ schema: JSONValue, documents: [String: JSONValue]) throws(Failure) {
        let links = try SchemaLinks(schema, table: documents)
        root = links.linked
        origins = links.origins
        try survey(root, at: JSONPointer())
        var depths: [JSONPointer: Int] = [:]
        for pointer in steps.keys { _ = try chain(from: pointer, depths: &depths, above: 0) }
    }

    static func fault(_ message: String) -> Failure {
        Failure(.invalidConfiguration, "the JSON Schema cannot be used: \(message)", remedy: "correct the schema (draft 7)")
    }

    static var tooDeep: Failure { fault("it is nested deeper than \(Bounds.depth) levels") }

    /// As the user knows the place.
    private func name(_ pointer: JSONPointer) -> String {
        guard pointer.tokens.first == "definitions", pointer.tokens.count > 1, let index = Int(pointer.tokens[1]),
            origins.indices.contains(index)
        else { return pointer.description }
        return origins[index] + JSONPointer(Array(pointer.tokens.dropFirst(2))).description
    }

    /// Length of the longest way through references and combinators; a way that returns to itself would never end.
    private func chain(from pointer: JSONPointer, depths: inout [JSONPointer: Int], above: Int) throws(Failure) -> Int {
        if let known = depths[pointer] { return known }
        guard above <= Bounds.chain else {
            throw Self.fault("“\(name(pointer))” refers to itself, or over more than \(Bounds.chain) schemas")
        }
        var longest = 0
        for target in steps[pointer] ?? [] { longest = max(longest, 1 + (try chain(from: target, depths: &depths, above: above + 1))) }
        guard longest <= Bounds.chain else { throw Self.fault("“\(name(pointer))” refers over more than \(Bounds.chain) schemas") }
        depths[pointer] = longest
        return longest
    }

    // MARK: Keywords

    private static let single: Set<String> = [
        "additionalItems", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else", "items",
    ]
    private static let lists: Set<String> = ["allOf", "anyOf", "oneOf", "items"]
    private static let maps: Set<String> = ["properties", "patternProperties", "definitions", "$defs", "dependencies"]
    private static let plainKeywords: Set<String> = [
        "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength",
        "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties", "required",
    ]
    /// Applied to the same value as the schema that holds them.
    private static let inPlace: Set<String> = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"]

    private mutating func survey(_ schema: JSONValue, at pointer: JSONPointer) throws(Failure) {
        guard pointer.tokens.count <= Bounds.depth else { throw Self.tooDeep }
        guard steps.count < Bounds.count else { throw Self.fault("it holds more than \(Bounds.count) schemas") }
        steps[pointer] = []
        guard let object = schema.object else {
            guard schema.bool != nil else { throw Self.fault("“\(name(pointer))” is neither an object nor true nor false") }
            return
        }
        if let reference = object["$ref"]?.string {
            steps[pointer] = JSONPointer(text: String(reference.dropFirst())).map { [$0] }
        }
        for member in object {
            let place = pointer.appending(member.name)
            if Self.single.contains(member.name), member.value.array == nil || !Self.lists.contains(member.name) {
                try survey(member.value, at: place)
                if Self.inPlace.contains(member.name) { steps[pointer]?.append(place) }
            } else if Self.lists.contains(member.name) {
                guard let elements = member.value.array else { throw Self.fault("“\(name(place))” is no list of schemas") }
                for (index, element) in elements.enumerated() {
                    try survey(element, at: place.appending(index))
                    if Self.inPlace.contains(member.name) { steps[pointer]?.append(place.appending(index)) }
                }
            } else if Self.maps.contains(member.name) {
                guard let entries = member.value.object else { throw Self.fault("“\(name(place))” is no object of schemas") }
                for entry in entries where member.name != "dependencies" || entry.value.array == nil {
                    try survey(entry.value, at: place.appending(entry.name))
                }
                if member.name == "patternProperties" {
                    for entry in entries where patterns[entry.name] == nil { patterns[entry.name] = try Pattern(entry.name) }
                }
            } else if member.name == "pattern" {
                guard let text = member.value.string else { throw Self.fault("“\(name(place))” is no text") }
                _ = try Pattern(text)
            }
        }
    }

    /// The schemas directly inside of one, with the way to each.
    ///
    /// What is no schema where one is expected is left out: the survey tells of it.
    static func schemas(in object: JSONObject) -> [(path: [String], schema: JSONValue)] {
        var found: [(path: [String], schema: JSONValue)] = []
        for member in object {
            if lists.contains(member.name), let elements = member.value.array {
                found += elements.enumerated().map { ([member.name, String($0.offset)], $0.element) }
            } else if single.contains(member.name) {
                found.append(([member.name], member.value))
            } else if maps.contains(member.name), let entries = member.value.object {
                for entry in entries where entry.value.array == nil { found.append(([member.name, entry.name], entry.value)) }
            }
        }
        return found
    }

    // MARK: Rewriting

    /// The schema as the validator takes it, for an instance with these member names.
    func rewritten(for names: Set<String>) -> JSONValue { rewrite(root, names: names.sorted()) }

    private func rewrite(_ schema: JSONValue, names: [String]) -> JSONValue {
        guard let object = schema.object else { return schema }
        // In draft 7 a reference rules out its neighbours; what is defined beside the root's can still be referred to.
        if let reference = object["$ref"] {
            var result: JSONObject = ["$ref": reference]
            result["definitions"] = object["definitions"]?.object.map { .object(map($0, names: names)) }
            return .object(result)
        }
        var result = JSONObject()
        for member in object {
            switch member.name {
            case "pattern": result[QDOC_PATTERN_KEYWORD] = member.value
            case "properties", "patternProperties": break
            case let name where Self.plainKeywords.contains(name): result[name] = Self.plain(member.value)
            default: if let value = rewriteNested(member, names: names) { result[member.name] = value }
            }
        }
        let properties = rewriteProperties(object, names: names)
        if !properties.isEmpty { result["properties"] = .object(properties) }
        guard let format = object["format"]?.string.flatMap(SchemaFormat.init(rawValue:)) else { return .object(result) }
        let check: JSONValue = [QDOC_PATTERN_KEYWORD: [.string(format.pattern), .string(format.rawValue)]]
        result["allOf"] = .array((result["allOf"]?.array ?? []) + [check])
        return .object(result)
    }

    private func rewriteNested(_ member: JSONObject.Member, names: [String]) -> JSONValue? {
        if Self.lists.contains(member.name), let elements = member.value.array {
            return .array(elements.map { rewrite($0, names: names) })
        } else if Self.single.contains(member.name) {
            return rewrite(member.value, names: names)
        } else if Self.maps.contains(member.name), let entries = member.value.object {
            return .object(map(entries, names: names))
        }
        return nil
    }

    private func map(_ entries: JSONObject, names: [String]) -> JSONObject {
        var result = JSONObject()
        for entry in entries { result[entry.name] = rewrite(entry.value, names: names) }
        return result
    }

    private func rewriteProperties(_ object: JSONObject, names: [String]) -> JSONObject {
        var properties = object["properties"]?.object.map { map($0, names: names) } ?? JSONObject()
        for entry in object["patternProperties"]?.object ?? [:] {
            guard let pattern = patterns[entry.name] else { continue }
            let schema = rewrite(entry.value, names: names)
            for name in names where pattern.matches(name) {
                properties[name] = properties[name].map { .object(["allOf": .array([$0, schema])]) } ?? schema
            }
        }
        return properties
    }

    /// The value with numbers as the validator reads them rightly: 1.0 is an integer, and nothing is beyond a double's range.
    static func plain(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let number):
            guard number.lexical.contains(where: { ".eE".contains($0) }) || number.lexical.utf8.count > 18 else { return value }
            let double = number.double
            guard double.isFinite else { return .double(double < 0 ? -Double.greatestFiniteMagnitude : .greatestFiniteMagnitude) }
            // 2^53: above it a double names no single integer.
            return double == double.rounded() && abs(double) < 9_007_199_254_740_992 ? .int(Int(double)) : value
        case .array(let elements): return .array(elements.map(plain))
        case .object(let object):
            var members: [JSONObject.Member] = []
            for member in object { members.append(.init(name: member.name, value: plain(member.value))) }
            return .object(JSONObject(members: members))
        default: return value
        }
    }
}
