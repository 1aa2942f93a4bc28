import QdocCore
import QdocIngest
import QdocPipeline
import QdocReport
import QdocRuntime
import QdocTransport

/// `qdoc analyze`.
struct AnalyzeCommand {
    private let parsed: ParsedArguments
    private let environment: Environment
    private let files: [String]
    private let configuration: Configuration
    private let plan: OutputPlan
    private let pipeline: Pipeline
    private let model: ModelChoice
    private let isOffline: Bool
    private let options: RunOptions

    /// Decides everything that can be decided before a file is opened.
    ///
    /// - Throws: What makes the exit status 2.
    init(_ parsed: ParsedArguments, environment: Environment) throws(Failure) {
        self.parsed = parsed
        self.environment = environment
        files = parsed.positionals
        let configuration = try Configuration.load(named: parsed.value("config"), environment: environment)
        self.configuration = configuration
        isOffline = parsed.has("offline") || configuration.isOffline ?? false
        let maxSide = parsed.count("max-side") ?? configuration.maxSide
        pipeline = try Pipeline.find(parsed.value("pipeline") ?? configuration.pipeline ?? "report", environment: environment)
        model = try ModelChoice(
            named: parsed.value("model"), baseURL: parsed.value("base-url"), maxSide: maxSide, isOffline: isOffline,
            pipeline: pipeline.name, configuration: configuration, environment: environment)
        var options = RunOptions(
            pages: try parsed.value("pages").map { text throws(Failure) in try PageRanges(text) },
            window: parsed.count("window") ?? configuration.window,
            jobs: parsed.count("jobs") ?? configuration.jobs ?? RunOptions.defaultJobs,
            maxOutputTokens: parsed.count("max-output") ?? configuration.maxOutput ?? RunOptions.defaultMaxOutputTokens,
            passwords: try Passwords.given(parsed, environment: environment))
        options.clipsPages = files.count > 1
        self.options = options
        plan = try OutputPlan(
            files: files, output: parsed.value("output"), format: parsed.value("format"), replaces: parsed.has("force"))
    }

    func run() async throws(Failure) -> ExitStatus {
        try plan.prepare()
        if isOffline { try NetworkLock.engage() }
        if case .hosted(let choice) = model, !choice.address.isEncrypted, !choice.address.isLoopback {
            await note("documents travel unencrypted to \(choice.address.text): anybody on the way can read them")
        }
        let ingest = try Ingest(
            options: IngestOptions(allowUnsandboxed: parsed.has("allow-unsandboxed")), workFile: try WorkFile())
        let answerer: Answerer =
            switch model {
            case .local: .local
            case .hosted(let choice): .hosted(choice.endpoint, try HTTPClient())
            }
        do {
            let status = try await runAll(ingest, answerer)
            await ingest.close()
            return status
        } catch {
            await ingest.close()
            throw error
        }
    }

    private func runAll(_ ingest: Ingest, _ answerer: Answerer) async throws(Failure) -> ExitStatus {
        var status = ExitStatus.complete
        for (index, path) in files.enumerated() {
            guard !Task.isCancelled else {
                await note("interrupted; stopped before \(path)\(files.count - index > 1 ? " and \(files.count - index - 1) more" : "")")
                break
            }
            let report = await run(path, ingest, answerer)
            try plan.write(report, at: index, environment: environment)
            let own = ExitStatus(report)
            // Among several documents one without the pages asked for is a failed one: the others were read.
            status = status.joined(own == .usage && files.count > 1 ? .failed : own)
            await tell(report, path)
        }
        return status
    }

    /// One file; where it turns out to need a password, a person at a terminal is asked for it.
    private func run(_ path: String, _ ingest: Ingest, _ answerer: Answerer) async -> Report {
        var options = options
        var questions = PasswordQuestions(about: path)
        while true {
            let runner = Runner(pipeline: pipeline, answerer: answerer, options: options, ingest: ingest)
            let display = display()
            let report = await withTaskGroup(of: Void.self) { group in
                if let display { group.addTask { await display.tick() } }
                defer { group.cancelAll() }
                return await runner.run(path: path, onEvent: listener(display))
            }
            display?.finish()
            guard let password = await questions.answer(to: report.run.failure) else { return report }
            options.passwords = [password]
        }
    }

    private func display() -> ProgressDisplay? {
        guard Console.error.isTerminal, !parsed.has("quiet"), !parsed.has("events") else { return nil }
        let showsReasoning = parsed.value("reasoning").map { $0 == "show" } ?? configuration.showsReasoning ?? true
        return ProgressDisplay(style: .of(.error, environment: environment), showsReasoning: showsReasoning)
    }

    private func listener(_ display: ProgressDisplay?) -> @Sendable (RunEvent) async -> Void {
        guard !parsed.has("events") else {
            // A reader that went away does not end the run: its report is still wanted.
            return { event in try? await Console.error.send(EventJSON.line(event)) }
        }
        return { event in display?.show(event) }
    }

    /// What a person must know although the report says it too; the last line of standard error names what is missing.
    private func tell(_ report: Report, _ path: String) async {
        // What failed in reading a file names it already.
        let isNamed = report.run.failure?.message.hasPrefix(path) ?? false
        let prefix = (Task.isCancelled ? "interrupted; " : "") + (files.count > 1 && !isNamed ? path + ": " : "")
        if report.run.state == .failed, let failure = report.run.failure {
            let message = failure.code == .interrupted ? "nothing was read" : failure.message
            await send(Program.line(Failure(failure.code, prefix + message, remedy: failure.remedy)))
        } else if let shortfall = ReportSummary.shortfall(report) {
            await note(prefix + shortfall)
        }
    }

    private func note(_ text: String) async {
        await send("qdoc: \(DisplayText.safe(text))\n")
    }

    private func send(_ text: String) async {
        // Where standard error is closed, the exit status is all that is left to tell.
        try? await Console.error.send(Array(text.utf8))
    }
}
