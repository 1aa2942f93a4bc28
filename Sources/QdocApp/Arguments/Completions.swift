/// Completions for shells, made from the command table.
enum Completions {
    static func text(shell: String, _ root: CommandSpec) -> String {
        switch shell {
        case "zsh": zsh(root)
        case "fish": fish(root)
        default: bash(root)
        }
    }

    /// A command with the words that lead to it, below the root.
    private static func commands(_ root: CommandSpec, path: [String] = []) -> [(path: [String], command: CommandSpec)] {
        root.subcommands.flatMap { [(path + [$0.name], $0)] + commands($0, path: path + [$0.name]) }
    }

    // MARK: bash

    private static func bash(_ root: CommandSpec) -> String {
        var lines = [
            "# bash completion of qdoc", "_qdoc() {", "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}",
            "    local command= word", "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do", "        case \"$command $word\" in",
        ]
        for (path, _) in commands(root) {
            let parent = path.dropLast().joined(separator: "/")
            lines.append("            \"\(parent) \(path[path.count - 1])\") command=\(path.joined(separator: "/")) ;;")
        }
        lines += ["        esac", "    done", "    COMPREPLY=()", "    case \"$command $previous\" in"]
        for (path, command) in commands(root) {
            for option in command.options where option.placeholder != nil {
                let patterns = ([option.name].map { "--\($0)" } + (option.short.map { ["-\($0)"] } ?? []))
                    .map { "\"\(path.joined(separator: "/")) \($0)\"" }.joined(separator: "|")
                lines.append("        \(patterns)) \(bashValue(option.kind)); return ;;")
            }
        }
        lines += ["    esac", "    case $command in"]
        for (path, command) in [([], root)] + commands(root) {
            let options = (command.options.map { "--\($0.name)" } + ["--help"]).joined(separator: " ")
            let name = path.isEmpty ? "\"\"" : path.joined(separator: "/")
            lines.append("        \(name))")
            lines.append("            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W \"\(options)\" -- \"$current\"))")
            lines.append("            else \(bashOperand(command)); fi ;;")
        }
        lines += ["    esac", "}", "complete -o filenames -F _qdoc qdoc", ""]
        return lines.joined(separator: "\n")
    }

    private static func bashValue(_ kind: ValueKind) -> String {
        switch kind {
        case .file: "COMPREPLY=($(compgen -f -- \"$current\"))"
        case .folder: "COMPREPLY=($(compgen -d -- \"$current\"))"
        case .choice(let choices): "COMPREPLY=($(compgen -W \"\(choices.joined(separator: " "))\" -- \"$current\"))"
        case .text, .count: "COMPREPLY=()"
        }
    }

    private static func bashOperand(_ command: CommandSpec) -> String {
        bashValue(command.subcommands.isEmpty ? command.arguments.first?.kind ?? .text : .choice(command.subcommands.map(\.name)))
    }

    // MARK: zsh

    private static func zsh(_ root: CommandSpec) -> String {
        var lines = ["#compdef qdoc", "# zsh completion of qdoc", ""]
        for (path, command) in [([], root)] + commands(root) {
            let function = (["_qdoc"] + path).joined(separator: "_")
            lines.append("\(function)() {")
            var specs = command.options.flatMap(zshOption) + ["'(- *)'{-h,--help}'[Print this help and exit]'"]
            if command.subcommands.isEmpty {
                specs += command.arguments.map { "'\($0.isRepeatable ? "*" : ""):\($0.name):\(zshValue($0.kind))'" }
                lines.append("    _arguments \(specs.joined(separator: " \\\n        "))")
            } else {
                specs += [
                    "'1:command:((\(command.subcommands.map { "\($0.name)\\:\(zshQuote($0.summary))" }.joined(separator: " ")))'",
                    "'*::argument:->rest'",
                ]
                lines.append("    local state line")
                lines.append("    _arguments -C \(specs.joined(separator: " \\\n        "))")
                lines.append("    [[ $state == rest ]] && case $line[1] in")
                for subcommand in command.subcommands { lines.append("        \(subcommand.name)) \(function)_\(subcommand.name) ;;") }
                lines.append("    esac")
            }
            lines += ["}", ""]
        }
        // Called as a function where zsh loads the file from its path by itself, sourced otherwise.
        return (lines + ["if [[ $funcstack[1] == _qdoc ]]; then _qdoc \"$@\"; else compdef _qdoc qdoc; fi", ""]).joined(separator: "\n")
    }

    private static func zshOption(_ option: OptionSpec) -> [String] {
        let names = ["--\(option.name)"] + (option.short.map { ["-\($0)"] } ?? [])
        let value = option.placeholder.map { ":\($0):\(zshValue(option.kind))" } ?? ""
        return names.map { "'\($0)[\(zshText(option.help))]\(value)'" }
    }

    private static func zshValue(_ kind: ValueKind) -> String {
        switch kind {
        case .file: "_files"
        case .folder: "_files -/"
        case .choice(let choices): "(\(choices.joined(separator: " ")))"
        case .text, .count: " "
        }
    }

    /// Text inside `'…[…]'`.
    private static func zshText(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "'": result += "'\\''"
            case "[", "]", ":", "\\": result += "\\\(character)"
            default: result.append(character)
            }
        }
    }

    /// Text inside `'…((name\:…))'`, where spaces part the entries.
    private static func zshQuote(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "'": result += "'\\''"
            case " ", "(", ")", ":", "\\", ",": result += "\\\(character)"
            default: result.append(character)
            }
        }
    }

    // MARK: fish

    private static func fish(_ root: CommandSpec) -> String {
        var lines = [
            "# fish completion of qdoc", "complete -c qdoc -f",
            "complete -c qdoc -s h -l help -d 'Print this help and exit'",
        ]
        for (path, command) in [([], root)] + commands(root) {
            let condition =
                path.isEmpty ? "__fish_use_subcommand" : path.map { "__fish_seen_subcommand_from \($0)" }.joined(separator: "; and ")
            for subcommand in command.subcommands {
                let none = "not __fish_seen_subcommand_from \(command.subcommands.map(\.name).joined(separator: " "))"
                let when = path.isEmpty ? condition : "\(condition); and \(none)"
                lines.append("complete -c qdoc -n '\(when)' -a \(subcommand.name) -d '\(fishText(subcommand.summary))'")
            }
            for option in command.options {
                let short = option.short.map { " -s \($0)" } ?? ""
                let value = option.placeholder == nil ? "" : fishValue(option.kind)
                lines.append("complete -c qdoc -n '\(condition)'\(short) -l \(option.name)\(value) -d '\(fishText(option.help))'")
            }
            if command.subcommands.isEmpty, let argument = command.arguments.first {
                switch argument.kind {
                case .file, .folder: lines.append("complete -c qdoc -n '\(condition)' -F")
                case .choice(let choices): lines.append("complete -c qdoc -n '\(condition)' -a '\(choices.joined(separator: " "))'")
                case .text, .count: break
                }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func fishValue(_ kind: ValueKind) -> String {
        switch kind {
        case .file: " -r -F"
        case .folder: " -x -a '(__fish_complete_directories)'"
        case .choice(let choices): " -x -a '\(choices.joined(separator: " "))'"
        case .text, .count: " -x"
        }
    }

    private static func fishText(_ text: String) -> String {
        text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'")
    }
}
