/// A JSON number that keeps its lexical form: `1.50` stays `1.50`.
public struct JSONNumber: Sendable, Hashable {
    /// A number as RFC 8259 §6 writes it.
    public let lexical: String

    /// Takes text that the caller knows to be a JSON number.
    init(unchecked lexical: String) {
        self.lexical = lexical
    }

    /// Reads a JSON number, or gives nil where the text is anything else.
    public init?(_ text: String) {
        var parser = JSONParser(Array(text.utf8), limits: .init())
        // Why it is no number does not matter here.
        guard let number = try? parser.parseNumberOnly() else { return nil }
        self = number
    }

    /// Writes an integer.
    public init(_ value: Int) {
        lexical = String(value)
    }

    /// Writes a finite double in its shortest form; nil for infinities and NaN, which JSON cannot write.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        lexical = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }

    /// The nearest double.
    public var double: Double { Double(lexical) ?? 0 }
    /// The value as an integer, or nil where it is not one.
    public var int: Int? { Int(lexical) ?? Int(exactly: double) }
}

/// An ordered list of members with unique names.
public struct JSONObject: Sendable, Hashable, ExpressibleByDictionaryLiteral, Sequence {
    /// A name and its value.
    public struct Member: Sendable, Hashable {
        public var name: String
        public var value: JSONValue

        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The members in order.
    public private(set) var members: [Member]

    public init() {
        members = []
    }

    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init()
        for (name, value) in elements { self[name] = value }
    }

    /// Takes members in order; of several with one name the last value stands, in the place of the first.
    ///
    /// - Complexity: Linear, where setting one member after another is quadratic.
    public init(members: some Sequence<Member>) {
        self.members = []
        var places: [String: Int] = [:]
        for member in members {
            if let place = places[member.name] {
                self.members[place].value = member.value
            } else {
                places[member.name] = self.members.count
                self.members.append(member)
            }
        }
    }

    /// The value of a member; setting nil removes it, setting a new name appends it.
    public subscript(_ name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    mutating func append(unique newMembers: [Member]) { members.append(contentsOf: newMembers) }

    /// Whether it has no member.
    public var isEmpty: Bool { members.isEmpty }
    /// The number of members.
    public var count: Int { members.count }
    /// The names in order.
    public var names: [String] { members.map(\.name) }

    /// Goes through the members in order.
    public func makeIterator() -> IndexingIterator<[Member]> {
        members.makeIterator()
    }
}

/// A JSON text as a value (RFC 8259). Objects keep their order, numbers their lexical form.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// Writes an integer as a value.
    public static func int(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

    /// Writes a finite double as a value; null where JSON cannot write it.
    public static func double(_ value: Double) -> JSONValue { JSONNumber(value).map(JSONValue.number) ?? .null }

    /// Writes a length or a coordinate in points, rounded to hundredths of a point: finer than any glyph, and short to read.
    public static func points(_ value: Double) -> JSONValue { .double((value * 100).rounded() / 100) }

    /// Whether it is null.
    public var isNull: Bool { self == .null }

    /// The text of a string, else nil.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The number, else nil.
    public var number: JSONNumber? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    /// The number where it is an integer, else nil.
    public var int: Int? { number?.int }
    /// The number as the nearest double, else nil.
    public var double: Double? { number?.double }

    /// The truth value, else nil.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements of an array, else nil.
    public var array: [JSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The members of an object, else nil.
    public var object: JSONObject? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// The member of an object, or nil.
    public subscript(_ name: String) -> JSONValue? { object?[name] }

    /// The element of an array, or nil.
    public subscript(_ index: Int) -> JSONValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// The value at a pointer, or nil.
    public subscript(_ pointer: JSONPointer) -> JSONValue? {
        pointer.tokens.reduce(self as JSONValue?) { value, token in
            switch value {
            case .object(let object): object[token]
            // RFC 6901 §4: no sign, no leading zeros.
            case .array: Int(token).flatMap { String($0) == token ? value?[$0] : nil }
            default: nil
            }
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (name, value) in elements { object[name] = value }
        self = .object(object)
    }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(nilLiteral: ()) { self = .null }
}
