public import QdocCore

/// A piece of a YAML text with the place it was written at.
public struct YAMLNode: Sendable {
    /// One entry of a mapping, in the order written.
    public struct Member: Sendable {
        public let name: String
        /// Where the name stands, from 1.
        public let line: Int
        /// From 1, in characters.
        public let column: Int
        public let value: YAMLNode
    }

    /// What a node holds.
    public enum Content: Sendable {
        case null
        case bool(Bool)
        case number(JSONNumber)
        case string(String)
        case sequence([YAMLNode])
        case mapping([Member])
    }

    public let content: Content
    /// From 1.
    public let line: Int
    /// From 1, in characters.
    public let column: Int

    /// The value of a mapping's entry, or nil.
    public subscript(_ name: String) -> YAMLNode? { members?.first { $0.name == name }?.value }

    public var members: [Member]? {
        guard case .mapping(let members) = content else { return nil }
        return members
    }

    public var elements: [YAMLNode]? {
        guard case .sequence(let elements) = content else { return nil }
        return elements
    }

    public var string: String? {
        guard case .string(let string) = content else { return nil }
        return string
    }

    public var number: JSONNumber? {
        guard case .number(let number) = content else { return nil }
        return number
    }

    public var bool: Bool? {
        guard case .bool(let bool) = content else { return nil }
        return bool
    }

    public var int: Int? { number?.int }

    public var isNull: Bool {
        guard case .null = content else { return false }
        return true
    }

    /// The same as a JSON value; the places are lost.
    public var json: JSONValue {
        switch content {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .number(let number): .number(number)
        case .string(let string): .string(string)
        case .sequence(let elements): .array(elements.map(\.json))
        case .mapping(let members): .object(JSONObject(members: members.map { .init(name: $0.name, value: $0.value.json) }))
        }
    }
}
