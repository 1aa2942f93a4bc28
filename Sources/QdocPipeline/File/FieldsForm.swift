import QdocCore
import QdocYAML

/// Reads `fields:` of a pipeline file, and gathers every mistake with its place.
struct FieldsForm {
    private(set) var faults: [(node: YAMLNode, message: String)] = []
    private(set) var nameFaults: [(member: YAMLNode.Member, message: String)] = []

    mutating func schema(_ node: YAMLNode) -> JSONValue {
        guard let members = node.members, !members.isEmpty else {
            faults.append((node, "“fields” must be a mapping of names to types, as in {total: money, date: date}"))
            return [:]
        }
        return record(members).schema(isNullable: false)
    }

    private mutating func record(_ members: [YAMLNode.Member]) -> FieldType {
        var fields: [FieldType.Field] = []
        for member in members {
            if !FieldType.isName(member.name) {
                nameFaults.append((member, "a field's name is a letter, then letters, digits, “_” and “-”, not “\(member.name)”"))
            }
            guard let (type, isRequired) = type(member.value) else { continue }
            fields.append(FieldType.Field(name: member.name, type: type, isRequired: isRequired))
        }
        return .record(fields)
    }

    private mutating func type(_ node: YAMLNode) -> (FieldType, isRequired: Bool)? {
        switch node.content {
        case .string(let text):
            if let found = FieldType.scalar(text) { return found }
            faults.append((node, Self.unknown(text)))
        case .sequence(let elements):
            guard elements.count == 1, let (type, _) = elements.first.flatMap({ type($0) }) else {
                if elements.count != 1 { faults.append((node, "a list says what one element is, as in [text] or [{name: text}]")) }
                return nil
            }
            return (.list(type), false)
        case .mapping(let members):
            if members.count == 1, members[0].name == "choice", let names = members[0].value.elements { return choice(names, node) }
            guard !members.isEmpty else {
                faults.append((node, "a record has at least one field"))
                return nil
            }
            return (record(members), false)
        case .null, .bool, .number: faults.append((node, "a type is missing; known are \(FieldType.typeNames) and choice [a, b]"))
        }
        return nil
    }

    /// `{choice: [a, b]}`, for inside of braces YAML does not take `choice [a, b]` without quotes.
    private mutating func choice(_ elements: [YAMLNode], _ node: YAMLNode) -> (FieldType, isRequired: Bool)? {
        let names = elements.compactMap(\.string)
        guard names.count == elements.count, names.count > 1, Set(names).count == names.count else {
            faults.append((node, "a choice has two texts or more, each once, as in {choice: [invoice, letter]}"))
            return nil
        }
        return (.choice(names), false)
    }

    static func unknown(_ text: String) -> String {
        if text.hasSuffix("?") { return "every value may be null: leave the “?” of “\(text)” out, or write “!” for one that must be there" }
        if text.hasPrefix("choice") { return "a choice has two texts or more, each once, as in choice [invoice, letter]" }
        return "there is no type “\(text)”; known are \(FieldType.typeNames) and choice [a, b]"
    }
}
