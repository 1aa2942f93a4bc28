internal import QdocCore

/// Writes the least instance of a JSON Schema that is still worth something: what the emulated models answer.
struct AnswerWriting {
    private let root: JSONValue
    /// The number that records give for their image.
    private let image: Int
    /// Deeper schemas get no optional members; recursive ones end here.
    private static let depthLimit = 12

    init(schema: JSONValue, image: Int) {
        root = schema
        self.image = image
    }

    /// The answer to a prompt: by the schema that the request forces or that its last text ends with, else a sentence.
    static func answer(_ ask: Ask) -> String {
        let schema = ask.schema ?? ask.texts.last.flatMap(form)
        if let schema {
            let writing = AnswerWriting(schema: schema, image: ask.imageNumbers.first ?? 1)
            return JSONWriter.text(writing.instance(schema, depth: 0))
        }
        return ask.wantsJSON ? #"{"answer": "The third bar is the tallest."}"# : "The third bar is the tallest, at 57 units."
    }

    /// The schema that stands at the end of a text, from the beginning of a line on.
    private static func form(_ text: String) -> JSONValue? {
        var start = text.startIndex
        while start < text.endIndex {
            // What is no JSON is text; a later line may begin the schema.
            if text[start] == "{", let value = try? JSONParser.parse(String(text[start...])), value.object != nil { return value }
            guard let end = text[start...].firstIndex(of: "\n") else { return nil }
            start = text.index(after: end)
        }
        return nil
    }

    private func instance(_ schema: JSONValue, depth: Int) -> JSONValue {
        guard depth < Self.depthLimit else { return nil }
        if let reference = schema["$ref"]?.string {
            let target = JSONPointer(text: String(reference.dropFirst())).flatMap { root[$0] }
            return target.map { instance($0, depth: depth + 1) } ?? nil
        }
        if let constant = schema["const"] { return constant }
        if let first = schema["enum"]?[0] { return first }
        for name in ["anyOf", "oneOf", "allOf"] {
            if let first = schema[name]?[0] { return instance(first, depth: depth + 1) }
        }
        switch type(of: schema) {
        case "object": return object(schema, depth: depth)
        case "array":
            // A record of each kind at the top, so that there is something to prove; below that what has to be there.
            let least = schema["minItems"]?.int ?? (depth <= 1 && schema["items"]?["properties"] != nil ? 1 : 0)
            let items = schema["items"] ?? .object(JSONObject())
            return .array((0..<min(least, 100)).map { _ in instance(items, depth: depth + 1) })
        case "integer", "number": return schema["minimum"] ?? 1
        case "boolean": return false
        case "null": return nil
        default:
            let least = schema["minLength"]?.int ?? 0
            return .string("Emulated" + String(repeating: "-", count: max(0, min(least, 10_000) - 8)))
        }
    }

    private func type(of schema: JSONValue) -> String {
        let types = schema["type"]?.array?.compactMap(\.string) ?? [schema["type"]?.string].compactMap { $0 }
        return types.first { $0 != "null" } ?? types.first ?? (schema["properties"] != nil ? "object" : "string")
    }

    private func object(_ schema: JSONValue, depth: Int) -> JSONValue {
        let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
        var result = JSONObject()
        for member in schema["properties"]?.object ?? JSONObject() where required.contains(member.name) || member.name == "title" {
            switch member.name {
            case "_image": result["_image"] = .int(image)
            case "_quote": result["_quote"] = ""
            default: result[member.name] = instance(member.value, depth: depth + 1)
            }
        }
        for name in required.sorted() where result[name] == nil { result[name] = "Emulated" }
        return .object(result)
    }
}
