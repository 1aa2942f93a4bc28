import QdocCore
import QdocReport
import QdocRuntime

/// `qdoc diff`: what differs between two reports by meaning. Its exit status is that of diff(1): 0 the same, 1 different, 2 trouble.
enum DiffCommand {
    static func run(_ parsed: ParsedArguments, environment: Environment) throws(Failure) -> ExitStatus {
        let old: Report
        let new: Report
        do throws(Failure) {
            old = try ReportCommand.read(parsed.positionals[0])
            new = try ReportCommand.read(parsed.positionals[1])
        } catch {
            // A report that cannot be read is no difference.
            Program.report(error)
            return .usage
        }
        let diff = ReportDiff(old: old, new: new)
        if parsed.has("json") {
            try Console.output.write(JSONWriter.text(DiffText.json(diff, old: old, new: new), indent: 2) + "\n")
        } else {
            try Console.output.write(DiffText.text(diff, style: .of(.output, environment: environment)))
        }
        return diff.isEmpty ? .complete : .failed
    }
}
