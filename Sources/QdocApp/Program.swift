import QdocCore
import QdocReport
import QdocRuntime

/// The program: arguments in, exit status out.
public enum Program {
    private static let stop = StopRequest()

    /// Takes the stop signals over; to be called before anything else.
    public static func prepare() {
        Machine.returnMemoryEarly()
        Signals.hold()
        Signals.watch { signal in stop.receive(signal) }
    }

    /// Runs the command that the process was started with, and ends it.
    public static func run() async -> Never {
        let status = await stop.run {
            do throws(Failure) {
                return await execute(try ProcessArguments.read(), environment: .current)
            } catch {
                report(error)
                return ExitStatus(error.code)
            }
        }
        ProcessExit.end(stop.signal?.exitStatus ?? status.rawValue)
    }

    /// Runs one command; what fails is told on standard error.
    static func execute(_ arguments: [String], environment: Environment) async -> ExitStatus {
        do {
            let parsed = try ArgumentParser.parse(arguments, root: CommandTable.root)
            return try await execute(parsed, environment: environment)
        } catch {
            // Who closed the pipe has seen enough; nobody is to be told.
            guard !Console.hasLostReader else { return .readerGone }
            let isUntold = error.code == .interrupted && !error.message.hasPrefix("interrupted;")
            report(isUntold ? Failure(.interrupted, "interrupted; \(error.message)") : error)
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
        case "plan": return try await PlanCommand(parsed, environment: environment).run()
        case "runs": return try await RunsCommand(parsed, environment: environment).run()
        case "report": return try await ReportCommand(parsed, environment: environment).run()
        case "diff": return try DiffCommand.run(parsed, environment: environment)
        case "review": return try ReviewCommand.run(parsed, environment: environment)
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
        // Where standard error is closed, the exit status is all that is left to tell.
        try? Console.error.write(line(failure))
    }

    /// A failure as it is told.
    static func line(_ failure: Failure) -> String {
        "\(TerminalStyle.of(.error).red("qdoc:")) \(text(failure))\n"
    }

    /// A failure in safe text: the mistakes of a configuration or a pipeline stand in a line each, what to do about them in one of its own.
    static func text(_ failure: Failure) -> String {
        let isList = [.invalidConfiguration, .invalidPipeline].contains(failure.code) && failure.message.contains("\n")
        guard isList else { return DisplayText.safe(failure.description) }
        let lines = [failure.message, failure.remedy].compactMap(\.self)
        return DisplayText.safe(lines.joined(separator: "\n"), keepsLines: true)
    }
}
