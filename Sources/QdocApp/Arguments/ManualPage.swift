import QdocCore

/// The manual page qdoc(1) in the language of man(7), made from the command table.
enum ManualPage {
    static func text(_ root: CommandSpec) -> String {
        var lines = [
            ".TH QDOC 1 \"\" \"qdoc \(PackageVersion.number)\" \"User Commands\"", ".SH NAME", "qdoc \\- \(escape(root.summary))",
            ".SH SYNOPSIS",
        ]
        for command in root.subcommands { lines += [".B qdoc \(command.name)", escape(operands(command)), ".br"] }
        lines.append(".SH DESCRIPTION")
        for paragraph in root.discussion { lines += [".PP", escape(paragraph)] }
        lines.append(".SH COMMANDS")
        for command in root.subcommands { lines += section(command, path: ["qdoc"]) }
        lines.append(".SH EXIT STATUS")
        for row in ExitStatus.table { lines += [".TP", ".B \(row.status)", escape(row.meaning)] }
        lines.append(".SH ENVIRONMENT")
        for row in ConfigurationTable.environment { lines += [".TP", ".B \(row.name)", escape(row.help)] }
        lines += [".SH FILES", ".TP", ".I ~/.config/qdoc/qdoc.yaml", escape("Your configuration. Its keys:")]
        for row in ConfigurationTable.keys { lines += [".RS", ".TP", ".B \(row.name)", escape(row.help), ".RE"] }
        lines.append(".SH EXAMPLES")
        for command in [root] + root.subcommands {
            for example in command.examples { lines += [".TP", ".B \(escape(example.line))", escape(example.does)] }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func operands(_ command: CommandSpec) -> String {
        HelpText.usage(command, "").split(separator: " ").joined(separator: " ")
    }

    private static func section(_ command: CommandSpec, path: [String]) -> [String] {
        let name = (path + [command.name]).joined(separator: " ")
        var lines = [".SS \(HelpText.usage(command, name))", escape(sentence(command.summary))]
        for paragraph in command.discussion { lines += [".PP", escape(paragraph)] }
        for option in command.options {
            let spelling = option.spelling.drop { $0 == " " }
            lines += [".TP", ".B \(escape(String(spelling)))", escape(sentence(option.help))]
        }
        for subcommand in command.subcommands { lines += section(subcommand, path: path + [command.name]) }
        return lines
    }

    private static func sentence(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst() + "."
    }

    /// Backslashes and dashes mean something to troff; so do dots and quotes where a line begins.
    private static func escape(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "“": result += "\\(lq"
            case "”": result += "\\(rq"
            default: result.append(character)
            }
        }
        return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
    }
}
