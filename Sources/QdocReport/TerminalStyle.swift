/// How text is written for a terminal, a pipe or a file.
public struct TerminalStyle: Sendable, Hashable {
    /// Columns.
    public var width: Int
    public var hasColour: Bool

    /// - Parameter width: 100 for a pipe: wide enough for most tables, narrow enough for a mail. At least 40 columns are used.
    public init(width: Int = 100, hasColour: Bool = false) {
        self.width = max(40, width)
        self.hasColour = hasColour
    }

    /// Sets text bold, where the terminal takes it.
    public func bold(_ text: String) -> String { code("1", text) }
    /// Sets text faint, where the terminal takes it.
    public func dim(_ text: String) -> String { code("2", text) }
    /// Sets text red, where the terminal takes it.
    public func red(_ text: String) -> String { code("31", text) }
    /// Sets text green, where the terminal takes it.
    public func green(_ text: String) -> String { code("32", text) }
    /// Sets text yellow, where the terminal takes it.
    public func yellow(_ text: String) -> String { code("33", text) }

    private func code(_ number: String, _ text: String) -> String {
        hasColour && !text.isEmpty ? "\u{1B}[\(number)m\(text)\u{1B}[0m" : text
    }
}
