/// What may stand where a value is expected: it decides checks and completions.
enum ValueKind: Hashable, Sendable {
    case text
    case file
    case folder
    case choice([String])
    case count(ClosedRange<Int>)
}

/// An option of a command.
struct OptionSpec: Hashable, Sendable {
    /// Without the dashes.
    var name: String
    var short: Character?
    /// Name of the value in help texts; nil of a switch.
    var placeholder: String?
    var kind: ValueKind = .text
    /// What the option means without a value, which can then only be attached (`--name=value`).
    var implied: String?
    var help: String

    static func option(
        _ name: String, _ short: Character?, _ placeholder: String, _ kind: ValueKind, _ help: String
    ) -> OptionSpec {
        OptionSpec(name: name, short: short, placeholder: placeholder, kind: kind, help: help)
    }

    static func flag(_ name: String, _ short: Character?, _ help: String) -> OptionSpec {
        OptionSpec(name: name, short: short, help: help)
    }

    /// `-p, --pipeline NAME`.
    var spelling: String {
        (short.map { "-\($0), " } ?? "    ") + "--\(name)" + (placeholder.map { implied == nil ? " \($0)" : "[=\($0)]" } ?? "")
    }
}

/// A positional argument of a command.
struct ArgumentSpec: Hashable, Sendable {
    var name: String
    var kind: ValueKind = .text
    var isOptional = false
    var isRepeatable = false
    var help: String

    /// `FILE...`, `[COMMAND]`.
    var spelling: String {
        let name = name + (isRepeatable ? "..." : "")
        return isOptional ? "[\(name)]" : name
    }
}

/// A command: the one table that parsing, help, manual and completions are made from.
struct CommandSpec: Hashable, Sendable {
    var name: String
    /// Under 60 columns, without a full stop.
    var summary: String
    /// Paragraphs for its help page.
    var discussion: [String] = []
    var arguments: [ArgumentSpec] = []
    var options: [OptionSpec] = []
    var subcommands: [CommandSpec] = []
    /// A line to type and what it does.
    var examples: [Example] = []

    struct Example: Hashable, Sendable {
        var line: String
        var does: String
    }

    func subcommand(_ name: String) -> CommandSpec? { subcommands.first { $0.name == name } }
}
