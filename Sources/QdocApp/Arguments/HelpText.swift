import QdocReport

/// Help pages, made from the command table: 80 columns, the same on every terminal.
enum HelpText {
    private static let width = 80

    static func text(_ path: [CommandSpec]) -> String {
        guard let command = path.last else { return "" }
        let name = path.map(\.name).joined(separator: " ")
        var blocks: [[String]] = [DisplayText.wrap("\(name): \(command.summary)", to: width)]
        blocks.append(["Usage: " + usage(command, name)])
        for paragraph in command.discussion { blocks.append(DisplayText.wrap(paragraph, to: width)) }
        if !command.subcommands.isEmpty {
            blocks.append(["Commands:"] + rows(command.subcommands.map { ($0.name, $0.summary) }, indent: 14))
        }
        if !command.arguments.isEmpty {
            blocks.append(["Arguments:"] + rows(command.arguments.map { ($0.name, $0.help) }, indent: 28))
        }
        let help = OptionSpec.flag("help", "h", "Print this help and exit")
        blocks.append(["Options:"] + rows((command.options + [help]).map { ($0.spelling, $0.help) }, indent: 28))
        if !command.examples.isEmpty {
            blocks.append(["Examples:"] + command.examples.flatMap { ["  \($0.line)", "      \($0.does)"] })
        }
        if !command.subcommands.isEmpty { blocks.append(["“\(name) COMMAND --help” tells more about a command."]) }
        return blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    static func usage(_ command: CommandSpec, _ name: String) -> String {
        let options = command.options.isEmpty || !command.subcommands.isEmpty ? [] : ["[options]"]
        let rest = command.subcommands.isEmpty ? command.arguments.map(\.spelling) : ["COMMAND", "..."]
        return ([name] + options + rest).joined(separator: " ")
    }

    /// Two columns; a left part that is too long has a line of its own.
    private static func rows(_ rows: [(String, String)], indent: Int) -> [String] {
        rows.flatMap { left, right in
            let wrapped = DisplayText.wrap(right, to: width - indent - 2)
            let space = String(repeating: " ", count: indent + 2)
            let head = "  " + left
            let lines = wrapped.map { space + $0 }
            guard left.count < indent, let first = lines.first else { return [head] + lines }
            return [head + first.dropFirst(head.count)] + lines.dropFirst()
        }
    }
}
