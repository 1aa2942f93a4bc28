import CSchemaValidator
public import QdocCore

/// One way in which an instance breaks its schema.
public struct SchemaViolation: Sendable, Hashable, CustomStringConvertible {
    /// Into the instance.
    public var pointer: JSONPointer
    public var message: String

    public init(pointer: JSONPointer, message: String) {
        self.pointer = pointer
        self.message = message
    }

    public var description: String { "\(pointer.tokens.isEmpty ? "the root" : pointer.description): \(message)" }
}

/// A JSON Schema of draft 7 that instances are checked against.
///
/// References stay within the schema; of formats `date`, `date-time`, `email` and `uri` are checked; unknown keywords are ignored; patterns are those of RE2.
///
/// - Source: draft-handrews-json-schema-validation-01; the checking is valijson's.
public struct JSONSchema: Sendable {
    private let form: SchemaForm
    /// Nil where the schema must be made anew for each instance because it has `patternProperties`.
    private let compiled: CompiledSchema?

    /// Compiles a schema.
    ///
    /// - Throws: `invalid_configuration` for keywords of the wrong kind, references that leave the schema, lead nowhere or
    ///   to themselves, patterns that RE2 does not take, and schemas beyond `SchemaForm.Bounds`.
    public init(_ schema: JSONValue) throws(Failure) {
        try self.init(schema, documents: [:])
    }

    /// Compiles a schema that may refer to the documents of a table, by their absolute addresses. Nothing is fetched.
    package init(_ schema: JSONValue, documents: [String: JSONValue]) throws(Failure) {
        form = try SchemaForm(schema, documents: documents)
        // Compiled in any case, so that a wrong schema is refused now and not at its first instance.
        let compiled = try CompiledSchema(form.rewritten(for: []))
        self.compiled = form.patterns.isEmpty ? compiled : nil
    }

    /// Instances nested deeper are refused, not checked: 128 levels are ten times any report's.
    private static let depthLimit = 128

    /// Lists how an instance breaks the schema; empty of a valid one.
    ///
    /// - Parameter limit: Violations listed at most.
    public func violations(of instance: JSONValue, limit: Int = 50) -> [SchemaViolation] {
        let form = InstanceForm(instance)
        guard form.depth <= Self.depthLimit else {
            return [SchemaViolation(pointer: JSONPointer(), message: "Nested deeper than \(Self.depthLimit) levels.")]
        }
        do throws(Failure) {
            guard let compiled else {
                return try CompiledSchema(self.form.rewritten(for: form.names)).violations(of: form.text, limit: limit)
            }
            return try compiled.violations(of: form.text, limit: limit)
        } catch {
            return [SchemaViolation(pointer: JSONPointer(), message: error.message)]
        }
    }

    package func isValid(_ instance: JSONValue) -> Bool { violations(of: instance, limit: 1).isEmpty }
}

/// An instance as it is handed to the validator.
private struct InstanceForm {
    var text: [UInt8]
    var depth: Int
    /// Member names of all objects, each once.
    var names: Set<String>

    init(_ value: JSONValue) {
        var names: Set<String> = []
        depth = Self.survey(value, depth: 0, names: &names)
        self.names = names
        var writer = JSONWriter()
        writer.value(SchemaForm.plain(value))
        text = writer.bytes
    }

    private static func survey(_ value: JSONValue, depth: Int, names: inout Set<String>) -> Int {
        switch value {
        case .array(let elements): return elements.reduce(depth) { max($0, survey($1, depth: depth + 1, names: &names)) }
        case .object(let object):
            return object.reduce(depth) {
                names.insert($1.name)
                return max($0, survey($1.value, depth: depth + 1, names: &names))
            }
        default: return depth
        }
    }
}

/// The validator's own compiled schema.
@safe private final class CompiledSchema: @unchecked Sendable {
    // Safe to share: the handle is only read once made. valijson's validator, which caches, is made for each call in the shim.
    private let handle: OpaquePointer

    init(_ schema: JSONValue) throws(Failure) {
        let text = Array(JSONWriter.text(schema).utf8).map { CChar(bitPattern: $0) } + [0]
        var reason = [CChar](repeating: 0, count: 512)
        guard let handle = unsafe qdoc_schema_create(text, text.count - 1, &reason, reason.count) else {
            let words = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw Failure(.invalidConfiguration, "the JSON Schema cannot be used (\(words))", remedy: "correct the schema (draft 7)")
        }
        unsafe self.handle = handle
    }

    deinit {
        unsafe qdoc_schema_destroy(handle)
    }

    func violations(of text: [UInt8], limit: Int) throws(Failure) -> [SchemaViolation] {
        let instance = text.map { CChar(bitPattern: $0) } + [0]
        var count = 0
        guard let list = unsafe qdoc_schema_violations(handle, instance, text.count, max(1, limit), &count) else {
            throw Failure(.internalError, "the instance could not be checked against its schema")
        }
        defer { unsafe qdoc_text_free(list) }
        let bytes = unsafe UnsafeBufferPointer(start: list, count: count).map { UInt8(bitPattern: $0) }
        guard let listed = (try? JSONParser.parse(bytes))?.array else {  // Our own shim's writing: unreadable only where it is faulty.
            throw Failure(.internalError, "the list of schema violations could not be read")
        }
        return listed.map { entry in
            SchemaViolation(
                pointer: JSONPointer((entry[0]?.array ?? []).compactMap(\.string)), message: entry[1]?.string ?? "Not valid.")
        }
    }
}
