import QdocReport
import QdocRuntime

extension TerminalStyle {
    /// The style for a stream: its width and colours where a person is looking and `NO_COLOR` is not set.
    ///
    /// - Source: no-color.org for the variable.
    static func of(_ console: Console, environment: Environment = .current) -> TerminalStyle {
        guard console.isTerminal else { return TerminalStyle() }
        return TerminalStyle(
            width: console.columns ?? 80, hasColour: environment["NO_COLOR"] == nil && environment["TERM"] != "dumb")
    }
}
