import QdocCore
import QdocEmbedded
import QdocModel
import QdocPipeline
import QdocReport
import QdocRuntime

/// `qdoc pipelines`.
enum PipelinesCommand {
    static func run(_ parsed: ParsedArguments) throws(Failure) {
        switch parsed.path.last {
        case "show": try show(parsed.positionals.first ?? "")
        case "new":
            let path = try NewPipeline.write(parsed.positionals.first ?? "", replaces: parsed.has("force"))
            try Console.output.write("\(DisplayText.safe(path)): change it, then “qdoc pipelines check \(DisplayText.safe(path))”\n")
        case "check": try check(parsed.positionals.first ?? "", model: parsed.value("model"))
        default: try list(parsed)
        }
    }

    private static func list(_ parsed: ParsedArguments) throws(Failure) {
        let style = TerminalStyle.of(.output)
        var rows: [JSONValue] = []
        var lines: [String] = []
        for listing in Pipeline.list() {
            let description: String
            do {
                description = try Pipeline.find(listing.name).description
            } catch {
                description = "cannot be used: \(error.message)"
            }
            rows.append(["name": .string(listing.name), "origin": .string(listing.origin), "description": .string(description)])
            lines.append("\(style.bold(DisplayText.safe(listing.name)))  \(style.dim(DisplayText.safe(listing.origin)))")
            lines.append("    \(DisplayText.safe(description))")
        }
        try Console.output.write((parsed.has("json") ? JSONWriter.text(.array(rows), indent: 2) : lines.joined(separator: "\n")) + "\n")
    }

    private static func show(_ name: String) throws(Failure) {
        let pipeline = try Pipeline.find(name)
        if pipeline.origin == "embedded", let file = EmbeddedFile.pipelines.first(where: { $0.name == name }) {
            try Console.output.write(file.bytes)
        } else {
            try Console.output.write(try Files.read(pipeline.origin, limit: Pipeline.sizeLimit))
        }
    }

    private static func check(_ path: String, model: String?) throws(Failure) {
        let thinking = try model.flatMap { name throws(Failure) in try Catalogue.shipped().resolve(name)?.profile.thinking }
        let pipeline = try Pipeline(try Files.read(path, limit: Pipeline.sizeLimit), origin: path)
        var lines = pipeline.advice(for: thinking).map { "\(path):\($0.line):\($0.column): warning: \($0.message)" }
        lines.append("\(path): pipeline “\(pipeline.name)” is valid")
        try Console.output.write(lines.map { DisplayText.safe($0) + "\n" }.joined())
    }
}
