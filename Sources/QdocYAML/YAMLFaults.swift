public import QdocCore

/// Mistakes in a YAML text that is well formed, gathered so that its author mends them all at once; and the readers that find them.
public struct YAMLFaults: Sendable {
    /// One mistake and where it stands.
    public struct Fault: Sendable, Hashable {
        public var line: Int
        public var column: Int
        public var message: String
    }

    private var gathered: [Fault] = []

    public init() {}

    public var isEmpty: Bool { gathered.isEmpty }

    /// All of them in the order of the text.
    public var inOrder: [Fault] { gathered.sorted { ($0.line, $0.column) < ($1.line, $1.column) } }

    /// Notes a mistake at a value.
    public mutating func add(_ message: String, at node: YAMLNode) {
        add(message, line: node.line, column: node.column)
    }

    /// Notes a mistake at a place.
    public mutating func add(_ message: String, line: Int, column: Int) {
        gathered.append(Fault(line: line, column: column, message: message))
    }

    /// The text below a key; nil where there is none.
    ///
    /// - Parameter choices: The texts that are allowed; nil for any that is not empty.
    public mutating func text(_ key: String, of node: YAMLNode, oneOf choices: [String]? = nil) -> String? {
        guard let value = node[key] else { return nil }
        if let choices {
            guard let text = value.string, choices.contains(text) else {
                add("“\(key)” must be one of \(choices.joined(separator: ", "))", at: value)
                return nil
            }
            return text
        }
        guard let text = value.string, !text.isEmpty else {
            add("“\(key)” must be text", at: value)
            return nil
        }
        return text
    }

    /// One of the cases of an enumeration by its raw value.
    public mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, of node: YAMLNode) -> Choice?
    where Choice.RawValue == String {
        text(key, of: node, oneOf: Choice.allCases.map(\.rawValue)).flatMap { Choice(rawValue: $0) }
    }

    /// The whole number below a key; nil where there is none.
    public mutating func count(_ key: String, of node: YAMLNode, in range: ClosedRange<Int>) -> Int? {
        guard let value = node[key] else { return nil }
        guard let count = value.int, range.contains(count) else {
            add("“\(key)” must be a whole number from \(range.lowerBound) to \(range.upperBound)", at: value)
            return nil
        }
        return count
    }

    /// The decimal below a key, neither negative nor with an exponent, and at most so large; nil where there is none.
    public mutating func decimal(_ key: String, of node: YAMLNode, upTo limit: Double) -> JSONNumber? {
        guard let value = node[key] else { return nil }
        guard let number = value.number, !number.lexical.contains(where: { "-+eE".contains($0) }), number.double <= limit else {
            add("“\(key)” must be a decimal from 0 to \(JSONNumber(limit)?.lexical ?? "")", at: value)
            return nil
        }
        return number
    }

    /// True or false below a key; nil where there is neither.
    public mutating func flag(_ key: String, of node: YAMLNode) -> Bool? {
        guard let value = node[key] else { return nil }
        guard let flag = value.bool else {
            add("“\(key)” must be true or false", at: value)
            return nil
        }
        return flag
    }

    /// The entries of the mapping below a key; none where there is no such key.
    public mutating func entries(_ key: String, of node: YAMLNode) -> [YAMLNode.Member] {
        guard let value = node[key] else { return [] }
        guard let members = value.members else {
            add("“\(key)” must be a mapping", at: value)
            return []
        }
        return members
    }

    /// Notes each key that is not known, with the one that may have been meant.
    public mutating func refuseUnknown(in node: YAMLNode, known: [String]) {
        for member in node.members ?? [] where !known.contains(member.name) { refuse(member, known: known) }
    }

    /// Notes a key that is not known.
    private mutating func refuse(_ member: YAMLNode.Member, known: [String]) {
        let meant =
            Spelling.nearest(to: member.name, among: known).map { "did you mean “\($0)”?" } ?? "known are \(known.joined(separator: ", "))"
        add("there is no key “\(member.name)”; \(meant)", line: member.line, column: member.column)
    }
}
