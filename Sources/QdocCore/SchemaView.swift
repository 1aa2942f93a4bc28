/// What a JSON Schema says in so many words about one value: kinds, members, items.
///
/// Local references, all branches of `allOf`, and the one branch of `anyOf`/`oneOf` that is not null are followed, so that every stage
/// sees the same field however the schema is put together. It does not validate.
public struct SchemaView: Sendable {
    private let root: JSONValue
    /// Every schema that the value must meet, the outermost first.
    private let layers: [Layer]

    private struct Layer {
        var keywords: JSONObject
        /// Whether null meets it too, by a union around it.
        var isNullable: Bool
        /// Whether it was reached by a reference.
        var isShared: Bool

        var kinds: Set<String>? {
            let kinds = keywords["type"]?.string.map { [$0] } ?? keywords["type"]?.array?.compactMap(\.string)
            return kinds.map { Set($0).union(isNullable ? ["null"] : []) }
        }
    }

    private struct Branch {
        var schema: JSONValue
        var isNullable = false
        var isShared = false
    }

    /// Schemas that are read for one value: written by hand, none needs ten.
    private static let layerLimit = 64

    /// Looks at the value that a whole schema describes.
    public init(_ schema: JSONValue) {
        self.init(schema, root: schema)
    }

    private init(_ schema: JSONValue, root: JSONValue) {
        self.root = root
        var layers: [Layer] = []
        var waiting = [Branch(schema: schema)]
        // A reference may lead back to itself.
        var followed: [String] = []
        while let branch = waiting.popLast(), layers.count < Self.layerLimit {
            guard let keywords = branch.schema.object else { continue }
            layers.append(Layer(keywords: keywords, isNullable: branch.isNullable, isShared: branch.isShared))
            var inner: [Branch] = []
            if let reference = keywords["$ref"]?.string, !followed.contains(reference), let target = Self.target(of: reference, in: root) {
                followed.append(reference)
                inner.append(Branch(schema: target, isNullable: branch.isNullable, isShared: true))
            }
            inner += (keywords["allOf"]?.array ?? []).map { Branch(schema: $0, isNullable: branch.isNullable, isShared: branch.isShared) }
            for name in ["anyOf", "oneOf"] {
                let branches = keywords[name]?.array ?? []
                let others = branches.filter { $0["type"]?.string != "null" }
                guard others.count == 1 else { continue }
                let isNullable = branch.isNullable || others.count < branches.count
                inner.append(Branch(schema: others[0], isNullable: isNullable, isShared: branch.isShared))
            }
            waiting += inner.prefix(Self.layerLimit).reversed()
        }
        self.layers = layers
    }

    private static func target(of reference: String, in root: JSONValue) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        return JSONPointer(text: String(reference.dropFirst())).flatMap { root[$0] }
    }

    /// The value of a keyword, the outermost where several schemas have it.
    public subscript(_ keyword: String) -> JSONValue? {
        layers.lazy.compactMap { $0.keywords[keyword] }.first
    }

    /// The title of the field itself. A definition's names a kind that many fields share, and is no label of any.
    public var title: String? { own("title") }

    /// The description of the field itself, as `title`.
    public var summary: String? { own("description") }

    private func own(_ keyword: String) -> String? {
        layers.lazy.filter { !$0.isShared }.compactMap { $0.keywords[keyword]?.string }.first
    }

    // MARK: Kinds

    /// Names of the kinds that are allowed; empty where the schema does not say.
    public var kinds: Set<String> {
        layers.compactMap(\.kinds).reduce(nil as Set<String>?) { both, kinds in
            both.map { Self.meet($0, kinds) } ?? kinds
        } ?? []
    }

    /// The kinds that both allow; an integer is a number.
    private static func meet(_ one: Set<String>, _ other: Set<String>) -> Set<String> {
        var both = one.intersection(other)
        if one.contains("integer") && other.contains("number") || one.contains("number") && other.contains("integer") {
            both.insert("integer")
        }
        return both
    }

    /// Whether a kind is allowed, or none is named.
    public func allows(_ kind: String) -> Bool {
        let kinds = kinds
        return kinds.isEmpty || kinds.contains(kind)
    }

    /// Whether the schema names null among the kinds, or beside the rest in a union.
    public var isNullable: Bool {
        let kinds = kinds
        return kinds.contains("null") || (kinds.isEmpty && layers.contains(where: \.isNullable))
    }

    /// The values of `enum`; nil where it has none.
    public var choices: [JSONValue]? { self["enum"]?.array }

    // MARK: Members and elements

    /// Names of the members that the schema knows, in its order.
    public var propertyNames: [String] {
        var names: [String] = []
        for layer in layers {
            for name in layer.keywords["properties"]?.object?.names ?? [] where !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The members that the schema knows, in its order.
    public var properties: [(name: String, schema: SchemaView)] {
        propertyNames.compactMap { name in property(name).map { (name, $0) } }
    }

    /// What a member must be; nil where the schema does not know it.
    public func property(_ name: String) -> SchemaView? {
        layers.lazy.compactMap { $0.keywords["properties"]?[name] }.first.map { SchemaView($0, root: root) }
    }

    /// Names of the members that must be there.
    public var required: [String] {
        layers.flatMap { ($0.keywords["required"]?.array ?? []).compactMap(\.string) }
    }

    /// Whether other members than the named ones are forbidden.
    public var isClosed: Bool { self["additionalProperties"]?.bool == false && self["patternProperties"] == nil }

    /// What every element must be; nil where the schema does not say it of all alike.
    public var items: SchemaView? {
        guard self["prefixItems"] == nil, let items = self["items"], items.object != nil else { return nil }
        return SchemaView(items, root: root)
    }

    /// What the element at an index must be; nil where the schema does not say.
    public func element(at index: Int) -> SchemaView? {
        let listed = self["prefixItems"]?[index] ?? self["items"]?[index]
        return (listed ?? self["items"]).flatMap { $0.object == nil ? nil : SchemaView($0, root: root) }
    }
}
