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
    private let display: ProgressDisplay?
    private let pauses = PauseNotes()

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
        display = Self.display(parsed, request, environment)
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
        for (path, original) in request.inputs.duplicates {
            await note("\(path) holds the same bytes as \(original), which is read for both")
        }
        let files = request.files
        var status = ExitStatus.complete
        var stop: Failure?
        let capacity = RunCapacity(jobs: request.options(setup).jobs)
        let batch = FileBatch(sizes: files.map { Files.byteCount(of: $0) ?? 0 }, width: capacity.width, isOrdered: plan.isOrdered)
        let begun = try await whileTicking { () async throws(Failure) in
            try await batch.run { index in
                await run(index, ingest, answerer, request.options(setup), share: RunShare(capacity, rank: index))
            } deliver: { (index, first) async throws(Failure) in
                let (report, options) = await withPassword(first, at: index, ingest, answerer)
                status = status.joined(try await finish(report, at: index, ingest, options))
                guard let failure = report.run.failure, failure.code.stopsBatch else { return .goOn }
                stop = stop ?? failure
                return .stop
            }
        }
        if begun < files.count {
            let others = files.count - begun
            if let stop {
                await note("stopped before \(others) more: \(stop.message)")
            } else {
                await note("interrupted; stopped before \(files[begun])\(others > 1 ? " and \(others - 1) more" : "")")
            }
        }
        return status
    }

    /// Keeps the display alive during some work, and takes it away after.
    private func whileTicking(_ work: () async throws(Failure) -> Int) async throws(Failure) -> Int {
        guard let display else { return try await work() }
        let result = await withTaskGroup(of: Void.self) { group -> Result<Int, Failure> in
            group.addTask { await display.tick() }
            defer { group.cancelAll() }
            do throws(Failure) { return .success(try await work()) } catch { return .failure(error) }
        }
        display.hide()
        return try result.get()
    }

    /// Writes and tells what came of a file.
    ///
    /// - Parameter options: With which it was read, a password that was asked for among them.
    private func finish(_ report: Report, at index: Int, _ ingest: Ingest, _ options: RunOptions) async throws(Failure) -> ExitStatus {
        let path = request.files[index]
        display?.hide()
        defer { display?.resume() }
        if report.run.failure?.code == .unsupportedMedia, request.inputs.found.contains(path) {
            await note("left out: \(report.run.failure?.message ?? path)")
            return .complete
        }
        try plan.write(report, pictures: await pictures(of: report, at: index, ingest, options), at: index, environment: environment)
        try await keepImages(of: report, at: index, ingest, options)
        var own = ExitStatus(report)
        if let unproven = unproven(report) {
            await note((request.files.count > 1 ? path + ": " : "") + unproven)
            own = own.joined(.unproven)
        }
        await tell(report, path)
        // Among several documents one without the pages asked for is a failed one: the others were read.
        return own == .usage && request.files.count > 1 ? .failed : own
    }

    /// The pages that a web page shows; other formats need none. The report is written without them rather than not at all.
    private func pictures(of report: Report, at index: Int, _ ingest: Ingest, _ options: RunOptions) async -> PagePictures {
        var pictures = PagePictures()
        guard plan.format == .html, !HTMLReport.pages(of: report).isEmpty else { return pictures }
        do throws(Failure) {
            let document = try await ingest.open(
                path: request.files[index], ordinal: 1, passwords: options.passwords, frames: options.frames)
            defer { document.close() }
            try await pictures.draw(report, source: 1, from: document)
        } catch {
            // An interrupted run shows what was drawn before.
            if error.code != .interrupted { await note("pages are shown without their pictures: \(error.message)") }
        }
        return pictures
    }

    /// Names what is not proven as the caller asks; nil where nothing is asked, or all is proven.
    private func unproven(_ report: Report) -> String? {
        guard let least = parsed.value("require-proof") else { return nil }
        return ReportSummary.unproven(report, accepting: least == "derived" ? [.verified, .derived] : [.verified])
    }

    private func keepImages(
        of report: Report, at index: Int, _ ingest: Ingest, _ options: RunOptions
    ) async throws(Failure) {
        guard let folder = parsed.value("save-images") else { return }
        let rule = try ReadingChoice.imageRule(
            for: request.model, maxSide: parsed.count("max-side") ?? request.configuration.maxSide)
        let pages = SpokenPages(folder: folder, name: OutputPlan.names(request.files)[index], replaces: parsed.has("force"), rule: rule)
        try await pages.save(report, path: request.files[index], ingest: ingest, options: options)
    }

    private func run(_ index: Int, _ ingest: Ingest, _ answerer: Answerer, _ options: RunOptions, share: RunShare?) async -> Report {
        let path = request.files[index]
        let runner = Runner(
            pipeline: request.pipeline, answerer: answerer, options: options, ingest: ingest, invocation: request.invocation(for: path),
            share: share)
        return await runner.run(path: path, onEvent: listener)
    }

    /// Where a file turned out to need a password, a person at a terminal is asked for it, and the file is run again.
    private func withPassword(
        _ first: Report, at index: Int, _ ingest: Ingest, _ answerer: Answerer
    ) async -> (Report, RunOptions) {
        var report = first
        var options = request.options(setup)
        var questions = PasswordQuestions(about: request.files[index])
        while true {
            display?.hide()
            let password = await questions.answer(to: report.run.failure)
            display?.resume()
            guard let password else { return (report, options) }
            options.passwords = [password]
            report = await run(index, ingest, answerer, options, share: nil)
        }
    }

    private static func display(_ parsed: ParsedArguments, _ request: AnalysisRequest, _ environment: Environment) -> ProgressDisplay? {
        guard Console.error.isTerminal, !parsed.has("quiet"), !parsed.has("events") else { return nil }
        let showsReasoning = parsed.value("reasoning").map { $0 == "show" } ?? request.configuration.showsReasoning ?? true
        return ProgressDisplay(
            style: .of(.error, environment: environment), showsReasoning: showsReasoning, files: request.files.count)
    }

    private var listener: @Sendable (RunEvent) async -> Void {
        guard !parsed.has("events") else {
            // A reader that went away does not end the run: its report is still wanted.
            return { event in try? await Console.error.send(EventJSON.line(event)) }
        }
        guard let display else {
            guard !parsed.has("quiet") else { return { _ in } }
            return { [pauses] event in
                if let text = pauses.note(of: event) { await Self.send("qdoc: \(text)\n") }
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
