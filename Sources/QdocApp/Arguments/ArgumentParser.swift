import QdocCore

/// Arguments as they were understood.
struct ParsedArguments: Hashable, Sendable {
    /// Names of the commands that lead to this one, without the program.
    var path: [String] = []
    var command: CommandSpec
    var positionals: [String] = []
    var wantsHelp = false
    fileprivate(set) var values: [String: [String]] = [:]

    init(command: CommandSpec) {
        self.command = command
    }

    /// The last value of an option that was given.
    func value(_ name: String) -> String? { values[name]?.last }
    func all(_ name: String) -> [String] { values[name] ?? [] }
    func has(_ name: String) -> Bool { values[name] != nil }
    /// The value of an option whose kind is a count; it was checked.
    func count(_ name: String) -> Int? { value(name).flatMap { Int($0) } }
}

/// Reads arguments by a command table: `--name value`, `--name=value`, `-n value`, `-nvalue`, `-ab`, `--`; options and positionals mixed.
struct ArgumentParser {
    private var parsed: ParsedArguments
    private var rest: ArraySlice<String>

    /// - Parameter arguments: Without the program's name.
    /// - Throws: `invalid_arguments`.
    static func parse(_ arguments: [String], root: CommandSpec) throws(Failure) -> ParsedArguments {
        var parser = ArgumentParser(parsed: ParsedArguments(command: root), rest: arguments[...])
        try parser.run()
        try parser.check()
        return parser.parsed
    }

    private mutating func run() throws(Failure) {
        var onlyPositionals = false
        while let argument = rest.popFirst() {
            if onlyPositionals || argument == "-" || !argument.hasPrefix("-") {
                try positional(argument, mayBeCommand: !onlyPositionals)
            } else if argument == "--" {
                onlyPositionals = true
            } else if argument.hasPrefix("--") {
                try long(argument.dropFirst(2))
            } else {
                try short(argument.dropFirst())
            }
        }
    }

    private mutating func positional(_ argument: String, mayBeCommand: Bool) throws(Failure) {
        let command = parsed.command
        guard mayBeCommand, !command.subcommands.isEmpty, parsed.positionals.isEmpty else {
            parsed.positionals.append(argument)
            return
        }
        guard let next = command.subcommand(argument) else {
            throw failure("there is no command “\(argument)”", near: argument, among: command.subcommands.map(\.name))
        }
        parsed.command = next
        parsed.path.append(next.name)
    }

    private mutating func long(_ text: Substring) throws(Failure) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let (name, attached) = (parts[0], parts.count == 2 ? parts[1] : nil)
        guard name != "help" else {
            parsed.wantsHelp = true
            return
        }
        guard let option = parsed.command.options.first(where: { $0.name == name }) else {
            throw failure("there is no option “--\(name)”", near: "--\(name)", among: parsed.command.options.map { "--\($0.name)" })
        }
        guard option.placeholder == nil else {
            let value = if let attached = attached ?? option.implied { attached } else { try following(option, spelled: "--\(name)") }
            try set(option, to: value)
            return
        }
        guard attached == nil else { throw failure("the option “--\(name)” takes no value") }
        parsed.values[name, default: []].append("")
    }

    private mutating func short(_ text: Substring) throws(Failure) {
        var text = text
        while let letter = text.popFirst() {
            guard letter != "h" else {
                parsed.wantsHelp = true
                continue
            }
            guard let option = parsed.command.options.first(where: { $0.short == letter }) else {
                throw failure("there is no option “-\(letter)”")
            }
            guard option.placeholder != nil else {
                parsed.values[option.name, default: []].append("")
                continue
            }
            if text.first == "=" { text.removeFirst() }
            try set(option, to: text.isEmpty ? following(option, spelled: "-\(letter)") : String(text))
            return
        }
    }

    private mutating func following(_ option: OptionSpec, spelled: String) throws(Failure) -> String {
        guard let value = rest.popFirst() else {
            throw failure("the option “\(spelled)” needs a value: \(option.placeholder ?? "VALUE")")
        }
        return value
    }

    private mutating func set(_ option: OptionSpec, to value: String) throws(Failure) {
        switch option.kind {
        case .choice(let choices) where !choices.contains(value):
            throw failure("“\(value)” is none of \(choices.joined(separator: ", ")), which --\(option.name) takes")
        case .count(let range):
            // Digits alone: `Int` would take a sign, too.
            guard value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(value), range.contains(count) else {
                throw failure("--\(option.name) takes a whole number from \(range.lowerBound) to \(range.upperBound), not “\(value)”")
            }
        case .text, .file, .folder, .choice:
            guard !value.isEmpty else { throw failure("the value of --\(option.name) is empty") }
        }
        guard parsed.values[option.name] == nil else { throw failure("--\(option.name) is given twice") }
        parsed.values[option.name, default: []].append(value)
    }

    private func check() throws(Failure) {
        let command = parsed.command
        // `--version` stands alone, and help is given instead of anything else.
        guard !parsed.wantsHelp, !(parsed.path.isEmpty && parsed.has("version")) else { return }
        guard command.subcommands.isEmpty else { throw failure("a command is missing") }
        let needed = command.arguments.filter { !$0.isOptional }
        guard parsed.positionals.count >= needed.count else {
            throw failure("\(needed[parsed.positionals.count].name) is missing")
        }
        let limit = command.arguments.contains(where: \.isRepeatable) ? Int.max : command.arguments.count
        guard parsed.positionals.count <= limit else { throw failure("“\(parsed.positionals[limit])” is one argument too many") }
        for (index, value) in parsed.positionals.enumerated() {
            let spec = command.arguments[min(index, command.arguments.count - 1)]
            guard case .choice(let choices) = spec.kind, !choices.contains(value) else { continue }
            throw failure("“\(value)” is no \(spec.name): choose \(choices.joined(separator: ", "))", near: value, among: choices)
        }
    }

    private func failure(_ message: String, near: String? = nil, among names: [String] = []) -> Failure {
        let command = (["qdoc"] + parsed.path).joined(separator: " ")
        let help = parsed.path.isEmpty ? "qdoc help shows the commands" : "\(command) --help shows how to use it"
        let meant = near.flatMap { Spelling.nearest(to: $0, among: names) }
        return Failure(.invalidArguments, message, remedy: meant.map { "did you mean “\($0)”? \(help)" } ?? help)
    }
}
