public import QdocCore
import QdocSchema

/// What was taken out of an answer.
public struct Extraction: Sendable, Hashable {
    /// Valid against the user's schema; the members of the answer form are gone.
    public var data: JSONValue
    /// By the pointer of the record that made it.
    public var citations: [JSONPointer: Citation]
    /// Everything that was changed on the way; empty of an answer that was as asked.
    public var repairs: [Repair]
    /// Why records were left out that break the schema, with the place of each; empty where nothing is missing.
    public var faults: [String]

    public init(data: JSONValue, citations: [JSONPointer: Citation] = [:], repairs: [Repair] = [], faults: [String] = []) {
        self.faults = faults
        self.data = data
        self.citations = citations
        self.repairs = repairs
    }
}

/// Takes an instance of the user's schema out of what a model wrote.
public struct Extractor: Sendable {
    private let schema: JSONValue
    private let validator: JSONSchema

    /// - Throws: `invalid_configuration` where the schema cannot be used.
    public init(schema: JSONValue) throws(Failure) {
        self.schema = schema
        validator = try JSONSchema(schema)
    }

    /// Answers longer than this are refused: far beyond every model's output limit.
    private static let sizeLimit = 64 << 20

    /// Reads an answer.
    ///
    /// - Parameter finish: How the answer ended; nil where it was cut off without an end.
    /// - Throws: `answer_not_json`; `answer_truncated` where it was cut and nothing can be used; `answer_invalid` where what was
    ///   read breaks the schema as a whole (a record that breaks it is left out, and told).
    /// - Complexity: Linear in the answer.
    public func extract(answer: String, call: Int, finish: FinishReason?) throws(Failure) -> Extraction {
        let wasCut = finish == .length || finish == nil
        let view = SchemaView(schema)
        guard answer.utf8.count <= Self.sizeLimit, let reading = AnswerReading.read(answer, expected: view.propertyNames, call: call) else {
            throw wasCut ? Self.truncated(call) : Self.notJSON(call)
        }
        var conformer = Conformer(call: call, answer: reading.value)
        let unwrapped = unwrap(reading.value, view: view, conformer: &conformer)
        let conformed = conformer.conform(unwrapped, to: view, at: JSONPointer())
        let isCut = reading.repairs.contains { $0.kind == LenientParser.Mending.truncated.rawValue }
        do {
            let (valid, dropped) = try dropInvalidRecords(of: conformed, call: call)
            var form = AnswerFormRemoval()
            let data = form.remove(from: valid, at: JSONPointer())
            return Extraction(
                data: data, citations: form.citations, repairs: reading.repairs + conformer.told + dropped,
                // What was cut off breaks the schema too, and asking again would not bring it.
                faults: isCut && wasCut ? [] : dropped.map(\.note))
        } catch {
            throw isCut && wasCut ? Self.truncated(call) : error
        }
    }

    private static func truncated(_ call: Int) -> Failure {
        Failure(
            .answerTruncated, "the answer of call \(call) was cut before anything of it could be used",
            remedy: "ask for fewer pages in a request, or raise the output limit")
    }

    private static func notJSON(_ call: Int) -> Failure {
        Failure(.answerNotJSON, "the answer of call \(call) holds no JSON of the form asked for", remedy: "ask again, or use another model")
    }

    /// Takes the root out of a list of one, or out of an object that only wraps it (`{"data": …}`).
    private func unwrap(_ value: JSONValue, view: SchemaView, conformer: inout Conformer) -> JSONValue {
        guard view.kinds == ["object"] else { return value }
        let names = view.propertyNames
        func fits(_ value: JSONValue) -> Bool { value.object.map { object in names.contains { object[$0] != nil } } ?? false }
        var inner: JSONValue?
        switch value {
        case .array(let elements) where elements.count == 1: inner = elements[0]
        case .object(let object) where object.count == 1 && !fits(value): inner = object.members[0].value
        default: break
        }
        guard let inner, fits(inner) else { return value }
        conformer.tell("unwrapped", JSONPointer(), "the answer was taken out of a wrapping list or object")
        return inner
    }

    /// Leaves out the records that break the schema; what is left is valid.
    private func dropInvalidRecords(of value: JSONValue, call: Int) throws(Failure) -> (JSONValue, [Repair]) {
        var value = value
        var repairs: [Repair] = []
        // A record is left out whole, so each round removes at least one; rounds beyond the second are rare.
        for _ in 0..<16 {
            var form = AnswerFormRemoval()
            let violations = validator.violations(of: form.remove(from: value, at: JSONPointer()), limit: 10_000)
            guard !violations.isEmpty else { return (value, repairs) }
            var records: [JSONPointer: SchemaViolation] = [:]
            for violation in violations {
                guard let record = Self.record(around: violation.pointer, in: value) else { throw Self.invalid(violations, call) }
                if records[record] == nil { records[record] = violation }
            }
            value = Self.removing(Set(records.keys), from: value, at: JSONPointer())
            repairs += records.sorted { $0.key.description < $1.key.description }.map {
                Repair(kind: "invalid_record", pointer: $0.key, call: call, note: "a record was left out: \($0.value)")
            }
        }
        throw Self.invalid(validator.violations(of: value), call)
    }

    private static func invalid(_ violations: [SchemaViolation], _ call: Int) -> Failure {
        let named = violations.prefix(6).map(\.description).joined(separator: "; ")
        return Failure(
            .answerInvalid, "the answer of call \(call) breaks the schema (\(named))",
            remedy: "ask again, use another model, or relax the schema")
    }

    /// The innermost object that is an element of a list and holds the place, or nil.
    private static func record(around pointer: JSONPointer, in value: JSONValue) -> JSONPointer? {
        var found: JSONPointer?
        var current: JSONValue? = value
        for (index, token) in pointer.tokens.enumerated() {
            let isElement = current?.array != nil
            current = current.flatMap { $0[JSONPointer([token])] }
            // A row or a cell is no record: without it the others would move.
            if isElement, current?.object != nil { found = JSONPointer(Array(pointer.tokens[...index])) }
        }
        return found
    }

    private static func removing(_ pointers: Set<JSONPointer>, from value: JSONValue, at pointer: JSONPointer) -> JSONValue {
        switch value {
        case .array(let elements):
            // Not compactMap with nil: a JSON value can be written as nil.
            .array(
                elements.enumerated().filter { !pointers.contains(pointer.appending($0.offset)) }.map {
                    removing(pointers, from: $0.element, at: pointer.appending($0.offset))
                })
        case .object(let object):
            .object(
                JSONObject(
                    members: object.map { .init(name: $0.name, value: removing(pointers, from: $0.value, at: pointer.appending($0.name))) })
            )
        default: value
        }
    }
}

/// Takes the members of the answer form out of records, and keeps what they say.
struct AnswerFormRemoval {
    private(set) var citations: [JSONPointer: Citation] = [:]

    mutating func remove(from value: JSONValue, at pointer: JSONPointer) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.enumerated().map { remove(from: $0.element, at: pointer.appending($0.offset)) })
        case .object(let object):
            var members: [JSONObject.Member] = []
            var citation = Citation()
            for member in object {
                switch member.name {
                case AnswerForm.imageMember: citation.image = Self.image(member.value)
                case AnswerForm.quoteMember: citation.quote = member.value.string.flatMap { $0.isEmpty ? nil : $0 }
                default: members.append(.init(name: member.name, value: remove(from: member.value, at: pointer.appending(member.name))))
                }
            }
            if citation != Citation() { citations[pointer] = citation }
            return .object(JSONObject(members: members))
        default: return value
        }
    }

    /// An image's number, also where it was written as a text: "3", "image 3".
    private static func image(_ value: JSONValue) -> Int? {
        let number = value.int ?? value.string.flatMap { text in Int(text.filter { $0.isASCII && $0.isNumber }) }
        return number.flatMap { $0 > 0 ? $0 : nil }
    }
}
