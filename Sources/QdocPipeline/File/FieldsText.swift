public import QdocCore

/// Reads fields from a command line: `total:money,date:date,lines:[description:text,amount:money]`.
///
/// The grammar is that of `fields:` in a pipeline file without the care that YAML asks for: spaces and the outer braces may be left out, and
/// the options of a choice are parted by `|` or `,`.
public struct FieldsText {
    private let characters: [Character]
    private var index = 0

    private init(_ text: String) {
        characters = Array(text)
    }

    /// Levels of lists and records in each other; a schema has 64.
    private static let depthLimit = 8

    /// The JSON Schema that the text stands for.
    ///
    /// - Throws: `invalid_arguments` that names the column.
    public static func schema(_ text: String) throws(Failure) -> JSONValue {
        var reader = FieldsText(text)
        let isBraced = reader.take("{")
        let fields = try reader.fields(depth: 0)
        if isBraced { try reader.expect("}") }
        reader.skipSpaces()
        guard reader.index == reader.characters.count else { throw reader.fault("a comma was expected") }
        return FieldType.record(fields).schema(isNullable: false)
    }

    private mutating func fields(depth: Int) throws(Failure) -> [FieldType.Field] {
        guard depth < Self.depthLimit else { throw fault("fields are nested deeper than \(Self.depthLimit) levels") }
        var fields: [FieldType.Field] = []
        repeat {
            skipSpaces()
            let start = index
            let name = word()
            guard FieldType.isName(name) else { throw fault("a field's name was expected", at: start) }
            guard !fields.contains(where: { $0.name == name }) else { throw fault("the field “\(name)” stands twice", at: start) }
            let (type, isRequired) = take(":") ? try type(depth: depth) : (.plain(.text), false)
            fields.append(FieldType.Field(name: name, type: type, isRequired: isRequired))
        } while take(",")
        return fields
    }

    private mutating func type(depth: Int) throws(Failure) -> (FieldType, Bool) {
        if take("{") {
            let record = FieldType.record(try fields(depth: depth + 1))
            try expect("}")
            return (record, false)
        }
        if take("[") {
            let element = try element(depth: depth)
            try expect("]")
            return (.list(element), false)
        }
        skipSpaces()
        let start = index
        var text = word()
        if text == "choice", take("[") {
            text += "[" + String(characters[index...].prefix { $0 != "]" }) + "]"
            index += characters[index...].prefix { $0 != "]" }.count
            try expect("]")
        }
        for mark in ["!", "?"] as [Character] where take(mark) { text.append(mark) }
        guard let found = FieldType.scalar(text) else { throw fault(FieldsForm.unknown(text), at: start) }
        return found
    }

    /// `[text]`, `[{name: text}]`, or the fields of a record without its braces.
    private mutating func element(depth: Int) throws(Failure) -> FieldType {
        let start = index
        skipSpaces()
        let isNamed = index < characters.count && characters[index] != "{" && !word().isEmpty && (take(":") || take(","))
        index = start
        guard isNamed else {
            guard depth < Self.depthLimit else { throw fault("fields are nested deeper than \(Self.depthLimit) levels") }
            return try type(depth: depth + 1).0
        }
        return .record(try fields(depth: depth + 1))
    }

    private mutating func word() -> String {
        let word = characters[index...].prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        index += word.count
        return String(word)
    }

    private mutating func skipSpaces() {
        index += characters[index...].prefix { $0.isWhitespace }.count
    }

    /// Whether the character comes next; it, and spaces around it, are passed over.
    private mutating func take(_ character: Character) -> Bool {
        let start = index
        skipSpaces()
        guard index < characters.count, characters[index] == character else {
            index = start
            return false
        }
        index += 1
        skipSpaces()
        return true
    }

    private mutating func expect(_ character: Character) throws(Failure) {
        guard take(character) else { throw fault("“\(character)” was expected") }
    }

    private func fault(_ message: String, at place: Int? = nil) -> Failure {
        Failure(
            .invalidArguments, "the fields, column \((place ?? index) + 1): \(message)",
            remedy: "write them as total:money,date:date,lines:[description:text,amount:money]")
    }
}
