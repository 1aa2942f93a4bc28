import QdocCore
import QdocReport
import QdocRuntime

/// The program: arguments in, exit status out.
public enum Program {
    private static let stop = StopRequest()

    /// Takes the stop signals over; to be called before anything else.
    public static func prepare() {
        Signals.hold()
        Signals.watch { signal in stop.receive(signal) }
    }

    /// Runs one command and ends the process.
    ///
    /// - Parameter arguments: Without the program's name.
    public static func run(_ arguments: [String]) async -> Never {
        let status = await stop.run { await execute(arguments, environment: .current) }
        ProcessExit.end(stop.signal?.exitStatus ?? status.rawValue)
    }

    /// Runs one command; what fails is told on standard error.
    static func execute(_ arguments: [String], environment: Environment) async -> ExitStatus {
        do {
            let parsed = try ArgumentParser.parse(arguments, root: CommandTable.root)
            return try await execute(parsed, environment: environment)
        } catch {
            report(error)
            return ExitStatus(error.code)
        }
    }

    private static func execute(_ parsed: ParsedArguments, environment: Environment) async throws(Failure) -> ExitStatus {
        if parsed.wantsHelp {
            try Console.output.write(HelpText.text(HelpCommand.path(to: parsed.path)))
            return .complete
        }
        switch parsed.path.first {
        case "analyze": return try await AnalyzeCommand(parsed, environment: environment).run()
        case "inspect": return try await InspectCommand(parsed, environment: environment).run()
        case "models": try ModelsCommand.run(parsed, environment: environment)
        case "use": try UseCommand.run(parsed, environment: environment)
        case "pipelines": try PipelinesCommand.run(parsed)
        case "doctor": return try await DoctorCommand.run(parsed, environment: environment)
        case "completions":
            try Console.output.write(Completions.text(shell: parsed.positionals.first ?? "", CommandTable.root))
        case "help": try HelpCommand.run(parsed)
        // `qdoc version` and `qdoc --version`.
        default: try VersionCommand.run(parsed)
        }
        return .complete
    }

    /// Tells a failure on standard error.
    static func report(_ failure: Failure) {
        let style = TerminalStyle.of(.error)
        // Where standard error is closed, the exit status is all that is left to tell.
        try? Console.error.write("\(style.red("qdoc:")) \(DisplayText.safe(failure.description))\n")
    }
}
