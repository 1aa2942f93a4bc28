/// A path into a JSON value.
///
/// - Source: RFC 6901.
public struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    /// Names and indices on the way, unescaped.
    public var tokens: [String]

    public init(_ tokens: [String] = []) {
        self.tokens = tokens
    }

    /// Reads `/a/0/b`; nil where the text is neither empty nor begins with a slash.
    public init?(text: String) {
        guard !text.isEmpty else {
            self.init()
            return
        }
        guard text.first == "/" else { return nil }
        self.init(
            text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
                Self.replace("~0", by: "~", in: Self.replace("~1", by: "/", in: String($0)))
            })
    }

    /// Points to a member of what this points to.
    public func appending(_ name: String) -> JSONPointer { JSONPointer(tokens + [name]) }
    /// Points to an element of what this points to.
    public func appending(_ index: Int) -> JSONPointer { JSONPointer(tokens + [String(index)]) }
    /// Points to what holds this; of the root, to the root.
    public var parent: JSONPointer { JSONPointer(Array(tokens.dropLast())) }

    public var description: String {
        tokens.map { "/" + Self.replace("/", by: "~1", in: Self.replace("~", by: "~0", in: $0)) }.joined()
    }

    private static func replace(_ pattern: String, by replacement: String, in text: String) -> String {
        text.contains(pattern.first ?? "~")
            ? text.split(separator: pattern, omittingEmptySubsequences: false).joined(separator: replacement) : text
    }
}
