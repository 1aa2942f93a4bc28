import QdocCore
import QdocReport
import QdocRuntime

/// `qdoc review`: what a person decided on the values of a report.
enum ReviewCommand {
    static func run(_ parsed: ParsedArguments, environment: Environment) throws(Failure) -> ExitStatus {
        let report = try ReportCommand.read(parsed.positionals[0])
        let path = parsed.positionals[1]
        let review = try Review(try Files.read(path, limit: 64 << 20), name: path)
        if parsed.has("json") {
            try Console.output.write(JSONWriter.text(try review.applied(to: report), indent: 2) + "\n")
        } else {
            try Console.output.write(try review.text(of: report, style: .of(.output, environment: environment)))
        }
        return review.open(in: report).isEmpty ? .complete : .partial
    }
}
