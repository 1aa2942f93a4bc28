import QdocCore
import QdocModel
import QdocReport
import QdocRuntime

/// `qdoc version`.
enum VersionCommand {
    static func run(_ parsed: ParsedArguments) throws(Failure) {
        let text = parsed.has("json") ? JSONWriter.text(["version": .string(PackageVersion.number)]) : "qdoc \(PackageVersion.number)"
        try Console.output.write(text + "\n")
    }
}

/// `qdoc help`.
enum HelpCommand {
    static func run(_ parsed: ParsedArguments) throws(Failure) {
        guard !parsed.has("man") else {
            try Console.output.write(ManualPage.text(CommandTable.root))
            return
        }
        var path = [CommandTable.root]
        for name in parsed.positionals {
            guard let last = path.last, let next = last.subcommand(name) else {
                throw Failure(.invalidArguments, "there is no command “\(name)”", remedy: "qdoc help shows the commands")
            }
            path.append(next)
        }
        try Console.output.write(HelpText.text(path))
    }

    /// The commands along a path of names that exist.
    static func path(to names: [String]) -> [CommandSpec] {
        names.reduce(into: [CommandTable.root]) { path, name in
            if let next = path.last?.subcommand(name) { path.append(next) }
        }
    }
}

/// `qdoc use`.
enum UseCommand {
    static func run(_ parsed: ParsedArguments, environment: Environment) throws(Failure) {
        let name = parsed.positionals.first ?? ""
        guard let named = parsed.value("config") ?? Configuration.path(environment: environment) else {
            throw Failure(
                .invalidConfiguration, "there is no home folder for a configuration",
                remedy: "set HOME or XDG_CONFIG_HOME, or name a --config")
        }
        // A link stays one: the file that it leads to is written.
        let path = Files.resolved(named) ?? named
        let old = Files.exists(path) ? try Configuration.bytes(path) : []
        // The file may name providers and models of its own.
        _ = try Configuration(old, name: named).catalogue().resolve(name)
        let text = Self.text(String(decoding: old, as: UTF8.self), model: name)
        guard Self.says(name, text) else {
            throw Failure(
                .invalidConfiguration, "\(DisplayText.safe(named)) is written in a way that cannot be edited here",
                remedy: "set “model: \(name)” in it yourself")
        }
        if let slash = path.lastIndex(of: "/") { try Files.makeFolder(String(path[..<slash])) }
        let file = try OutputFile(path, replaces: true)
        try file.write(Array(text.utf8))
        try file.commit()
        let ruling = environment["QDOC_MODEL"].flatMap { $0 == name ? nil : $0 }
        let note =
            if let ruling {
                "but QDOC_MODEL=\(DisplayText.safe(ruling)) rules while it is set"
            } else if name == Catalogue.local {
                "nothing leaves this machine"
            } else {
                "documents are sent to it whenever no -m is given"
            }
        try Console.output.write("\(name) is your default now\(ruling == nil ? ":" : ",") \(note) (\(DisplayText.safe(named)))\n")
    }

    /// Whether a configuration can be read back and names the model.
    private static func says(_ model: String, _ text: String) -> Bool {
        do {
            return try Configuration(Array(text.utf8), name: "").model == model
        } catch {
            return false
        }
    }

    /// The configuration with its model replaced, everything else as it was.
    static func text(_ old: String, model: String) -> String {
        var lines = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        let line = "model: \(model)"
        if let index = lines.firstIndex(where: { $0.hasPrefix("model:") }) {
            lines[index] = line
        } else {
            lines.insert(line, at: 0)
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
