import QdocCore
import QdocIngest
import QdocPipeline
import QdocReport
import QdocRuntime

/// `qdoc analyze`.
struct AnalyzeCommand {
    private let parsed: ParsedArguments
    private let environment: Environment
    private let request: AnalysisRequest
    private let setup: HostedSetup?
    private let plan: OutputPlan

    /// Decides everything that can be decided before a file is opened.
    ///
    /// - Parameter run: The run that is taken up again, if any.
    /// - Throws: What makes the exit status 2.
    init(_ parsed: ParsedArguments, environment: Environment, run: String? = nil) throws(Failure) {
        self.parsed = parsed
        self.environment = environment
        request = try AnalysisRequest(parsed, environment: environment, needsKey: true, run: run)
        setup = if case .hosted(let choice) = request.model { try request.setup(choice) } else { nil }
        plan = try OutputPlan(
            files: request.files, output: parsed.value("output"), format: parsed.value("format"), replaces: parsed.has("force"))
    }

    func run() async throws(Failure) -> ExitStatus {
        try plan.prepare()
        if request.isOffline { try NetworkLock.engage() }
        let ingest = try Ingest(options: request.ingest, workFile: try WorkFile())
        do {
            let status = try await run(ingest)
            await ingest.close()
            return status
        } catch {
            await ingest.close()
            throw error
        }
    }

    private func run(_ ingest: Ingest) async throws(Failure) -> ExitStatus {
        guard case .hosted(let choice) = request.model, let setup else { return try await runAll(ingest, .local) }
        if !choice.address.isEncrypted, !choice.address.isLoopback {
            await note("documents travel unencrypted to \(choice.address.text): anybody on the way can read them")
        }
        if choice.endpoint.profile.streaming == .never, !parsed.has("quiet") {
            await note("\(choice.endpoint.provider) does not stream: nothing is seen of an answer before it is whole")
        }
        let access = try await setup.open(choice.endpoint)
        do {
            try await admit(Planning(request: request, setup: setup, access: access, ingest: ingest))
            let status = try await runAll(ingest, .hosted(access))
            await tellCredits(access)
            await access.close()
            return status
        } catch {
            await access.close()
            throw error
        }
    }

    /// All files under one plan and one cap: what could cost more than the cap sends nothing.
    private func admit(_ planning: Planning) async throws(Failure) {
        let (text, _) = try await planning.planText()
        if let refusal = Planning.refusal(of: text, access: planning.access) { throw refusal }
        guard !text.plans.isEmpty, !parsed.has("quiet"), !parsed.has("events"), Console.error.isTerminal else { return }
        await note("plan: \(text.summary)\(text.cap.map { "; cap \($0)" } ?? "")")
    }

    private func runAll(_ ingest: Ingest, _ answerer: Answerer) async throws(Failure) -> ExitStatus {
        var status = ExitStatus.complete
        let files = request.files
        for (path, original) in request.inputs.duplicates {
            await note("\(path) holds the same bytes as \(original), which is read for both")
        }
        for (index, path) in files.enumerated() {
            guard !Task.isCancelled else {
                await note("interrupted; stopped before \(path)\(files.count - index > 1 ? " and \(files.count - index - 1) more" : "")")
                break
            }
            let report = await run(path, ingest, answerer)
            if report.run.failure?.code == .unsupportedMedia, request.inputs.found.contains(path) {
                await note("left out: \(report.run.failure?.message ?? path)")
                continue
            }
            try plan.write(report, at: index, environment: environment)
            try await keepImages(of: report, at: index, ingest)
            let own = ExitStatus(report)
            // Among several documents one without the pages asked for is a failed one: the others were read.
            status = status.joined(own == .usage && files.count > 1 ? .failed : own)
            await tell(report, path)
            if let failure = report.run.failure, failure.code.stopsBatch, index + 1 < files.count {
                await note("stopped before \(files.count - index - 1) more: \(failure.message)")
                break
            }
        }
        return status
    }

    private func keepImages(of report: Report, at index: Int, _ ingest: Ingest) async throws(Failure) {
        guard let folder = parsed.value("save-images") else { return }
        let rule = try ReadingChoice.imageRule(
            for: request.model, maxSide: parsed.count("max-side") ?? request.configuration.maxSide)
        let pages = SpokenPages(folder: folder, name: OutputPlan.names(request.files)[index], replaces: parsed.has("force"), rule: rule)
        try await pages.save(report, path: request.files[index], ingest: ingest, options: request.options(setup))
    }

    /// One file; where it turns out to need a password, a person at a terminal is asked for it.
    private func run(_ path: String, _ ingest: Ingest, _ answerer: Answerer) async -> Report {
        var options = request.options(setup)
        var questions = PasswordQuestions(about: path)
        while true {
            let runner = Runner(
                pipeline: request.pipeline, answerer: answerer, options: options, ingest: ingest, invocation: request.invocation(for: path))
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
        let showsReasoning = parsed.value("reasoning").map { $0 == "show" } ?? request.configuration.showsReasoning ?? true
        return ProgressDisplay(style: .of(.error, environment: environment), showsReasoning: showsReasoning)
    }

    private func listener(_ display: ProgressDisplay?) -> @Sendable (RunEvent) async -> Void {
        guard !parsed.has("events") else {
            // A reader that went away does not end the run: its report is still wanted.
            return { event in try? await Console.error.send(EventJSON.line(event)) }
        }
        guard let display else {
            let isQuiet = parsed.has("quiet")
            // A pause can last: whoever reads a log must know what is waited for.
            return { event in
                switch event.payload {
                case .endpointPaused(_, let failure) where !isQuiet:
                    await Self.send("qdoc: paused: \(DisplayText.safe(failure.description))\n")
                case .endpointResumed(let endpoint) where !isQuiet: await Self.send("qdoc: \(DisplayText.safe(endpoint)) answers again\n")
                default: break
                }
            }
        }
        return { event in display.show(event) }
    }

    /// What a person must know although the report says it too; the last line of standard error names what is missing.
    private func tell(_ report: Report, _ path: String) async {
        // What failed in reading a file names it already.
        let isNamed = report.run.failure?.message.hasPrefix(path) ?? false
        let prefix = (Task.isCancelled ? "interrupted; " : "") + (request.files.count > 1 && !isNamed ? path + ": " : "")
        if report.run.state == .failed, let failure = report.run.failure {
            let message = failure.code == .interrupted ? "nothing was read" : failure.message
            await Self.send(Program.line(Failure(failure.code, prefix + message, remedy: failure.remedy)))
        } else if let shortfall = ReportSummary.shortfall(report) {
            await note(prefix + shortfall)
        }
    }

    /// The account's own count, where the provider tells it.
    private func tellCredits(_ access: ModelAccess) async {
        guard !parsed.has("quiet"), let credits = await access.credits else {
            return
        }
        let isLow = access.rules.creditsWarn.map { credits.double < $0.double } ?? false
        await note("\(access.endpoint.provider) has \(credits.lexical) credits left\(isLow ? ", fewer than credits-warn" : "")")
    }

    private func note(_ text: String) async {
        await Self.send("qdoc: \(DisplayText.safe(text))\n")
    }

    private static func send(_ text: String) async {
        // Where standard error is closed, the exit status is all that is left to tell.
        try? await Console.error.send(Array(text.utf8))
    }
}

extension Failure.Code {
    /// Whether the files that are left would end the same way.
    fileprivate var stopsBatch: Bool {
        switch self {
        case .unauthorized, .quotaExceeded, .endpointPaused, .budgetExceeded, .storeFull, .storeUnavailable, .storeDamaged: true
        default: false
        }
    }
}
